"""What no single timeout bounds: a request that is taken drop by drop, silent addresses."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from segform import APIConnectionError, APITimeoutError, AsyncSegment, Segment

from .stub import TOKEN

FINE = b'HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{"data":{"labels":[]}}'


def sent(url: str, body: Any = None, **options: Any) -> Any:
    with Segment(TOKEN, url=url) as made:
        view = made.with_options(attempts=1, **options)
        if body is None:
            return view.labels.list()
        return view.request("updateFunction", path={"functionId": "f"}, body=body)


def sent_awaited(url: str, body: Any = None, **options: Any) -> Any:
    async def run() -> Any:
        async with AsyncSegment(TOKEN, url=url) as made:
            view = made.with_options(attempts=1, **options)
            if body is None:
                return await view.labels.list()
            return await view.request("updateFunction", path={"functionId": "f"}, body=body)

    return asyncio.run(run())


both = pytest.mark.parametrize("send", [sent, sent_awaited])


@contextmanager
def taking(rate: int, size: int) -> Iterator[tuple[str, list[int]]]:
    """A server that takes so many bytes a second, and answers once it has them all; how many."""
    taken = [0]
    ending = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    while taken[0] < size and not ending.wait(32768 / rate):
                        piece = connection.recv(32768)
                        taken[0] += len(piece)
                        if not piece:
                            return
                    connection.sendall(FINE)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", taken
        finally:
            ending.set()
            thread.join(30)


@both
def test_a_request_that_is_taken_drop_by_drop_ends_at_its_deadline(send: Any) -> None:
    """As ever more of it is taken, no step of it is silent for its timeout."""
    body = {"code": "x" * 40_000_000}
    with taking(6_000_000, 40_000_000) as (url, taken):
        with pytest.raises(APITimeoutError, match="got no answer in time"):
            send(url, body, deadline=1.5, timeout=1.4)
        assert taken[0] < 20_000_000  # ten more may lie between the two


@pytest.mark.slow
@both
def test_a_request_that_takes_long_is_not_silent(send: Any) -> None:
    body = {"code": "x" * 40_000_000}
    with taking(8_000_000, 40_000_000) as (url, _):
        assert send(url, body, timeout=3.0) == {"labels": []}


# Addresses


@contextmanager
def silent(port: int = 0) -> Iterator[int]:
    """An address of loopback where nobody ever says that a connection is there."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(0)
        for _ in range(4):  # as many as are queued; what comes after them is not heard
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        time.sleep(0.05)
        yield listener.getsockname()[1]


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says which addresses `localhost` has."""
    real = socket.getaddrinfo

    def named(*addresses: str) -> None:
        def found(host: Any, port: Any, *rest: Any, **more: Any) -> list[Any]:
            wanted = addresses if host in ("localhost", b"localhost") else (host,)
            return [one for each in wanted for one in real(each, port, *rest, **more)]

        monkeypatch.setattr(socket, "getaddrinfo", found)

    return named


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
@both
def test_an_address_that_is_silent_does_not_stand_in_the_way_of_the_next(
    send: Any, hosts: Callable[..., None]
) -> None:
    """A network whose IPv6 leads nowhere is like that."""
    hosts("127.0.0.1", "127.0.0.2")
    with silent() as port, socket.create_server(("127.0.0.2", port)) as there:

        def serve() -> None:
            connection, _ = there.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(FINE)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert send(f"http://localhost:{port}", timeout=0.3) == []
        thread.join(10)


@both
def test_many_silent_addresses_end_at_the_deadline(send: Any, hosts: Callable[..., None]) -> None:
    hosts(*["127.0.0.1"] * 500)
    with silent() as port, pytest.raises(APITimeoutError, match="no address answered in time"):
        send(f"http://localhost:{port}", timeout=0.1, deadline=0.35)


@both
def test_a_host_without_an_address(send: Any, hosts: Callable[..., None]) -> None:
    hosts()
    with pytest.raises(APIConnectionError, match="localhost has no address"):
        send("http://localhost:1")
