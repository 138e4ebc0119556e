"""What the client costs before its first request."""

from __future__ import annotations

import sys

from .figure import Figure
from .timing import memory, paired, whole

_CODE = "from segform import Segment; Segment(token='x')"


def start() -> list[Figure]:
    """Import and construction against a bare interpreter."""
    python = sys.executable
    ours, bare, ratio = paired(
        whole([python, "-I", "-c", _CODE]), whole([python, "-I", "-c", "pass"]), 15
    )
    more = memory(_CODE, python) - memory("pass", python)
    return [
        Figure("client: import and Segment(token)", ours, bare, "bare start", ratio, 8, "ms"),
        Figure("client: memory of the same", more, None, "more", more, 35, "MiB"),
    ]


FIGURES = [start]
