"""As `connections`, awaited: over connections of asyncio itself.

In a module of its own, because asyncio is a tenth of what the first request of a client that awaits
nothing would load.
"""

from __future__ import annotations

import asyncio
import math
import ssl
import time
from collections.abc import AsyncIterator
from itertools import chain
from typing import Final

import httpcore
import httpx

from segform.errors import ConfigurationError

from .bound import CLOSED, Bound
from .connections import CONNECTIONS, EXPIRY, SPREADS, Idle, above, below, origin_of, told
from .proxies import Tunnel
from .streams import Backend

# Bytes of a packed answer that are unpacked at once: they may become a thousand times as many.
PACKED: Final = 64 * 1024


def before(moment: float) -> asyncio.Timeout:
    """Until that moment of the monotonic clock; then TimeoutError."""
    return asyncio.timeout(moment - time.monotonic())


class _AsyncLine:
    """A connection, with the bounds of its answers; opened by the first request.

    httpcore's own `AsyncHTTPConnection` would do that as well, behind a lock that costs each
    request a turn of the event loop. Here one request at a time has the connection as it is.
    """

    def __init__(
        self, origin: httpcore.Origin, context: ssl.SSLContext, tunnel: Tunnel | None
    ) -> None:
        self.bound = Bound()
        self._origin, self._context, self._tunnel = origin, context, tunnel
        self._opened: httpcore.AsyncHTTP11Connection | None = None
        self._gone = False

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send."""
        if self._opened is None:
            try:
                stream = await self._connect(request.extensions.get("timeout", {}).get("connect"))
            except BaseException:
                self._gone = True
                raise
            if self._gone:  # closed meanwhile: nothing is sent any more
                await stream.aclose()
                raise RuntimeError(CLOSED)
            self._opened = httpcore.AsyncHTTP11Connection(self._origin, stream, EXPIRY)
        return await self._opened.handle_async_request(request)

    async def _connect(self, patience: float | None) -> httpcore.AsyncNetworkStream:
        host = self._origin.host.decode("ascii")
        self._context.set_alpn_protocols(["http/1.1"])
        if self._tunnel is None:
            stream = await Backend(self.bound).connect_tcp(host, self._origin.port, patience)
        else:
            stream = await self._through(self._tunnel, host, patience)
        if self._origin.scheme != b"https":
            return stream
        return await stream.start_tls(self._context, host, patience)

    async def _through(
        self, way: Tunnel, host: str, patience: float | None
    ) -> httpcore.AsyncNetworkStream:
        """As `proxies.Through`, awaited."""
        with way.asked():
            stream = await Backend(self.bound).connect_tcp(way.host, way.origin.port, patience)
            try:
                if way.encrypted:
                    stream = await stream.start_tls(self._context, way.host, patience)
                asking = httpcore.AsyncHTTP11Connection(way.origin, stream)
                request = way.request(host, self._origin.port, patience)
                opened = way.opened(await asking.handle_async_request(request))
            except BaseException:
                await stream.aclose()
                raise
        self.bound.anew()
        through: httpcore.AsyncNetworkStream = opened
        return through

    def has_expired(self) -> bool:
        """Whether it must not be used again: idle for too long, hung up on, or never there."""
        return self._gone if self._opened is None else self._opened.has_expired()

    def is_closed(self) -> bool:
        """Whether the other side keeps it no longer, or it never was there."""
        return self._gone if self._opened is None else self._opened.is_closed()

    async def aclose(self) -> None:
        """Close it, or do not begin."""
        self._gone = True
        if self._opened is not None:
            await self._opened.aclose()


class AsyncSpread(httpx.AsyncBaseTransport):
    """As `Spread`, from one event loop, over connections of asyncio itself."""

    def __init__(self, url: str, context: ssl.SSLContext, tunnel: Tunnel | None = None) -> None:
        self._origin, self._context, self._tunnel = origin_of(url), context, tunnel
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begin()
        SPREADS.add(self)

    def _begin(self) -> None:
        self._idle = Idle(self._made)
        self._places = asyncio.Semaphore(CONNECTIONS)

    def _made(self) -> _AsyncLine:
        return _AsyncLine(self._origin, self._context, self._tunnel)

    def forked(self) -> None:
        """In a forked process: begin anew. What was open belongs to the other one's event loop."""
        closed, self._loop = self._idle.closed, None
        self._begin()
        if closed:
            self._idle.close()

    async def _settle(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on in this event loop. What was open in one that has ended is left behind."""
        before, self._loop = self._loop, loop
        if before is None or self._idle.closed:
            return
        if before.is_running():
            self._loop = before
            raise ConfigurationError(
                "This client is in use in another event loop, and connections belong to the loop "
                "that opened them; make a client in each loop."
            )
        old = self._idle
        self._begin()
        for connection in chain(*old.close()):
            await connection.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As `Spread.handle_request`, awaited."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            await self._settle(loop)
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
        connection.bound.begin(request.extensions.get("until", math.inf))
        try:
            with told():
                response = await connection.handle_async_request(below(request))
        except BaseException:
            await self._done(connection, whole=False)
            raise
        return above(response, _AsyncStream(response, self, connection))

    async def _taken(self) -> _AsyncLine:
        while True:
            connection = self._idle.take()
            if not connection.has_expired():
                return connection
            self._idle.drop(connection)
            await connection.aclose()

    async def _done(self, connection: _AsyncLine, *, whole: bool) -> None:
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
        for connection in chain(*self._idle.close()):
            await connection.aclose()


class _AsyncStream(httpx.AsyncByteStream):
    """As `_Stream`, awaited."""

    def __init__(
        self,
        response: httpcore.Response,
        spread: AsyncSpread,
        connection: _AsyncLine,
    ) -> None:
        self._response = response
        self._spread = spread
        self._connection = connection
        self._whole = False
        # What has arrived is read in one piece here, however much it is.
        self._packed = any(name.lower() == b"content-encoding" for name, _ in response.headers)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with told():
            async for part in self._response.aiter_stream():
                if self._packed and len(part) > PACKED:
                    for start in range(0, len(part), PACKED):
                        yield part[start : start + PACKED]
                else:
                    yield part
        self._whole = True

    async def aclose(self) -> None:
        """What was not read, or came without being asked for, is dropped with its connection."""
        try:
            await self._response.aclose()
            self._whole = self._whole and self._connection.bound.nothing_after(self._response)
        except BaseException:
            self._whole = False
            raise
        finally:
            await self._spread._done(self._connection, whole=self._whole)
