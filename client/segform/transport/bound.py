"""The moment by which an answer has to be whole, kept at every single read.

A timeout of httpcore's is for one read: a server that sends a byte of its headers now and then, or
one interim answer after the other, would hold a call for ever.
"""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore


class Bound:
    """The moment of one connection, on the monotonic clock; set anew for each request."""

    __slots__ = ("until",)

    def __init__(self) -> None:
        self.until = math.inf

    def within(self, timeout: float | None) -> float | None:
        """Seconds for the next read. Raises ReadTimeout when the moment has passed."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer came too slowly")
        if timeout is None:
            return left if left < math.inf else None
        return min(timeout, left)


class Stream(httpcore.NetworkStream):
    """A connection of httpcore's own that keeps to its bound."""

    def __init__(self, below: httpcore.NetworkStream, bound: Bound) -> None:
        self._below = below
        self._bound = bound

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has arrived, nothing at the end."""
        return self._below.read(max_bytes, self._bound.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._below.write(buffer, timeout)

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
        """A connection to the first of a host's addresses that answers."""
        opened = self._below.connect_tcp(host, port, timeout, local_address, socket_options)
        return Stream(opened, self._bound)
