"""JSON with exact numbers, both ways: a rule's version 1.1 must come back as it was sent."""

from __future__ import annotations

import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any


def loads(text: str | bytes) -> Any:
    """The value of a JSON text; numbers with a fraction or an exponent are Decimal."""
    return json.loads(text, parse_float=Decimal)


def dumps(value: Any) -> str:
    """`value` as compact JSON, in the order of its keys, numbers exact."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        items = (f"{encode_basestring(key)}:{dumps(item)}" for key, item in value.items())
        return "{" + ",".join(items) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else format(value, "f")
    return json.dumps(value)
