"""What httpcore leaves open about an answer: by when it has to be whole, and what came after it.

Its timeouts are for one read: a server that sends a byte of its headers now and then, or one
interim answer after the other, would hold a call for ever. And what a server sends beyond an answer
would be read as the answer to the next request.
"""

from __future__ import annotations

import math
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

import httpcore

# What is said to a request that comes when the connections are closed.
CLOSED: Final = "the connections are closed"
# How an answer in chunks ends.
_END: Final = b"\r\n\r\n"
# Bytes that are sent before the clock is looked at again.
PIECE: Final = 64 * 1024


class Bound:
    """The bounds of one connection's answer, set anew for each request."""

    __slots__ = ("_came", "_last", "_until", "over", "stream")

    def __init__(self) -> None:
        self.stream: Stream | None = None
        self.over = False
        self.begin(math.inf)

    def end(self) -> None:
        """The connection is in use by another thread, and has to end."""
        self.over = True
        if self.stream is not None:
            self.stream.hang_up()

    def begin(self, until: float) -> None:
        """A request goes out; its answer has to be whole at that moment of the monotonic clock."""
        self._until = until
        self.anew()

    def anew(self) -> None:
        """What was read so far is no part of the answer."""
        self._came = 0
        self._last = b""

    def within(
        self,
        timeout: float | None,
        late: type[httpcore.TimeoutException] = httpcore.ReadTimeout,
        words: str = "the answer came too slowly",
    ) -> float | None:
        """Seconds for the next step. Raises `late` when the moment has passed."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise late(words)
        if timeout is None:
            return left if left < math.inf else None
        return min(timeout, left)

    def connecting(self, timeout: float | None) -> float | None:
        """Seconds for an attempt to connect. Raises ConnectTimeout."""
        return self.within(timeout, httpcore.ConnectTimeout, "no address answered in time")

    def pieces(self, buffer: bytes, timeout: float | None) -> Iterator[tuple[bytes, float | None]]:
        """What to send, piece by piece, with the seconds for each. Raises WriteTimeout."""
        for start in range(0, len(buffer), PIECE):
            seconds = self.within(
                timeout, httpcore.WriteTimeout, "the request was taken too slowly"
            )
            yield buffer[start : start + PIECE], seconds

    def saw(self, data: bytes) -> None:
        """So much was read."""
        self._came += len(data)
        self._last = data

    def nothing_after(self, answer: httpcore.Response) -> bool:
        """Whether the answer, read whole, is all that was read.

        Told by its length as servers write it, or by the end of its chunks. Where that leaves a
        doubt, as after interim answers, it is False: a connection is the price, no wrong answer.
        """
        extensions = answer.extensions
        size = len(extensions["http_version"]) + len(extensions["reason_phrase"]) + 9
        length = b"0"
        for name, value in answer.headers:
            size += len(name) + len(value) + 4
            lower = name.lower()
            if lower == b"transfer-encoding":
                return self._last[-len(_END) :] == _END[-len(self._last) :]
            if lower == b"content-length" and answer.status not in (204, 304):
                length = value
        return self._came <= size + int(length)


class Stream(httpcore.NetworkStream):
    """A connection of httpcore's own that keeps to its bounds."""

    def __init__(self, below: httpcore.NetworkStream, bound: Bound) -> None:
        self._below = below
        self._bound = bound
        bound.stream = self
        if bound.over:  # closed while it was opened: nothing is sent any more
            self.close()
            raise RuntimeError(CLOSED)

    def hang_up(self) -> None:
        """End it for whoever reads or writes, who closes it then.

        Closed by another thread than theirs, its number may already be another connection's when
        they go on with it.
        """
        opened = self._below.get_extra_info("socket")
        with suppress(OSError):  # it has ended by itself
            # TLS would say goodbye first, and wait its turn for it.
            socket.socket.shutdown(opened, socket.SHUT_RDWR)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has arrived, nothing at the end."""
        data = self._below.read(max_bytes, self._bound.within(timeout))
        self._bound.saw(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send, in pieces: the other side may take them as slowly as it gives."""
        for piece, seconds in self._bound.pieces(buffer, timeout):
            self._below.write(piece, seconds)

    def close(self) -> None:
        """Close."""
        self._below.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted from here on."""
        return Stream(self._below.start_tls(ssl_context, server_hostname, timeout), self._bound)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore's own says."""
        return self._below.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Opens `Stream`s, by httpcore's own means."""

    def __init__(self, bound: Bound) -> None:
        self._below = httpcore.SyncBackend()
        self._bound = bound

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of a host's addresses that answers, each in its own time."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for *_, address in found:
            seconds = self._bound.connecting(timeout)
            try:
                opened = self._below.connect_tcp(
                    str(address[0]), port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return Stream(opened, self._bound)
        raise failed or httpcore.ConnectError(f"{host} has no address")
