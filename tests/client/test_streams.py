"""The awaited client's connections: encrypted, large, cut, closed by the other side, given up."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpcore
import pytest

from segform import (
    APIConnectionError,
    APITimeoutError,
    AsyncSegment,
    ConfigurationError,
    ResponseDecodeError,
    Segment,
)
from segform.transport.aio_connections import AsyncSpread
from segform.transport.bound import Bound
from segform.transport.streams import HIGH, Backend, Stream

from .stub import TOKEN
from .test_proxy import certificate

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter


def answer(labels: list[Any]) -> bytes:
    """An answer with labels."""
    body = json.dumps({"data": {"labels": labels}}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


class Server:
    """Answers on loopback as it is told; counts connections and requests."""

    def __init__(self, say: Callable[[Server, Writer], Awaitable[bool]]) -> None:
        self.say = say
        self.connections = 0
        self.requests = 0
        self.port = 0

    async def serve(self, reader: Reader, writer: Writer) -> None:
        """One connection: `say` tells whether it goes on."""
        self.connections += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                if not await self.say(self, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client is done
        finally:
            writer.close()


@asynccontextmanager
async def listening(
    say: Callable[[Server, Writer], Awaitable[bool]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    server = Server(say)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls) as opened:
        server.port = opened.sockets[0].getsockname()[1]
        yield server


@asynccontextmanager
async def asking(server: Server, scheme: str = "http") -> AsyncIterator[AsyncSegment]:
    host = "localhost" if scheme == "https" else "127.0.0.1"
    async with AsyncSegment(TOKEN, url=f"{scheme}://{host}:{server.port}", timeout=5) as made:
        yield made


async def empty(_: Server, writer: Writer) -> bool:
    writer.write(answer([]))
    await writer.drain()
    return True


@pytest.mark.parametrize("trusted", [True, False])
def test_encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool) -> None:
    authority, key = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))

    async def run() -> None:
        async with listening(empty, context) as server, asking(server, "https") as made:
            once = made.with_options(attempts=1)
            if not trusted:
                with pytest.raises(APIConnectionError, match=r"(?i)certificate"):
                    await once.labels.list()
                return
            assert [await once.labels.list() for _ in range(3)] == [[], [], []]
            assert (server.connections, server.requests) == (1, 3)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("host", "minutes", "words"),
    [("elsewhere.example", 60, "(?i)hostname mismatch"), ("localhost", -30, "expired")],
)
def test_a_certificate_that_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, minutes: int, words: str
) -> None:
    """Trusted, but of another host or too old: refused by both clients, and nothing is sent."""
    authority, key = certificate(tmp_path, host, minutes)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))

    def plainly(port: int) -> None:
        with Segment(TOKEN, url=f"https://localhost:{port}", timeout=5) as made:
            made.with_options(attempts=1).labels.list()

    async def run() -> None:
        async with listening(empty, context) as server, asking(server, "https") as made:
            with pytest.raises(APIConnectionError, match=words):
                await made.with_options(attempts=1).labels.list()
            with pytest.raises(APIConnectionError, match=words):
                await asyncio.to_thread(plainly, server.port)
            assert server.requests == 0

    asyncio.run(run())


def test_an_answer_larger_than_what_may_lie_unread() -> None:
    """The sender is made to wait, and nothing is lost."""
    labels = [{"key": "k", "value": "v" * 1000, "n": n} for n in range(4 * HIGH // 1000)]

    async def say(_: Server, writer: Writer) -> bool:
        writer.write(answer(labels))
        await writer.drain()
        return True

    async def run() -> None:
        async with listening(say) as server, asking(server) as made:
            assert await made.labels.list() == labels
            assert await made.labels.list() == labels
            assert server.connections == 1

    asyncio.run(run())


def test_a_large_request_waits_until_the_other_side_takes_it() -> None:
    async def run() -> None:
        taken = bytearray()
        done = asyncio.Event()

        async def slow(reader: Reader, writer: Writer) -> None:
            await asyncio.sleep(0.05)
            while piece := await reader.read(2**16):
                taken.extend(piece)
            done.set()
            writer.close()

        sent = bytes(range(256)) * 2**16
        async with await asyncio.start_server(slow, "127.0.0.1", 0, limit=2**12) as server:
            port = server.sockets[0].getsockname()[1]
            stream = await Backend(Bound()).connect_tcp("127.0.0.1", port, timeout=5)
            assert isinstance(stream, Stream)
            await stream.write(sent, timeout=5)
            while stream._transport is not None and stream._transport.get_write_buffer_size():
                await asyncio.sleep(0.01)
            await stream.aclose()
            await done.wait()
            with pytest.raises(httpcore.WriteError):
                await stream.write(b"x")
        assert bytes(taken) == sent

    asyncio.run(run())


def test_an_idle_connection_that_the_other_side_closed_is_not_used() -> None:
    """A create goes out once, on a new connection: on the old one its fate would be unknown."""

    async def once(_: Server, writer: Writer) -> bool:
        body = b'{"data":{"label":{"key":"a","value":"b"}}}'
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        writer.write(head + body)  # says nothing of closing, and closes
        await writer.drain()
        return False

    async def run() -> None:
        async with listening(once) as server, asking(server) as made:
            one = made.with_options(attempts=1)
            for _ in range(3):
                await one.labels.create(key="a", value="b")
                await asyncio.sleep(0.05)
            assert (server.connections, server.requests) == (3, 3)

    asyncio.run(run())


@pytest.mark.parametrize("piece", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"])
def test_an_answer_that_is_cut_is_an_error_and_sent_again(piece: bytes) -> None:
    async def cut(server: Server, writer: Writer) -> bool:
        if server.requests > 1:
            return await empty(server, writer)
        writer.write(piece)
        await writer.drain()
        writer.transport.abort()
        return False

    async def run() -> None:
        async with listening(cut) as server, asking(server) as made:
            with pytest.raises((APIConnectionError, ResponseDecodeError)):
                await made.with_options(attempts=1).labels.list()
            server.requests = 0
            assert await made.labels.list() == []

    asyncio.run(run())


def test_silence_ends_after_its_timeout() -> None:
    async def silent(_: Server, writer: Writer) -> bool:
        await asyncio.sleep(30)
        return False

    async def run() -> None:
        async with listening(silent) as server, asking(server) as made:
            with pytest.raises(APITimeoutError):
                await made.with_options(attempts=1, timeout=0.05).labels.list()

    asyncio.run(run())


def test_nobody_there() -> None:
    async def run() -> None:
        async with listening(empty) as server:
            pass
        async with asking(server) as made:
            with pytest.raises(APIConnectionError, match="no connection"):
                await made.with_options(attempts=1).labels.list()

    asyncio.run(run())


@pytest.mark.parametrize("idle", [True, False])
def test_a_client_that_is_closed_at_any_moment_of_a_request_says_so(idle: bool) -> None:
    """Between any two turns of the event loop, on a new connection and on one that was idle."""

    async def run(turns: int) -> tuple[bool, Any]:
        async with listening(empty) as server, asking(server) as made:
            if idle:
                await made.labels.list()
            asked = asyncio.create_task(made.labels.list())
            for _ in range(turns):
                await asyncio.sleep(0)
            done = asked.done()
            await made.close()
            (came,) = await asyncio.gather(asked, return_exceptions=True)
            return done, came

    said, done, turns = [], False, 0
    while not done:
        done, came = asyncio.run(run(turns))
        said.append(came)
        turns += 1
    closed = [one for one in said if isinstance(one, ConfigurationError)]
    assert len(closed) > 3
    assert all("client is closed" in str(one) for one in closed)
    assert all(one == [] for one in said if one not in closed)  # it was answered by then


def test_a_connection_that_opens_after_it_was_closed_sends_nothing() -> None:
    async def run() -> None:
        async with listening(empty) as server:
            url = f"http://127.0.0.1:{server.port}/labels"
            line = AsyncSpread(url, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))._made()
            request = httpcore.Request("GET", url, headers={"Host": "localhost"})
            sending = asyncio.create_task(line.handle_async_request(request))
            await asyncio.sleep(0)
            await line.aclose()
            with pytest.raises(RuntimeError, match="closed"):
                await sending
            assert line.is_closed()
            await asyncio.sleep(0.02)
            assert server.requests == 0

    asyncio.run(run())
