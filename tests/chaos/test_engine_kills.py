"""`segform apply` of all kinds, killed at request boundaries and at any instant.

After the next run everything is there once, the plan is empty, and the journal has nothing open.
`make test` takes a sample (fixed ones and fresh ones, printed); `make test-full` takes every
boundary and 200 random instants.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .applies import Applies
from .processes import kill

_SEED = random.SystemRandom().randrange(10**6)
_FRESH = random.Random(_SEED)
# A whole apply of the shop takes fewer requests than this.
_MOST = 120
_SAMPLE = [
    (1, "before"),
    (26, "after"),
    (38, "after"),
    (_FRESH.randint(2, 48), "before"),
    (_FRESH.randint(20, 48), "after"),
]


@pytest.fixture
def applies(tmp_path: Path) -> Iterator[Applies]:
    made = Applies(tmp_path / "a shop")
    with made.gate.open():
        yield made


@pytest.mark.timeout(240)
@pytest.mark.parametrize("index", range(len(_SAMPLE)))
def test_a_sample_of_kills(applies: Applies, index: int) -> None:
    number, moment = _SAMPLE[index]
    print(f"seed {_SEED}: killed {moment} request {number}")
    applies.killed(number, moment)
    applies.is_whole()


@pytest.mark.timeout(240)
def test_killed_three_times_in_a_row(applies: Applies) -> None:
    for number, moment in ((25, "after"), (30, "before"), (34, "after")):
        applies.killed(number, moment)
    applies.is_whole()


def _span(applies: Applies) -> float:
    """Seconds from the first request of an undisturbed apply to its end."""
    first: list[float] = []
    applies.gate.restart(lambda *_: first.append(time.monotonic()))
    applies.run("apply", "wanted.py", "--yes")
    applies.gate.restart()
    return time.monotonic() - first[0]


def _killed_at_an_instant(applies: Applies, after: float) -> bool:
    """Apply, and kill it so many seconds after its first request; whether it still ran."""
    begun = threading.Event()
    applies.gate.restart(lambda *_: begun.set())
    started = applies.start("apply", "wanted.py", "--yes")
    assert begun.wait(60)
    time.sleep(after)
    struck = started.poll() is None
    kill(started.pid)
    started.communicate(timeout=60)
    applies.gate.restart()
    return struck


def _instants(folder: Path, count: int, dice: random.Random) -> int:
    """Kill so many applies; how many were struck on their way."""
    struck = 0
    undisturbed = Applies(folder / "undisturbed")
    with undisturbed.gate.open():
        span = _span(undisturbed)
    for number in range(count):
        after = dice.uniform(0, span)
        made = Applies(folder / str(number))
        with made.gate.open():
            struck += _killed_at_an_instant(made, after)
            try:
                made.is_whole()
            except AssertionError as problem:
                pytest.fail(f"kill {number}, {after:.3f} s after the first request: {problem}")
    return struck


@pytest.mark.timeout(240)
def test_a_few_random_instants(tmp_path: Path) -> None:
    print(f"seed {_SEED}")
    _instants(tmp_path, 3, random.Random(_SEED))


@pytest.mark.full
@pytest.mark.timeout(5400)
def test_two_hundred_random_instants(tmp_path: Path) -> None:
    print(f"seed {_SEED}")
    struck = _instants(tmp_path, 200, random.Random(_SEED))
    print(f"{struck} of 200 were struck on their way")
    assert struck > 100


@pytest.mark.full
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_every_boundary(tmp_path: Path, moment: str) -> None:
    number = 0
    struck = True
    while struck:
        number += 1
        assert number < _MOST
        made = Applies(tmp_path / str(number))
        with made.gate.open():
            struck = made.killed(number, moment)
            try:
                made.is_whole()
            except AssertionError as problem:
                pytest.fail(f"killed {moment} request {number}: {problem}")
    print(f"{number - 1} boundaries")
    assert number > 40, "the shop takes more requests than that"
