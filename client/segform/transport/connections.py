"""A connection for each request that is under way, found without looking at all the others.

httpcore's pool asks every idle connection, at every request and again after it, whether it is still
there: with sixteen threads that is half of what a request costs. Here the connection that was used
last is the next to be used, and only that one is asked.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

import httpcore
import httpx

# The provider sends from up to 128 threads: each can have its own connection.
CONNECTIONS: Final = 128
# Seconds that a connection may be idle; servers and proxies hang up after some of their own.
EXPIRY: Final = 5.0

T = TypeVar("T")


class Idle(Generic[T]):
    """The connections that no request has at the moment. Safe for threads; no I/O."""

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


# What httpcore raises; httpx has each under the same name.
_RAISED: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong in httpx's terms, as its own transports raise it."""
    try:
        yield
    except _RAISED as error:
        raised: type[httpx.RequestError] = getattr(httpx, type(error).__name__)
        raise raised(str(error)) from error


def _below(request: httpx.Request) -> httpcore.Request:
    """The request as httpcore has it."""
    url = request.url
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    return httpcore.Request(
        request.method,
        target,
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _above(response: httpcore.Response, body: _Stream | _AsyncStream) -> httpx.Response:
    """The answer as httpx has it."""
    return httpx.Response(
        response.status, headers=response.headers, stream=body, extensions=response.extensions
    )


class Spread(httpx.BaseTransport):
    """Sends from any number of threads to one host, `CONNECTIONS` requests at once at most."""

    def __init__(self, url: str, context: ssl.SSLContext) -> None:
        origin = httpcore.URL(url).origin
        self._idle = Idle(
            lambda: httpcore.HTTPConnection(origin, ssl_context=context, keepalive_expiry=EXPIRY)
        )
        self._places = threading.BoundedSemaphore(CONNECTIONS)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send. Raises PoolTimeout where no place is free in time."""
        patience = request.extensions.get("timeout", {}).get("pool")
        if not self._places.acquire(timeout=patience):
            raise httpx.PoolTimeout(f"{CONNECTIONS} requests were under way")
        try:
            connection = self._taken()
        except BaseException:
            self._places.release()
            raise
        try:
            with _told():
                response = connection.handle_request(_below(request))
        except BaseException:
            self._done(connection, whole=False)
            raise
        return _above(response, _Stream(response, self, connection))

    def _taken(self) -> httpcore.HTTPConnection:
        while True:
            connection = self._idle.take()
            if not connection.has_expired():
                return connection
            self._idle.drop(connection)
            connection.close()

    def _done(self, connection: httpcore.HTTPConnection, *, whole: bool) -> None:
        """A request has ended; where its answer was not read whole, so has its connection.

        Interrupted in the wrong moment, httpcore takes a connection to be in use for ever.
        """
        self._places.release()
        if not whole or connection.is_closed():
            self._idle.drop(connection)
            connection.close()
            return
        closing = self._idle.give(connection)
        if closing is not None:
            closing.close()

    def close(self) -> None:
        """Close every connection."""
        for connection in self._idle.close():
            connection.close()


class _Stream(httpx.SyncByteStream):
    """A body; once it is read and closed its connection is free for the next request."""

    def __init__(
        self, response: httpcore.Response, spread: Spread, connection: httpcore.HTTPConnection
    ) -> None:
        self._response = response
        self._spread = spread
        self._connection = connection
        self._whole = False

    def __iter__(self) -> Iterator[bytes]:
        with _told():
            yield from self._response.iter_stream()
        self._whole = True

    def close(self) -> None:
        """What was not read is dropped, with its connection."""
        try:
            self._response.close()
        except BaseException:
            self._whole = False
            raise
        finally:
            self._spread._done(self._connection, whole=self._whole)


class AsyncSpread(httpx.AsyncBaseTransport):
    """As `Spread`, from one event loop, over connections of asyncio itself."""

    def __init__(self, url: str, context: ssl.SSLContext) -> None:
        from .streams import Backend

        origin, backend = httpcore.URL(url).origin, Backend()
        self._idle = Idle(
            lambda: httpcore.AsyncHTTPConnection(
                origin, ssl_context=context, keepalive_expiry=EXPIRY, network_backend=backend
            )
        )
        self._places = asyncio.Semaphore(CONNECTIONS)

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
            connection = await self._taken()
        except BaseException:
            self._places.release()
            raise
        try:
            with _told():
                response = await connection.handle_async_request(_below(request))
        except BaseException:
            await self._done(connection, whole=False)
            raise
        return _above(response, _AsyncStream(response, self, connection))

    async def _taken(self) -> httpcore.AsyncHTTPConnection:
        while True:
            connection = self._idle.take()
            if not connection.has_expired():
                return connection
            self._idle.drop(connection)
            await connection.aclose()

    async def _done(self, connection: httpcore.AsyncHTTPConnection, *, whole: bool) -> None:
        """As `Spread._done`, awaited: a task that is cancelled is an interrupt too."""
        self._places.release()
        if not whole or connection.is_closed():
            self._idle.drop(connection)
            await connection.aclose()
            return
        closing = self._idle.give(connection)
        if closing is not None:
            await closing.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        for connection in self._idle.close():
            await connection.aclose()


class _AsyncStream(httpx.AsyncByteStream):
    """As `_Stream`, awaited."""

    def __init__(
        self,
        response: httpcore.Response,
        spread: AsyncSpread,
        connection: httpcore.AsyncHTTPConnection,
    ) -> None:
        self._response = response
        self._spread = spread
        self._connection = connection
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _told():
            async for part in self._response.aiter_stream():
                yield part
        self._whole = True

    async def aclose(self) -> None:
        """What was not read is dropped, with its connection."""
        try:
            await self._response.aclose()
        except BaseException:
            self._whole = False
            raise
        finally:
            await self._spread._done(self._connection, whole=self._whole)
