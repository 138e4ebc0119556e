"""A walk over a paged list: which query to send next, and when the walk is over; no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from segform.contract import Operation
from segform.errors import ConfigurationError, PaginationError

from . import ahead
from .given import given


def broken_off(operation: Operation, what: str) -> PaginationError:
    """The error for a list that cannot be read to its end; `what` its answer did."""
    return PaginationError(
        f"The answer to {operation.id} ({operation.method} {operation.path}) {what}. What was "
        "read so far is not the whole list; try again, and if it persists, report it.",
        operation=operation.id,
        method=operation.method,
        path=operation.path,
    )


class Walk:
    """One pass over a list.

    `queries` is what to send next: one query, or several where pages can be fetched at once; empty
    at the end. `take(answers)` reads what they gave, in their order, and moves on.

    * `count`: entries a page; `limit`: entries in all, None for every one; `most`: pages at once.

    Raises PaginationError where the API repeats a cursor, which would go round for ever, or gives
    no account of where the list ends: a list that is cut short must not look like a whole one.
    """

    def __init__(
        self,
        operation: Operation,
        query: Mapping[str, Any] | None = None,
        count: int = 200,
        limit: int | None = None,
        most: int = 1,
    ) -> None:
        if operation.result is None:
            raise ConfigurationError(
                f"{operation.id} does not answer with one list; call it with `request`."
            )
        if count < 1:
            raise ConfigurationError(f"count is {count}; a page has at least 1 entry.")
        if limit is not None and limit < 0:
            raise ConfigurationError(f"limit is {limit}; give 0 or more, or leave it out.")
        self._operation = operation
        self._base = given(query)
        self._left = limit
        self._most = most
        self._count = min(count, operation.max_count) if operation.pages else 0
        if limit is not None:
            self._count = max(1, min(self._count, limit))
        self._seen: set[str] = set()
        # Where the page after the ones that were read should begin; None: nobody can say.
        self._place: int | None = 0
        first = self._first()
        self.queries: list[dict[str, Any]] = [] if limit == 0 else [self._with(first)]
        if first is not None:
            self._place = None
            self._seen.add(str(first))

    def _first(self) -> Any:
        """The cursor that the caller starts from; its own `pagination` is taken apart."""
        pages = self._operation.pages
        if pages == "top":
            return self._base.pop("cursor", None)
        if pages != "pagination":
            return None
        asked = given(self._base.pop("pagination", None))
        self._count = min(int(asked.get("count", self._count)), self._operation.max_count)
        return asked.get("cursor")

    def take(self, answers: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """The entries of each page; afterwards `queries` is for the next ones."""
        pages: list[list[dict[str, Any]]] = []
        self.queries = []
        for number, data in enumerate(answers):
            if number and ahead.start_of(data.get("pagination")) != self._place:
                # Not the page that was meant: from the last good one on, one at a time.
                self.queries = self.queries[:1]
                self._place = None
                break
            pages.append(self._read(data))
        return pages

    def _read(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        found = data.get(str(self._operation.result))
        entries: list[dict[str, Any]] = found if isinstance(found, list) else []
        size = len(entries)
        if self._left is not None:
            entries = entries[: self._left]
            self._left -= len(entries)
        if self._operation.pages and self._left != 0:
            self._move(data.get("pagination"), size)
        else:
            self.queries = []
        return entries

    def _move(self, pagination: Any, size: int) -> None:
        if not isinstance(pagination, Mapping):
            if size >= self._count:
                raise self._error("came without `pagination`, though its page is full")
            self.queries = []
            return
        cursor = pagination.get("next")
        if cursor in (None, ""):
            self.queries = []
            return
        if str(cursor) in self._seen:
            raise self._error(f"gave the cursor {str(cursor)!r} twice; the list would never end")
        self._seen.add(str(cursor))
        found = [cursor]
        if self._place is not None and self._most > 1:
            found = ahead.cursors(pagination, self._place, size, self._wanted(size))
        self._place = None if self._place is None else self._place + size
        self.queries = [self._with(one) for one in found]

    def _wanted(self, size: int) -> int:
        if self._left is None or size < 1:
            return self._most
        return min(self._most, -(-self._left // size))

    def _error(self, what: str) -> PaginationError:
        return broken_off(self._operation, what)

    def _with(self, cursor: Any) -> dict[str, Any]:
        query = dict(self._base)
        if not self._operation.pages:
            return query
        place: dict[str, Any] = {"count": self._count}
        if cursor is not None:
            place["cursor"] = int(cursor) if isinstance(cursor, Decimal) else cursor
        if self._operation.pages == "top":
            return {**query, **place}
        return {**query, "pagination": place}
