"""When the next request may go: each endpoint's own limit, the shared default, and our share.

No I/O and no clock of its own: `reserve` books a place and says how long to wait for it. The shared
default is not published; it is learned from `X-RateLimit-*`, and until then the first 429 tells.
Safe for threads.
"""

from __future__ import annotations

import threading
from typing import Final

from segform.contract import Operation

from .window import MARGIN, WINDOW, Window

# What a header may make us wait for at most, whatever it says.
_LONGEST_HOLD: Final = 120.0


class Pacer:
    """Books a place in every window that a request falls under."""

    def __init__(self, requests_per_minute: int | None = None) -> None:
        self._lock = threading.Lock()
        self._own: dict[str, Window] = {}
        self.shared = Window()
        self._share = Window(requests_per_minute or 0)

    def copy(self) -> Pacer:
        """Another pacer with the same places booked, to try what would come."""
        made = Pacer()
        with self._lock:
            made._own = {name: window.copy() for name, window in self._own.items()}
            made.shared, made._share = self.shared.copy(), self._share.copy()
        return made

    def window(self, operation: Operation) -> Window:
        """The window whose limit the API counts this operation against."""
        if not operation.per_minute:
            return self.shared
        own = self._own.get(operation.id)
        if own is None:
            own = self._own[operation.id] = Window(operation.per_minute)
        return own

    def reserve(self, operation: Operation, now: float) -> float:
        """Book the next place; the seconds to wait for it."""
        with self._lock:
            windows = (self.window(operation), self._share)
            moment, settled = now, False
            # The moment one window gives may be barred in the other: go on until both agree.
            while not settled:
                latest = max(window.earliest(moment) for window in windows)
                moment, settled = latest, latest == moment
            for window in windows:
                window.book(moment, now)
            return moment - now

    def learn(
        self,
        operation: Operation,
        now: float,
        *,
        consumed: int | None,
        remaining: int | None,
        reset_in: float | None,
        well: bool = True,
    ) -> None:
        """What an answer's headers say: used and left in this window, seconds to the next.

        Other programs draw on the same limit; what they used is seen only here. `well`: the answer
        is not a 429.
        """
        with self._lock:
            window = self.window(operation)
            if consumed is None or remaining is None or consumed < 0 or remaining < 0:
                limit = 0
            else:
                limit = consumed + remaining if well else 0
            if window is self.shared and limit > 0:
                window.limit = limit
            # Headers of another limit than this one say nothing about its window.
            if reset_in is not None and 0 < reset_in <= WINDOW + 1:
                if limit == window.limit > 0:
                    window.align(now + reset_in, now)
                if remaining == 0:
                    window.hold(now + reset_in + MARGIN)
            elif remaining == 0 and reset_in is not None and reset_in > 0:
                window.hold(now + WINDOW + MARGIN)
            if well and consumed is not None and limit == window.limit > 0:
                window.told(now, consumed)

    def throttled(self, operation: Operation, now: float, delay: float | None) -> None:
        """A 429: nothing under the same limit starts before `delay` seconds have passed."""
        with self._lock:
            window = self.window(operation)
            if delay is not None and 0 < delay <= _LONGEST_HOLD:
                window.hold(now + delay)
                if delay <= WINDOW:
                    window.align(now + delay, now)


__all__ = ["MARGIN", "WINDOW", "Pacer", "Window"]
