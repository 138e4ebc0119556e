"""`python -m tests.bench.counted_provider FILE`: appends a line of JSON to the file at its end.

`calls` of the provider's service, `cpu` seconds from the first of them on (what is loaded later is
in it, the start is not), `memory` in MiB at the end and `peak`. With SEGFORM_BENCH_PROFILE, a
folder, each process leaves the profile of its calls there.
"""

from __future__ import annotations

import cProfile
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from segform_provider.protocol.serve import serve
from segform_provider.rpc import handlers


class _Counts:
    def __init__(self, target: Path) -> None:
        self.target = target
        self.calls = 0
        self.started: float | None = None
        self.lock = threading.Lock()
        self.end = os._exit
        folder = os.environ.get("SEGFORM_BENCH_PROFILE")
        self.profile = Path(folder) if folder else None

    def load(self) -> Mapping[str, Callable[[Any], Any]]:
        """Our handlers, counted."""
        self.started = time.process_time()
        return {name: self._counted(handler) for name, handler in handlers().items()}

    def _counted(self, handler: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def call(request: Any) -> Any:
            with self.lock:
                self.calls += 1
            if self.profile is None:
                return handler(request)
            # One at a time: a profile of threads that take turns says nothing.
            with _ONE:
                return _PROFILE.runcall(handler, request)

        return call

    def over(self, code: int) -> None:
        """Say it, and end."""
        status = Path("/proc/self/status").read_text()
        sizes = {
            line.split()[0]: int(line.split()[1]) / 1024
            for line in status.splitlines()
            if line.startswith(("VmRSS", "VmHWM"))
        }
        told = {
            "calls": self.calls,
            "cpu": time.process_time() - (self.started or 0),
            "memory": sizes["VmRSS:"],
            "peak": sizes["VmHWM:"],
        }
        with self.target.open("a") as file:
            file.write(json.dumps(told) + "\n")
        if self.profile is not None and self.calls:
            _PROFILE.dump_stats(self.profile / f"{os.getpid()}.pstats")
        self.end(code)


_PROFILE = cProfile.Profile()
_ONE = threading.Lock()

if __name__ == "__main__":
    counts = _Counts(Path(sys.argv[1]))
    os._exit = counts.over  # type: ignore[assignment]  # counts on its way out
    serve(counts.load)
