"""Snapshots: a workspace as one document, and a document as what is wanted.

The form is `contract/schemas/snapshot.schema.json`, which the emulator dumps and seeds too: objects
as in the API, a catalogue entry as its id, and what belongs to an object inside it: rules and
connected sources in a plan, schema settings in a source. Write keys are never in it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from segform.lifecycle.hooks import hook
from segform.lifecycle.mapping import from_api, put, wire_name
from segform.resources import registry
from segform.resources.exact import pretty

from . import documents
from .bindings import Bindings
from .desired import WORKSPACE, Desired, Ref, slugged
from .families import FAMILIES, FORMAT, LINKS, VERSION
from .masking import masked

if TYPE_CHECKING:
    from .live import Found, Live


def of_live(live: Live, workspace: Mapping[str, Any]) -> dict[str, Any]:
    """What was read, as a snapshot of one workspace."""
    made: dict[str, Any] = dict(workspace)
    for kind, family in FAMILIES.items():
        made[family] = [_written(found) for found in live.of(kind)]
    made.update({family: found for family, found in live.above.items() if found})
    for kind, family in FAMILIES.items():
        apart = registry()[kind].about.open_family
        if apart:
            waiting = [one for one in live.of(kind) if _is_open(kind, one.values)]
            ids = {one.id for one in waiting}
            made[family] = [one for one in made[family] if one["id"] not in ids]
            made[apart] = [
                {name: value for name, value in _written(one).items() if name != "id"}
                for one in waiting
            ]
    _fold(live, made)
    # Parsed texts are shared within the process: whoever edits a snapshot gets one of their own.
    return {"format": FORMAT, "version": VERSION, "workspaces": [copy.deepcopy(made)]}


def _is_open(kind: str, values: Mapping[str, Any]) -> bool:
    """Whether an object is not accepted yet, so that its id is its key."""
    [key] = registry()[kind].about.key
    return bool(values.get("id") == values.get(key))


def _written(found: Found) -> dict[str, Any]:
    kind = registry()[found.kind]
    body: dict[str, Any] = {}
    for name, item in kind.attributes.items():
        value = found.values.get(name)
        if value is not None and item.snapshot and not item.write_only:
            put(body, item, masked(item, value))
    return hook(kind.about.fold)(body, found.values) if kind.about.fold else body


def _fold(live: Live, made: dict[str, Any]) -> None:
    by_id = {family: {one.get("id"): one for one in made[family]} for family in FAMILIES.values()}
    for kind, link in LINKS.items():
        for edge in live.of(kind):
            owner = by_id[link.owner.family].get(edge.values[link.owner.attribute])
            if owner is not None:
                owner.setdefault(link.ids, []).append(edge.values[link.member.attribute])
            for item, place in link.parts:
                holder = by_id[place.family].get(edge.values[place.attribute])
                if edge.values.get(item.name) and holder is not None:
                    put(holder, item, edge.values[item.name])


def text(snapshot: Mapping[str, Any]) -> str:
    """A snapshot as JSON, for people and for `git diff`."""
    return pretty(snapshot) + "\n"


def load(path: Path) -> dict[str, Any]:
    """A snapshot from a JSON or YAML file. Raises ValueError with what is wrong."""
    document = documents.read(path)
    found = document.value
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        what = found.get("format") if isinstance(found, dict) else None
        if what == "segform.plan":
            raise ValueError(
                f"{path} is a plan, not what is wanted: `segform apply FILE --plan {path}` carries "
                "it out, FILE being what it was made from"
            )
        raise ValueError(f"{path} is no snapshot: its `format` has to be {FORMAT!r}")
    if found.get("version") != VERSION or not isinstance(found.get("workspaces"), list):
        raise ValueError(f"{path}: version {found.get('version')!r} is not known here")
    from .sound import sound

    sound(document)
    return found


def to_desired(
    snapshot: Mapping[str, Any], bindings: Bindings | None = None, *, adopting: bool = True
) -> Desired:
    """What a snapshot wants: its objects as addresses, its ids as references.

    `adopting`: whether everything in it becomes ours; to go back to it, nothing does.
    An object keeps the address that the bindings give its id, else it is named by itself.
    Raises ValueError where the snapshot has more than one workspace.
    """
    workspace = _only(snapshot)
    made = _Reader(workspace, bindings or Bindings()).desired()
    made.adopting = adopting
    made.whole = frozenset(
        [
            *(kind for kind, family in FAMILIES.items() if family in workspace),
            *(kind for kind, link in LINKS.items() if link.owner.family in workspace),
        ]
    )
    return made


def addresses(snapshot: Mapping[str, Any], bindings: Bindings | None = None) -> Bindings:
    """Which address is which object of a snapshot, in memory; `bindings` are kept to.

    Raises ValueError where the snapshot has more than one workspace.
    """
    read = _Reader(_only(snapshot), bindings or Bindings())
    read.desired()
    return read.bound


def _only(snapshot: Mapping[str, Any]) -> Mapping[str, Any]:
    workspaces = snapshot.get("workspaces") or []
    if len(workspaces) != 1:
        raise ValueError(f"a snapshot of one workspace is wanted; this has {len(workspaces)}")
    only: Mapping[str, Any] = workspaces[0]
    return only


class _Reader:
    def __init__(self, workspace: Mapping[str, Any], bindings: Bindings) -> None:
        self.workspace = workspace
        self.bindings = bindings
        self.made = Desired()
        self.addresses: dict[tuple[str, str], str] = {}
        self.by_id: dict[str, Ref] = {}
        self.names: set[str] = set()
        self.counted: dict[str, int] = {}
        self.bound = Bindings()

    def desired(self) -> Desired:
        found = [(kind, one) for kind in FAMILIES for one in self._objects(kind)]
        # An address that is somebody's is nobody else's, whoever comes first.
        known = (self.bindings.address_of(kind, _import_id(kind, one)) for kind, one in found)
        self.names = {address for address in known if address}
        for kind, one in found:
            address = self._address(kind, one)
            self.addresses[kind, _id(kind, one)] = address
            self.bound.bind(address, _import_id(kind, one))
            # An open invitation has no id but its address, which is also one of its values.
            if "id" in one and not _waits(kind, one):
                self.by_id[str(one["id"])] = Ref(address)
        for kind, one in found:
            values = self._values(kind, one)
            address = self.addresses[kind, _id(kind, one)]
            self.made.declare(address, values, known_id=_id(kind, one))
        self._edges()
        return self.made

    def _objects(self, kind: str) -> Iterable[dict[str, Any]]:
        about = registry()[kind].about
        form = hook(about.unfold) if about.unfold else dict
        for one in self.workspace.get(FAMILIES[kind]) or ():
            yield form(one)
        for one in self.workspace.get(about.open_family) or () if about.open_family else ():
            wire = wire_name(registry()[kind].attributes[about.key[0]])
            yield {"id": one[wire], **one}

    def _address(self, kind: str, one: Mapping[str, Any]) -> str:
        known = self.bindings.address_of(kind, _import_id(kind, one))
        if known:
            return known
        title = next(
            (str(one[n]) for n in ("slug", "name", "title", "email", "displayName") if one.get(n)),
            f"{one['key']}-{one['value']}" if "key" in one else str(one.get("id", kind)),
        )
        base = f"{kind}.{slugged(title)}"
        # Thousands may have one title; each goes on counting where the last has ended.
        address, count = base, self.counted.get(base, 1)
        while address in self.names:
            count += 1
            address = f"{base}-{count}"
        self.names.add(address)
        self.counted[base] = count
        return address

    def _values(self, kind: str, one: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, item in registry()[kind].attributes.items():
            if not item.settable or item.write_only:
                continue
            if item.flat:
                values[name] = {"id": one["metadataId"]} if "metadataId" in one else None
                continue
            raw = one.get(wire_name(item))
            if raw is None:
                continue
            value = from_api(item.type, raw)
            if item.reference and isinstance(value, str):
                value = self._ref(item.reference, value)
            # A slug or a name may be the same text as somebody's id, and is none.
            plain = isinstance(value, str) and not name.endswith("_id")
            values[name] = value if plain else self._here(value)
        return values

    def _here(self, value: Any) -> Any:
        """A value in which ids of the snapshot are references, the workspace's own among them."""
        if isinstance(value, dict):
            return {key: self._here(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._here(one) for one in value]
        if not isinstance(value, str):
            return value
        own = self.workspace.get("id")
        return Ref(WORKSPACE) if own and value == own else self.by_id.get(value, value)

    def _edges(self) -> None:
        rows = {family: self.workspace.get(family) or () for family in FAMILIES.values()}
        by_id = {family: {one["id"]: one for one in rows[family] if "id" in one} for family in rows}
        for kind, link in LINKS.items():
            for one in rows[link.owner.family]:
                for member in one.get(link.ids) or ():
                    ids = {link.member.attribute: member, link.owner.attribute: one["id"]}
                    ends = [
                        self._ref(at.kind, ids[at.attribute]) for at in (link.member, link.owner)
                    ]
                    values = dict(zip(ids, ends, strict=True))
                    for item, place in link.parts:
                        holder = by_id[place.family].get(ids[place.attribute], {})
                        if holder.get(wire_name(item)):
                            values[item.name] = from_api(item.type, holder[wire_name(item)])
                    own = registry()[kind].about.import_id.format(**ids)
                    name = f"{kind}.{'-'.join(map(_short, ends))}"
                    address = self.bindings.address_of(kind, own) or name
                    self.made.declare(address, values)
                    self.bound.bind(address, own)

    def _ref(self, kind: str, object_id: str) -> Any:
        address = self.addresses.get((kind, object_id))
        return object_id if address is None else Ref(address)


def _waits(kind: str, one: Mapping[str, Any]) -> bool:
    kept = registry()[kind]
    if not kept.about.open_family:
        return False
    return bool(one["id"] == one.get(wire_name(kept.attributes[kept.about.key[0]])))


def _id(kind: str, one: Mapping[str, Any]) -> str:
    return str(one["id"]) if "id" in one else _import_id(kind, one)


def _import_id(kind: str, one: Mapping[str, Any]) -> str:
    attributes = registry()[kind].attributes
    form = registry()[kind].about.import_id
    values = {name: one.get(wire_name(attributes[name])) for name in _named(form)}
    return form.format(**values)


@cache
def _named(form: str) -> tuple[str, ...]:
    """The attributes that a form of import ids names."""
    return tuple(name for _, name, _, _ in Formatter().parse(form) if name)


def _short(value: Any) -> str:
    return slugged(value.address.partition(".")[2] if isinstance(value, Ref) else str(value))
