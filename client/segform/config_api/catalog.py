"""The catalogue of the legacy Config API.

The paths of its lists are those that Segment's own documents are made with; those of single
entries are known from public clients, and the names of the entries agree with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ._family import AsyncFamily, Family
from .calls import call
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from . import types as t


class Catalog(Family):
    """The legacy catalogue: what can be set up."""

    __slots__ = ()

    @property
    def sources(self) -> CatalogSources:
        """Sources of the legacy catalogue."""
        return CatalogSources(self._client)

    @property
    def destinations(self) -> CatalogDestinations:
        """Destinations of the legacy catalogue."""
        return CatalogDestinations(self._client)


class CatalogSources(Family):
    """Sources of the legacy catalogue: list, get."""

    __slots__ = ()

    def list(self, *, limit: int | None = None, count: int = PAGE_SIZE) -> Iterator[t.CatalogEntry]:
        """Every source of the legacy catalogue: `GET /catalog/sources`."""
        asked = call("listCatalogSources")
        return cast("Iterator[t.CatalogEntry]", self._each(asked, limit, count))

    def get(self, name: str) -> t.CatalogEntry:
        """One source of the legacy catalogue, by its name or slug: `GET /catalog/sources/S`."""
        asked = call("getCatalogSource", self._at(name, "catalog source"))
        return cast("t.CatalogEntry", self._one(asked))


class CatalogDestinations(Family):
    """Destinations of the legacy catalogue: list, get."""

    __slots__ = ()

    def list(
        self, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.CatalogDestination]:
        """Every destination of the legacy catalogue: `GET /catalog/destinations`."""
        asked = call("listCatalogDestinations")
        return cast("Iterator[t.CatalogDestination]", self._each(asked, limit, count))

    def get(self, name: str) -> t.CatalogDestination:
        """One destination of the legacy catalogue: `GET /catalog/destinations/D`."""
        asked = call("getCatalogDestination", self._at(name, "catalog destination"))
        return cast("t.CatalogDestination", self._one(asked))


class AsyncCatalog(AsyncFamily):
    """As `Catalog`, awaited."""

    __slots__ = ()

    @property
    def sources(self) -> AsyncCatalogSources:
        """As `Catalog.sources`."""
        return AsyncCatalogSources(self._client)

    @property
    def destinations(self) -> AsyncCatalogDestinations:
        """As `Catalog.destinations`."""
        return AsyncCatalogDestinations(self._client)


class AsyncCatalogSources(AsyncFamily):
    """As `CatalogSources`, awaited."""

    __slots__ = ()

    def list(
        self, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.CatalogEntry]:
        """As `CatalogSources.list`."""
        asked = call("listCatalogSources")
        return cast("AsyncIterator[t.CatalogEntry]", self._each(asked, limit, count))

    async def get(self, name: str) -> t.CatalogEntry:
        """As `CatalogSources.get`."""
        asked = call("getCatalogSource", self._at(name, "catalog source"))
        return cast("t.CatalogEntry", await self._one(asked))


class AsyncCatalogDestinations(AsyncFamily):
    """As `CatalogDestinations`, awaited."""

    __slots__ = ()

    def list(
        self, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.CatalogDestination]:
        """As `CatalogDestinations.list`."""
        asked = call("listCatalogDestinations")
        return cast("AsyncIterator[t.CatalogDestination]", self._each(asked, limit, count))

    async def get(self, name: str) -> t.CatalogDestination:
        """As `CatalogDestinations.get`."""
        asked = call("getCatalogDestination", self._at(name, "catalog destination"))
        return cast("t.CatalogDestination", await self._one(asked))
