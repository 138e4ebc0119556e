"""A schema with choices as a few schemas without: a start for looking for values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_FLAT = 16
_DEPTH = 6
_CHOICES = ("anyOf", "oneOf")


def flat(schema: Any, depth: int = 0) -> list[Mapping[str, Any]]:
    """Schemas without allOf, anyOf, oneOf and if, which together cover most of what it takes."""
    if schema is True or depth > _DEPTH:
        return [{}]
    if not isinstance(schema, Mapping):
        return []
    base = {
        key: value
        for key, value in schema.items()
        if key not in ("allOf", "anyOf", "oneOf", "if", "then", "else", "not")
    }
    found: list[Mapping[str, Any]] = [base]
    for one in schema.get("allOf", ()):
        found = _joined(found, flat(one, depth + 1))
    for key in _CHOICES:
        if key in schema:
            found = _joined(found, [b for one in schema[key] for b in flat(one, depth + 1)])
    if "if" in schema:
        met = _joined(flat(schema["if"], depth + 1), flat(schema.get("then", True), depth + 1))
        found = [*_joined(found, met), *_joined(found, flat(schema.get("else", True), depth + 1))]
    return found[:_FLAT]


def _joined(
    several: list[Mapping[str, Any]], more: list[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    return [both(one, other) for one in several for other in more][:_FLAT]


def both(a: Any, b: Any) -> Any:
    """A schema that keeps to both, as far as keywords can be joined."""
    if a is True or b is False:
        return b
    if b is True or a is False:
        return a
    made = dict(a)
    for key, said in b.items():
        made[key] = _keyword(key, made[key], said) if key in made else said
    return made


def _keyword(key: str, a: Any, b: Any) -> Any:
    if key == "type":
        return _types(a, b)
    if key == "enum":
        return [one for one in a if one in b]
    if key in ("properties", "patternProperties"):
        return {**a, **{name: both(a[name], one) if name in a else one for name, one in b.items()}}
    if key == "required":
        return list(dict.fromkeys([*a, *b]))
    if key in ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"):
        return max(a, b)
    if key in ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"):
        return min(a, b)
    if key in ("items", "additionalProperties") and not isinstance(a, list):
        return both(a, b) if not isinstance(b, list) else b
    return b


def _types(a: Any, b: Any) -> Any:
    mine, theirs = (one if isinstance(one, list) else [one] for one in (a, b))
    return list(dict.fromkeys(_shared(mine, theirs)))


def _shared(mine: list[str], theirs: list[str]) -> Iterator[str]:
    for one in mine:
        if one in theirs or (one == "integer" and "number" in theirs):
            yield one
        elif one == "number" and "integer" in theirs:
            yield "integer"
