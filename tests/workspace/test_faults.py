"""Every fault of the wire at each request of an apply: the next run makes it whole, once.

`make test` strikes a sample of the requests (a fixed one and a fresh one, printed); `make
test-full` every request with every fault, once and lasting.
"""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from pathlib import Path

import httpx
import pytest

from segform import Segment
from segform.errors import SegformError
from segform.workspace import Desired, Refused, StalePlan
from segform_emulator import Emulator
from segform_emulator.injection import KINDS
from tests.protocol.shop import SPACE, with_space

from .conftest import Place
from .shop import shop

# Those that a request can be met with; `slow` waits for this long.
FAULTS = tuple(KINDS)
_SECONDS = {"slow": {"seconds": 0.01}}
_SEED = random.SystemRandom().randrange(10**6)


class _Wire(httpx.BaseTransport):
    """Asks for a fault right before a request: the `at`-th, from 0."""

    def __init__(self, emulator: Emulator, kind: str, at: int, count: int) -> None:
        self._emulator, self._inner = emulator, emulator.transport()
        self._kind, self._left, self._count = kind, at, count
        self.struck = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._left -= 1
        if self._left == -1:
            self._emulator.fault(self._kind, count=self._count, **_SECONDS.get(self._kind, {}))
            self.struck = True
        return self._inner.handle_request(request)


def _before(place: Place) -> None:
    """What is there when the second of the two applies begins."""
    _plainly(place, shop(space=SPACE))


def _plainly(place: Place, wanted: Desired) -> None:
    engine = place.engine()
    engine.apply(engine.plan(wanted), wanted)


def _changed() -> Desired:
    """Something to change of most kinds, and something to delete."""
    return shop(
        space=SPACE,
        without=("filter",),
        source_name="Shop",
        destination_enabled=False,
        plan_rules_by_key={"TRACK:Paid": {"json_schema": {"type": "object"}}},
    )


def _struck(place: Place, wanted: Desired, kind: str, at: int, count: int) -> bool:
    """Plan and apply with a fault at a request; whether it came to that."""
    wire = _Wire(place.emulator, kind, at, count)
    client = Segment(place.emulator.token, url="https://emulator.example", transport=wire)
    client._sleep = lambda _: None
    # Said, never silent: then the next run goes on.
    with contextlib.suppress(SegformError, Refused, StalePlan):
        engine = place.engine()
        engine.client = engine.life.client = client
        engine.apply(engine.plan(wanted), wanted, concurrency=1 + at % 3)
    place.emulator.faults.waiting.clear()
    if not place.held().get("spaces"):
        # The fault deleted what only Segment's app can make.
        with_space(place.emulator)
    client.close()
    return wire.struck


def _is_whole(place: Place, wanted: Desired, whole: Counter[str], note: str) -> None:
    _plainly(place, wanted)
    last = place.engine()
    assert [(str(one), one.differences) for one in last.plan(wanted)] == [], note
    assert last.life.journal is not None
    assert last.life.journal.unfinished() == [], note
    assert counted(place) == whole, note


def counted(place: Place) -> Counter[str]:
    """How many objects there are of each family; but people, whom a fault may delete."""
    held = {name: one for name, one in place.held().items() if isinstance(one, list)}
    return +Counter({name: len(one) for name, one in held.items() if name != "users"})


def _whole(folder: Path, *wanted: Desired) -> Counter[str]:
    place = Place(folder)
    for one in wanted:
        _plainly(place, one)
    return counted(place)


def _each(folder: Path, kind: str, count: int, at: list[int] | None, *, changes: bool) -> int:
    """Strike the requests `at`, or every one; how many were struck."""
    wanted = _changed() if changes else shop(space=SPACE)
    steps = [shop(space=SPACE), wanted] if changes else [wanted]
    whole = _whole(folder / "whole", *steps)
    struck = 0
    for number in at if at is not None else range(1000):
        place = Place(folder / f"{number}")
        if changes:
            _before(place)
        found = _struck(place, wanted, kind, number, count)
        struck += found
        _is_whole(place, wanted, whole, f"{kind} at request {number}")
        place.client.close()
        if at is None and not found:
            break
    return struck


CHANGES = pytest.mark.parametrize("changes", [False, True], ids=["creates", "changes"])


@CHANGES
@pytest.mark.parametrize("kind", FAULTS)
def test_a_sample_of_faults(tmp_path: Path, kind: str, changes: bool) -> None:
    fresh = random.Random(f"{_SEED}{kind}{changes}").randrange(20)
    print(f"seed {_SEED}: {kind} at request {fresh}")
    assert _each(tmp_path, kind, 1, sorted({12, 19, fresh}), changes=changes)


@pytest.mark.full
@pytest.mark.timeout(3600)
@CHANGES
@pytest.mark.parametrize(
    ("kind", "count"),
    [(kind, 1) for kind in FAULTS]
    # What the service says, to a read as well, is not there for good, is taken to be gone.
    + [(kind, 0) for kind in FAULTS if kind != "hidden"],
)
def test_every_fault_at_every_request(tmp_path: Path, kind: str, count: int, changes: bool) -> None:
    struck = _each(tmp_path, kind, count, None, changes=changes)
    print(f"{kind}: {struck} requests struck")
    assert struck > 15
