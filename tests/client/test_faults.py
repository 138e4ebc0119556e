"""What servers do wrong, byte by byte: both clients make the same of it, and go on."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest

from segform import AsyncSegment, ConfigurationError, SegformError, Segment
from segform.transport.connections import below, origin_of
from segform.transport.http import _address

from .stub import TOKEN

GOOD = b'{"data":{"source":{"id":"s"}}}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(GOOD), GOOD)
PACKED = gzip.compress(GOOD)
TOO_LARGE = b'{"errors":[{"type":"too-large","message":"too large"}]}'
REFUSED = b"HTTP/1.1 413 X\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (
    len(TOO_LARGE),
    TOO_LARGE,
)


def head(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join((status, *lines, b"", b""))


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


class Server:
    """Says the same to every request, then closes or stays; counts both.

    * `says`: pieces, each sent on its own; None closes at once;
    * `endless`: sent again and again after them.
    """

    def __init__(
        self,
        *says: bytes | None,
        stays: bool = False,
        reads: bool = True,
        endless: bytes = b"",
        host: str = "127.0.0.1",
    ) -> None:
        self.says, self.stays, self.reads, self.endless = says, stays, reads, endless
        self.closing = threading.Event()
        self.connections = self.requests = self.ended = 0
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, 0), family=family, backlog=512)
        self.port = self.listener.getsockname()[1]
        self.open: list[socket.socket] = []
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def accept(self) -> None:
        while True:
            try:
                one, _ = self.listener.accept()
            except OSError:
                return
            one.settimeout(20)
            self.connections += 1
            self.open.append(one)
            self.threads.append(threading.Thread(target=self.serve, args=(one,)))
            self.threads[-1].start()

    def serve(self, one: socket.socket) -> None:
        with one:
            try:
                while self.request(one):
                    self.requests += 1
                    for piece in self.says:
                        if piece is None:
                            self.ended += 1
                            return
                        one.sendall(piece)
                    while self.endless and not self.closing.wait(0.02):
                        one.sendall(self.endless)
                    if not self.stays:
                        one.shutdown(socket.SHUT_WR)
                        self.ended += 1
                        while one.recv(65536):  # what is left: no reset that eats the answer
                            pass
                        return
            except OSError:
                pass

    def settle(self) -> None:
        """Wait until what is to be closed is: whether a request meets the end is then no race."""
        waiting = threading.Event()
        while not self.stays and self.ended < self.connections:
            waiting.wait(0.001)

    def request(self, one: socket.socket) -> bool:
        came = bytearray()
        while b"\r\n\r\n" not in came[-70_000:]:
            piece = one.recv(65536)
            if not piece:
                return False
            came += piece
        fields, _, body = came.partition(b"\r\n\r\n")
        length = 0
        for line in fields.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        while self.reads and len(body) < length:
            body += one.recv(65536)
        return True

    def close(self) -> None:
        self.closing.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in self.open:
            with suppress(OSError):  # closed already
                one.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()


@contextmanager
def serving(*says: bytes | None, **how: Any) -> Iterator[Server]:
    server = Server(*says, **how)
    try:
        yield server
    finally:
        server.close()


OPTIONS: dict[str, Any] = {"timeout": 3.0}


def told(error: SegformError, server: Server) -> str:
    return f"{type(error).__name__}: {error}".replace(str(server.port), "PORT")


def sync_calls(server: Server, calls: int, body: Any = None) -> list[str]:
    found = []
    with Segment(TOKEN, url=f"http://127.0.0.1:{server.port}", **OPTIONS) as made:
        once = made.with_options(attempts=1)
        for _ in range(calls):
            try:
                if body is None:
                    found.append(json.dumps(once.request("getSource", path={"sourceId": "s"})))
                else:
                    once.request("updateSource", path={"sourceId": "s"}, body=body)
            except SegformError as error:
                found.append(told(error, server))
            server.settle()
    return found


def async_calls(server: Server, calls: int, body: Any = None) -> list[str]:
    async def run() -> list[str]:
        found = []
        async with AsyncSegment(TOKEN, url=f"http://127.0.0.1:{server.port}", **OPTIONS) as made:
            once = made.with_options(attempts=1)
            for _ in range(calls):
                try:
                    if body is None:
                        got = await once.request("getSource", path={"sourceId": "s"})
                        found.append(json.dumps(got))
                    else:
                        await once.request("updateSource", path={"sourceId": "s"}, body=body)
                except SegformError as error:
                    found.append(told(error, server))
                server.settle()
        return found

    return asyncio.run(run())


CHUNKED = head(b"Transfer-Encoding: chunked")
PACKED_HEAD = head(b"Content-Encoding: gzip", b"Content-Length: %d" % len(PACKED))
FINE = '{"source": {"id": "s"}}'
LOST = "APIConnectionError"
CUT = "ResponseDecodeError"

FAULTS: dict[str, tuple[tuple[bytes | None, ...], bool, str]] = {
    "closes after an answer": ((WHOLE,), False, FINE),
    "keeps the connection": ((WHOLE,), True, FINE),
    "closes as it said": ((head(b"Connection: close", b"Content-Length: 30") + GOOD,), False, FINE),
    "says close and stays": (
        (head(b"Connection: close", b"Content-Length: 30") + GOOD,),
        True,
        FINE,
    ),
    "says nothing and closes": ((None,), False, LOST),
    "closes in the status line": ((b"HTTP/1.1 2", None), False, LOST),
    "closes in the headers": ((b"HTTP/1.1 200 OK\r\nContent-Le", None), False, LOST),
    "closes before the body": ((head(b"Content-Length: 30"), None), False, CUT),
    "closes in the body": ((head(b"Content-Length: 30") + GOOD[:9], None), False, CUT),
    "closes in a chunk": ((CHUNKED, chunk(GOOD)[:9], None), False, CUT),
    "closes between chunks": ((CHUNKED, chunk(GOOD), None), False, CUT),
    "closes in the last chunk": ((CHUNKED, chunk(GOOD), b"0\r\n", None), False, CUT),
    "a chunk of no size": ((CHUNKED, b"zz\r\n"), True, CUT),
    "chunks": ((CHUNKED, chunk(GOOD[:5]), chunk(GOOD[5:]), b"0\r\n\r\n"), True, FINE),
    "chunks with trailers": ((CHUNKED, chunk(GOOD), b"0\r\nX-Sum: 1\r\n\r\n"), True, FINE),
    "packed": ((PACKED_HEAD + PACKED,), True, FINE),
    "packed, byte by byte": ((PACKED_HEAD, *(bytes([one]) for one in PACKED)), True, FINE),
    "closes in a packed body": ((PACKED_HEAD + PACKED[:20], None), False, CUT),
    "packed and cut": (
        (head(b"Content-Encoding: gzip", b"Content-Length: 20") + PACKED[:20],),
        True,
        CUT,
    ),
    "packed and damaged": (
        (PACKED_HEAD + PACKED[:12] + b"\xff" * (len(PACKED) - 12),),
        True,
        CUT,
    ),
    "packed in an unknown way": (
        (head(b"Content-Encoding: zip", b"Content-Length: 9") + b"PK1234567",),
        True,
        CUT,
    ),
    "HTTP/1.0": ((head(b"Content-Length: 30", status=b"HTTP/1.0 200 OK") + GOOD,), False, FINE),
    "HTTP/1.0 that ends by closing": ((head(status=b"HTTP/1.0 200 OK") + GOOD,), False, FINE),
    "HTTP/1.0 that stays": (
        (head(b"Connection: keep-alive", b"Content-Length: 30", status=b"HTTP/1.0 200 OK") + GOOD,),
        True,
        FINE,
    ),
    "no length, ends by closing": ((head() + GOOD,), False, FINE),
    "hints before the answer": (
        (
            head(status=b"HTTP/1.1 100 Continue"),
            head(b"Link: <x>", status=b"HTTP/1.1 103 H"),
            WHOLE,
        ),
        True,
        FINE,
    ),
    "hints and no answer": ((head(status=b"HTTP/1.1 103 Early Hints"), None), False, LOST),
    "another protocol": (
        (head(b"Upgrade: x", b"Connection: upgrade", status=b"HTTP/1.1 101 S"),),
        True,
        "Error",
    ),
    "two lengths": ((head(b"Content-Length: 30", b"Content-Length: 31") + GOOD,), True, LOST),
    "a negative length": ((head(b"Content-Length: -1") + GOOD,), True, LOST),
    "a length that is no number": ((head(b"Content-Length: many") + GOOD,), True, LOST),
    "length and chunks": (
        (head(b"Content-Length: 9", b"Transfer-Encoding: chunked") + chunk(GOOD) + b"0\r\n\r\n",),
        True,
        FINE,
    ),
    "an encoding nobody knows": ((head(b"Transfer-Encoding: odd") + GOOD,), True, LOST),
    "no HTTP": ((b"220 mail.example ESMTP\r\n", None), False, LOST),
    "zeros": ((b"\0" * 64 + b"\r\n\r\n",), True, LOST),
    "a header without a colon": (
        (head(b"what is this", b"Content-Length: 30") + GOOD,),
        True,
        LOST,
    ),
    "a header with a zero": ((head(b"X: a\0b", b"Content-Length: 30") + GOOD,), True, LOST),
    "a header of two lines": ((head(b"X: a", b" b", b"Content-Length: 30") + GOOD,), True, FINE),
    "headers that are not ASCII": (
        (head(b"X: \xff\xe9", b"Content-Length: 30") + GOOD,),
        True,
        FINE,
    ),
    "many headers": (
        (head(*(b"X-%d: y" % n for n in range(2000)), b"Content-Length: 30") + GOOD,),
        True,
        FINE,
    ),
    "headers without an end": (
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000, None),
        False,
        LOST,
    ),
    "no content": ((head(status=b"HTTP/1.1 204 No Content"),), True, CUT),
    "not modified": ((head(status=b"HTTP/1.1 304 N"),), True, "APIStatusError"),
    "a status of its own": ((head(b"Content-Length: 0", status=b"HTTP/1.1 299 X"),), True, CUT),
    "a status beyond all": ((head(b"Content-Length: 0", status=b"HTTP/1.1 999 X"),), True, "Error"),
    "a status of two digits": ((head(b"Content-Length: 0", status=b"HTTP/1.1 20 X"),), True, LOST),
    "garbage after the answer": ((WHOLE + b"garbage\r\n\r\n",), True, FINE),
    "an answer nobody asked for": ((WHOLE + WHOLE.replace(b'"s"', b'"t"'),), True, FINE),
    "another one after no content": (
        (head(status=b"HTTP/1.1 204 N") + WHOLE,),
        True,
        CUT,
    ),
    "another one after chunks": ((CHUNKED + chunk(GOOD) + b"0\r\n\r\n" + WHOLE,), True, FINE),
}


@pytest.mark.parametrize("name", FAULTS)
def test_both_clients_make_the_same_of_it(name: str) -> None:
    says, stays, expected = FAULTS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with serving(*says, stays=stays) as server:
            sync = sync_calls(server, 3)
            seen = server.connections, server.requests
        with serving(*says, stays=stays) as server:
            awaited = async_calls(server, 3)
            assert awaited == sync
            assert (server.connections, server.requests) == seen
    assert expected in sync[0], sync
    assert sync == sync[:1] * 3


KEPT = ["keeps the connection", "chunks", "packed, byte by byte", "many headers", "no content"]


@pytest.mark.parametrize("calls", [sync_calls, async_calls])
@pytest.mark.parametrize("name", KEPT)
def test_a_connection_is_kept_where_nothing_came_after_the_answer(name: str, calls: Any) -> None:
    with serving(*FAULTS[name][0], stays=True) as server:
        calls(server, 5)
        assert (server.connections, server.requests) == (1, 5)


@pytest.mark.parametrize("size", [10, 20_000_000])
def test_refused_before_the_body_was_read(size: int) -> None:
    body = {"name": "x" * size}
    found = []
    for calls in (sync_calls, async_calls):
        with serving(REFUSED, reads=False) as server:
            found.append(calls(server, 2, body))
    assert found[0] == found[1]
    assert all("413" in one for one in found[0]), found


DRIPS = {
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "interim answers": (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Hints\r\n\r\n"),
    "a body": (head(b"Content-Length: 100000"), b" "),
    "chunks": (CHUNKED, chunk(b" ")),
    "trailers": (CHUNKED + chunk(GOOD) + b"0\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize("calls", [sync_calls, async_calls])
@pytest.mark.parametrize("name", DRIPS)
def test_what_never_ends_is_given_up_at_the_deadline(
    name: str, calls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No single read waits for long; all together do."""
    monkeypatch.setitem(OPTIONS, "deadline", 0.4)
    first, again = DRIPS[name]
    began = time.monotonic()
    with serving(first, endless=again, stays=True) as server:
        (found,) = calls(server, 1)
    assert found.startswith("APITimeoutError"), found
    assert time.monotonic() - began < 10  # not for ever; the machine may be busy


@pytest.mark.parametrize("calls", [sync_calls, async_calls])
def test_a_packed_answer_is_unpacked_in_pieces(calls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Little on the wire, too large in memory: it is left long before all of it is there."""
    monkeypatch.setattr("segform.transport.http.LARGEST_ANSWER", 2**20)
    packed = gzip.compress(b" " * 2**28)
    says = head(b"Content-Encoding: gzip", b"Content-Length: %d" % len(packed)) + packed
    with serving(says, stays=True) as server:
        tracemalloc.start()
        try:
            (found,) = calls(server, 1)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert "larger than 1 MiB" in found
    assert peak < 2**28


def test_one_event_loop_after_the_other() -> None:
    """What the loop that ended left open is not used any more."""
    with serving(WHOLE, stays=True) as server:
        made = AsyncSegment(TOKEN, url=f"http://127.0.0.1:{server.port}", **OPTIONS)

        async def call() -> str:
            return (await made.with_options(attempts=1).sources.get("s"))["id"]

        with warnings.catch_warnings():
            # Nobody closed the client in its loop, and asyncio says so.
            warnings.simplefilter("ignore", ResourceWarning)
            assert [asyncio.run(call()) for _ in range(3)] == ["s", "s", "s"]
            asyncio.run(made.close())
            gc.collect()
        assert server.connections == 3


def test_two_event_loops_at_once_are_refused() -> None:
    with serving(WHOLE, stays=True) as server:

        async def run() -> None:
            async with AsyncSegment(TOKEN, url=f"http://127.0.0.1:{server.port}") as made:

                async def call() -> Any:
                    return await made.sources.get("s")

                assert (await call())["id"] == "s"
                with pytest.raises(ConfigurationError, match="another event loop"):
                    await asyncio.to_thread(asyncio.run, call())
                assert (await call())["id"] == "s"

        asyncio.run(run())
        assert server.connections == 1


FORKS = """
import os, sys
from segform import Segment

made = Segment("x", url=sys.argv[1])

def twice():
    made.sources.get("s")
    made.sources.get("s")

twice()
child = os.fork()
twice()
if child:
    assert os.waitpid(child, 0)[1] == 0
    twice()
made.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_has_connections_of_its_own() -> None:
    with serving(WHOLE, stays=True) as server:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", FORKS, f"http://127.0.0.1:{server.port}"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (server.connections, server.requests) == (2, 8)


@pytest.mark.parametrize("path", ["", "/base/v1"])
@pytest.mark.parametrize("host", ["[::1]", "[0:0::1]", "LOCALHOST", "127.0.0.1"])
def test_hosts_and_paths(host: str, path: str) -> None:
    bound = "::1" if host.startswith("[") else "127.0.0.1"
    with serving(WHOLE, stays=True, host=bound) as server:
        url = f"http://{host}:{server.port}{path}"
        if host == "[0:0::1]":  # loopback, but not in the spelling that plain http is allowed for
            with pytest.raises(ConfigurationError, match="https"):
                Segment(TOKEN, url=url)
            return
        with Segment(TOKEN, url=url, **OPTIONS) as made:
            assert made.with_options(attempts=1).sources.get("s")["id"] == "s"


@pytest.mark.parametrize(
    "url", ["https://[FE80::1]:9", "https://[::FFFF:1.2.3.4]", "https://API.Example:443/v1"]
)
def test_a_host_is_spelled_alike_in_connection_and_request(url: str) -> None:
    """httpcore refuses a request that is for another host than its connection."""
    request = httpx.Request("GET", _address(url, "/sources"))
    assert below(request).url.origin == origin_of(url)


@pytest.mark.parametrize(
    "host",
    [
        "exa mple.com",
        "a..b",
        "a" * 64 + ".com",
        "x:0",
        "x%20y",
        "[::1%25lo]",
        "a<b",
        "b\u00fccher.com",
    ],
)
def test_hosts_that_are_none(host: str) -> None:
    with pytest.raises(ConfigurationError, match="url"):
        Segment(TOKEN, url=f"https://{host}")
