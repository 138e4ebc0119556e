"""What the client costs before its first request, with it, and for many."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from segform import Segment
from segform.transport.answer import Reply, Success, read
from segform_emulator import Emulator

from . import canned, official
from .emulator import emulator
from .figure import Figure, missing
from .timing import memory, paired, whole

_CODE = "from segform import Segment; Segment(token='x').sources"
_REQUEST = "from segform import Segment; Segment().workspaces.get()"
_BARE = "pass"
_PYTHON = sys.executable


def start() -> list[Figure]:
    """Import and construction against a bare interpreter."""
    ours, bare, ratio = paired(
        whole([_PYTHON, "-I", "-c", _CODE]), whole([_PYTHON, "-I", "-c", _BARE]), 15
    )
    more = statistics.median(memory(_CODE, _PYTHON) - memory(_BARE, _PYTHON) for _ in range(7))
    found = [
        Figure("client: import and Segment(token).sources", ours, bare, "bare start", ratio, 6),
        Figure("client: memory of the same", more, None, "more", more, 30, "MiB"),
    ]
    found[0].unit = "ms"
    if official.python():
        theirs, bare, ratio = paired(
            whole(official.start()), whole([str(official.python()), "-I", "-c", _BARE]), 5
        )
        found.append(Figure("  the official SDK", theirs, bare, "bare start", ratio, None, "ms"))
    return found


def request() -> list[Figure]:
    """The same with a first request, which is when the HTTP library is loaded."""
    emulator = Emulator()
    with emulator.serve() as server:
        env = {**os.environ, "SEGMENT_API_TOKEN": emulator.token, "SEGMENT_API_URL": server.url}
        ours, bare, ratio = paired(
            whole([_PYTHON, "-I", "-c", _REQUEST], env=env),
            whole([_PYTHON, "-I", "-c", _BARE], env=env),
            15,
        )
    return [Figure("client: first request done", ours, bare, "bare start", ratio, 14, "ms")]


def _every_field(value: dict[str, Any]) -> None:
    """Read all of an object, and of what is in it."""
    for item in value.values():
        if type(item) is dict:
            _every_field(item)
        elif type(item) is list:
            for one in item:
                if type(one) is dict:
                    _every_field(one)


def _seconds(work: Callable[[], Any]) -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def decode() -> list[Figure]:
    """A page of 200 sources: from its bytes to every field read."""
    body = canned.page(0)

    def ours() -> None:
        found = read(Reply(200, {}, body))
        assert isinstance(found, Success)
        for source in found.data["sources"]:
            _every_field(source)

    took, floor, ratio = paired(_seconds(ours), _seconds(lambda: json.loads(body)), 40)
    name = "client: a page of 200 sources, every field read"
    figures = [Figure(name, took, floor, "json.loads", ratio, 2, "ms")]
    if official.python():
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.json"
            page.write_bytes(body)
            ratio = official.decoding(str(page))
        figures.append(Figure("  the official SDK", None, None, "json.loads", ratio, None))
    return figures


@contextmanager
def _canned() -> Iterator[str]:
    command = [_PYTHON, "-m", "tests.bench.canned"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate()


def _walk(*given: str) -> float:
    command = [_PYTHON, "-m", "tests.bench.walks", *given]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def listing() -> list[Figure]:
    """10,000 sources at 200 a page, from a server that costs next to nothing."""
    name = "client: 10,000 sources"
    with _canned() as url:
        awaited, ours, ratio = paired(lambda: _walk("async", url), lambda: _walk("ours", url), 15)
        # Not slower; a twentieth is for the noise of two processes that take a quarter of a second.
        figures = [Figure(f"{name}, async", awaited, ours, "sync", ratio, 1.05, "ms")]
        if official.python():
            mine, theirs, ratio = paired(
                lambda: _walk("ours", url), lambda: official.listing(url), 7
            )
            figures.append(Figure(f"{name}, sync", mine, theirs, "official", ratio, 0.25, "ms"))
        else:
            figures.append(missing(f"{name}, sync", official.MISSING))
    return figures


def listing_of_a_server() -> list[Figure]:
    """The same from a server that has to do something for each page: ours."""
    with emulator() as served:
        served.client.post("/_emulator/seed", params={"sources": canned.SOURCES}).raise_for_status()
        given = (f"http://{served.address}", served.token)
        awaited, ours, ratio = paired(
            lambda: _walk("async", *given), lambda: _walk("ours", *given), 9
        )
    name = "client: 10,000 sources of the emulator, async"
    return [Figure(name, awaited, ours, "sync", ratio, 1, "ms")]


def paced() -> list[Figure]:
    """300 calls where 60 a minute are allowed: against what nobody can beat. Takes minutes."""
    emulator = Emulator()
    emulator.limits.configure({"enforce": True, "default": 60})
    with emulator.serve() as server, Segment(emulator.token, url=server.url) as client:

        def call(number: int) -> str:
            return client.workspaces.get()["id"]

        first = 60 - time.time() % 60  # what is left of the emulator's window
        start = time.perf_counter()
        found = client.map(call, range(300))
        took = time.perf_counter() - start
    if len(found) != 300:
        raise RuntimeError(f"{len(found)} calls came back")
    least = first + 3 * 60
    name = "client: 300 calls at 60 a minute"
    sent = f"{client.requests_sent} requests, no failure"
    return [Figure(name, took, least, "at least", took / least, 1.05, "s", sent)]


FIGURES = [start, request, decode, listing, listing_of_a_server, paced]
