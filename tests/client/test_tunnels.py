"""Through a proxy all is as without it: deadlines, kept connections, errors, secrets."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform import APIConnectionError, APITimeoutError, AsyncSegment, ConfigurationError, Segment
from segform.transport.proxies import Tunnel, named

from .stub import TOKEN
from .test_proxy import BODY, HOST, certificate, head_of

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n" + BODY
OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Listening:
    """A server on loopback: `serve` is called with each connection, in a thread of its own."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self.serve = serve
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(0.05)
        self.port: int = self.listener.getsockname()[1]
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def accept(self) -> None:
        while not self.ending.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self.listener.accept()
                connection.settimeout(10)
                self.threads.append(threading.Thread(target=self.one, args=(connection,)))
                self.threads[-1].start()

    def one(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self.serve(connection)

    def close(self) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join(15)
        self.listener.close()


class Way:
    """A proxy and the API behind it, both real; what the proxy was asked, and what the API got."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        self.asked: list[bytes] = []
        self.got: list[bytes] = []
        self.encrypted = False
        self.reply: bytes | None = OPEN  # to CONNECT; None: never
        self.answer = ANSWER
        self.drips = False
        self.api = Listening(self.serve)
        self.proxy = Listening(self.forward)

    @property
    def address(self) -> str:
        return f"{HOST}:{self.proxy.port}" if self.encrypted else f"127.0.0.1:{self.proxy.port}"

    def serve(self, connection: socket.socket) -> None:
        with self.context.wrap_socket(connection, server_side=True) as secure:
            while head := head_of(secure):
                self.got.append(head)
                if not self.drips:
                    secure.sendall(self.answer)
                    continue
                secure.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
                while not self.api.ending.wait(0.02):
                    secure.sendall(b"x")

    def forward(self, connection: socket.socket) -> None:
        if self.encrypted:
            connection = self.context.wrap_socket(connection, server_side=True)
        with connection:
            self.asked.append(head_of(connection))
            if self.reply is None:
                self.proxy.ending.wait(10)
                return
            connection.sendall(self.reply)
            with socket.create_connection(("127.0.0.1", self.api.port)) as there:
                self.relay(connection, there)

    @staticmethod
    def relay(one: socket.socket, other: socket.socket) -> None:
        """What comes from one goes to the other; in one thread, as TLS has to be."""
        while True:
            ready = [one]
            if not (isinstance(one, ssl.SSLSocket) and one.pending()):
                ready = select.select([one, other], [], [], 10)[0]
            pieces = [(each, each.recv(65536)) for each in ready]
            if not all(data for _, data in pieces) or not pieces:
                return
            for each, data in pieces:
                (other if each is one else one).sendall(data)

    def close(self) -> None:
        self.api.ending.set()
        self.proxy.close()
        self.api.close()


@pytest.fixture
def way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    authority, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = Way(context)
    monkeypatch.setenv("HTTPS_PROXY", f"http://{made.address}")
    try:
        yield made
    finally:
        made.close()


def calls(count: int, **options: Any) -> list[Any]:
    with Segment(TOKEN, url=f"https://{HOST}") as made:
        view = made.with_options(attempts=1, **options)
        return [view.labels.list() for _ in range(count)]


def awaited(count: int, **options: Any) -> list[Any]:
    async def run() -> list[Any]:
        async with AsyncSegment(TOKEN, url=f"https://{HOST}") as made:
            view = made.with_options(attempts=1, **options)
            return [await view.labels.list() for _ in range(count)]

    return asyncio.run(run())


both = pytest.mark.parametrize("call", [calls, awaited])


@both
def test_one_tunnel_for_call_after_call(way: Way, call: Any) -> None:
    assert call(5) == [[]] * 5
    assert (len(way.asked), len(way.got)) == (1, 5)


@both
def test_what_comes_after_an_answer_is_never_taken_for_the_next_ones(way: Way, call: Any) -> None:
    way.answer = ANSWER * 2
    assert call(3) == [[]] * 3
    assert (len(way.asked), len(way.got)) == (3, 3)


@both
def test_headers_that_drip_end_at_the_deadline(way: Way, call: Any) -> None:
    way.drips = True
    with pytest.raises(APITimeoutError, match="got no answer in time"):
        call(1, deadline=0.6)


@both
def test_a_proxy_that_is_encrypted_itself(
    way: Way, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    way.encrypted = True
    real = socket.getaddrinfo
    monkeypatch.setattr(  # the certificate's host
        socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1", *a, **k)
    )
    monkeypatch.setenv("HTTPS_PROXY", f"https://{way.address}")
    assert call(2) == [[]] * 2
    assert (len(way.asked), len(way.got)) == (1, 2)


@both
def test_its_user_and_password_go_to_it_alone(
    way: Way, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass%20w0rd@{way.address}")
    assert call(1) == [[]]
    assert b"Proxy-Authorization: Basic dXNlcjpwYXNzIHcwcmQ=\r\n" in way.asked[0]
    assert b"roxy" not in way.got[0]
    assert TOKEN.encode() not in way.asked[0]
    way.reply = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(APIConnectionError, match="407 Proxy Authentication Required") as caught:
        call(1)
    assert f"the proxy {way.address}" in str(caught.value)
    assert "w0rd" not in repr(caught.value) + str(caught.value.__cause__)


def created() -> Any:
    with Segment(TOKEN, url=f"https://{HOST}") as made:
        view = made.with_options(attempts=1, timeout=0.3)
        return view.labels.create(key="a", value="b")


def created_awaited() -> Any:
    async def run() -> Any:
        async with AsyncSegment(TOKEN, url=f"https://{HOST}") as made:
            view = made.with_options(attempts=1, timeout=0.3)
            return await view.labels.create(key="a", value="b")

    return asyncio.run(run())


@pytest.mark.parametrize("create", [created, created_awaited])
@pytest.mark.parametrize(
    "reply", [None, b"", b"HTTP/1.1 503 Busy\r\n\r\n", b"SSH-2.0\r\n"], ids=str
)
def test_a_create_that_stuck_in_the_proxy_surely_did_not_happen(
    way: Way, create: Any, reply: bytes | None
) -> None:
    way.reply = reply
    kind = APITimeoutError if reply is None else APIConnectionError
    if reply == b"":  # hangs up
        way.proxy.serve = lambda connection: way.asked.append(head_of(connection))
    with pytest.raises(kind, match=r"the proxy 127\.0\.0\.1") as caught:
        create()
    assert not caught.value.ambiguous
    assert way.got == []


@both
def test_nobody_there(way: Way, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    with pytest.raises(APIConnectionError, match=rf"the proxy 127.0.0.1:{port}"):
        call(1)


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ({"https_proxy": "p:1"}, "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "http://p:1"),
        ({"ALL_PROXY": "http://a:1", "HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, None),
        ({"HTTPS_PROXY": ""}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.segment.test"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost, .segment.test"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost,*"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "segment.test.org"}, "http://p:1"),
    ],
    ids=str,
)
def test_which_proxy(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], found: str | None
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    proxy = named(f"https://{HOST}")
    assert (str(proxy.url) if proxy else None) == found


@pytest.mark.parametrize(
    ("address", "name"),
    [("http://p", "p:80"), ("https://p", "p:443"), ("http://p:1", "p:1"), ("http://u:w@p", "p:80")],
)
def test_what_a_proxy_is_called(address: str, name: str) -> None:
    assert Tunnel(httpx.Proxy(address)).name == name


@pytest.mark.parametrize(
    ("host", "target"), [("a.test", b"a.test:443"), ("2001:db8::1", b"[2001:db8::1]:443")]
)
def test_whom_a_proxy_is_asked_for(host: str, target: bytes) -> None:
    request = Tunnel(httpx.Proxy("http://p:1")).request(host, 443, 1.0)
    assert (request.method, request.url.target) == (b"CONNECT", target)
    assert (b"Host", target) in request.headers


@both
@pytest.mark.parametrize("address", ["ftp://p:1", "http://", "http://a:b:c:d"])
def test_what_is_no_proxy(
    way: Way, call: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(ConfigurationError, match="HTTPS_PROXY"):
        call(1)


@both
def test_socks_needs_a_package_more(way: Way, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(ConfigurationError, match="socksio"):
        call(1)


class Stuck(httpx.AsyncBaseTransport):
    """A transport that keeps to nothing: no headers, or a body that never ends."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.cancelled = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            if not self.status:
                await asyncio.sleep(30)
            return httpx.Response(self.status, content=self.body())
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    async def body(self) -> Any:
        yield b'{"errors":'
        await asyncio.sleep(30)


@pytest.mark.parametrize("status", [0, 200, 404])
def test_a_transport_of_ones_own_is_ended_at_the_deadline(status: int) -> None:
    transport = Stuck(status)

    async def run() -> None:
        async with AsyncSegment(TOKEN, transport=transport) as made:
            began = time.monotonic()
            with pytest.raises(Exception, match="404" if status == 404 else "too slowly"):
                await made.with_options(deadline=0.1, attempts=1).labels.list()
            assert time.monotonic() - began < 20
        assert transport.cancelled is (status == 0)

    asyncio.run(run())
