"""Connections: used again, shared by threads and views, and closed at the end without a word."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import ssl
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import pytest

from segform import AsyncSegment, ConfigurationError, Segment
from segform.transport.bound import Bound, Stream

from .stub import TOKEN, Waits
from .test_proxy import certificate

BODY = b'{"data":{"source":{"id":"s"}}}'


class Counting(ThreadingHTTPServer):
    """Counts its connections: all of them, and those that are open."""

    daemon_threads = True
    request_queue_size = 256
    made = 0
    ended = 0


@pytest.fixture
def server() -> Iterator[Counting]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            with lock:
                made.made += 1
            super().setup()

        def finish(self) -> None:
            super().finish()
            with lock:
                made.ended += 1

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY)

        def log_message(self, *_: object) -> None:
            """Silent."""

    with Counting(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()
            thread.join()


def address(server: Counting) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def ended(server: Counting) -> bool:
    """Whether every connection ends within a moment."""
    waiting = threading.Event()
    for _ in range(200):
        if server.ended == server.made:
            return True
        waiting.wait(0.01)
    return False


def test_one_connection_for_call_after_call(server: Counting) -> None:
    with Segment(TOKEN, url=address(server)) as made:
        for _ in range(20):
            made.sources.get("s")
            made.with_options(timeout=5).sources.get("s")
        assert server.made == 1
    assert ended(server)


def test_one_connection_for_asyncio(server: Counting) -> None:
    async def run() -> None:
        async with AsyncSegment(TOKEN, url=address(server)) as made:
            for _ in range(20):
                await made.sources.get("s")

    asyncio.run(run())
    assert server.made == 1
    assert ended(server)


def test_threads_use_no_more_connections_than_they_are(server: Counting) -> None:
    with Segment(TOKEN, url=address(server)) as made:
        for _ in range(5):
            made.map(made.sources.get, ["s"] * 40, concurrency=8)
        assert 1 <= server.made <= 8
    assert ended(server)


def test_closing_ends_every_connection_and_says_nothing(server: Counting) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = Segment(TOKEN, url=address(server))
        made.map(made.sources.get, ["s"] * 16, concurrency=4)
        made.close()
        made.close()  # twice is once
        del made
        gc.collect()
    assert ended(server)


@pytest.mark.parametrize("encrypted", [False, True])
def test_closing_ends_what_waits_for_its_answer_in_other_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if encrypted:
        authority, key = certificate(tmp_path, "localhost")
        context.load_cert_chain(authority, key)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    asked, came = threading.Semaphore(0), threading.Event()
    said: list[Exception] = []

    def serve() -> None:
        """Take every request, and answer none."""
        with contextlib.ExitStack() as held:
            for _ in range(3):
                raw, _ = listener.accept()
                opened = context.wrap_socket(raw, server_side=True) if encrypted else raw
                held.enter_context(opened).recv(65536)
                asked.release()
            came.wait(60)

    def ask() -> None:
        try:
            made.sources.get("s")
        except ConfigurationError as error:
            said.append(error)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        where = f"{'https' if encrypted else 'http'}://localhost:{listener.getsockname()[1]}"
        made = Segment(TOKEN, url=where, timeout=60)
        threads = [threading.Thread(target=one) for one in (serve, ask, ask, ask)]
        for thread in threads:
            thread.start()
        assert all(asked.acquire(timeout=30) for _ in range(3))
        made.close()
        for thread in threads[1:]:
            thread.join(20)  # of the sixty seconds that they would have waited
        left = [thread for thread in threads[1:] if thread.is_alive()]
        came.set()
        threads[0].join()
    assert not left
    assert [str(one) for one in said] == ["This client is closed; make another one."] * 3


def test_a_connection_that_opens_after_it_was_ended_sends_nothing() -> None:
    class Opened(httpcore.NetworkStream):
        closed = False

        def close(self) -> None:
            self.closed = True

    bound, opened = Bound(), Opened()
    bound.end()
    with pytest.raises(RuntimeError, match="closed"):
        Stream(opened, bound)
    assert opened.closed


def test_a_client_that_sent_nothing_closes_as_well() -> None:
    made = Segment(TOKEN)
    made.close()
    with pytest.raises(ConfigurationError, match="closed"):
        made.sources.get("s")


def test_a_program_that_forgets_to_close_ends_at_once_and_silently(server: Counting) -> None:
    code = (
        "import sys; from segform import Segment\n"
        "made = Segment('x', url=sys.argv[1])\n"
        "made.map(made.sources.get, ['s'] * 8)\n"
        "print(made.requests_sent)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, address(server)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "8\n", "")
    assert ended(server)


INTERRUPTED = """
import os, signal, sys, threading, time
from segform import Segment

made = Segment("x", url=sys.argv[1], requests_per_minute=2)
began = time.monotonic()
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    with made:
        made.map(made.sources.get, ["s"] * 9, concurrency=5)  # seven of them wait for a minute
except KeyboardInterrupt:
    print("interrupted", made.requests_sent, time.monotonic() - began < 20)
"""


def test_an_interrupt_ends_a_bulk_call_that_waits(server: Counting) -> None:
    """Ctrl-C: what waits for its place under the limit is not sent and not waited for."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, address(server)],
        capture_output=True,
        text=True,
        timeout=45,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted 2 True\n", "")
    assert ended(server)


def test_the_client_is_usable_after_an_interrupt(server: Counting) -> None:
    made = Segment(TOKEN, url=address(server), requests_per_minute=4)
    calls: list[str] = []

    def call(name: str) -> None:
        calls.append(name)
        if name == "interrupt":
            raise KeyboardInterrupt
        made.sources.get(name)

    with made:
        with pytest.raises(KeyboardInterrupt):
            made.map(call, ["s", "s", "interrupt", *["s"] * 9], concurrency=6)
        assert made.requests_sent <= 4
        made._sleep = Waits()
        assert made.sources.get("s")["id"] == "s"
