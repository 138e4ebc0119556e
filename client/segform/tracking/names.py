"""Which properties a rule's schema names, and which of an event it does not.

Names count at any depth and in every branch of a schema. What is inside of an object or a list
about whose inside nothing is said is not named, as a source's schema shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_BRANCHES = ("allOf", "anyOf", "oneOf")
Names = Mapping[str, Any]


def named(schema: Any) -> dict[str, Any]:
    """The names that a schema knows, each with the names inside it; `$` is a list's elements.

    `*` stands for names that are planned without being spelled out (by a pattern).
    """
    found: dict[str, Any] = {}
    if not isinstance(schema, Mapping):
        return found
    for name, inner in (schema.get("properties") or {}).items():
        _merge(found.setdefault(name, {}), named(inner))
    if schema.get("patternProperties") or isinstance(schema.get("additionalProperties"), dict):
        found["*"] = {}
    items = schema.get("items")
    for inner in items if isinstance(items, list) else [items]:
        if isinstance(inner, dict):
            _merge(found.setdefault("$", {}), named(inner))
    inside = [one for key in _BRANCHES for one in schema.get(key) or ()]
    for one in [*inside, *(schema.get(key) for key in ("if", "then", "else"))]:
        _merge(found, named(one))
    return found


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for name, inner in more.items():
        _merge(into.setdefault(name, {}), inner)


def unnamed(value: Any, names: Names, at: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The paths of what a value has and the names do not; below `at`."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in names:
                yield from unnamed(inner, names[name], (*at, name))
            elif "*" not in names:
                yield (*at, name)
    elif isinstance(value, (list, tuple)):
        inside = names.get("$", {})
        for index, inner in enumerate(value):
            yield from unnamed(inner, inside, (*at, index))


def knows(names: Names, path: tuple[str | int, ...]) -> bool:
    """Whether names have a path, spelled out; places in lists are `$`."""
    for step in path:
        key = "$" if isinstance(step, int) else step
        if key not in names:
            return False
        names = names[key]
    return True
