"""How long an apply will take under the limits of single endpoints, told while it runs.

Terraform carries out a plan in another process than it was made in, and tells a provider nothing
of what is still to come. So what a plan will write under a limit of its own is counted in
`.segform/cache/`, and the apply counts down from there. Nothing depends on the file: one that is
not there, or old, or cannot be written, is done without.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from pathlib import Path

from segform.contract import operation
from segform.resources.definition import Kind

# A plan that is older is not what is applied now.
SECONDS = 24 * 3600.0


class Pace:
    """Counts writes by operation: those that are planned, and those that are left. Thread-safe."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._planned: Counter[str] = Counter()
        self._total = _load(path) if path else Counter()
        self._left = Counter(self._total)

    def planned(self, about: Kind, verb: str) -> str:
        """A plan has one more write; what to say of all of them, "" where there is nothing new.

        `verb`: create, update or delete.
        """
        found = _limited(about, verb)
        if found is None:
            return ""
        name, per_minute = found
        with self._lock:
            self._planned[name] += 1
            count = self._planned[name]
            self._write(name, first=self._planned.total() == 1)
        if count <= per_minute or count % per_minute:
            return ""
        return (
            f"{count} requests of {name} are planned so far: at {per_minute} a minute they take at "
            f"least {_minutes(count, per_minute)}"
        )

    def applies(self, about: Kind, verb: str) -> str:
        """A write is about to be sent; how many are left and how long they take, or ""."""
        found = _limited(about, verb)
        if found is None:
            return ""
        name, per_minute = found
        with self._lock:
            left, total = self._left[name], self._total[name]
            self._left[name] = max(left - 1, 0)
        if total <= per_minute or left <= 0:
            return ""
        return (
            f"{left} of {total} requests of {name} are left: at {per_minute} a minute about "
            f"{_minutes(left, per_minute)}"
        )

    def _write(self, name: str, *, first: bool) -> None:
        if self._path is None:
            return
        record = json.dumps({"planned": name, "at": time.time()}) + "\n"
        start = os.O_TRUNC if first else os.O_APPEND
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | start
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, flags, 0o600)
            try:
                os.write(handle, record.encode())
            finally:
                os.close(handle)
        except OSError:
            self._path = None


def _limited(about: Kind, verb: str) -> tuple[str, int] | None:
    """The operation behind a verb and its limit a minute; None where it has none of its own."""
    name: str | None = getattr(about.operations, verb)
    per_minute = operation(name).per_minute if name else 0
    return (name, per_minute) if name and per_minute else None


def _minutes(count: int, per_minute: int) -> str:
    # The first minute's share goes at once.
    minutes = max(-(-count // per_minute) - 1, 0)
    return f"{minutes} minute{'s' if minutes != 1 else ''}"


def _load(path: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    now = time.time()
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if 0 <= now - record["at"] < SECONDS:
                found[str(record["planned"])] += 1
    except (OSError, ValueError, KeyError, TypeError):
        return Counter()
    return found
