"""Values on the wire: Terraform's (cty's) msgpack and JSON forms, and plain Python.

Python's side: None, bool, str, exact numbers (`int` for whole ones, else `Decimal`), list for list
and set, dict for map and object, and `UNKNOWN`. A type is cty's JSON form of it: `"string"`,
`["set", T]`, `["object", {name: T}]`. Tuples and dynamic values, which no schema of ours has, are
not among them.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import msgpack  # type: ignore[import-untyped]  # msgpack ships no types

from segform.resources.exact import loads, number
from segform.resources.values import UNKNOWN

from .wire import message

# No value at all, and a null.
NULL = (b"", b"\xc0")
# Any extension is an unknown value: 0 as such, 12 with refinements, which nobody here needs.
_UNKNOWN_EXT = msgpack.ExtType(0, b"\x00")
# Whole numbers beyond these go as decimal text; so do fractions that a float would bend.
_INT64 = (-(1 << 63), (1 << 64) - 1)
# Types whose values are the same on both sides; most attributes are of one of them.
_PLAIN = ("string", "bool")


@cache
def _dynamic_value() -> Any:
    return message("DynamicValue")


def decode(value: Any, kind: Any) -> Any:
    """The value of a `DynamicValue` message as `kind`; None where the message is empty."""
    if value.msgpack:
        raw = msgpack.unpackb(
            value.msgpack, ext_hook=_unknown, strict_map_key=False, raw=False, use_list=True
        )
        return _decode(raw, kind)
    if value.json:
        return _decode(loads(value.json), kind)
    return None


def text_at(value: Any, name: str) -> str:
    """A text of the object in a `DynamicValue`, without decoding the rest; empty where none is."""
    if value.msgpack in NULL:
        return ""
    unpacker = msgpack.Unpacker()
    unpacker.feed(value.msgpack)
    for _ in range(unpacker.read_map_header()):
        if unpacker.unpack() == name:
            found = unpacker.unpack()
            return found if isinstance(found, str) else ""
        unpacker.skip()
    return ""


def _unknown(_code: int, _data: bytes) -> Any:
    return UNKNOWN


def _decode(raw: Any, kind: Any) -> Any:
    if raw is None or raw is UNKNOWN or kind in _PLAIN:
        return raw
    if kind == "number":
        return exact(raw)
    mode, inner = kind
    if mode == "object":
        get = raw.get
        return {
            name: get(name) if type_ in _PLAIN else _decode(get(name), type_)
            for name, type_ in inner.items()
        }
    if mode == "map":
        return {key: _decode(item, inner) for key, item in raw.items()}
    return [_decode(item, inner) for item in raw]


def exact(raw: Any) -> int | Decimal:
    """A number as it was written: floats only carry what they hold exactly."""
    if isinstance(raw, float):
        made = Decimal(repr(raw))
    elif isinstance(raw, str):
        made = Decimal(raw)
    else:
        return int(raw) if isinstance(raw, int) else whole(raw)
    return whole(made)


def whole(value: Decimal) -> int | Decimal:
    """`value` as an int where it is one."""
    if value == value.to_integral_value() and value.adjusted() < 40:
        return int(value)
    return value


def encode(value: Any, kind: Any) -> Any:
    """A `DynamicValue` message that holds `value` as `kind`."""
    return _dynamic_value()(msgpack=packed(value, kind))


def packed(value: Any, kind: Any) -> bytes:
    """The msgpack form of a value; the same for the same value, with sets in one order."""
    found: bytes = msgpack.packb(_encode(value, kind), use_bin_type=True)
    return found


def _encode(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if value is UNKNOWN:
        return _UNKNOWN_EXT
    if kind == "number":
        return _number(value)
    if kind in _PLAIN:
        return value
    mode, inner = kind
    if mode == "object":
        # Attributes in cty's order, by name, so that equal values are equal bytes.
        get = value.get
        return {
            name: one
            if (one := get(name)) is None or (inner[name] in _PLAIN and one is not UNKNOWN)
            else _encode(one, inner[name])
            for name in sorted(inner)
        }
    if mode == "map":
        return {key: _encode(value[key], inner) for key in sorted(value)}
    made = [_encode(item, inner) for item in value]
    if mode == "set":
        made.sort(key=lambda item: msgpack.packb(item, use_bin_type=True))
    return made


def _number(value: Any) -> Any:
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        value = whole(value)
    if isinstance(value, int):
        return value if _INT64[0] <= value <= _INT64[1] else str(value)
    as_float = float(value)
    return as_float if Decimal(as_float) == value else number(value)
