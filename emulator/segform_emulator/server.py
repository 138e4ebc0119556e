"""The emulator as a server: an ASGI application, and uvicorn on the loopback interface.

A body is read up to the limit of the service and no further, and in a time that has an end.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .errors import Dropped
from .exact import dumps
from .trip import LARGEST_BODY, LARGEST_SEED, Request
from .wire import LONGEST_HEAD, PATIENCE, patient, too_slow

if TYPE_CHECKING:
    import uvicorn

    from .core import Emulator

HOST = "127.0.0.1"
# Of a body that is too large, so much is read so that its sender sees the answer.
_THROWN = 64 * 1024 * 1024
# Connections that wait to be taken.
_BACKLOG = 1024
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def asgi(emulator: Emulator, patience: float = PATIENCE) -> Application:
    """The ASGI application: every path goes to the emulator, whatever is in it.

    `patience`: seconds in which a body has to be there; 408 after that.
    """
    from starlette.datastructures import Headers
    from starlette.responses import Response

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _no_request(scope, receive, send)
            return
        # `raw_path` keeps an encoded slash apart from one that separates.
        raw = scope.get("raw_path") or str(scope["path"]).encode()
        path = raw.decode("ascii", "replace").partition("?")[0]
        limit = LARGEST_SEED if path.startswith("/_emulator") else LARGEST_BODY
        try:
            async with asyncio.timeout(patience):
                body = await _body(receive, limit)
        except TimeoutError:
            fault = too_slow()
            told = dumps({"errors": [fault.item]})
            head = {"Content-Type": "application/json", "Connection": "close"}
            await Response(told, fault.status, head)(scope, receive, send)
            return
        if body is None:
            return
        request = Request(
            scope["method"],
            path,
            scope["query_string"].decode("ascii", "replace"),
            {name.lower(): value for name, value in Headers(scope=scope).items()},
            body,
        )
        # The core takes less time than handing it to a thread would.
        found = emulator.handle(request)
        if found.delay:
            await asyncio.sleep(found.delay)
        if found.dropped:
            _hang_up(receive)
            return
        await Response(found.body, found.status, found.headers)(scope, receive, send)

    return application


async def _no_request(scope: Message, receive: Receive, send: Send) -> None:
    """What a server says besides requests: it starts and ends. WebSockets there are none."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    kind = ""
    while kind != "lifespan.shutdown":
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})


async def _body(receive: Receive, limit: int) -> bytes | None:
    """The body of a request, cut off behind the limit; None when the client hung up.

    What is too much is read and thrown away, or the client would miss the answer while it sends.
    """
    parts: list[bytes] = []
    size = thrown = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        if size <= limit:
            parts.append(part)
        else:
            thrown += len(part)
        size += len(part)
        if not message.get("more_body", False) or thrown > _THROWN:
            return b"".join(parts)


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


def bind(port: int, host: str = HOST) -> socket.socket:
    """A listening socket, on loopback unless told otherwise. Raises OSError for a port in use."""
    # The protocol by name: asyncio turns off waiting for full packets only where it is told.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_BACKLOG)
    except BaseException:
        made.close()
        raise
    return made


def configured(emulator: Emulator, patience: float = PATIENCE) -> uvicorn.Server:
    """A uvicorn server for an emulator, quiet."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            asgi(emulator, patience),
            log_level="critical",
            access_log=False,
            lifespan="off",
            http=patient(patience),
            h11_max_incomplete_event_size=LONGEST_HEAD,
            ws="none",
            timeout_graceful_shutdown=1,
        )
    )


@contextmanager
def serve(emulator: Emulator, port: int = 0, patience: float = PATIENCE) -> Iterator[Server]:
    """A server in a thread while the context lasts."""
    listening = bind(port)
    server = configured(emulator, patience)
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
