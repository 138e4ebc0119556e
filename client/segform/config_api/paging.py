"""A walk over a list of the legacy Config API by page tokens; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from segform.contract import Operation
from segform.errors import ConfigurationError, PaginationError
from segform.transport.given import given
from segform.transport.options import is_count
from segform.transport.paging import broken_off, check

# Documented defaults are 10 or 100; without a size of its own a list takes ten times the requests.
PAGE_SIZE: Final = 100


class Pages:
    """One pass over a list: `query` is what to send next, None at the end.

    * `size`: entries a page; `limit`: entries in all, None for every one.

    Raises PaginationError where a token comes twice, which would go round for ever, and for an
    answer that is no list: one that is cut short must not look whole.
    """

    def __init__(
        self,
        operation: Operation,
        query: Mapping[str, Any] | None = None,
        size: int = PAGE_SIZE,
        limit: int | None = None,
    ) -> None:
        if operation.result is None:
            raise ConfigurationError(
                f"{operation.id} does not answer with one list; call it with `request`."
            )
        if not is_count(size, operation.max_count):
            raise ConfigurationError(
                f"count is {size!r}; a legacy page has 1 to {operation.max_count} entries."
            )
        if limit is not None:
            check("limit", limit, 0)
        self._operation = operation
        self._left = limit
        self._base = {"page_size": min(size, limit or size), **given(query)}
        self._seen = {str(self._base.get("page_token", ""))}
        self.query: dict[str, Any] | None = None if limit == 0 else dict(self._base)

    def take(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The entries of a page; afterwards `query` is for the next one."""
        token = data.get("next_page_token")
        found = data.get(str(self._operation.result))
        if found is None and not set(data) - {"next_page_token"}:
            found = []  # an empty list may be left out
        if not isinstance(found, list):
            raise self._error(f"has no list `{self._operation.result}`")
        if self._left is not None:
            found = found[: self._left]
            self._left -= len(found)
        self.query = None
        if token not in (None, "") and self._left != 0:
            self.query = {**self._base, "page_token": self._next(token)}
        return found

    def _next(self, token: Any) -> str:
        if not isinstance(token, str):
            raise self._error("gave a page token that is not text")
        if token in self._seen:
            raise self._error(f"gave the page token {token!r} twice; the list would never end")
        self._seen.add(token)
        return token

    def _error(self, what: str) -> PaginationError:
        return broken_off(self._operation, what)
