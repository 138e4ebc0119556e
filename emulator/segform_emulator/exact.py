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


# What walks over a value goes down with it; nothing of a workspace is nearly as deep.
_DEEPEST = 200
# No number of the service is beyond what a double holds; some that can be written would take hours.
_LARGEST_EXPONENT = 1_000
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)


def loads(text: str | bytes) -> Any:
    """The value of a JSON text in UTF-8; numbers with a fraction or an exponent are Decimal.

    Raises ValueError for anything else: NaN and infinities, values nested deeper than 200, numbers
    with an exponent above 1,000, halves of surrogate pairs.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    if text.count("[") + text.count("{") > _DEEPEST:
        _check_depth(text)
    found = json.loads(text, parse_float=_decimal, parse_constant=_refuse)
    if _SURROGATE.search(text):
        # A pair makes a character; a half cannot be written in UTF-8: UnicodeEncodeError.
        dumps(found).encode()
    return found


def _check_depth(text: str) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > _DEEPEST:
                raise ValueError(f"values are nested deeper than {_DEEPEST}")
        elif match[0] in "]}":
            depth -= 1


def _decimal(text: str) -> Decimal:
    found = Decimal(text)
    if abs(found.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("a number is too large or too small")
    return found


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
