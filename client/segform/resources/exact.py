"""JSON with exact numbers: 1.1, 0.1 and 9007199254740993 survive both ways.

The standard library reads numbers with a fraction as floats unless told otherwise, and has no way
to write a Decimal; floats would turn a rule's version 1.1 into another rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any


def loads(text: str | bytes) -> Any:
    """The value of a JSON text; numbers with a fraction or an exponent are Decimal."""
    return json.loads(text, parse_float=Decimal)


# What walks a value goes down by a few frames a level, so that nothing deeper can be looked at.
DEEPEST = 100


@lru_cache(maxsize=8192)
def parsed(text: str) -> Any:
    """`loads`, remembered. Callers must not change what they get. ValueError for no JSON.

    And for what is nested more than `DEEPEST` deep.
    """
    try:
        found = loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if text.count("[") + text.count("{") > DEEPEST and _depth(found) > DEEPEST:
        raise ValueError(_TOO_DEEP)
    return found


_TOO_DEEP = f"it is nested more than {DEEPEST} deep"


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level := [
        inner
        for one in level
        if isinstance(one, (dict, list))
        for inner in (one.values() if isinstance(one, dict) else one)
    ]:
        depth += 1
    return depth


def unwritable(value: Any) -> str | None:
    """Why a value that was read has no JSON form that can be sent; None where it has one."""
    try:
        dumps(value).encode()
    except TypeError:
        return "it holds NaN or Infinity, which JSON has not"
    except UnicodeEncodeError:
        return "it holds half of a surrogate pair, which is no character"
    return None


def parsed_object(text: Any) -> Mapping[str, Any]:
    """The object in a JSON text; an empty one for what is none, or not known yet."""
    try:
        found = parsed(text) if isinstance(text, str) else None
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def dumps(value: Any) -> str:
    """`value` as compact JSON, keys sorted, numbers exact. TypeError for what is not JSON."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        items = (f"{encode_basestring(key)}:{dumps(value[key])}" for key in sorted(value))
        return "{" + ",".join(items) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, Decimal):
        return number(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return number(Decimal(repr(value)))
    raise TypeError(f"{type(value).__name__} has no JSON form")


def pretty(value: Any, *, at: str = "\n", sort: bool = True) -> str:
    """`value` as `dumps` has it, for people and for `git diff`: a line for each entry.

    `sort`: keys in order; else as they stand.
    """
    deeper = f"{at}  "
    if isinstance(value, dict) and value:
        keys = sorted(value) if sort else value
        items = (
            f"{encode_basestring(key)}: {pretty(value[key], at=deeper, sort=sort)}" for key in keys
        )
        return "{" + deeper + f",{deeper}".join(items) + at + "}"
    if isinstance(value, (list, tuple)) and value:
        inner = (pretty(one, at=deeper, sort=sort) for one in value)
        return "[" + deeper + f",{deeper}".join(inner) + at + "]"
    return dumps(value)


# Digits before the point that are written out. No double has more, and 1e99999999 would take a
# hundred megabytes.
_LONGEST = 400


def number(value: Decimal) -> str:
    """A Decimal as JSON writes numbers: no exponent where a reader would not expect one."""
    if not value.is_finite():
        raise TypeError(f"{value} has no JSON form")
    if value == value.to_integral_value() and value.adjusted() < 40:
        return str(int(value))
    return format(value, "f") if -20 < value.adjusted() < _LONGEST else str(value)
