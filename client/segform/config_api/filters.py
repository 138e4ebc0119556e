"""Destination filters of the legacy Config API: read here, written through the Public API."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ._family import AsyncFamily, Family
from .calls import call
from .elsewhere import ReadOnly
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from . import types as t

_KIND = "destination filter"


class DestinationFilters(ReadOnly, Family):
    """Filters of legacy destinations. Their paths are known from public clients."""

    __slots__ = ()
    _service = "destination_filters"

    def list(
        self, destination: str, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.DestinationFilter]:
        """The filters of a legacy destination: `GET …/destinations/D/filters`."""
        asked = call("listDestinationFilters", self._at(destination, "destination"))
        return cast("Iterator[t.DestinationFilter]", self._each(asked, limit, count))

    def get(self, name: str) -> t.DestinationFilter:
        """One filter of a legacy destination: `GET …/filters/df_…`."""
        asked = call("getDestinationFilter", self._at(name, _KIND))
        return cast("t.DestinationFilter", self._one(asked))


class AsyncDestinationFilters(ReadOnly, AsyncFamily):
    """As `DestinationFilters`, awaited."""

    __slots__ = ()
    _service = "destination_filters"

    def list(
        self, destination: str, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.DestinationFilter]:
        """As `DestinationFilters.list`."""
        asked = call("listDestinationFilters", self._at(destination, "destination"))
        return cast("AsyncIterator[t.DestinationFilter]", self._each(asked, limit, count))

    async def get(self, name: str) -> t.DestinationFilter:
        """As `DestinationFilters.get`."""
        asked = call("getDestinationFilter", self._at(name, _KIND))
        return cast("t.DestinationFilter", await self._one(asked))
