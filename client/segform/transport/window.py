"""One limit: where in time a request may start; no clock of its own.

Two ways to keep `limit` requests a minute. While it is not known where the service's minute begins,
at most `limit` start within any minute, which no counting can object to. Once an answer has told
when the service's window ends, places are given window by window: whoever comes late in one need
not wait a whole minute for the next.

Others may draw on the same limit; what they used is told by the answers' counts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from math import floor
from typing import Final

WINDOW: Final = 60.0
# Between two clocks and a network, a request booked on the second may arrive before it.
MARGIN: Final = 0.1
# Headers tell the window's end to the second: no place so shortly before it.
_GUARD: Final = 1.2
_SPAN: Final = WINDOW + MARGIN


class Window:
    """Books starts under one limit; `limit` 0: not known, so nothing is held back."""

    def __init__(self, limit: int = 0) -> None:
        self.limit = limit
        self.held_until = 0.0
        # A moment at which a window of the service ends; None: not known.
        self._end: float | None = None
        self._starts: list[float] = []
        # The number of the window last heard of, and what others used of it.
        self._slot = 0
        self._others = 0

    def copy(self) -> Window:
        """Another one with the same places booked."""
        made = Window(self.limit)
        made.held_until, made._end = self.held_until, self._end
        made._starts, made._slot, made._others = list(self._starts), self._slot, self._others
        return made

    def earliest(self, now: float) -> float:
        """The first moment, not before `now`, at which one more request may start.

        Places ahead are booked already (by requests that wait for another window): they count on
        both sides of the moment.
        """
        moment = max(now, self.held_until)
        if not self.limit:
            return moment
        return self._sliding(moment) if self._end is None else self._by_window(moment)

    def _sliding(self, moment: float) -> float:
        while True:
            first = bisect_right(self._starts, moment - _SPAN)
            last = bisect_left(self._starts, moment + _SPAN)
            if last - first < self.limit:
                return moment
            # Enough of the earliest must have ended; that is later than `moment`, so this ends.
            moment = max(self._starts[last - self.limit] + _SPAN, moment + 1e-6)

    def _by_window(self, moment: float) -> float:
        while True:
            slot = self._number(moment)
            begins, ends = self._bounds(slot)
            used = bisect_left(self._starts, ends) - bisect_left(self._starts, begins)
            if moment <= ends - _GUARD and used < self._room(slot):
                return moment
            moment = ends + MARGIN

    def _room(self, slot: int) -> int:
        """How many of ours a window may hold."""
        return self.limit - (self._others if slot == self._slot else 0)

    def _number(self, moment: float) -> int:
        return floor((moment - (self._end or 0.0)) / WINDOW)

    def _bounds(self, slot: int) -> tuple[float, float]:
        begins = (self._end or 0.0) + slot * WINDOW
        return begins, begins + WINDOW

    def book(self, moment: float, now: float) -> None:
        """A request starts at `moment`; what ended long before `now` is forgotten."""
        del self._starts[: bisect_right(self._starts, now - 2 * _SPAN)]
        insort(self._starts, moment)

    def hold(self, until: float) -> None:
        """Nothing starts before `until`."""
        self.held_until = max(self.held_until, until)

    def align(self, end: float, now: float) -> None:
        """The service's window ends at `end`, or a little earlier: seconds are told whole."""
        if self._end is not None:
            later = (end - self._end) % WINDOW
            if later < 1.5:
                return  # the same window, told less exactly
            if WINDOW - later < 1.5:
                end = self._end + later - WINDOW  # the same, more exactly
        before, self._end = self._end, end
        if before is None or abs(end - before) > 2:
            self._slot, self._others = self._number(now), 0

    def told(self, now: float, consumed: int) -> None:
        """A success: the service counts so many requests in this window, ours among them."""
        if self._end is None:
            return
        slot = self._number(now)
        if slot > self._slot:
            self._slot, self._others = slot, 0
        begins, _ = self._bounds(slot)
        ours = bisect_right(self._starts, now) - bisect_left(self._starts, begins)
        self._others = max(self._others, consumed - ours)
