"""The objects of a snapshot, in the words of the definitions.

A snapshot (`contract/schemas/snapshot.schema.json`) holds objects as the API gives them. Here each
becomes a `Thing`: its kind, its address, its values by attribute name, and where it stands in the
file. What a definition says of an object is all that is known of it; there is no second list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from segform.lifecycle.hooks import shaped
from segform.lifecycle.mapping import from_api, wire_name
from segform.resources import registry
from segform.resources.definition import (
    BOOL,
    JSON,
    NUMBER,
    RULE_SCHEMA,
    SETTINGS,
    STRING,
    Attribute,
    Items,
    Nested,
    Resource,
    Type,
)
from segform.resources.parts import Problem

from .families import FAMILIES, FORMAT, LINKS, VERSION

_KINDS_OF_VALUE = {STRING: "a text", BOOL: "true or false", NUMBER: "a number"}
Path = tuple[str | int, ...]


class Thing(NamedTuple):
    """One object. `path` leads to it in the document, `wrong` is what could not be read of it."""

    kind: type[Resource]
    address: str
    values: dict[str, Any]
    raw: Mapping[str, Any]
    path: Path
    wrong: list[Problem]


def is_snapshot(value: Any) -> bool:
    """Whether a document calls itself a snapshot."""
    return isinstance(value, Mapping) and value.get("format") == FORMAT


def workspaces(value: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The workspaces of a snapshot, with the path of each.

    Raises ValueError for a version that this release does not read, and for what is no list.
    """
    if value.get("version") != VERSION:
        raise ValueError(
            f"a snapshot of version {value.get('version')!r}; this reads version {VERSION}"
        )
    found = value.get("workspaces")
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise ValueError("`workspaces` is not a list of objects")
    for index, one in enumerate(found):
        yield ("workspaces", index), one


def malformed(workspace: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Families that are no lists of objects: path, family, and what is wrong."""
    apart = (kind.about.open_family for kind in registry().values())
    for family in dict.fromkeys((*FAMILIES.values(), *filter(None, apart))):
        rows = workspace.get(family)
        if rows is None:
            continue
        if not isinstance(rows, list):
            yield (family,), family, "it is not a list"
            continue
        for index, row in enumerate(rows):
            if not isinstance(row, Mapping):
                yield (family, index), family, f"element {index} is not an object"


def things(workspace: Mapping[str, Any], at: Path) -> Iterator[Thing]:
    """Every object of a workspace whose kind has a definition."""
    for kind in registry().values():
        rows = _linked if kind.about.name in LINKS else _family
        for path, raw in rows(kind, workspace):
            yield _thing(kind, raw, (*at, *path))


def _family(
    kind: type[Resource], workspace: Mapping[str, Any]
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    family = FAMILIES.get(kind.about.name, "")
    rows = workspace.get(family)
    for index, raw in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(raw, Mapping):
            yield (family, index), raw


def _linked(
    kind: type[Resource], workspace: Mapping[str, Any]
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """A link, put together from the objects that a snapshot has it in."""
    link = LINKS[kind.about.name]
    held = [
        (item, place, {str(one.get("id")): one for one in _rows(workspace, place.family)})
        for item, place in link.parts
    ]
    for index, owner in enumerate(_rows(workspace, link.owner.family)):
        ids = owner.get(link.ids)
        for at, member in enumerate(ids if isinstance(ids, list) else ()):
            raw = {link.member.wire: member, link.owner.wire: owner.get("id")}
            for item, place, holders in held:
                holder = holders.get(str(raw[place.wire]), {})
                raw[wire_name(item)] = holder.get(wire_name(item))
            yield (link.owner.family, index, link.ids, at), raw


def _rows(workspace: Mapping[str, Any], family: str) -> list[Mapping[str, Any]]:
    rows = workspace.get(family)
    return [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []


def _thing(kind: type[Resource], raw: Mapping[str, Any], path: Path) -> Thing:
    wrong: list[Problem] = []
    values: dict[str, Any] = {}
    try:
        formed: Mapping[str, Any] = shaped(kind.about, raw)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        formed = raw
        words = kind.about.words
        wrong.append(Problem((), f"it is no {words} as the API has it", "Dump it anew."))
    for item in kind.attributes.values():
        value = _value(item, formed)
        found = list(_types(item.type, value, (item.name,)))
        wrong += found
        values[item.name] = None if found else from_api(item.type, value)
    # A list that is not there is empty, as the service fills it.
    return Thing(kind, address(kind, values, raw), values, raw, path, wrong)


def _value(item: Attribute, raw: Mapping[str, Any]) -> Any:
    if item.flat and item.flat.endswith("_id"):
        entry = raw.get("metadataId")
        if entry is not None:
            return {"id": entry}
    return raw.get(wire_name(item))


def _types(kind: Type, value: Any, path: Path) -> Iterator[Problem]:
    """Values of another type than their attribute has: they could not even be looked at."""
    if value is None:
        return
    if isinstance(kind, (Nested, Items)):
        yield from _collection(kind, value, path)
        return
    good = {
        STRING: isinstance(value, str),
        BOOL: isinstance(value, bool),
        NUMBER: not isinstance(value, (str, bool, list, Mapping)),
        SETTINGS: isinstance(value, Mapping),
        RULE_SCHEMA: isinstance(value, Mapping),
        JSON: True,
    }[kind]
    if not good:
        words = _KINDS_OF_VALUE.get(kind, "an object")
        yield Problem(path, f"it is not {words}", f"Write {words}.")


def _collection(kind: Nested | Items, value: Any, path: Path) -> Iterator[Problem]:
    mapped = kind.mode in ("object", "map")
    if not isinstance(value, Mapping if mapped else (list, tuple)):
        words = "an object" if mapped else "a list"
        yield Problem(path, f"it is not {words}", f"Write {words}.")
        return
    if kind.mode == "object" and isinstance(kind, Nested) and isinstance(value, Mapping):
        for item in kind.attributes:
            yield from _types(item.type, value.get(wire_name(item)), (*path, item.name))
        return
    element: Type = kind.element if isinstance(kind, Items) else Nested("object", *kind.attributes)
    for key, one in value.items() if isinstance(value, Mapping) else enumerate(value):
        if one is None:
            yield Problem((*path, key), "it is null", "Write it, or leave it out.")
        yield from _types(element, one, (*path, key))


def address(kind: type[Resource], values: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
    """Kind and the name that people know an object by: `source.web`."""
    for name in ("slug", "name", "title"):
        if name in kind.about.key and values.get(name):
            return f"{kind.about.name}.{values[name]}"
    own = [
        str(values[name])
        for name in kind.about.key
        if name in kind.attributes
        and not kind.attributes[name].reference
        and values.get(name) is not None
    ]
    joined = [str(values.get(name)) for name in kind.about.key if name in kind.attributes]
    name = ":".join(own) or str(raw.get("id") or ":".join(joined) or "?")
    return f"{kind.about.name}.{name}"


def wire_path(kind: type[Resource], raw: Mapping[str, Any], path: Path) -> Path:
    """Where in the API's object a path of attribute names leads."""
    found: list[str | int] = []
    items: Mapping[str, Attribute] = kind.attributes
    for step in path:
        item = items.get(step) if isinstance(step, str) else None
        if item is None:
            found.append(step)
            continue
        if item.flat and "metadataId" in raw:
            return (*found, "metadataId")
        found.append(wire_name(item))
        if isinstance(item.type, Nested):
            items = {inner.name: inner for inner in item.type.attributes}
        else:
            items = {}
    return tuple(found)
