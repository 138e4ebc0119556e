"""The objects of a snapshot, in the words of the definitions.

A snapshot (`contract/schemas/snapshot.schema.json`) holds objects as the API gives them. Here each
becomes a `Thing`: its kind, its address, its values by attribute name, and where it stands in the
file. What a definition says of an object is all that is known of it; there is no second list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
_OBJECTS = (dict, Mapping)  # the first is what nearly all are
# What a value of a type is; of NUMBER what it is not, for numbers are of several classes.
_CLASSES: dict[Type, tuple[type, ...]] = {
    STRING: (str,),
    BOOL: (bool,),
    NUMBER: (str, bool, list, *_OBJECTS),
    SETTINGS: _OBJECTS,
    RULE_SCHEMA: _OBJECTS,
}
Path = tuple[str | int, ...]


class Thing(NamedTuple):
    """One object. `path` leads to it in the document, `wrong` is what could not be read of it."""

    kind: type[Resource]
    address: str
    values: dict[str, Any]
    raw: Mapping[str, Any]
    path: Path
    wrong: list[Problem]


Raw = tuple[type[Resource], Path, Mapping[str, Any]]


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
    for kind, path, raw in objects(workspace, at):
        yield thing(kind, path, raw)


def objects(workspace: Mapping[str, Any], at: Path) -> Iterator[Raw]:
    """The same as they stand there: kind, path, and the object as the API has it."""
    for kind in registry().values():
        rows = _linked if kind.about.name in LINKS else _family
        for path, raw in rows(kind, workspace):
            yield kind, (*at, *path), raw


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


def thing(kind: type[Resource], path: Path, raw: Mapping[str, Any]) -> Thing:
    """One object of a snapshot, in the words of its definition."""
    formed, wrong = _formed(kind, raw)
    values: dict[str, Any] = {}
    for item in kind.attributes.values():
        value = _value(item, formed)
        found = _types(item.type, value, (item.name,))
        wrong += found
        values[item.name] = None if found else from_api(item.type, value)
    # A list that is not there is empty, as the service fills it.
    return Thing(kind, address(kind, values, raw), values, raw, path, wrong)


def wrong_of(kind: type[Resource], raw: Mapping[str, Any]) -> list[Problem]:
    """What of an object cannot be read: `Thing.wrong`, without the rest of it."""
    formed, wrong = _formed(kind, raw)
    for item in kind.attributes.values():
        wrong += _types(item.type, _value(item, formed), (item.name,))
    return wrong


def _formed(
    kind: type[Resource], raw: Mapping[str, Any]
) -> tuple[Mapping[str, Any], list[Problem]]:
    try:
        return shaped(kind.about, raw), []
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        words = f"it is no {kind.about.words} as the API has it"
        return raw, [Problem((), words, "Dump it anew.")]


def _value(item: Attribute, raw: Mapping[str, Any]) -> Any:
    if item.flat and item.flat.endswith("_id"):
        entry = raw.get("metadataId")
        if entry is not None:
            return {"id": entry}
    return raw.get(wire_name(item))


def _types(kind: Type, value: Any, path: Path) -> Sequence[Problem]:
    """Values of another type than their attribute has: they could not even be looked at."""
    if value is None or kind == JSON:
        return ()
    if isinstance(kind, (Nested, Items)):
        return _collection(kind, value, path)
    if isinstance(value, _CLASSES[kind]) is not (kind == NUMBER):
        return ()
    words = _KINDS_OF_VALUE.get(kind, "an object")
    return (Problem(path, f"it is not {words}", f"Write {words}."),)


def _collection(kind: Nested | Items, value: Any, path: Path) -> Sequence[Problem]:
    mapped = kind.mode in ("object", "map")
    if not isinstance(value, _OBJECTS if mapped else (list, tuple)):
        words = "an object" if mapped else "a list"
        return (Problem(path, f"it is not {words}", f"Write {words}."),)
    if kind.mode == "object":
        return _object(kind, value, path)
    found: list[Problem] = []
    for key, one in value.items() if isinstance(value, Mapping) else enumerate(value):
        if one is None:
            found.append(Problem((*path, key), "it is null", "Write it, or leave it out."))
        elif isinstance(kind, Items):
            found += _types(kind.element, one, (*path, key))
        else:
            found += _object(kind, one, (*path, key))
    return found


def _object(kind: Nested, value: Any, path: Path) -> Sequence[Problem]:
    if not isinstance(value, _OBJECTS):
        return (Problem(path, "it is not an object", "Write an object."),)
    found: list[Problem] = []
    for item in kind.attributes:
        inner = value.get(wire_name(item))
        if inner is not None:
            found += _types(item.type, inner, (*path, item.name))
    return found


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
