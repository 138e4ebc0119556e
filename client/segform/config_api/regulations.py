"""Regulations of the legacy Config API: deletions and suppressions of users' data, read here.

Their paths and forms are known from public documents and clients. They are made through the
Public API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from segform.transport.given import NOT_GIVEN, NotGiven

from ._family import AsyncFamily, Family
from .calls import Call, call
from .elsewhere import ReadOnly
from .names import Name
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from . import types as t


def _list(at: Name, status: str | NotGiven, types: Sequence[str] | NotGiven) -> Call:
    return call("listRegulations", at, query={"status": status, "regulation_types": types})


def _get(at: Name) -> Call:
    return call("getRegulation", at, needs="overall_status")


class Regulations(ReadOnly, Family):
    """Regulations of a legacy workspace: list, get."""

    __slots__ = ()
    _service = "regulations"

    def list(
        self,
        workspace: str | None = None,
        *,
        status: str | NotGiven = NOT_GIVEN,
        regulation_types: Sequence[str] | NotGiven = NOT_GIVEN,
        limit: int | None = None,
        count: int = PAGE_SIZE,
    ) -> Iterator[t.Regulation]:
        """The legacy regulations of a workspace: `GET …/regulations`.

        * `status`: only `initialized`, `running`, `finished` or `failed` ones;
        * `regulation_types`: only these, such as `Suppress_With_Delete`, `Suppress`, `Delete`.
        """
        asked = _list(self._in(workspace), status, regulation_types)
        return cast("Iterator[t.Regulation]", self._each(asked, limit, count))

    def get(self, name: str) -> t.RegulationStatus:
        """How far one legacy regulation has come, by its id: `GET …/regulations/R`."""
        return cast("t.RegulationStatus", self._one(_get(self._at(name, "regulation"))))


class AsyncRegulations(ReadOnly, AsyncFamily):
    """As `Regulations`, awaited."""

    __slots__ = ()
    _service = "regulations"

    def list(
        self,
        workspace: str | None = None,
        *,
        status: str | NotGiven = NOT_GIVEN,
        regulation_types: Sequence[str] | NotGiven = NOT_GIVEN,
        limit: int | None = None,
        count: int = PAGE_SIZE,
    ) -> AsyncIterator[t.Regulation]:
        """As `Regulations.list`."""
        asked = _list(self._in(workspace), status, regulation_types)
        return cast("AsyncIterator[t.Regulation]", self._each(asked, limit, count))

    async def get(self, name: str) -> t.RegulationStatus:
        """As `Regulations.get`."""
        return cast("t.RegulationStatus", await self._one(_get(self._at(name, "regulation"))))
