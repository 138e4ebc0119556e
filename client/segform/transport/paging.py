"""A walk over a paged list: which query to send next, and when the walk is over; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from segform.contract import Operation
from segform.errors import ConfigurationError

from .given import given


class Walk:
    """One pass over a list.

    `query` is what to send next, None at the end. `take(data)` reads a page and moves on. It ends
    on a missing cursor and on one that was seen before: a service that repeats a cursor would
    otherwise be asked for ever.
    """

    def __init__(
        self, operation: Operation, query: Mapping[str, Any] | None = None, count: int = 200
    ) -> None:
        if operation.result is None:
            raise ConfigurationError(
                f"{operation.id} does not answer with one list; call it with `request`."
            )
        if count < 1:
            raise ConfigurationError(f"count is {count}; a page has at least 1 entry.")
        self._operation = operation
        self._key = operation.result
        self._base = given(query)
        self._count = min(count, operation.max_count) if operation.pages else 0
        self._seen: set[str] = set()
        start = self._base.pop("cursor", None) if operation.pages == "top" else None
        if operation.pages == "pagination":
            asked = given(self._base.pop("pagination", None))
            start = asked.get("cursor")
            self._count = min(int(asked.get("count", self._count)), operation.max_count)
        self.query: dict[str, Any] | None = self._with(start)

    def take(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        """The entries of a page; afterwards `query` is the next page's, or None."""
        found = data.get(self._key)
        entries: list[dict[str, Any]] = found if isinstance(found, list) else []
        pagination = data.get("pagination")
        cursor = pagination.get("next") if isinstance(pagination, dict) else None
        self.query = None
        if self._operation.pages and cursor not in (None, "") and str(cursor) not in self._seen:
            self._seen.add(str(cursor))
            self.query = self._with(cursor)
        return entries

    def _with(self, cursor: Any) -> dict[str, Any]:
        query = dict(self._base)
        if not self._operation.pages:
            return query
        place: dict[str, Any] = {"count": self._count}
        if cursor is not None:
            place["cursor"] = int(cursor) if isinstance(cursor, Decimal) else cursor
            self._seen.add(str(place["cursor"]))
        if self._operation.pages == "top":
            return {**query, **place}
        return {**query, "pagination": place}
