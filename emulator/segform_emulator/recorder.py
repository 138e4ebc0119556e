"""The request log: what reached the emulator, in order, and how often each operation was called."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

# Enough for a long test; the oldest go first.
_KEPT = 100_000


class Recorder:
    """Entries of the log and counts by operation; each can be emptied on its own."""

    def __init__(self) -> None:
        self.entries: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        self.counts: Counter[str] = Counter()
        self.writes = 0

    def add(self, entry: dict[str, Any], *, writes: bool) -> None:
        """One request: its operation, method, path, query, status, …; whether it would write."""
        self.entries.append(entry)
        self.counts[entry["operation"]] += 1
        self.writes += writes

    def summary(self) -> dict[str, Any]:
        """`{"count": n, "writes": n, "operations": {id: n}}`: what came, carried out or not."""
        return {
            "count": self.counts.total(),
            "writes": self.writes,
            "operations": dict(sorted(self.counts.items())),
        }

    def clear(self) -> None:
        """Forget the entries; the counts stay."""
        self.entries.clear()

    def reset(self) -> None:
        """Start counting at nothing."""
        self.counts.clear()
        self.writes = 0
