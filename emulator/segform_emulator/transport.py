"""The emulator without a socket: an httpx transport for tests in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from .errors import Dropped

if TYPE_CHECKING:
    from .core import Emulator


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers requests by calling the emulator; sync and async."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, from asyncio."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            found = self._emulator.handle(request.method, path, query, headers, body)
        except Dropped:
            raise httpx.RemoteProtocolError(
                "Server disconnected without sending a response.", request=request
            ) from None
        return httpx.Response(
            found.status, headers=found.headers, content=found.body, request=request
        )
