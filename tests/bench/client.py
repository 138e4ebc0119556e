"""What the client costs before its first request, and with it."""

from __future__ import annotations

import os
import statistics
import sys

from segform_emulator import Emulator

from .figure import Figure
from .timing import memory, paired, whole

_CODE = "from segform import Segment; Segment(token='x')"
_REQUEST = "from segform import Segment; Segment().sources.list()"
_BARE = "pass"


def start() -> list[Figure]:
    """Import and construction against a bare interpreter."""
    python = sys.executable
    ours, bare, ratio = paired(
        whole([python, "-I", "-c", _CODE]), whole([python, "-I", "-c", _BARE]), 15
    )
    more = statistics.median(memory(_CODE, python) - memory(_BARE, python) for _ in range(7))
    return [
        Figure("client: import and Segment(token)", ours, bare, "bare start", ratio, 8, "ms"),
        Figure("client: memory of the same", more, None, "more", more, 35, "MiB"),
    ]


def request() -> list[Figure]:
    """The same with a first request, which is when the HTTP library is loaded. For its own sake."""
    emulator = Emulator()
    with emulator.serve() as server:
        env = {**os.environ, "SEGMENT_API_TOKEN": emulator.token, "SEGMENT_API_URL": server.url}
        ours, bare, ratio = paired(
            whole([sys.executable, "-I", "-c", _REQUEST], env=env),
            whole([sys.executable, "-I", "-c", _BARE], env=env),
            15,
        )
    return [Figure("  and a first request", ours, bare, "bare start", ratio, None, "ms")]


FIGURES = [start, request]
