"""The emulator as a server: an ASGI application, and uvicorn on the loopback interface."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .errors import Dropped
from .service import Request

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

    from .core import Emulator

HOST = "127.0.0.1"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def asgi(emulator: Emulator) -> Starlette:
    """The ASGI application: every path goes to the emulator."""
    from starlette.applications import Starlette
    from starlette.requests import Request as HTTPRequest
    from starlette.responses import Response
    from starlette.routing import Mount

    async def endpoint(scope: Message, receive: Receive, send: Send) -> None:
        asked = HTTPRequest(scope, receive)
        # `raw_path` keeps an encoded slash apart from one that separates.
        raw = scope.get("raw_path") or str(scope["path"]).encode()
        request = Request(
            asked.method,
            raw.decode("ascii", "replace").partition("?")[0],
            scope["query_string"].decode("ascii", "replace"),
            {name.lower(): value for name, value in asked.headers.items()},
            await asked.body(),
        )
        # The core takes less time than handing it to a thread would.
        found = emulator.handle(request)
        if found.delay:
            await asyncio.sleep(found.delay)
        if found.dropped:
            _hang_up(receive)
            return
        await Response(found.body, found.status, found.headers)(scope, receive, send)

    return Starlette(routes=[Mount("/", app=endpoint)])


def _hang_up(receive: Receive) -> None:
    """End the connection without an answer; ASGI has no word for it, so uvicorn's is used."""
    connection = getattr(getattr(receive, "__self__", None), "transport", None)
    if connection is None:
        raise Dropped
    connection.abort()


class Server:
    """A running server; `url` is where."""

    def __init__(self, server: uvicorn.Server, port: int) -> None:
        self._server = server
        self.port = port
        self.url = f"http://{HOST}:{port}"

    def stop(self) -> None:
        """Ask it to end."""
        self._server.should_exit = True


def bind(port: int) -> socket.socket:
    """A listening socket. Raises OSError for a port in use."""
    # The protocol by name: asyncio turns off waiting for full packets only where it is told.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
        made.listen(256)
    except BaseException:
        made.close()
        raise
    return made


def configured(emulator: Emulator) -> uvicorn.Server:
    """A uvicorn server for an emulator, quiet."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            asgi(emulator),
            log_level="critical",
            access_log=False,
            lifespan="off",
            http="h11",
            ws="none",
            timeout_graceful_shutdown=1,
        )
    )


@contextmanager
def serve(emulator: Emulator, port: int = 0) -> Iterator[Server]:
    """A server in a thread while the context lasts."""
    listening = bind(port)
    server = configured(emulator)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        end = time.monotonic() + 10
        while not server.started and thread.is_alive() and time.monotonic() < end:
            time.sleep(0.005)
        yield Server(server, listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
