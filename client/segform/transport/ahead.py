"""Several pages of one list at once, where the API's cursors turn out to be offsets.

A cursor is opaque by contract, so nothing is taken on trust: only when the first page's own cursor
is the offset that follows from its length are the next ones worked out, and each page that comes
back must say that it is the one that was meant. Where it does not, the walk goes on page by page.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def _offset(cursor: Any) -> int | None:
    """The offset that a cursor stands for; None where it is not one."""
    if isinstance(cursor, (int, Decimal)) and not isinstance(cursor, bool):
        return int(cursor)
    if not isinstance(cursor, str):
        return None
    try:
        text = b64decode(cursor, validate=True).decode("ascii")
    except (Error, ValueError):
        return None
    return int(text) if text.isdecimal() else None


def _cursor(like: Any, offset: int) -> Any:
    """An offset written as `like` is."""
    if isinstance(like, str):
        return b64encode(str(offset).encode()).decode()
    return offset


def cursors(pagination: Any, start: int, entries: int, most: int) -> list[Any]:
    """The cursors of up to `most` pages after a page of `entries` that began at `start`.

    Just the one that the page gives where the rest cannot be worked out; none at the end.
    """
    if not isinstance(pagination, Mapping):
        return []
    given, total = pagination.get("next"), pagination.get("totalEntries")
    if given in (None, ""):
        return []
    offset = _offset(given)
    if offset is None or entries < 1 or offset != start + entries or not isinstance(total, int):
        return [given]
    offsets = range(offset, total, entries)[:most]
    return [_cursor(given, one) for one in offsets] or [given]


def start_of(pagination: Any) -> int | None:
    """Where a page says that it begins."""
    if not isinstance(pagination, Mapping):
        return None
    return _offset(pagination.get("current"))
