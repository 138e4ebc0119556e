"""Many calls under one limit take about as long as they must: simulated, so that minutes are ms.

The service counts in windows of a minute, as ours does; where they begin, what its headers tell
and who else draws on the limit is varied. Only the pacer, the decisions and the time are ours.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.contract import operation
from segform.transport.limits import Pacer
from segform.transport.retry import Failure, decide

OPERATION = operation("getSource")  # under the shared limit, which nobody tells
LATENCY = 0.02


class Service:
    """Counts by window; `phase`: when the first window ends; None: 60 s after the first request."""

    def __init__(self, limit: int, phase: float | None, headers: bool) -> None:
        self.limit = limit
        self.end = phase
        self.headers = headers
        self.used = 0
        self.refused = 0

    def answer(self, now: float) -> tuple[bool, int, int, float]:
        """Whether it is a success, what was used and is left, and the seconds to the next."""
        if self.end is None:
            self.end = now + 60
        while now >= self.end:
            self.end += 60
            self.used = 0
        well = self.used < self.limit
        self.used += well
        self.refused += not well
        return well, self.used, self.limit - self.used, self.end - now


class Program:
    """One process with its pacer, its workers and the calls it has to make."""

    def __init__(self, service: Service, calls: int, workers: int, jitter: float) -> None:
        self.service = service
        self.pacer = Pacer()
        self.left = calls
        self.workers = workers
        self.jitter = jitter
        self.failed = 0
        self.ended = 0.0

    def start(self, at: Callable[[float, Callable[[float], None]], None]) -> None:
        self.at = at
        for _ in range(self.workers):
            at(0.0, self.next)

    def next(self, now: float) -> None:
        """A worker takes a call."""
        if self.left:
            self.left -= 1
            self.book(now, 1)

    def book(self, now: float, attempt: int) -> None:
        wait = self.pacer.reserve(OPERATION, now)
        self.at(now + wait, lambda then: self.send(then, attempt))

    def send(self, now: float, attempt: int) -> None:
        well, used, left, seconds = self.service.answer(now)
        # A header tells the end of the window to the second, against a clock told to the second.
        told = float(math.ceil(seconds)) if self.service.headers else None
        self.at(now + LATENCY, lambda then: self.absorb(then, attempt, well, used, left, told))

    def absorb(
        self, now: float, attempt: int, well: bool, used: int, left: int, told: float | None
    ) -> None:
        service = self.service
        self.pacer.learn(
            OPERATION,
            now,
            consumed=used if service.headers else None,
            remaining=left if service.headers else None,
            reset_in=told,
            well=well,
        )
        if well:
            self.ended = max(self.ended, now)
            self.next(now)
            return
        assert service.end is not None
        delay = max(service.end - (now - LATENCY), 0.001)
        self.pacer.throttled(OPERATION, now, delay)
        failure = Failure("status", 429, delay)
        decision = decide(failure, effect="read", attempt=attempt, tokens=500, jitter=self.jitter)
        if decision.again:
            self.at(now + decision.delay, lambda then: self.book(then, attempt + 1))
        else:
            self.failed += 1
            self.next(now)


def run(programs: list[Program]) -> float:
    """When the last call of all has ended."""
    events: list[tuple[float, int, Callable[[float], None]]] = []
    order = itertools.count()

    def at(moment: float, what: Callable[[float], None]) -> None:
        heapq.heappush(events, (moment, next(order), what))

    for program in programs:
        program.start(at)
    while events:
        now, _, what = heapq.heappop(events)
        what(now)
    return max(program.ended for program in programs)


def least(calls: int, limit: int, first_window: float) -> float:
    """The time that nobody can beat: what is left of the first window, then whole ones."""
    windows = math.ceil(calls / limit)
    return 0.0 if windows == 1 else first_window + (windows - 2) * 60


@pytest.mark.parametrize("workers", [4, 16])
def test_300_calls_at_60_a_minute(workers: int) -> None:
    """The window begins with the first request: four whole minutes, and next to nothing more."""
    program = Program(Service(60, None, True), 300, workers, 0.5)
    assert run([program]) <= 240 * 1.05
    assert program.failed == 0


@settings(deadline=None, max_examples=150)
@given(
    limit=st.integers(20, 120),
    phase=st.none() | st.floats(3, 60),
    workers=st.integers(1, 32),
    jitter=st.floats(0, 1),
    windows=st.integers(2, 8),
)
def test_one_program_takes_five_percent_more_at_most(
    limit: int, phase: float | None, workers: int, jitter: float, windows: int
) -> None:
    calls = limit * windows - limit // 2
    # So few workers that they could not use the limit up would be the measure of themselves.
    program = Program(Service(limit, phase, True), calls, max(workers, limit // 40), jitter)
    took = run([program])
    assert program.failed == 0
    # Windows are told to the second: that one second, once, is not ours to win.
    assert took <= least(calls, limit, phase or 60.0) * 1.05 + 2


@settings(deadline=None, max_examples=60)
@given(
    limit=st.integers(30, 120),
    phase=st.floats(3, 60),
    workers=st.integers(2, 16),
    programs=st.integers(2, 3),
    jitter=st.floats(0, 1),
)
def test_several_programs_under_one_limit_all_finish(
    limit: int, phase: float, workers: int, programs: int, jitter: float
) -> None:
    """The same address with several tokens: each hears of the others by counts and refusals."""
    service = Service(limit, phase, True)
    calls = limit * 3
    made = [Program(service, calls, workers, jitter) for _ in range(programs)]
    took = run(made)
    assert [program.failed for program in made] == [0] * programs
    # They cannot agree beforehand: a window or two may be left partly unused.
    assert took <= least(calls * programs, limit, phase) * 1.05 + 31


@settings(deadline=None, max_examples=60)
@given(
    limit=st.integers(20, 120),
    phase=st.none() | st.floats(3, 60),
    workers=st.integers(1, 32),
    jitter=st.floats(0, 1),
)
def test_a_limit_that_no_header_tells(
    limit: int, phase: float | None, workers: int, jitter: float
) -> None:
    """Only refusals tell: nothing fails, and the time stays in proportion."""
    program = Program(Service(limit, phase, False), limit * 4, workers, jitter)
    took = run([program])
    assert program.failed == 0
    assert took <= least(limit * 4, limit, phase or 60.0) * 1.05 + 5
