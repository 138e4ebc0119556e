"""A connection for each request that is under way, found without looking at all the others.

httpcore's pool asks every idle connection, at every request and again after it, whether it is still
there: with sixteen threads that is half of what a request costs. Here the connection that was used
last is the next to be used, and only that one is asked.
"""

from __future__ import annotations

import math
import os
import ssl
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Generic, Protocol, TypeVar

import httpcore
import httpx

from .bound import CLOSED, Backend, Bound
from .proxies import Through, Tunnel
from .waiting import Places

# The provider sends from up to 128 threads: each can have its own connection.
CONNECTIONS: Final = 128
# Seconds that a connection may be idle; servers and proxies hang up after some of their own.
EXPIRY: Final = 5.0

T = TypeVar("T")


class Idle(Generic[T]):
    """The connections that no request has at the moment. Safe for threads; no I/O."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        # Held by who uses them: one that an interrupt took out of all hands is gone.
        self._all: weakref.WeakSet[T] = weakref.WeakSet()
        self._idle: deque[tuple[T, float]] = deque()
        self._lock = threading.Lock()
        self._closed = False

    def take(self) -> T:
        """The one that was used last, or one more. Raises RuntimeError when closed."""
        with self._lock:
            if self._closed:
                raise RuntimeError(CLOSED)
            if self._idle:
                return self._idle.pop()[0]
            made = self._make()
            self._all.add(made)
            return made

    def give(self, back: T) -> T | None:
        """Take one back; one to be closed: long unused, come too late, or of others."""
        now = time.monotonic()
        with self._lock:
            if self._closed or back not in self._all:
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

    @property
    def closed(self) -> bool:
        """Whether none is given any more."""
        return self._closed

    def taken_over(self) -> list[T]:
        """All there are, in a forked process: whoever holds the lock is in the other one."""
        return list(self._all)

    def close(self) -> tuple[list[T], list[T]]:
        """Give none any more; those that are idle, and those that a request has, to be closed."""
        with self._lock:
            self._closed = True
            idle = [one for one, _ in self._idle]
            used = list(self._all.difference(idle))
            self._all.clear()
            self._idle.clear()
            return idle, used


# What httpcore raises; httpx has each under the same name.
_RAISED: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong in httpx's terms, as its own transports raise it."""
    try:
        yield
    except httpcore.ConnectionNotAvailable:  # by its time it was closed, with all the others
        raise RuntimeError(CLOSED) from None
    except _RAISED as error:
        raised: type[httpx.RequestError] = getattr(httpx, type(error).__name__)
        raise raised(str(error)) from error


def origin_of(url: str) -> httpcore.Origin:
    """Whom a url names, in the same spelling as every request that is sent there."""
    read = httpx.URL(url)
    return httpcore.URL(
        scheme=read.raw_scheme, host=read.raw_host, port=read.port, target=b"/"
    ).origin


class Forked(Protocol):
    """What has to begin anew in a process that was forked."""

    def forked(self) -> None: ...


# A process that is forked has the sockets of the one it came from; both on one connection would
# read each other's answers.
SPREADS: weakref.WeakSet[Forked] = weakref.WeakSet()


def _forked() -> None:
    for spread in SPREADS:
        spread.forked()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_forked)


def below(request: httpx.Request) -> httpcore.Request:
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


def above(
    response: httpcore.Response, body: httpx.SyncByteStream | httpx.AsyncByteStream
) -> httpx.Response:
    """The answer as httpx has it."""
    return httpx.Response(
        response.status, headers=response.headers, stream=body, extensions=response.extensions
    )


class _Line(httpcore.HTTPConnection):
    """A connection, with the bounds of its answers."""

    def __init__(
        self, origin: httpcore.Origin, context: ssl.SSLContext, tunnel: Tunnel | None
    ) -> None:
        self.bound = Bound()
        super().__init__(
            origin,
            ssl_context=context,
            keepalive_expiry=EXPIRY,
            network_backend=Through(self.bound, tunnel, context) if tunnel else Backend(self.bound),
        )


class Spread(httpx.BaseTransport):
    """Sends from any number of threads to one host, `CONNECTIONS` requests at once at most."""

    def __init__(self, url: str, context: ssl.SSLContext, tunnel: Tunnel | None = None) -> None:
        self._origin, self._context, self._tunnel = origin_of(url), context, tunnel
        self._begin()
        SPREADS.add(self)

    def _begin(self) -> None:
        self._idle = Idle(self._made)
        self._places = Places(CONNECTIONS)

    def _made(self) -> _Line:
        return _Line(self._origin, self._context, self._tunnel)

    def forked(self) -> None:
        """In a forked process: begin anew. Its copies are closed, the other's go on."""
        old = self._idle
        self._begin()
        for connection in old.taken_over():
            connection.close()
        if old.closed:
            self._idle.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send. Raises PoolTimeout where no place is free in time."""
        patience = request.extensions.get("timeout", {}).get("pool")
        if not self._places.take(patience):
            raise httpx.PoolTimeout(f"{CONNECTIONS} requests were under way")
        try:
            connection = self._taken()
        except BaseException:
            self._places.leave()
            raise
        connection.bound.begin(request.extensions.get("until", math.inf))
        try:
            with told():
                response = connection.handle_request(below(request))
        except BaseException:
            self._done(connection, whole=False)
            raise
        return above(response, _Stream(response, self, connection))

    def _taken(self) -> _Line:
        while True:
            connection = self._idle.take()
            if not connection.has_expired():
                return connection
            self._idle.drop(connection)
            connection.close()

    def _done(self, connection: _Line, *, whole: bool) -> None:
        """A request has ended; where its answer was not read whole, alone, so has its connection.

        Interrupted in the wrong moment, httpcore takes a connection to be in use for ever.
        """
        self._places.leave()
        if not whole or connection.is_closed():
            self._idle.drop(connection)
            connection.close()
            return
        closing = self._idle.give(connection)
        if closing is not None:
            closing.close()

    def close(self) -> None:
        """Close every connection; those in use end for the threads that use them."""
        idle, used = self._idle.close()
        for connection in used:
            connection.bound.end()
        for connection in idle:
            connection.close()


class _Stream(httpx.SyncByteStream):
    """A body; once it is read and closed its connection is free for the next request."""

    def __init__(self, response: httpcore.Response, spread: Spread, connection: _Line) -> None:
        self._response = response
        self._spread = spread
        self._connection = connection
        self._whole = False

    def __iter__(self) -> Iterator[bytes]:
        with told():
            yield from self._response.iter_stream()
        self._whole = True

    def close(self) -> None:
        """What was not read, or came without being asked for, is dropped with its connection."""
        try:
            self._response.close()
            self._whole = self._whole and self._connection.bound.nothing_after(self._response)
        except BaseException:
            self._whole = False
            raise
        finally:
            self._spread._done(self._connection, whole=self._whole)
