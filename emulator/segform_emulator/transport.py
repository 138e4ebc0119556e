"""The emulator without a socket: an httpx transport for tests in one process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from .trip import Request

if TYPE_CHECKING:
    from .core import Emulator
    from .trip import Answer


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers requests by calling the emulator; sync and async, safe for threads.

    `host` stands for the host that requests name, whatever their address says.
    """

    def __init__(self, emulator: Emulator, host: str | None = None) -> None:
        self._emulator = emulator
        self._host = host

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request; waits for an answer that is late on purpose."""
        found = self._answer(request, request.read())
        if found.delay:
            time.sleep(found.delay)
        return _response(request, found)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, from asyncio."""
        found = self._answer(request, await request.aread())
        if found.delay:
            import asyncio

            await asyncio.sleep(found.delay)
        return _response(request, found)

    def _answer(self, request: httpx.Request, body: bytes) -> Answer:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        if self._host is not None:
            headers["host"] = self._host
        found = self._emulator.handle(Request(request.method, path, query, headers, body))
        if found.dropped:
            raise httpx.RemoteProtocolError(
                "Server disconnected without sending a response.", request=request
            )
        patience = (request.extensions.get("timeout") or {}).get("read")
        if patience is not None and found.delay > patience:
            # A client with a socket would have given up by then; no test needs to sit through it.
            raise httpx.ReadTimeout("The read operation timed out", request=request)
        return found


def _response(request: httpx.Request, found: Answer) -> httpx.Response:
    return httpx.Response(found.status, headers=found.headers, content=found.body, request=request)
