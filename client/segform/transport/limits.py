"""When the next request may go: each endpoint's own limit, the shared default, and our share.

No I/O and no clock of its own: `reserve` books a place and says how long to wait for it. At most
N requests start within any 60 s, which no window of the service can object to wherever it begins.
The shared default is not published; it is learned from `X-RateLimit-*`, and until then the first
429 tells. Safe for threads.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from typing import Final

from segform.contract import Operation

WINDOW: Final = 60.0
# Between two clocks and a network, a request booked on the second may arrive before it.
MARGIN: Final = 0.1
# What a header may make us wait for at most, whatever it says.
_LONGEST_HOLD: Final = 120.0


_SPAN: Final = WINDOW + MARGIN


class Window:
    """At most `limit` starts in any 60 s, and none before `held_until`; `limit` 0: not known."""

    def __init__(self, limit: int = 0) -> None:
        self.limit = limit
        self.held_until = 0.0
        # When each booked start no longer counts, in order.
        self._ends: list[float] = []

    def earliest(self, now: float) -> float:
        """The first moment, not before `now`, at which one more request may start.

        Places ahead are booked already (by requests that wait for another window): they count on
        both sides of the moment.
        """
        moment = max(now, self.held_until)
        while self.limit:
            first = bisect_right(self._ends, moment)
            last = bisect_left(self._ends, moment + 2 * _SPAN)
            if last - first < self.limit:
                break
            # Enough of the earliest must have ended; that is later than `moment`, so this ends.
            moment = self._ends[last - self.limit]
        return moment

    def book(self, moment: float, now: float) -> None:
        """A request starts at `moment`; what ended before `now` is forgotten."""
        del self._ends[: bisect_right(self._ends, now)]
        insort(self._ends, moment + _SPAN)

    def hold(self, until: float) -> None:
        """Nothing starts before `until`."""
        self.held_until = max(self.held_until, until)


class Pacer:
    """Books a place in every window that a request falls under."""

    def __init__(self, requests_per_minute: int | None = None) -> None:
        self._lock = threading.Lock()
        self._own: dict[str, Window] = {}
        self.shared = Window()
        self._share = Window(requests_per_minute or 0)

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
    ) -> None:
        """What an answer's headers say: used and left in this window, seconds to the next.

        Other programs draw on the same limit; what they used is seen only here.
        """
        with self._lock:
            window = self.window(operation)
            if window is self.shared and consumed is not None and remaining is not None:
                limit = consumed + remaining
                if consumed >= 0 and remaining >= 0 and limit > 0:
                    window.limit = limit
            if remaining == 0 and reset_in is not None and reset_in > 0:
                window.hold(now + min(reset_in, WINDOW) + MARGIN)

    def throttled(self, operation: Operation, now: float, delay: float | None) -> None:
        """A 429: nothing under the same limit starts before `delay` seconds have passed."""
        if delay is not None and 0 < delay <= _LONGEST_HOLD:
            with self._lock:
                self.window(operation).hold(now + delay)
