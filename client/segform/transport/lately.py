"""What a client has made a moment ago: parts of the service may not know it yet.

A source that is connected to a plan right after either was made may be answered 404. Such a 404 is
not believed at once, as long as what the request names was made by this client, moments ago.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from segform.contract import ONCE, Operation

# They may meet what is not known yet, and change nothing when repeated.
EVENTUAL: Final = frozenset({"addSourceToTrackingPlan"})

# Seconds after which the service knows for sure; then a 404 is a 404.
KNOWN_AFTER: Final = 30.0
# Seconds between the tries: about four in all.
PAUSES: Final = (0.25, 0.5, 1.0, 2.0)


class Lately:
    """Ids of objects that were made less than `KNOWN_AFTER` seconds ago; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._made: dict[str, float] = {}
        self._lock = threading.Lock()

    def add(self, operation: Operation, data: Mapping[str, Any]) -> None:
        """Remember what an operation has made, if it has made something with an id."""
        found = data.get(operation.result or "") if operation.effect == ONCE else None
        made = found.get("id") if isinstance(found, dict) else None
        if not isinstance(made, str):
            return
        now = self._clock()
        with self._lock:
            # In the order in which they were made: the oldest first.
            while self._made:
                oldest = next(iter(self._made))
                if now - self._made[oldest] < KNOWN_AFTER:
                    break
                del self._made[oldest]
            self._made.pop(made, None)
            self._made[made] = now

    def any_of(self, ids: Iterable[object]) -> bool:
        """Whether one of some ids is so new that a 404 may mean nothing."""
        now = self._clock()
        with self._lock:
            return any(
                now - self._made[one] < KNOWN_AFTER
                for one in ids
                if isinstance(one, str) and one in self._made
            )
