"""What Terraform states own: objects with their addresses, for the rule that one has one owner.

Read are a state file (`terraform.tfstate`, `terraform state pull`) and what `terraform show -json`
prints of a state, of this provider and of the official one: their types begin with `segment_`.
A state holds secrets in the clear; nothing here prints a value of one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from segform.lifecycle.keys import import_id_of, key_parts
from segform.resources import registry
from segform.resources.exact import dumps, loads

from .live import Found, Live
from .plan import Change

_TYPE = "segment_"
_HOW = "give a state file, or what `terraform show -json` or `terraform state pull` prints"


class Owned(NamedTuple):
    """An object of a state: its kind, import id, values, and where Terraform has it."""

    kind: str
    id: str
    values: Mapping[str, Any]
    address: str
    file: str

    def __str__(self) -> str:
        return f"{self.address} in {self.file}"


class States:
    """The objects of some states, by kind and id; false where there are none.

    `given`: whether there is a state at all, if only an empty one.
    """

    def __init__(self, owned: Iterable[Owned] = (), *, given: bool = False) -> None:
        self.given = given
        self._owned: dict[tuple[str, str], Owned] = {}
        self._keys: dict[tuple[str, str], Owned] = {}
        for one in owned:
            self._owned.setdefault((one.kind, one.id), one)
            parts = key_parts(registry()[one.kind].about, one.values)
            if parts and None not in parts:
                self._keys.setdefault((one.kind, dumps(parts)), one)

    def __bool__(self) -> bool:
        return bool(self._owned)

    def __iter__(self) -> Iterator[Owned]:
        return iter(self._owned.values())

    def kinds(self) -> set[str]:
        """The kinds of what is owned."""
        return {kind for kind, _ in self._owned}

    def get(self, kind: str, object_id: str | None) -> Owned | None:
        """The owner of an object, or None."""
        return self._owned.get((kind, object_id or ""))

    def owner(
        self, kind: str, object_id: str | None, wanted: Mapping[str, Any] | None = None
    ) -> Owned | None:
        """The owner of an object by its id; of one that is to be made, by its natural key."""
        if object_id:
            return self.get(kind, object_id)
        parts = key_parts(registry()[kind].about, wanted or {})
        plain = bool(parts) and all(isinstance(part, (str, int)) for part in parts)
        return self._keys.get((kind, dumps(parts))) if plain else None

    def refusals(self, change: Change, wanted: Mapping[str, Any], live: Live) -> Iterator[str]:
        """Why a change is not made: it would write what a state owns, in words.

        * `wanted`: the values that are declared, to know an object that is yet to be made;
        * `live`: what the workspace holds, to know what goes along with a deletion.
        """
        mine = self.owner(change.kind, change.id, wanted)
        if mine is not None:
            yield _refusal(change, f"it is owned by Terraform, as {mine}", mine)
            return
        found = live.get(change.kind, change.id or "")
        if found is None:
            return
        for one in self:
            if change.action in ("delete", "replace") and _below(one, change.kind, found):
                yield _refusal(change, f"what Terraform owns would go along: {one}", one)
            elif _part(one, change, found):
                yield _refusal(change, f"a part of it is owned by Terraform: {one}", one)

    def foreign(self, workspace: str) -> str | None:
        """Where a state is of another workspace than the one with this id: that one's id."""
        for one in self:
            theirs = one.values.get("workspace_id")
            if isinstance(theirs, str) and theirs and theirs != workspace:
                return f"{one.file} is the state of another workspace ({theirs})"
        return None


def _refusal(change: Change, why: str, owned: Owned) -> str:
    return (
        f"{change.address}: {why}. Change it there; or take it out of the Terraform code and of "
        f"that state (`terraform state rm '{owned.address}'`), so that it has one owner"
    )


def _below(owned: Owned, kind: str, parent: Found) -> bool:
    """Whether an owned object hangs below another, so that it goes with it."""
    own = str(parent.values.get("id", parent.id))
    return any(
        item.reference == kind and owned.values.get(name) == own
        for name, item in registry()[owned.kind].attributes.items()
    )


def _part(owned: Owned, change: Change, found: Found) -> bool:
    """Whether a change writes what an owned object of another kind is a part of."""
    about = registry()[owned.kind].about
    if about.part_of is None or about.part_of[0] != change.kind:
        return False
    for name, item in registry()[owned.kind].attributes.items():
        parent = owned.values.get(name)
        same = found.values.get("id") if item.reference == change.kind else found.values.get(name)
        if not item.reference or parent is None or parent != same:
            continue
        mine = owned.id.removeprefix(str(parent)).removeprefix(":")
        return any(
            one.path[0] == about.part_of[1]
            and (not mine or len(one.path) == 1 or one.path[1] == mine)
            for one in change.differences
        )
    return False


def read(paths: Iterable[Path]) -> States:
    """The objects of some states; `-` is standard input. Raises ValueError and OSError."""
    found = list(paths)
    return States((owned for path in found for owned in _of_file(path)), given=bool(found))


def _of_file(path: Path) -> Iterator[Owned]:
    name = "standard input" if str(path) == "-" else str(path)
    text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    if not text.strip():
        return  # `terraform state pull` prints nothing where there is no state yet
    try:
        document = loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is no JSON: {_HOW}") from None
    if not isinstance(document, Mapping):
        raise ValueError(f"{name} is no Terraform state: {_HOW}")
    try:
        found = list(_resources(document, name))
    except (AttributeError, KeyError, TypeError, RecursionError):
        raise ValueError(f"{name} is no Terraform state that can be read: {_HOW}") from None
    for address, kind, values in found:
        definition = registry().get(kind)
        if definition is not None:
            known = {key: values.get(key) for key in definition.attributes}
            yield Owned(kind, import_id_of(definition, known), known, address, name)


_Resource = tuple[str, str, Mapping[str, Any]]


def _resources(document: Mapping[str, Any], name: str) -> Iterator[_Resource]:
    """Address, kind and values of every managed object of a Segment type."""
    if "resource_changes" in document or "planned_values" in document:
        raise ValueError(f"{name} is a plan, not a state: {_HOW}")
    if document.get("encrypted_data"):
        raise ValueError(f"{name} is encrypted: give what `tofu state pull` or `show -json` prints")
    if isinstance(document.get("resources"), list) and "version" in document:
        if document["version"] != 4:
            raise ValueError(f"{name} is a state of version {document['version']!r}; 4 is read")
        yield from _of_state(document["resources"])
    elif "format_version" in document:
        if str(document["format_version"]).partition(".")[0] != "1":
            raise ValueError(f"{name} has the format {document['format_version']!r}; 1.x is read")
        yield from _of_shown((document.get("values") or {}).get("root_module") or {})
    else:
        raise ValueError(f"{name} is no Terraform state: {_HOW}")


def _of_state(resources: list[Mapping[str, Any]]) -> Iterator[_Resource]:
    for one in resources:
        if one["mode"] != "managed" or not one["type"].startswith(_TYPE):
            continue
        module = f"{one['module']}." if one.get("module") else ""
        base = f"{module}{one['type']}.{one['name']}"
        for instance in one["instances"]:
            key = instance.get("index_key")
            index = "" if key is None else f"[{dumps(key)}]"
            yield f"{base}{index}", one["type"].removeprefix(_TYPE), instance["attributes"] or {}


def _of_shown(module: Mapping[str, Any]) -> Iterator[_Resource]:
    todo = [module]
    while todo:
        one = todo.pop()
        todo += one.get("child_modules") or ()
        for item in one.get("resources") or ():
            if item["mode"] == "managed" and item["type"].startswith(_TYPE):
                yield item["address"], item["type"].removeprefix(_TYPE), item["values"] or {}
