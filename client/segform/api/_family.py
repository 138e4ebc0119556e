"""What every family's class builds on: send an operation, give back what it is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from segform.contract import operation
from segform.errors import ResponseDecodeError

if TYPE_CHECKING:
    from segform.transport.client import AsyncClient, Client


def _answer(op_id: str, data: dict[str, Any], beside: tuple[str, ...]) -> Any:
    """The part of `data` that is the answer, with the facts the API puts beside it."""
    facts = operation(op_id)
    if facts.result is None:
        return data
    if facts.result not in data:
        raise ResponseDecodeError(
            f"{op_id} was answered without `{facts.result}`; the API has changed, or a proxy "
            "answered in its place. `client.request` gives the answer as it came.",
            operation=op_id,
            method=facts.method,
            path=facts.path,
            ambiguous=not facts.reads,
        )
    found = data[facts.result]
    more = {name: data[name] for name in beside if name in data} if found else {}
    if not more:
        return found
    merged: dict[str, Any] = {**found, **more}
    return merged


class Family:
    """The operations of one family, over a client."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def _call(
        self,
        op_id: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        beside: tuple[str, ...] = (),
    ) -> Any:
        data = self._client.request(op_id, path=path, query=query, body=body)
        return _answer(op_id, data, beside)

    def _each(
        self,
        op_id: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        count: int = 200,
    ) -> Iterator[Any]:
        for page in self._client.pages(op_id, path=path, query=query, count=count):
            yield from page


class AsyncFamily:
    """The operations of one family, over an asynchronous client."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def _call(
        self,
        op_id: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        beside: tuple[str, ...] = (),
    ) -> Any:
        data = await self._client.request(op_id, path=path, query=query, body=body)
        return _answer(op_id, data, beside)

    async def _each(
        self,
        op_id: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        count: int = 200,
    ) -> AsyncIterator[Any]:
        async for page in self._client.pages(op_id, path=path, query=query, count=count):
            for entry in page:
                yield entry
