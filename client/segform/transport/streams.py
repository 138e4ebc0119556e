"""Connections of asyncio itself for the awaited client, below httpcore.

httpcore's own go through anyio, which serves other event loops too and costs each request more
than all else that awaiting adds: for a list of many pages, a tenth of the whole time. These are one
protocol on asyncio's transports, and what has arrived is read in one piece.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, cast

import httpcore

from .bound import Bound

# Bytes that may lie unread before the other side is asked to wait.
HIGH: Final = 2**20


@contextmanager
def _told(timeout: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """What goes wrong in httpcore's terms."""
    try:
        yield
    except TimeoutError as error:
        raise timeout("timed out") from error  # in the words of the other client
    except OSError as error:  # those of TLS are of this kind too
        raise failed(error) from error


class Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection: read by one task at a time, as HTTP/1.1 does."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._arrived: list[bytes] = []
        self._size = 0
        self._ended = False
        self._lost = False
        self._error: Exception | None = None
        self._reading_paused = False
        self._readable: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Keep what came until it is asked for."""
        self._arrived.append(data)
        self._size += len(data)
        if self._size > HIGH and self._transport is not None and not self._reading_paused:
            self._reading_paused = True
            self._transport.pause_reading()
        _wake(self._readable)

    def eof_received(self) -> bool:
        """Nothing more comes; the connection is closed."""
        self._ended = True
        _wake(self._readable)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; whoever waits hears of it."""
        self._ended = self._lost = True
        self._error = exc
        _wake(self._readable)
        _wake(self._writable)

    def pause_writing(self) -> None:
        """The other side reads more slowly than this one writes."""
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """There is room again."""
        _wake(self._writable)
        self._writable = None

    # What httpcore calls.

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """All that has arrived, at least a byte of it; nothing at the end.

        More than `max_bytes` at a time: the parser takes any size, and a page in one piece costs
        it a third of what the same page costs in pieces.
        """
        timeout = self._bound.within(timeout)
        with _told(httpcore.ReadTimeout, httpcore.ReadError):
            if not self._arrived and not self._ended:
                self._readable = asyncio.get_running_loop().create_future()
                try:
                    async with asyncio.timeout(timeout):
                        await self._readable
                finally:
                    self._readable = None
            if not self._arrived and self._error is not None:
                raise OSError(str(self._error)) from self._error
        data = self._arrived[0] if len(self._arrived) == 1 else b"".join(self._arrived)
        self._arrived.clear()
        self._size = 0
        self._bound.saw(data)
        if self._reading_paused and self._transport is not None:
            self._reading_paused = False
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send, in pieces; waits while the other side takes nothing."""
        for piece, seconds in self._bound.pieces(buffer, timeout):
            await self._write(piece, seconds)

    async def _write(self, buffer: bytes, timeout: float | None) -> None:
        with _told(httpcore.WriteTimeout, httpcore.WriteError):
            if self._lost or self._transport is None or self._transport.is_closing():
                raise OSError("the connection was closed") from self._error
            self._transport.write(buffer)
            if self._writable is not None:
                async with asyncio.timeout(timeout):
                    # Shielded: a call that is given up must not cancel what others wait for.
                    await asyncio.shield(self._writable)
                if self._error is not None:
                    raise OSError(str(self._error)) from self._error

    async def aclose(self) -> None:
        """Close at once: a goodbye of TLS is written if it can be, and not waited for."""
        if self._transport is None:
            return
        transport, self._transport = self._transport, None
        self._ended = True
        if self._loop is not asyncio.get_running_loop():
            with suppress(RuntimeError):  # the loop it belongs to has ended
                self._loop.call_soon_threadsafe(transport.abort)
            return
        transport.close()
        try:
            await asyncio.sleep(0)
        finally:
            if not self._lost:  # a transport that is gone cannot be told to go
                transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted from here on."""
        loop = asyncio.get_running_loop()
        with _told(httpcore.ConnectTimeout, httpcore.ConnectError):
            if self._transport is None:
                raise OSError("the connection was closed")
            try:
                async with asyncio.timeout(timeout):
                    self._transport = await loop.start_tls(
                        self._transport, self, ssl_context, server_hostname=server_hostname
                    )
            except BaseException:
                await self.aclose()
                raise
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks for: whether an idle connection is still of use, and addresses."""
        if info == "is_readable":
            return bool(self._arrived) or self._ended or self._heard()
        name = {
            "ssl_object": "ssl_object",
            "client_addr": "sockname",
            "server_addr": "peername",
            "socket": "socket",
        }.get(info)
        return self._transport.get_extra_info(name) if self._transport and name else None

    def _heard(self) -> bool:
        """Whether the other side closed while the event loop was busy with something else."""
        sock = self.get_extra_info("socket")
        if sock is None or sock.fileno() < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([sock.fileno()], [], [], 0)[0])
        poll = select.poll()
        poll.register(sock.fileno(), select.POLLIN)
        return bool(poll.poll(0))


class Backend(httpcore.AsyncNetworkBackend):
    """Opens `Stream`s for httpcore, which keep to a bound."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first of a host's addresses that answers, each in its own time.

        One after another: asyncio's own race of several addresses (`happy_eyeballs_delay`) leaves
        sockets open where a call is cancelled while it connects.
        """
        loop = asyncio.get_running_loop()
        with _told(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            failed: Exception = OSError(f"{host} has no address")
            for *_, address in found:
                seconds = self._bound.connecting(timeout)
                try:
                    async with asyncio.timeout(seconds):
                        _, stream = await loop.create_connection(
                            lambda: Stream(self._bound),
                            str(address[0]),
                            port,
                            local_addr=(local_address, 0) if local_address else None,
                        )
                    break
                except OSError as error:  # TimeoutError is one
                    failed = error
            else:
                raise failed
        for option in socket_options or ():
            stream.get_extra_info("socket").setsockopt(*option)
        return stream

    async def sleep(self, seconds: float) -> None:
        """Between attempts to connect, where httpcore makes several."""
        await asyncio.sleep(seconds)


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
