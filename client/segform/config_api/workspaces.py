"""Workspaces of the legacy Config API."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ._family import AsyncFamily, Family
from .calls import Call, call
from .elsewhere import ReadOnly
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from . import types as t


def _list() -> Call:
    return call("listWorkspaces")


class Workspaces(ReadOnly, Family):
    """Legacy workspaces, as far as the token sees them."""

    __slots__ = ()
    _service = "workspaces"

    def list(self, *, limit: int | None = None, count: int = PAGE_SIZE) -> Iterator[t.Workspace]:
        """The legacy workspaces of the token: `GET /workspaces`."""
        return cast("Iterator[t.Workspace]", self._each(_list(), limit, count))

    def get(self, workspace: str | None = None) -> t.Workspace:
        """One legacy workspace, the client's own where none is named: `GET /workspaces/W`."""
        return cast("t.Workspace", self._one(call("getWorkspace", self._in(workspace))))


class AsyncWorkspaces(ReadOnly, AsyncFamily):
    """As `Workspaces`, awaited."""

    __slots__ = ()
    _service = "workspaces"

    def list(
        self, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.Workspace]:
        """As `Workspaces.list`."""
        return cast("AsyncIterator[t.Workspace]", self._each(_list(), limit, count))

    async def get(self, workspace: str | None = None) -> t.Workspace:
        """As `Workspaces.get`."""
        return cast("t.Workspace", await self._one(call("getWorkspace", self._in(workspace))))
