"""What every family's class builds on: send an operation, give back what it is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from segform.contract import operation
from segform.errors import APIError, ResponseDecodeError
from segform.transport.given import given

from . import _ambiguous as ambiguous
from . import _quirks as quirks

if TYPE_CHECKING:
    from segform.transport.aio import AsyncClient
    from segform.transport.client import Client


def _answer(op_id: str, data: dict[str, Any], beside: tuple[str, ...] = ()) -> Any:
    """The part of `data` that is the answer, with the facts the API puts beside it."""
    facts = operation(op_id)
    if facts.result is None:
        return data
    if data.get(facts.result) is None:
        raise ResponseDecodeError(
            f"{op_id} was answered without `{facts.result}`; the API has changed, or a proxy "
            "answered in its place. `client.request` gives the answer as it came.",
            operation=op_id,
            method=facts.method,
            path=facts.path,
            ambiguous=not facts.reads,
        )
    found = quirks.shown(op_id, data[facts.result])
    more = {name: data[name] for name in beside if name in data} if found else {}
    if not more:
        return found
    merged: dict[str, Any] = {**found, **more}
    return merged


class _Call:
    """One call of a method: the body as it was given, and as it is sent."""

    __slots__ = ("body", "op_id", "path", "query", "sent")

    def __init__(self, op_id: str, path: Any, query: Any, body: Any, wrap: str) -> None:
        self.op_id = op_id
        self.path = path
        self.query = query
        self.body: dict[str, Any] = given(body)
        made = quirks.sent(op_id, self.body)
        self.sent = {wrap: made} if wrap else (made if body is not None else None)


class Family:
    """The operations of one family, or of a part of it, over a client."""

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
        wrap: str = "",
    ) -> Any:
        call = _Call(op_id, path, query, body, wrap)
        found = self._made(call, beside)
        step = quirks.follow_up(op_id, call.body, found)
        if step is None:
            return found
        try:
            data = self._client.request(step.operation, path=step.path, body=step.body)
        except APIError as error:
            raise quirks.unfinished(error, step) from None
        return _answer(step.operation, data)

    def _made(self, call: _Call, beside: tuple[str, ...]) -> Any:
        try:
            return self._send(call, beside)
        except APIError as error:
            lookup = ambiguous.lookup_for(call.op_id, error)
            if lookup is None:
                raise
            failed = error
        try:
            entries = list(
                self._each(
                    lookup.lists, path=call.path, query=ambiguous.query_of(lookup, call.body)
                )
            )
        except APIError:
            raise failed from None  # nobody can look: the caller must
        found = ambiguous.settle(lookup, call.body, entries, failed)
        return self._send(call, beside) if found is None else found

    def _send(self, call: _Call, beside: tuple[str, ...]) -> Any:
        data = self._client.request(call.op_id, path=call.path, query=call.query, body=call.sent)
        return _answer(call.op_id, data, beside)

    def _each(
        self,
        op_id: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        limit: int | None = None,
        count: int = 200,
    ) -> Iterator[Any]:
        pages = self._client.pages(op_id, path=path, query=query, count=count, limit=limit)
        for page in pages:
            yield from quirks.all_shown(op_id, page)


class AsyncFamily:
    """The operations of one family, or of a part of it, over an asynchronous client."""

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
        wrap: str = "",
    ) -> Any:
        call = _Call(op_id, path, query, body, wrap)
        found = await self._made(call, beside)
        step = quirks.follow_up(op_id, call.body, found)
        if step is None:
            return found
        try:
            data = await self._client.request(step.operation, path=step.path, body=step.body)
        except APIError as error:
            raise quirks.unfinished(error, step) from None
        return _answer(step.operation, data)

    async def _made(self, call: _Call, beside: tuple[str, ...]) -> Any:
        try:
            return await self._send(call, beside)
        except APIError as error:
            lookup = ambiguous.lookup_for(call.op_id, error)
            if lookup is None:
                raise
            failed = error
        query = ambiguous.query_of(lookup, call.body)
        try:
            entries = [x async for x in self._each(lookup.lists, path=call.path, query=query)]
        except APIError:
            raise failed from None
        found = ambiguous.settle(lookup, call.body, entries, failed)
        return await self._send(call, beside) if found is None else found

    async def _send(self, call: _Call, beside: tuple[str, ...]) -> Any:
        data = await self._client.request(
            call.op_id, path=call.path, query=call.query, body=call.sent
        )
        return _answer(call.op_id, data, beside)

    async def _each(
        self,
        op_id: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        limit: int | None = None,
        count: int = 200,
    ) -> AsyncIterator[Any]:
        pages = self._client.pages(op_id, path=path, query=query, count=count, limit=limit)
        async for page in pages:
            for entry in quirks.all_shown(op_id, page):
                yield entry
