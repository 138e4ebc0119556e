"""The directives: their names, what they take, and how an object is told to be one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

# A key of the whole mapping: one directive that is given all others as its `mapping`.
ROOT = "__segment_internal_directive"
METADATA = "_metadata"


class Option(NamedTuple):
    """What a key of a directive's object takes: "any" value or directive, a "text" or a directive,
    a literal "string", "boolean" or "array", an "object" or a directive, or one of `words`."""

    takes: str
    required: bool = False
    words: tuple[str, ...] = ()
    shortest: int = 0
    longest: int | None = None


# Directives that take an object, and the keys that the service looks at when it is saved.
OPTIONS: dict[str, dict[str, Option]] = {
    "@if": {"exists": Option("any"), "then": Option("any"), "else": Option("any")},
    "@case": {"operator": Option("string"), "value": Option("text")},
    "@replace": {
        "pattern": Option("string", required=True, shortest=1, longest=10),
        "replacement": Option("string", longest=10),
        "value": Option("text", required=True),
        "ignorecase": Option("boolean"),
        "global": Option("boolean"),
    },
    "@json": {
        "value": Option("any", required=True),
        "mode": Option("string", required=True, words=("encode", "decode")),
    },
    "@flatten": {"separator": Option("string"), "value": Option("any", required=True)},
    "@merge": {
        "direction": Option("string", words=("left", "right")),
        "objects": Option("array", required=True),
    },
    "@transform": {
        "apply": Option("object", required=True),
        "mapping": Option("object", required=True),
    },
}
# Keys that count when events are mapped, though the service does not look at them before.
UNCHECKED = {
    "@if": ("blank",),
    "@replace": ("pattern2", "replacement2"),
    "@flatten": ("omitArrays",),
}
# Directives that take one value: "text" (or a directive), a literal "string", or "any".
SINGLE = {
    "@path": "text",
    "@template": "text",
    "@literal": "any",
    "@excludeWhenNull": "any",
    "@liquid": "string",
}
NAMES = (*SINGLE, "@arrayPath", *OPTIONS)


def kind(value: object) -> str:
    """The type of a JSON value, in the words of JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, Mapping):
        return "object"
    if isinstance(value, (list, tuple)):
        return "array"
    return "number" if isinstance(value, (int, float)) or _exact(value) else "unknown"


def _exact(value: object) -> bool:
    return type(value).__name__ == "Decimal"


def marks(value: Mapping[Any, Any]) -> list[str]:
    """The keys that begin with @."""
    return [key for key in value if isinstance(key, str) and key.startswith("@")]


def is_directive(value: object) -> bool:
    """Whether a value is meant as a directive: it has a key that begins with @."""
    return isinstance(value, Mapping) and bool(marks(value))
