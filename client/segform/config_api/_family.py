"""What every family of the legacy client builds on: send a call, give back its object."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from .calls import Call, answer
from .names import Name, resolve
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from .client import AsyncConfigAPI, ConfigAPI


class Family:
    """Some operations of the legacy Config API, over a client."""

    __slots__ = ("_client",)

    def __init__(self, client: ConfigAPI) -> None:
        self._client = client

    def _at(self, text: str, kind: str) -> Name:
        return resolve(text, kind, self._client.workspace)

    def _in(self, workspace: str | None) -> Name:
        return self._client.home(workspace)

    def _one(self, asked: Call) -> Any:
        data = self._client.request(
            asked.op_id, path=asked.path, query=asked.query, body=asked.body
        )
        return answer(asked, data)

    def _each(self, asked: Call, limit: int | None = None, count: int = PAGE_SIZE) -> Iterator[Any]:
        pages = self._client.pages(
            asked.op_id, path=asked.path, query=asked.query, count=count, limit=limit
        )
        for page in pages:
            yield from page


class AsyncFamily:
    """Some operations of the legacy Config API, over an asynchronous client."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncConfigAPI) -> None:
        self._client = client

    def _at(self, text: str, kind: str) -> Name:
        return resolve(text, kind, self._client.workspace)

    def _in(self, workspace: str | None) -> Name:
        return self._client.home(workspace)

    async def _one(self, asked: Call) -> Any:
        data = await self._client.request(
            asked.op_id, path=asked.path, query=asked.query, body=asked.body
        )
        return answer(asked, data)

    async def _each(
        self, asked: Call, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[Any]:
        pages = self._client.pages(
            asked.op_id, path=asked.path, query=asked.query, count=count, limit=limit
        )
        async for page in pages:
            for entry in page:
                yield entry
