"""What values of events are to FQL: their types, when two are equal, and the functions on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .glob import compiled

_TYPES = {
    str: "string",
    bool: "bool",
    int: "number",
    float: "number",
    Decimal: "number",
    list: "list",
    tuple: "list",
    type(None): "null",
}
NUMBERS = frozenset((int, float, Decimal))
_HOLDERS = frozenset((list, tuple, dict))


def type_of(value: Any) -> str:
    """The FQL type of a value; "object" for JSON objects, which FQL has no type for."""
    found = _TYPES.get(type(value))
    if found is not None:
        return found
    for known, name in _TYPES.items():
        if isinstance(value, known):
            return name
    return "object"


def equal(left: Any, right: Any) -> bool:
    """Same type and same content: 1 is 1.0 but not '1', and never `true`."""
    kind, other = type(left), type(right)
    if kind is other and kind not in _HOLDERS:
        return bool(left == right)
    if kind in NUMBERS and other in NUMBERS:
        return same_number(left, right)
    pairs = [(left, right)]
    while pairs:
        left, right = pairs.pop()
        if not _alike(left, right, pairs):
            return False
    return True


def _alike(left: Any, right: Any, pairs: list[tuple[Any, Any]]) -> bool:
    """Whether two values are equal up to what they hold, which goes to `pairs`."""
    kind = type_of(left)
    if kind != type_of(right):
        return False
    if kind == "list":
        pairs += zip(left, right, strict=False)
        return len(left) == len(right)
    if kind == "object":
        if not isinstance(left, dict) or not isinstance(right, dict):
            return bool(left == right)
        pairs += zip(left.values(), right.values(), strict=False)
        return list(left) == list(right)
    return same_number(left, right) if kind == "number" else bool(left == right)


def same_number(left: Any, right: Any) -> bool:
    """Whether numbers are equal; as binary fractions where one of them is one."""
    if isinstance(left, float) and isinstance(right, Decimal):
        return left == float(right)
    if isinstance(right, float) and isinstance(left, Decimal):
        return float(left) == right
    return bool(left == right)


def fits(left: Any, right: Any) -> bool:
    """Whether two values can be ordered: both are numbers."""
    return type(left) in NUMBERS and type(right) in NUMBERS


def aligned(left: Any, right: Any) -> tuple[Any, Any]:
    """Numbers that can be ordered as they were written: 0.1 read as a float is 0.1."""
    if isinstance(left, float) and isinstance(right, Decimal):
        return left, float(right)
    if isinstance(right, float) and isinstance(left, Decimal):
        return float(left), right
    return left, right


# The functions. Each takes any values: a wrong type gives what null gives.


def contains(text: Any, part: Any) -> bool:
    """Whether a text has another one in it."""
    return isinstance(text, str) and isinstance(part, str) and part in text


def match(text: Any, pattern: Any) -> bool:
    """Whether a whole text matches a glob pattern."""
    return isinstance(text, str) and isinstance(pattern, str) and compiled(pattern)(text)


def length(value: Any) -> int:
    """Elements of a list, bytes of a text; 0 for all else."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))
    return len(value) if isinstance(value, (list, tuple)) else 0


def _case(change: Callable[[str], str]) -> Callable[[Any], str | None]:
    return lambda value: change(value) if isinstance(value, str) else None


_WORD = re.compile(r"(?:^|(?<=\s))\S")
_VERSION = re.compile(r"\s*([+-]?[0-9]+)")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{1,400})?\Z")


def _title(text: str) -> str:
    return _WORD.sub(lambda found: found[0].upper(), text)


def to_bool(value: Any) -> bool:
    """`bool(x)`: texts by the word `true`, numbers but 0, lists that have elements."""
    if isinstance(value, str):
        return value == "true"
    return bool(value) and not isinstance(value, dict)


def to_string(value: Any) -> str:
    """`string(x)`: null is the empty text, lists are JSON."""
    kind = type_of(value)
    if kind == "string":
        return str(value)
    if kind == "null":
        return ""
    return json_text(value)


def to_number(value: Any) -> Any:
    """`number(x)`: the number that a text writes; null for all else."""
    if type_of(value) == "number":
        return value
    if isinstance(value, str) and _DECIMAL.match(value):
        return Decimal(value)
    return None


def json_text(value: Any) -> str:
    """Compact JSON, as browsers write it: whole numbers without a fraction."""
    import json

    plain = _json_number(value) if isinstance(value, (float, Decimal)) else value
    try:
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=_json_number)
    except RecursionError:  # nested deeper than a reader of JSON allows
        return "null"


def _json_number(item: Any) -> Any:
    if not isinstance(item, (float, Decimal)):
        return str(item)
    number = float(item)
    return int(number) if number.is_integer() else number


def semver(left: Any, operator: Any, right: Any) -> bool:
    """Whether two versions of one to three numbers stand in a relation; bad input is false."""
    one, two = _version(left), _version(right)
    if one is None or two is None or not isinstance(operator, str):
        return False
    order = (one > two) - (one < two)
    return order in _RELATIONS.get(operator, ())


_RELATIONS = {"=": (0,), "!=": (-1, 1), ">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0)}


def _version(text: Any) -> tuple[Decimal, ...] | None:
    if not isinstance(text, str):
        return None
    parts = text.split(".", 3)
    if len(parts) > 3:
        return None
    found = []
    for part in parts:
        leading = _VERSION.match(part)
        if leading is None:
            return None
        found.append(Decimal(leading[1]))
    return (*found, *[Decimal(0)] * (3 - len(found)))


CALLS: dict[str, Callable[..., Any]] = {
    "contains": contains,
    "match": match,
    "length": length,
    "lowercase": _case(str.lower),
    "uppercase": _case(str.upper),
    "snakecase": _case(lambda text: text.replace(" ", "_")),
    "kebabcase": _case(lambda text: text.replace(" ", "-")),
    "titlecase": _case(_title),
    "typeof": type_of,
    "bool": to_bool,
    "string": to_string,
    "number": to_number,
    "semver": semver,
}
