"""A walk over a paged list: which query to send next, and when the walk is over; no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from segform.contract import Operation
from segform.errors import ConfigurationError, PaginationError

from . import ahead
from .given import given
from .options import is_count


def broken_off(operation: Operation, what: str) -> PaginationError:
    """The error for a list that cannot be read to its end; `what` its answer did."""
    return PaginationError(
        f"The answer to {operation.id} ({operation.method} {operation.path}) {what}. What was "
        "read so far is not the whole list; try again, and if it persists, report it.",
        operation=operation.id,
        method=operation.method,
        path=operation.path,
    )


def check(name: str, value: Any, least: int) -> None:
    """Raises ConfigurationError for a `count` or a `limit` that is none."""
    if not is_count(value, least=least):
        raise ConfigurationError(
            f"{name} is {value!r}; give a whole number of {least} or more, or leave it out."
        )


# Empty pages in a row, each with a cursor to the next, that are followed.
EMPTY: Final = 100


class _Asked(NamedTuple):
    """A page that was asked for: where it begins, None where nobody can say; by which cursor."""

    place: int | None
    cursor: Any


class Walk:
    """One pass over a list.

    `due(most)` says what to send now, so that up to `most` pages are under way; `take(answer)`
    reads the answer to the oldest of them. The pass is over when nothing is due.

    * `count`: entries a page; `limit`: entries in all, None for every one.

    Raises PaginationError where the API repeats a cursor, which would go round for ever, or gives
    no account of where the list ends: a list that is cut short must not look like a whole one.
    """

    def __init__(
        self,
        operation: Operation,
        query: Mapping[str, Any] | None = None,
        count: int = 200,
        limit: int | None = None,
    ) -> None:
        if operation.result is None:
            raise ConfigurationError(
                f"{operation.id} does not answer with one list; call it with `request`."
            )
        check("count", count, 1)
        if limit is not None:
            check("limit", limit, 0)
        self._operation = operation
        self._base = given(query)
        self._left = limit
        self._count = min(count, operation.max_count) if operation.pages else 0
        if limit is not None:
            self._count = max(1, min(self._count, limit))
        self._over = limit == 0
        # The page after those that were read: its cursor, and where it begins, None where nobody
        # can say.
        self._cursor = self._first()
        self._place = 0 if self._cursor is None else None
        self._seen: set[str] = set() if self._cursor is None else {str(self._cursor)}
        # What the pages after that one are worked out from: entries of a page, and of the list.
        self._size = 0
        self._total = 0
        self._under_way: deque[_Asked] = deque()
        # Empty pages since the last entry.
        self._empty = 0

    def _first(self) -> Any:
        """The cursor that the caller starts from; its own `pagination` is taken apart."""
        pages = self._operation.pages
        if pages == "top":
            return self._base.pop("cursor", None)
        if pages != "pagination":
            return None
        asked = given(self._base.pop("pagination", None))
        count = asked.get("count")
        if count is not None:
            check("count", count, 1)
            self._count = min(count, self._operation.max_count)
        return asked.get("cursor")

    @property
    def under_way(self) -> int:
        """How many pages were asked for whose answers are still to be taken.

        It falls to 0 when they turn out not to be the next ones: drop what comes of them.
        """
        return len(self._under_way)

    def due(self, most: int = 1) -> list[dict[str, Any]]:
        """The queries to send now, in the order of their pages; none while enough are under way."""
        found: list[dict[str, Any]] = []
        if self._over:
            return found
        if not self._under_way:
            self._under_way.append(_Asked(self._place, self._cursor))
            found.append(self._with(self._cursor))
        if self._size and self._left is not None:
            most = min(most, -(-self._left // self._size))
        while self._size and len(self._under_way) < most:
            place = (self._under_way[-1].place or 0) + self._size
            if place >= self._total:
                break
            cursor = ahead.cursor(self._cursor, place)
            self._under_way.append(_Asked(place, cursor))
            found.append(self._with(cursor))
        return found

    def take(self, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The entries of the oldest page under way."""
        self._under_way.popleft()
        entries = self._entries(answer)
        size = len(entries)
        self._empty = 0 if size else self._empty + 1
        if self._left is not None:
            entries = entries[: self._left]
            self._left -= len(entries)
        if self._operation.pages and self._left != 0:
            self._move(answer.get("pagination"), size)
        else:
            self._end()
        return entries

    def _entries(self, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Those of a page. Whatever else has answered in the API's place has no empty list."""
        name = str(self._operation.result)
        found = answer.get(name)
        if isinstance(found, list):
            return found
        if found is None and isinstance(answer.get("pagination"), Mapping):
            return []
        raise self._error(f"came without a list of `{name}`")

    def _move(self, pagination: Any, size: int) -> None:
        if not isinstance(pagination, Mapping):
            if size >= self._count:
                raise self._error("came without `pagination`, though its page is full")
            self._end()
            return
        cursor = pagination.get("next")
        if cursor in (None, ""):
            self._end()
            return
        if self._empty == EMPTY:
            raise self._error(f"was empty for the {EMPTY}th time, and said that more would come")
        if isinstance(cursor, bool) or not isinstance(cursor, (str, int, Decimal)):
            raise self._error("gave a cursor that is neither text nor a number")
        if str(cursor) in self._seen:
            raise self._error(f"gave the cursor {str(cursor)!r} twice; the list would never end")
        self._seen.add(str(cursor))
        self._cursor = cursor
        total = pagination.get("totalEntries")
        if (
            self._place is None
            or not isinstance(total, int)
            or not ahead.follows(pagination, self._place, size)
        ):
            self._one_by_one()
            return
        self._place, self._size, self._total = self._place + size, size, total
        # The guess has to be the cursor that was given now, to the letter: then its page is the one
        # that would be asked for.
        if self._under_way and self._under_way[0].cursor != cursor:
            self._one_by_one()

    def _one_by_one(self) -> None:
        """From here on each page is asked for by the cursor that the one before it gave."""
        self._place, self._size = None, 0
        self._under_way.clear()

    def _end(self) -> None:
        self._over = True
        self._under_way.clear()

    def _error(self, what: str) -> PaginationError:
        return broken_off(self._operation, what)

    def _with(self, cursor: Any) -> dict[str, Any]:
        query = dict(self._base)
        if not self._operation.pages:
            return query
        place: dict[str, Any] = {"count": self._count}
        if cursor is not None:
            place["cursor"] = cursor
        if self._operation.pages == "top":
            return {**query, **place}
        return {**query, "pagination": place}
