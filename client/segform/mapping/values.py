"""Values as the service has them: paths, texts and JSON in the manner of JavaScript.

Whole numbers keep all their digits here; beyond 2**53 the service's do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_EXPONENT = re.compile(r"e([+-])0*([0-9])")
_INDEX = re.compile(r"(?:0|[1-9][0-9]*)\Z")
# Brackets and dots that part the keys of a path: a[0].b, a["b"].
_PART = re.compile(r"\[(?=[\"'|0-9])|\.|(?<=[\"'|0-9])\]+")
_HALF = re.compile(r"[\ud800-\udfff]")
_QUOTES = re.compile(r"['\"]")


class Undefined:
    """What is not there, as opposed to null: removed from objects, null in arrays."""

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __bool__(self) -> bool:
        return False


UNDEFINED: Final = Undefined()


def get(found: Any, path: str) -> Any:
    """The value at the end of a path; UNDEFINED where there is none."""
    if path in ("", "."):
        return found
    for part in _PART.split(path):
        if not part:
            continue
        if not truthy(found):
            return found
        found = item(found, _QUOTES.sub("", part))
    return found


def item(found: Any, key: str) -> Any:
    """The value of a key of an object, a place in an array or a text, or a length."""
    if isinstance(found, Mapping):
        return found.get(key, UNDEFINED)
    if not isinstance(found, (list, tuple, str)):
        return UNDEFINED
    whole: Any = units(found) if isinstance(found, str) else found
    if key == "length":
        return len(whole)
    if _INDEX.match(key) and len(key) < 10 and int(key) < len(whole):
        return whole[int(key)]
    return UNDEFINED


def units(text: str) -> str | list[str]:
    """A text as JavaScript counts it: characters beyond U+FFFF are two."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return [raw[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(raw), 2)]


def truthy(value: Any) -> bool:
    """Whether JavaScript takes a value for true: all objects and arrays, no NaN, no 0, no ""."""
    if isinstance(value, (Mapping, list, tuple)):
        return True
    return bool(value) and value == value  # noqa: PLR0124 - NaN


def blank(value: Any) -> bool:
    """Whether `@if` takes a value for blank: nothing, and what equals "" loosely."""
    if value is None or value is UNDEFINED:
        return True
    if isinstance(value, (list, tuple)):
        return text(value) == ""
    return not isinstance(value, Mapping) and value == value and not value  # noqa: PLR0124 - NaN alone is not itself


def text(value: Any) -> str:
    """A value as a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return _joined(value)
    if isinstance(value, Mapping):
        return "[object Object]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    return number(value)


def _joined(items: Any) -> str:
    """The elements with commas between them, those of arrays in it too; nothing for null."""
    found: list[str] = []
    pending: list[Any] = [iter(items)]
    first = True
    while pending:
        one = next(pending[-1], pending)
        if one is pending:
            pending.pop()
            first = False
            continue
        if not first:
            found.append(",")
        first = False
        if isinstance(one, (list, tuple)):
            pending.append(iter(one))
            first = True
        elif one is not None and one is not UNDEFINED:
            found.append(text(one))
    return "".join(found)


def number(value: Any) -> str:
    """A number as JavaScript writes it: 1.0 is 1, 1e21 is 1e+21."""
    if isinstance(value, int):
        return str(value)
    binary = float(value)
    if binary != binary:  # noqa: PLR0124 - NaN alone is not itself
        return "NaN"
    if binary in (float("inf"), float("-inf")):
        return "Infinity" if binary > 0 else "-Infinity"
    if binary.is_integer() and abs(binary) < 1e21:
        return str(int(binary))
    shown = repr(binary)
    if "e" not in shown:
        return shown
    if 1e-6 <= abs(binary) < 1e-4:
        return f"{binary:.{_digits(shown)}f}"
    return _EXPONENT.sub(r"e\1\2", shown)


def _digits(shown: str) -> int:
    """Digits behind the point that write a number like 1.25e-05 in full."""
    digits, exponent = shown.lstrip("-").split("e-")
    return len(digits.replace(".", "")) - 1 + int(exponent)


def to_json(value: Any) -> str | Undefined:
    """JSON as `JSON.stringify` writes it. Raises RecursionError for what is nested too deep."""
    return UNDEFINED if value is UNDEFINED else _json(value)


def _json(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        pairs = [
            f"{_quoted(str(key))}:{_json(value[key])}"
            for key in ordered(value)
            if value[key] is not UNDEFINED
        ]
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{','.join([_json(one) for one in value])}]"
    written = "null" if value is UNDEFINED else _scalar(value)
    return "null" if written in ("NaN", "Infinity", "-Infinity") else written


def _quoted(value: str) -> str:
    from json.encoder import encode_basestring

    # What is half of a pair cannot be sent, so that it is written as an escape.
    written: str = encode_basestring(value)
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", written)


def ordered(value: Mapping[str, Any]) -> list[str]:
    """The keys of an object in JavaScript's order: whole numbers first, by size."""
    whole = [key for key in value if _INDEX.match(str(key)) and int(key) < 2**32 - 1]
    if not whole:
        return list(value)
    known = set(whole)
    return sorted(whole, key=int) + [key for key in value if key not in known]
