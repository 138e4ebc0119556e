"""Functions of the legacy Config API: read here, written through the Public API."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ._family import AsyncFamily, Family
from .calls import Call, call
from .elsewhere import ReadOnly
from .names import Name
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from . import types as t


def _list(at: Name, type: str) -> Call:
    return call("listFunctions", at, query={"type": type})


def _get(at: Name) -> Call:
    return call("getFunction", at, needs="")


class Functions(ReadOnly, Family):
    """Legacy functions. Their paths are known from public clients."""

    __slots__ = ()
    _service = "functions"

    def list(
        self,
        *,
        type: str,
        workspace: str | None = None,
        limit: int | None = None,
        count: int = PAGE_SIZE,
    ) -> Iterator[t.Function]:
        """The legacy functions of a type: `GET …/functions?type=DESTINATION`."""
        asked = _list(self._in(workspace), type)
        return cast("Iterator[t.Function]", self._each(asked, limit, count))

    def get(self, name: str) -> t.Function:
        """One legacy function, by its id: `GET …/functions/F`."""
        return cast("t.Function", self._one(_get(self._at(name, "function"))))


class AsyncFunctions(ReadOnly, AsyncFamily):
    """As `Functions`, awaited."""

    __slots__ = ()
    _service = "functions"

    def list(
        self,
        *,
        type: str,
        workspace: str | None = None,
        limit: int | None = None,
        count: int = PAGE_SIZE,
    ) -> AsyncIterator[t.Function]:
        """As `Functions.list`."""
        asked = _list(self._in(workspace), type)
        return cast("AsyncIterator[t.Function]", self._each(asked, limit, count))

    async def get(self, name: str) -> t.Function:
        """As `Functions.get`."""
        return cast("t.Function", await self._one(_get(self._at(name, "function"))))
