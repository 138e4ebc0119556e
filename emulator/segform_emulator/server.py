"""The emulator as a server: an ASGI application, and uvicorn on the loopback interface."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .errors import Dropped

if TYPE_CHECKING:
    import uvicorn

    from .core import Emulator

HOST = "127.0.0.1"
Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


def asgi(emulator: Emulator) -> Application:
    """The ASGI application; requests run in threads, so that a slow one keeps no other waiting."""

    async def application(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        from starlette.concurrency import run_in_threadpool

        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        path = scope.get("raw_path") or scope["path"].encode()
        try:
            found = await run_in_threadpool(
                emulator.handle,
                scope["method"],
                path.decode("ascii").partition("?")[0],
                scope["query_string"].decode("ascii"),
                headers,
                body,
            )
        except Dropped:
            await _drop(scope, send)
            return
        raw = [(name.encode(), value.encode()) for name, value in found.headers.items()]
        raw.append((b"content-length", str(len(found.body)).encode()))
        await send({"type": "http.response.start", "status": found.status, "headers": raw})
        await send({"type": "http.response.body", "body": found.body})

    return application


async def _lifespan(
    receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _drop(scope: Message, send: Callable[[Message], Awaitable[None]]) -> None:
    """End the connection without an answer: more was promised than comes."""
    transport = scope.get("extensions", {}).get("segform.transport")
    if transport is not None:
        transport.close()
        return
    headers = [(b"content-length", b"1000000"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


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
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
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
