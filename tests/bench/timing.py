"""Paired timing: A B A B …, so that a noisy machine is noisy for both."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

Measured = Callable[[], float]


def paired(ours: Measured, peer: Measured, times: int) -> tuple[float, float, float]:
    """Medians of both in milliseconds, and the median of the pairs' ratios; one run is warm-up."""
    ours(), peer()
    pairs = [(ours(), peer()) for _ in range(times)]
    return (
        statistics.median(a for a, _ in pairs) * 1000,
        statistics.median(b for _, b in pairs) * 1000,
        statistics.median(a / b for a, b in pairs),
    )


def whole(
    command: Sequence[str], cwd: Path | None = None, env: dict[str, str] | None = None
) -> Measured:
    """The seconds that a command takes from start to end."""

    def run() -> float:
        start = time.perf_counter()
        subprocess.run(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
        return time.perf_counter() - start

    return run


def to_first_line(command: Sequence[str], env: dict[str, str], starts: str) -> Measured:
    """The seconds to a command's first line, which has to start so; then it is ended."""

    def run() -> float:
        start = time.perf_counter()
        with subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            took = time.perf_counter() - start
            process.terminate()
            process.communicate(timeout=20)
        if not line.startswith(starts):
            raise RuntimeError(f"{command[0]} said {line!r}")
        return took

    return run


def memory(code: str, python: str) -> float:
    """The most resident memory, in MiB, of a Python that runs some code."""
    # Not getrusage: its peak counts what the process was before it became this one.
    program = f"{code}\nprint(open('/proc/self/status').read())"
    done = subprocess.run([python, "-I", "-c", program], capture_output=True, text=True, check=True)
    peak = next(line for line in done.stdout.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024
