"""A folder of Segment's Git Sync as a snapshot: one file an object, HCL of the official provider.

Git Sync writes no connections of sources to plans and warehouses, no schema settings and no insert
functions at work. People add such files by hand, beside its folders or in them: what stands there
as values, or refers to something that has its file here, is taken over. What the folder does not
hold, and what of it could not be taken over, is told (`Folder.lacking`).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from segform.lifecycle.keys import import_id_of, parse_import_id
from segform.lifecycle.service import LookUpError
from segform.resources import registry
from segform.resources.definition import JSON, RULE_SCHEMA, SETTINGS, Nested, Resource, Type
from segform.resources.exact import dumps

from .hcl_values import Block, Reference, blocks
from .live import Found, Live
from .snapshot import of_live

_TYPE = "segment_"
_TEXTS = (JSON, SETTINGS, RULE_SCHEMA)


class Folder(NamedTuple):
    """What a folder holds as a snapshot, and in words what it does not hold."""

    snapshot: dict[str, Any]
    lacking: list[str]


class _Resource(NamedTuple):
    """A resource of a file; `strict`: Git Sync itself wrote the file."""

    file: Path
    block: Block
    kind: type[Resource]
    import_id: str | None
    strict: bool


def read(path: Path) -> dict[str, Any]:
    """The snapshot of a folder. Raises ValueError, with file and line."""
    return folder(path).snapshot


def folder(path: Path) -> Folder:
    """The snapshot of a folder, and what it lacks. Raises ValueError, with file and line."""
    lacking: list[str] = []
    found = list(_resources(path, lacking))
    named = _names(found)
    live = Live()
    for name in registry():
        live.objects[name] = {}
    for one in found:
        try:
            made = _object(one, named)
        except (ValueError, KeyError, AttributeError, TypeError, LookUpError) as problem:
            if one.strict:
                raise ValueError(f"{one.file}: {problem}") from None
            lacking.append(f"{_where(one)} is left out: {problem}")
            continue
        live.objects[made.kind][made.id] = made
    _into_their_wholes(live, lacking)
    return Folder(of_live(live, _workspace(live, path)), [*lacking, *_never_written(live)])


def _resources(path: Path, lacking: list[str]) -> Iterator[_Resource]:
    """The resources of all files: those in folders of kinds, and those beside them."""
    for file in sorted((*path.glob("*/*.tf"), *path.glob("*.tf"))):
        ours = file.parent != path
        text = file.read_text(encoding="utf-8-sig")
        try:
            found = blocks(text, only=("import", "resource"))
        except (ValueError, AttributeError, TypeError) as problem:
            if ours:
                raise ValueError(f"{file}: {problem}") from None
            if f'"{_TYPE}' in text:
                lacking.append(f"{file.name} is left out: {problem}")
            continue
        ids = {
            str(one.values.get("to")): str(one.values.get("id"))
            for one in found
            if one.type == "import" and isinstance(one.values.get("to"), Reference)
        }
        for one in found:
            if one.type != "resource" or len(one.labels) != 2:
                continue
            if not one.labels[0].startswith(_TYPE):
                continue
            kind = registry().get(one.labels[0].removeprefix(_TYPE))
            if kind is None:
                lacking.append(
                    f"{file.name}, line {one.line}: there is no kind {one.labels[0]}; left out"
                )
                continue
            yield _Resource(file, one, kind, ids.get(".".join(one.labels)), ours)


def _names(found: list[_Resource]) -> dict[str, dict[str, Any]]:
    """What a reference may mean: a resource by its address, with the values that it has."""
    named: dict[str, dict[str, Any]] = {}
    for one in found:
        known = dict(one.block.values)
        if one.import_id is not None:
            try:
                known |= parse_import_id(one.kind.about, one.import_id.partition("#")[0])
            except ValueError:
                continue  # told when the object itself is read
        named[".".join(one.block.labels)] = known
    return named


def _where(one: _Resource) -> str:
    return f"{one.file.name}, line {one.block.line}: {'.'.join(one.block.labels)}"


def _object(one: _Resource, named: Mapping[str, Mapping[str, Any]]) -> Found:
    """A resource as the object that its import block, or its own attributes, say that it is."""
    about = one.kind.about
    given = _values(one.kind, {name: _known(x, named) for name, x in one.block.values.items()})
    values = {**dict.fromkeys(one.kind.attributes), **given}
    if one.import_id is not None:
        values |= parse_import_id(about, one.import_id.partition("#")[0])
    elif any(values.get(name) is None for name in about.identity):
        raise ValueError(
            f"line {one.block.line}: {'.'.join(one.block.labels)} has no import block in its "
            "file, and without its id nothing refers to it"
        )
    return Found(about.name, import_id_of(one.kind, values), values, {})


def _known(value: Any, named: Mapping[str, Mapping[str, Any]]) -> Any:
    """A value with its references to resources of the folder replaced by what those have."""
    if isinstance(value, Reference):
        address, _, attribute = value.rpartition(".")
        found = named.get(address, {}).get(attribute)
        if found is None or isinstance(found, Reference):
            raise ValueError(f"{value} refers to nothing that has its file here")
        return found
    if isinstance(value, dict):
        return {key: _known(one, named) for key, one in value.items()}
    return [_known(one, named) for one in value] if isinstance(value, list) else value


def _into_their_wholes(live: Live, lacking: list[str]) -> None:
    """Put parts that were written as resources of their own where a snapshot has them."""
    for name, kind in registry().items():
        if kind.about.part_of is None:
            continue
        whole, attribute = kind.about.part_of
        form = registry()[whole].attributes[attribute].type
        for part in live.objects[name].values():
            of = next((one for one in live.of(whole) if _is_part(part, one)), None)
            if of is None or not isinstance(form, Nested) or form.mode != "object":
                why = "is not here" if of is None else "says itself what it has"
                lacking.append(
                    f"the {kind.about.words} {part.id} is left out: the "
                    f"{registry()[whole].about.words} that it is a part of {why}"
                )
            elif of.values.get(attribute) is None:
                of.values[attribute] = {
                    item.name: part.values.get(item.name) for item in form.attributes
                }


def _is_part(part: Found, whole: Found) -> bool:
    for name, item in registry()[part.kind].attributes.items():
        parent = part.values.get(name)
        if item.reference and parent is not None:
            own = "id" if item.reference == whole.kind else name
            if whole.values.get(own) == parent:
                return True
    return False


def _never_written(live: Live) -> Iterator[str]:
    """What Git Sync has no files for, and nobody has added."""
    for name, kind in registry().items():
        if kind.about.synced or kind.about.part_of or live.objects[name]:
            continue
        words = kind.about.words
        yield (
            f"every {words}: Git Sync writes none, so which there are is not known here; an export "
            "of the workspace itself has them"
        )


def _values(kind: type[Resource], given: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in given.items():
        item = kind.attributes.get(name)
        if item is not None and value is not None:
            found[name] = _value(item.type, value)
    return found


def _value(kind: Type, value: Any) -> Any:
    if value is None:
        return None
    if kind in _TEXTS:
        return value if isinstance(value, str) else dumps(value)
    if not isinstance(kind, Nested):
        return copy.copy(value)
    if kind.mode == "object":
        return {item.name: _value(item.type, value.get(item.name)) for item in kind.attributes}
    element = Nested("object", *kind.attributes)
    if kind.mode == "map":
        return {key: _value(element, one) for key, one in value.items()}
    return [_value(element, one) for one in value]


def _workspace(live: Live, path: Path) -> dict[str, str]:
    """Whose it is: permissions on the workspace name its id."""
    for found in live:
        for permission in found.values.get("permissions") or ():
            for resource in permission.get("resources") or ():
                if resource.get("type") == "WORKSPACE":
                    return {"id": str(resource["id"]), "slug": path.name, "name": path.name}
    return {"id": path.name or "git-sync", "slug": path.name, "name": path.name}
