"""JSON with exact numbers, both ways: a rule's version 1.1 must come back as it was sent."""

from __future__ import annotations

import json
import re
import secrets
from decimal import Decimal
from typing import Any, NoReturn

# Stands for a number while the C encoder runs; nobody outside can know it, so none can send it.
_MARK = secrets.token_hex(16)
_MARKED = re.compile(f'"{_MARK}([^"]*)"')
# Beyond this many digits a number is written with its exponent.
_LONG = 40


def loads(text: str | bytes) -> Any:
    """The value of a JSON text; numbers with a fraction or an exponent are Decimal.

    Raises ValueError for anything else, NaN and infinities included.
    """
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def dumps(value: Any) -> str:
    """`value` as compact JSON, in the order of its keys, numbers exact."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_marked)
    return _MARKED.sub(r"\1", text) if _MARK in text else text


def _marked(value: Any) -> str:
    if isinstance(value, Decimal):
        return _MARK + number(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def number(value: Decimal) -> str:
    """A number as the service writes it: 1.0 is 1, 1.10 is 1.1, and no digit is lost."""
    if not value:
        return "0"
    if abs(value.adjusted()) > _LONG:
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
