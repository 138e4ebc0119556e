"""Sources of the legacy Config API: made and deleted there, not changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, cast

from segform.errors import ConfigurationError
from segform.transport.given import NOT_GIVEN, NotGiven, given

from ._family import AsyncFamily, Family
from .calls import Call, call
from .elsewhere import refuse
from .names import Name, resolve
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from . import types as t

_KIND = "source"


def _create(at: Name, catalog_name: str, **fields: Any) -> Call:
    entry = resolve(catalog_name, "catalog source", None)
    body = {"source": {"name": str(at), "catalog_name": str(entry), **given(fields)}}
    if at.parent is None:  # never: a source is below a workspace
        raise ConfigurationError(f"{at} has no workspace.")
    return call("createSource", at.parent, body=body)


class Sources(Family):
    """Legacy sources: list, get, create, delete."""

    __slots__ = ()

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.Source]:
        """The legacy sources of a workspace, page by page: `GET …/sources`."""
        asked = call("listSources", self._in(workspace))
        return cast("Iterator[t.Source]", self._each(asked, limit, count))

    def get(self, name: str) -> t.Source:
        """One legacy source by its resource name, or its slug: `GET …/sources/S`."""
        return cast("t.Source", self._one(call("getSource", self._at(name, _KIND))))

    def create(
        self,
        name: str,
        *,
        catalog_name: str,
        display_name: str | NotGiven = NOT_GIVEN,
        library_config: Mapping[str, Any] | NotGiven = NOT_GIVEN,
    ) -> t.Source:
        """Create a legacy source: `POST …/sources`.

        * `name`: its resource name, or the slug it shall have, which stays;
        * `catalog_name`: `catalog/sources/javascript`, or `javascript`.

        Never repeated blindly: see `.ambiguous` on the error.
        """
        at = self._at(name, _KIND)
        asked = _create(at, catalog_name, display_name=display_name, library_config=library_config)
        return cast("t.Source", self._one(asked))

    def delete(self, name: str) -> None:
        """Delete a legacy source and its destinations: `DELETE …/sources/S`."""
        self._one(call("deleteSource", self._at(name, _KIND), needs=""))

    def update(self, *_: object, **__: object) -> NoReturn:
        """Not here: raises NotInConfigAPI, which names the call of the Public API."""
        refuse("sources", "update")


class AsyncSources(AsyncFamily):
    """As `Sources`, awaited."""

    __slots__ = ()

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.Source]:
        """As `Sources.list`."""
        asked = call("listSources", self._in(workspace))
        return cast("AsyncIterator[t.Source]", self._each(asked, limit, count))

    async def get(self, name: str) -> t.Source:
        """As `Sources.get`."""
        return cast("t.Source", await self._one(call("getSource", self._at(name, _KIND))))

    async def create(
        self,
        name: str,
        *,
        catalog_name: str,
        display_name: str | NotGiven = NOT_GIVEN,
        library_config: Mapping[str, Any] | NotGiven = NOT_GIVEN,
    ) -> t.Source:
        """As `Sources.create`."""
        at = self._at(name, _KIND)
        asked = _create(at, catalog_name, display_name=display_name, library_config=library_config)
        return cast("t.Source", await self._one(asked))

    async def delete(self, name: str) -> None:
        """As `Sources.delete`."""
        await self._one(call("deleteSource", self._at(name, _KIND), needs=""))

    def update(self, *_: object, **__: object) -> NoReturn:
        """As `Sources.update`: raises NotInConfigAPI at once."""
        refuse("sources", "update")
