"""Which processes a run started, by what the kernel says of them."""

from __future__ import annotations

import os
import time
from pathlib import Path


def children(pid: int) -> list[int]:
    """All processes below one, at every depth."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            direct = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        for child in direct:
            found += [child, *children(child)]
    return found


def command(pid: int) -> str:
    """Its command line; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def alive(pid: int) -> bool:
    """Whether it still runs (one that nobody waited for does not)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


def kill(pid: int) -> None:
    """End it at once, as the kernel does when memory runs out."""
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return


def gone(pids: set[int], seconds: float = 10.0) -> set[int]:
    """Those that are still there after so long."""
    end = time.monotonic() + seconds
    left = {pid for pid in pids if alive(pid)}
    while left and time.monotonic() < end:
        time.sleep(0.05)
        left = {pid for pid in left if alive(pid)}
    return left
