"""Live checks that were passed a moment ago, so that an apply need not ask what its plan asked.

Terraform plans every object twice: in the plan, and again in the apply, in another process. What
the workspace said in the first is remembered for a few minutes in `.segform/cache/`, as hashes;
nothing depends on the file, and one that cannot be read or written is done without. What a plan
makes anew is remembered for longer: of the old object an apply hears nothing before its deletion.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

# How long an answer holds: from a plan to the end of its review at the keyboard.
SECONDS = 15 * 60
# And what the state holds: from a plan to the apply of its file.
_HELD_SECONDS = 7 * 24 * 3600
_MOST_LINES = 5000


class Passed:
    """Checks that passed, by what they were about. Safe to use from many threads."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, float] = {}
        self._held: dict[str, float] = {}
        if path is not None:
            self._load(path)

    def _load(self, path: Path) -> None:
        now = time.time()
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return
        for line in lines:
            try:
                record = json.loads(line)
                if "forgotten" in record:
                    self._known.pop(record["forgotten"], None)
                elif "released" in record:
                    self._held.pop(record["released"], None)
                elif "held" in record:
                    if now - _HELD_SECONDS < record["at"] <= now:
                        self._held[record["held"]] = record["at"]
                elif now - SECONDS < record["at"] <= now:
                    self._known[record["passed"]] = record["at"]
            except (ValueError, KeyError, TypeError):
                continue
        if len(lines) > _MOST_LINES:
            self._shorten(path)

    def _shorten(self, path: Path) -> None:
        """Write the file anew with what holds still: what is held outlives many plans."""
        records = [
            *({"held": one, "at": at} for one, at in self._held.items()),
            *({"passed": one, "at": at} for one, at in self._known.items()),
        ]
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(record) + "\n" for record in records)
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    def recently(self, *facts: str) -> bool:
        """Whether a check about these facts passed in the last minutes."""
        with self._lock:
            at = self._known.get(_hash(facts))
        return at is not None and time.time() - SECONDS < at

    def note(self, *facts: str) -> None:
        """A check about these facts passed."""
        with self._lock:
            self._known[_hash(facts)] = time.time()
            self._write({"passed": _hash(facts), "at": time.time()})

    def hold(self, *facts: str) -> None:
        """A state holds what the facts name, and a plan makes it anew."""
        with self._lock:
            if _hash(facts) not in self._held:
                self._held[_hash(facts)] = time.time()
                self._write({"held": _hash(facts), "at": time.time()})

    def holds(self, *facts: str) -> bool:
        """Whether a plan of the last days found a state to hold this."""
        with self._lock:
            return _hash(facts) in self._held

    def release(self, *facts: str) -> None:
        """What a state held is gone."""
        with self._lock:
            if self._held.pop(_hash(facts), None) is not None:
                self._write({"released": _hash(facts), "at": time.time()})

    def forget(self, *facts: str) -> None:
        """What the facts were about has changed."""
        with self._lock:
            if self._known.pop(_hash(facts), None) is not None:
                self._write({"forgotten": _hash(facts)})

    def _write(self, record: dict[str, str | float]) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(self._path, flags, 0o600)
            try:
                os.write(handle, (json.dumps(record) + "\n").encode())
            finally:
                os.close(handle)
        except OSError:
            self._path = None


def _hash(facts: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:24]
