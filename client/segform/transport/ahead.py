"""Several pages of one list at once, where the API's cursors turn out to be offsets.

A cursor is opaque by contract, so nothing is taken on trust: only when the first page's own cursor
is the offset that follows from its length are the next ones worked out, and a page counts only when
the one before it gave the very cursor that it was asked for by. Where it gives another, what is
under way is dropped, and the walk goes on page by page.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

# More of them are no offset into a list; and Python itself reads numbers of any length slowly.
DIGITS: Final = 18


def offset(cursor: Any) -> int | None:
    """The offset that a cursor stands for; None where it is not one."""
    if isinstance(cursor, Decimal):
        # Such as 1e1; 1e999999999 would take its time to be an integer.
        small = cursor.is_finite() and cursor.adjusted() < DIGITS
        return int(cursor) if small and cursor == cursor.to_integral_value() else None
    if isinstance(cursor, int) and not isinstance(cursor, bool):
        return cursor
    if not isinstance(cursor, str):
        return None
    try:
        text = b64decode(cursor, validate=True).decode("ascii")
    except (Error, ValueError):
        return None
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def cursor(like: Any, at: int) -> Any:
    """The offset `at`, written as `like` is."""
    if isinstance(like, str):
        return b64encode(str(at).encode()).decode()
    return at


def follows(pagination: Mapping[str, Any], start: int, entries: int) -> bool:
    """Whether the next page's cursor is the offset that follows from `entries` since `start`."""
    return entries > 0 and offset(pagination.get("next")) == start + entries
