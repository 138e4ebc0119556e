"""Values in templates, in the manner of JavaScript."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from segform.mapping.values import UNDEFINED, text

from .expressions import Empty, Nil

SPACES = " \t\n\x0b\x0c\r\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}\Z")


def falsy(value: Any) -> bool:
    """Only false and nothing are: 0 and the empty text are true."""
    return value is False or value is None or value is UNDEFINED or isinstance(value, Nil)


def plain(value: Any) -> Any:
    """A value as filters take it: `empty` is an empty text, `nil` is null."""
    if isinstance(value, Empty):
        return ""
    return None if isinstance(value, Nil) else value


def stringified(value: Any) -> str:
    """A value as it is written into the text."""
    value = plain(value)
    if value is None or value is UNDEFINED:
        return ""
    if isinstance(value, list):
        return "".join([stringified(one) for one in value])
    return text(value)


def to_number(value: Any, *, nan: bool = False) -> Any:
    """A value as a number; 0 for what is none, or NaN."""
    value = plain(value)
    if isinstance(value, bool) or value is None:
        return int(bool(value))
    if isinstance(value, (int, float)):
        return value if nan or value == value else 0  # noqa: PLR0124 - NaN alone is not itself
    if isinstance(value, list):
        value = text(value)
    if isinstance(value, str):
        value = value.strip(SPACES)
        if not value:
            return 0
        if _WHOLE.match(value):
            return int(value)
        if _NUMBER.match(value):
            return float(value)
        if re.fullmatch(r"0[xX][0-9A-Fa-f]{1,12}", value):
            return int(value, 16)
    elif not isinstance(value, Mapping) and value is not UNDEFINED:
        return float(value)
    return math.nan if nan else 0
