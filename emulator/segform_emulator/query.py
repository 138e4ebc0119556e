"""Queries in the forms that clients send: brackets, dots, and JSON as one value."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from .errors import invalid
from .exact import loads

DEFAULT_PAGE = 200
LARGEST_PAGE = 1000
# More than any request of the service's has: 200 rules with three attributes each.
MOST_FIELDS = 2_000
DEEPEST = 8


def parse(text: str) -> dict[str, Any]:
    """A query as nested values: `rules[0][type]`, `pagination.count`, `pagination={"count":3}`."""
    found: dict[str, Any] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise invalid("query", f"A query has at most {MOST_FIELDS} parameters") from None
    for name, value in pairs:
        parts = [part for part in re.split(r"[\[\].]+", name, maxsplit=DEEPEST + 1) if part]
        if len(parts) > DEEPEST:
            raise invalid(parts[0], f'"{parts[0]}" is nested deeper than {DEEPEST}')
        if parts:
            _put(found, parts, _value(value) if len(parts) == 1 else value)
    return {name: _lists(value) for name, value in found.items()}


def _value(text: str) -> Any:
    if text[:1] in "{[":
        try:
            return loads(text)
        except ValueError:
            return text
    return text


def _put(target: dict[str, Any], parts: Sequence[str], value: Any) -> None:
    *parents, last = parts
    for part in parents:
        inner = target.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        target = inner
    if last in target:
        before = target[last]
        target[last] = [*before, value] if isinstance(before, list) else [before, value]
    else:
        target[last] = value


def _lists(value: Any) -> Any:
    """`{"0": a, "1": b}` as a list, at every depth."""
    if not isinstance(value, dict):
        return value
    made = {key: _lists(item) for key, item in value.items()}
    if made and all(key.isascii() and key.isdigit() and len(key) < 10 for key in made):
        return [made[key] for key in sorted(made, key=int)]
    return made


def listed(value: Any) -> list[Any]:
    """A parameter that may be given once or several times."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def page(items: Sequence[Any], query: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The page that a query asks for, and the `pagination` of its answer."""
    wanted = query.get("pagination") or {}
    if not isinstance(wanted, dict):
        raise invalid("pagination", '"pagination" has to be an object')
    count = _count(wanted.get("count"))
    start = _offset(wanted.get("cursor"))
    end = start + count
    pagination: dict[str, Any] = {"current": _cursor(start)}
    if end < len(items):
        pagination["next"] = _cursor(end)
    if start > 0:
        pagination["previous"] = _cursor(max(0, start - count))
    pagination["totalEntries"] = len(items)
    return list(items[start:end]), pagination


def _count(given: Any) -> int:
    if given is None:
        return DEFAULT_PAGE
    # As text: an exponent can make a number of it that takes hours to write out.
    text = str(given)
    if isinstance(given, bool) or not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise invalid("pagination.count", '"pagination.count" has to be a whole number')
    count = int(text)
    if not 1 <= count <= LARGEST_PAGE:
        raise invalid(
            "pagination.count", f'"pagination.count" has to be between 1 and {LARGEST_PAGE}'
        )
    return count


def _cursor(offset: int) -> str:
    return base64.b64encode(str(offset).encode()).decode()


def _offset(cursor: Any) -> int:
    if not cursor:
        return 0
    return decoded(cursor)


def decoded(cursor: Any) -> int:
    """The number in a cursor. Raises `Fault` 422 for what is none of ours."""
    try:
        text = base64.b64decode(str(cursor), validate=True)
    except (ValueError, binascii.Error):
        text = b""
    if not re.fullmatch(rb"[0-9]{1,18}", text):
        raise invalid("pagination.cursor", '"pagination.cursor" is not a cursor')
    return int(text)
