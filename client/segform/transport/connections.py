"""A connection for each request that is under way, found without looking at all the others.

httpcore's pool asks every idle connection, at every request and again after it, whether it is still
there: with sixteen threads that is half of what a request costs. Here each connection has an httpx
transport of its own, and the one that was used last is the next to be used.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final, Generic, TypeVar, cast

import httpx

# The provider sends from up to 128 threads: each can have its own connection.
CONNECTIONS: Final = 128
# Seconds that a connection may be idle; servers and proxies hang up after some of their own.
EXPIRY: Final = 5.0

T = TypeVar("T")


class Idle(Generic[T]):
    """The transports that no request has at the moment. Safe for threads; no I/O."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._all: set[T] = set()
        self._idle: deque[tuple[T, float]] = deque()
        self._lock = threading.Lock()
        self._closed = False

    def take(self) -> T:
        """The one that was used last, or one more. Raises RuntimeError when closed."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the connections are closed")
            if self._idle:
                return self._idle.pop()[0]
            made = self._make()
            self._all.add(made)
            return made

    def give(self, back: T) -> T | None:
        """Take one back; one that is to be closed, as long unused or as come too late."""
        now = time.monotonic()
        with self._lock:
            if self._closed:
                return back
            self._idle.append((back, now))
            oldest, since = self._idle[0]
            if now - since < EXPIRY:
                return None
            self._idle.popleft()
            self._all.discard(oldest)
            return oldest

    def drop(self, broken: T) -> None:
        """Never give this one again."""
        with self._lock:
            self._all.discard(broken)

    def close(self) -> list[T]:
        """Give none any more; all there are, to be closed."""
        with self._lock:
            self._closed = True
            made = list(self._all)
            self._all.clear()
            self._idle.clear()
            return made


class Spread(httpx.BaseTransport):
    """Sends from any number of threads, `CONNECTIONS` requests at once at most."""

    def __init__(self, context: ssl.SSLContext) -> None:
        limits = httpx.Limits(
            max_connections=1, max_keepalive_connections=1, keepalive_expiry=EXPIRY
        )
        self._idle: Idle[httpx.BaseTransport] = Idle(
            lambda: httpx.HTTPTransport(verify=context, trust_env=False, limits=limits)
        )
        self._places = threading.BoundedSemaphore(CONNECTIONS)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send. Raises PoolTimeout where no place is free in time."""
        patience = request.extensions.get("timeout", {}).get("pool")
        if not self._places.acquire(timeout=patience):
            raise httpx.PoolTimeout(f"{CONNECTIONS} requests were under way")
        try:
            transport = self._idle.take()
        except BaseException:
            self._places.release()
            raise
        try:
            response = transport.handle_request(request)
        except BaseException:
            self._done(transport, whole=False)
            raise
        body = cast("httpx.SyncByteStream", response.stream)
        response.stream = _Stream(body, self, transport)
        return response

    def _done(self, transport: httpx.BaseTransport, *, whole: bool) -> None:
        """A request has ended; where its answer was not read whole, so has its connection.

        Interrupted in the wrong moment, httpcore takes a connection to be in use for ever.
        """
        self._places.release()
        if not whole:
            self._idle.drop(transport)
            transport.close()
            return
        closing = self._idle.give(transport)
        if closing is not None:
            closing.close()

    def close(self) -> None:
        """Close every connection."""
        for transport in self._idle.close():
            transport.close()


class _Stream(httpx.SyncByteStream):
    """A body; once it is read and closed its connection is free for the next request."""

    def __init__(
        self, body: httpx.SyncByteStream, spread: Spread, transport: httpx.BaseTransport
    ) -> None:
        self._body = body
        self._spread = spread
        self._transport = transport
        self._whole = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._body
        self._whole = True

    def close(self) -> None:
        """What was not read is dropped, with its connection."""
        try:
            self._body.close()
        except BaseException:
            self._whole = False
            raise
        finally:
            self._spread._done(self._transport, whole=self._whole)


class AsyncSpread(httpx.AsyncBaseTransport):
    """As `Spread`, from one event loop, over connections of asyncio itself."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._idle: Idle[httpx.AsyncBaseTransport] = Idle(self._made)
        self._places = asyncio.Semaphore(CONNECTIONS)

    def _made(self) -> httpx.AsyncBaseTransport:
        """A transport whose connection is asyncio's own, without what anyio adds to requests."""
        import httpcore

        from .streams import Backend

        made = httpx.AsyncHTTPTransport(verify=self._context, trust_env=False)
        # httpx has no argument for it; nothing was connected yet, so nothing is left open.
        made._pool = httpcore.AsyncConnectionPool(
            ssl_context=self._context,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=EXPIRY,
            network_backend=Backend(),
        )
        return made

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As `Spread.handle_request`, awaited."""
        patience = request.extensions.get("timeout", {}).get("pool")
        try:
            if self._places.locked():
                async with asyncio.timeout(patience):
                    await self._places.acquire()
            else:  # at once
                await self._places.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout(f"{CONNECTIONS} requests were under way") from None
        try:
            transport = self._idle.take()
        except BaseException:
            self._places.release()
            raise
        try:
            response = await transport.handle_async_request(request)
        except BaseException:
            await self._done(transport, whole=False)
            raise
        body = cast("httpx.AsyncByteStream", response.stream)
        response.stream = _AsyncStream(body, self, transport)
        return response

    async def _done(self, transport: httpx.AsyncBaseTransport, *, whole: bool) -> None:
        """As `Spread._done`, awaited: a task that is cancelled is an interrupt too."""
        self._places.release()
        if not whole:
            self._idle.drop(transport)
            await transport.aclose()
            return
        closing = self._idle.give(transport)
        if closing is not None:
            await closing.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        for transport in self._idle.close():
            await transport.aclose()


class _AsyncStream(httpx.AsyncByteStream):
    """As `_Stream`, awaited."""

    def __init__(
        self,
        body: httpx.AsyncByteStream,
        spread: AsyncSpread,
        transport: httpx.AsyncBaseTransport,
    ) -> None:
        self._body = body
        self._spread = spread
        self._transport = transport
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._body:
            yield part
        self._whole = True

    async def aclose(self) -> None:
        """What was not read is dropped, with its connection."""
        try:
            await self._body.aclose()
        except BaseException:
            self._whole = False
            raise
        finally:
            await self._spread._done(self._transport, whole=self._whole)
