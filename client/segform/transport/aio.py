"""The asynchronous client without the families: as `client`, awaited."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, TypeVar

from segform.errors import ConfigurationError

from . import raw
from .answer import Fault, Reply
from .base import WHO, Base
from .client import result_of
from .options import AHEAD, DEADLINE, TIMEOUT, Options
from .paging import Walk

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future, Lock, Task

    import httpx

    from .answer import Success
    from .encode import Prepared
    from .exchange import Exchange
    from .http import AsyncWire
    from .masked import Secret
    from .options import AsyncMiddleware

# Turns of the event loop in which a task that was just made gets to send its request.
TURNS: Final = 2

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")


class _Link:
    """The connections of a client and of every view of it."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None) -> None:
        self.transport = transport
        self.wire: AsyncWire | None = None
        self._pinning: tuple[AbstractEventLoop, Lock] | None = None
        self._waiting: set[Future[None]] = set()
        self._closed = False

    async def sleep(self, seconds: float) -> None:
        """Wait, but no longer than until the client is closed."""
        from asyncio import get_running_loop, wait

        if self._closed:
            return
        closing = get_running_loop().create_future()
        self._waiting.add(closing)
        try:
            await wait((closing,), timeout=seconds)
        finally:
            self._waiting.discard(closing)

    def wake(self) -> None:
        """Nobody waits any more."""
        self._closed = True
        for closing in self._waiting:
            closing.cancel()

    def pinning(self) -> Lock:
        """Lets one task at a time check the workspace; a lock serves the event loop it met."""
        from asyncio import Lock, get_running_loop

        loop = get_running_loop()
        if self._pinning is None or self._pinning[0] is not loop:
            self._pinning = loop, Lock()
        return self._pinning[1]


class AsyncClient(Base):
    """Sends requests from one event loop."""

    def __init__(
        self,
        token: str | Secret | None = None,
        *,
        url: str | None = None,
        region: str | None = None,
        workspace: str | None = None,
        read_only: bool | None = None,
        timeout: float = TIMEOUT,
        deadline: float = DEADLINE,
        requests_per_minute: int | None = None,
        user_agent_suffix: str | None = None,
        middleware: Iterable[AsyncMiddleware] = (),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(
            Options(timeout, deadline, middleware=tuple(middleware)),
            token=token,
            url=url,
            region=region,
            workspace=workspace,
            read_only=read_only,
            requests_per_minute=requests_per_minute,
            user_agent_suffix=user_agent_suffix,
        )
        self._link = _Link(transport)
        self._sleep: Callable[[float], Awaitable[None]] = self._link.sleep

    async def request(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """As `Client.request`, awaited. A call that is cancelled leaves its connection usable."""
        exchange = self._exchange(operation, path, query, body)
        if not self._session.pinned:
            if operation == WHO:
                found = await self._run(exchange)
                self._session.check_workspace(found)
                return found
            await self._pin()
        return await self._run(exchange)

    async def pages(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        count: int = 200,
        limit: int | None = None,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """As `Client.pages`, awaited page by page, with pages after it on their way.

        From the second page on the next one is fetched while the caller works on the one it has;
        later, where the API's cursors are offsets, up to 3, never as many as were read before.
        Who ends the loop may have sent as many requests more than it needed. `with_options(ahead=
        ...)` sets another number. What fails fails when its page is reached.
        """
        from asyncio import create_task, sleep

        walk = Walk(self._operation(operation), query, count, limit)
        coming: deque[Task[dict[str, Any]]] = deque()

        async def one(query: dict[str, Any]) -> dict[str, Any]:
            return await self.request(operation, path=path, query=query)

        def send(most: int) -> None:
            coming.extend(create_task(one(query)) for query in walk.due(most))

        wanted, read = self._options.ahead, 0
        try:
            while True:
                send(wanted or 1)
                if not coming:
                    break
                page = walk.take(await coming.popleft())
                if not walk.under_way:
                    await _dropped(coming)
                read += 1
                if read > 1:
                    send(wanted or min(read - 1, AHEAD))
                    for _ in range(TURNS):
                        await sleep(0)
                yield page
        finally:
            await _dropped(coming)

    async def map(
        self, call: Callable[[A], Awaitable[T]], items: Iterable[A], *, concurrency: int = 16
    ) -> list[T]:
        """As `Client.map`: `call` for every item, many at once, in the items' order."""
        from .bulk import in_tasks

        return await in_tasks(call, items, concurrency)

    async def with_raw_response(
        self, method: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> raw.RawResponse[T]:
        """As `Client.with_raw_response`, awaited."""
        with raw.keeping() as kept:
            result = await method(*args, **kwargs)
        return raw.made(result, kept)

    async def _pin(self) -> None:
        async with self._link.pinning():
            if not self._session.pinned:
                self._session.check_workspace(await self._run(self._exchange(WHO)))

    async def _run(self, exchange: Exchange) -> dict[str, Any]:
        outcome = await self._attempt(exchange)
        if exchange.again(outcome):  # most never are, and spare the machinery
            from tenacity import AsyncRetrying, stop_never

            await self._sleep(exchange.delay)
            outcome = await AsyncRetrying(
                retry=lambda state: exchange.again(result_of(state)),
                wait=lambda _: exchange.delay,
                stop=stop_never,
                sleep=self._sleep,
            )(self._attempt, exchange)
        return exchange.finish(outcome)

    async def _attempt(self, exchange: Exchange) -> Success | Fault:
        wire = self._link.wire or self._connect()
        from . import log

        wait = exchange.pause()
        late = exchange.too_late(wait)
        if late is not None:
            return late
        if wait > 0:
            log.waits(exchange, wait, "the limits leave no earlier place")
            await self._sleep(wait)
        self._session.usable()
        exchange.starts()
        start = time.monotonic()
        try:
            came = await self._through(exchange, wire)
        except RuntimeError:
            self._session.usable()
            raise
        seconds = time.monotonic() - start
        outcome = exchange.absorb(came, seconds)
        log.sent(exchange, outcome, seconds)
        return outcome

    async def _through(self, exchange: Exchange, wire: AsyncWire) -> Reply | Fault:
        allowed = exchange.patience()

        async def send(prepared: Prepared) -> Reply | Fault:
            return await wire.send(prepared, allowed)

        for around in reversed(self._options.middleware):
            send = _wrapped(around, send)
        return await send(exchange.prepared)

    def _connect(self) -> AsyncWire:
        from . import log
        from .http import AsyncWire

        log.switch_on(self._session.config)
        self._link.wire = AsyncWire(self._session.config, self._link.transport)
        return self._link.wire

    async def close(self) -> None:
        """Close the connections; nothing is sent afterwards, and what waits is woken to say so."""
        self._session.close()
        self._link.wake()
        wire, self._link.wire = self._link.wire, None
        if wire is not None:
            await wire.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


async def _dropped(tasks: deque[Task[Any]]) -> None:
    """End what nobody waits for any more."""
    if not tasks:
        return
    from asyncio import gather

    for task in tasks:
        task.cancel()
    await gather(*tasks, return_exceptions=True)
    tasks.clear()


def _wrapped(around: Callable[..., Any], send: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapped(prepared: Prepared) -> Any:
        came = await around(prepared, send)
        if not isinstance(came, (Reply, Fault)):
            raise ConfigurationError(
                f"The middleware {getattr(around, '__name__', around)!r} returned "
                f"{'nothing' if came is None else 'a ' + type(came).__name__}; it has "
                "to return what the function it was given returns, awaited."
            )
        return came

    return wrapped
