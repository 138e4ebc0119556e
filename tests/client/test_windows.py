"""One limit and its windows, to the second: where places are, and what others used."""

from __future__ import annotations

from typing import Any

import pytest

from segform import RateLimitError, ServerError, WorkspaceMismatchError
from segform.contract import operation
from segform.transport.forecast import Job
from segform.transport.limits import MARGIN, WINDOW, Pacer
from segform.transport.retry import Budget
from segform.transport.window import Window

from .stub import Waits, client, no, ok, too_many

SHARED = operation("listSources")
OWN = operation("createLabel")  # 60 a minute


def places(window: Window, count: int, now: float) -> list[float]:
    """The moments of that many places, booked."""
    found = []
    for _ in range(count):
        found.append(window.earliest(now))
        window.book(found[-1], now)
    return [round(moment, 6) for moment in found]


def aligned(limit: int, end: float = 60.0) -> Window:
    window = Window(limit)
    window.align(end, 0.0)
    return window


# Where places are


def test_before_an_end_is_known_a_minute_is_any_minute() -> None:
    window = Window(2)
    assert places(window, 3, 0.0) == [0.0, 0.0, 60.1]
    assert places(window, 1, 59.0) == [60.1]
    assert places(window, 1, 59.0) == [120.2]


def test_once_it_is_known_places_come_window_by_window() -> None:
    assert places(aligned(2), 5, 50.0) == [50.0, 50.0, 60.1, 60.1, 120.1]


def test_headers_tell_whole_seconds_so_there_is_none_shortly_before_an_end() -> None:
    window = aligned(5)
    assert window.earliest(58.8) == 58.8
    assert window.earliest(58.9) == pytest.approx(60.1)
    assert aligned(5, 10.0).earliest(8.7) == 8.7


def test_a_place_ahead_counts_as_one_of_its_window() -> None:
    window = aligned(2)
    window.book(70.0, 0.0)
    assert places(window, 2, 65.0) == [65.0, 120.1]


# Where windows end


def test_the_same_end_told_less_exactly_changes_nothing() -> None:
    window = aligned(1)
    window.align(61.4, 5.0)
    assert window.earliest(58.0) == 58.0
    assert window.earliest(59.5) == pytest.approx(60.1)


def test_the_same_end_told_more_exactly_is_taken() -> None:
    window = aligned(1)
    window.align(59.0, 5.0)
    assert window.earliest(58.0) == pytest.approx(59.1)


@pytest.mark.parametrize("end", [62.0, 30.0, 58.0])
def test_another_end_is_taken(end: float) -> None:
    window = aligned(1)
    window.align(end, 0.0)
    assert window.earliest(end - 1.0) == pytest.approx(end + MARGIN)
    assert window.earliest(end - 1.3) == end - 1.3


# What others used


def test_what_others_used_is_not_given() -> None:
    window = aligned(10)
    places(window, 2, 1.0)
    window.told(1.0, 6)  # two of them ours
    assert places(window, 5, 2.0) == [2.0] * 4 + [60.1]


def test_a_count_that_came_late_takes_nothing_back() -> None:
    window = aligned(10)
    window.told(1.0, 8)
    window.told(1.0, 3)
    assert places(window, 3, 2.0) == [2.0, 2.0, 60.1]


def test_in_the_next_window_everything_is_ours_again() -> None:
    window = aligned(3)
    window.told(1.0, 3)
    assert places(window, 5, 2.0) == [60.1] * 3 + [120.1] * 2
    window.told(61.0, 3)  # these three are ours
    assert window.earliest(121.0) == 121.0
    window.told(181.0, 2)
    assert places(window, 2, 182.0) == [182.0, 240.1]


def test_a_new_end_forgets_what_others_used_and_a_more_exact_one_does_not() -> None:
    window = aligned(2)
    window.told(1.0, 1)
    window.align(59.5, 2.0)
    assert places(window, 2, 2.0) == [2.0, 59.6]
    window = aligned(2)
    window.told(1.0, 1)
    window.align(30.0, 2.0)
    assert places(window, 3, 2.0) == [2.0, 2.0, 30.1]


def test_before_an_end_is_known_counts_of_others_say_nothing() -> None:
    window = Window(2)
    window.told(1.0, 2)
    assert places(window, 2, 1.0) == [1.0, 1.0]


# What headers teach


def learned(pacer: Pacer, now: float = 0.0, **told: Any) -> None:
    pacer.learn(SHARED, now, **{"consumed": None, "remaining": None, "reset_in": None, **told})


def reserved(pacer: Pacer, count: int, now: float = 0.0, which: Any = SHARED) -> list[float]:
    return [round(now + pacer.reserve(which, now), 6) for _ in range(count)]


def test_what_other_programs_used_is_seen_in_the_headers() -> None:
    pacer = Pacer()
    assert reserved(pacer, 1) == [0.0]
    learned(pacer, consumed=6, remaining=4, reset_in=30.0)
    assert reserved(pacer, 5) == [0.0] * 4 + [30.1]


def test_the_end_that_a_header_tells_is_kept_to() -> None:
    pacer = Pacer()
    learned(pacer, consumed=0, remaining=2, reset_in=30.0)
    assert reserved(pacer, 5) == [0.0, 0.0, 30.1, 30.1, 90.1]


def test_headers_of_another_limit_say_nothing_about_an_endpoints_own() -> None:
    pacer = Pacer()
    pacer.learn(OWN, 0.0, consumed=20, remaining=580, reset_in=10.0)
    assert reserved(pacer, 61, which=OWN) == [0.0] * 60 + [60.1]
    assert reserved(pacer, 700) == [0.0] * 700  # nor about the shared one


def test_headers_of_an_endpoints_own_limit_are_heeded() -> None:
    pacer = Pacer()
    pacer.learn(OWN, 0.0, consumed=50, remaining=10, reset_in=20.0)
    assert reserved(pacer, 11, which=OWN) == [0.0] * 10 + [20.1]


@pytest.mark.parametrize(
    ("reset", "until"), [(30.0, 30.1), (60.5, 60.6), (61.5, 60.1), (1e9, 60.1), (0.5, 0.6)]
)
def test_where_nothing_is_left_nobody_starts(reset: float, until: float) -> None:
    pacer = Pacer()
    learned(pacer, remaining=0, reset_in=reset)
    assert reserved(pacer, 2) == [until, until]


@pytest.mark.parametrize(
    "told",
    [
        {"remaining": 0, "reset_in": None},
        {"remaining": 0, "reset_in": 0.0},
        {"remaining": 1, "reset_in": 1e9},
        {"consumed": 4, "remaining": None, "reset_in": 9.0},
        {"consumed": None, "remaining": 4, "reset_in": 9.0},
        {"consumed": -3, "remaining": 4, "reset_in": 9.0},
        {"consumed": 4, "remaining": -3, "reset_in": 9.0},
        {"consumed": 0, "remaining": 1, "reset_in": 9.0, "well": False},
    ],
    ids=str,
)
def test_what_teaches_nothing(told: dict[str, Any]) -> None:
    pacer = Pacer()
    learned(pacer, **told)
    assert reserved(pacer, 9) == [0.0] * 9


def test_a_limit_is_what_was_used_and_what_is_left() -> None:
    pacer = Pacer()
    learned(pacer, consumed=0, remaining=1)
    assert reserved(pacer, 2) == [0.0, 60.1]


def test_a_429_counts_nothing_as_used_by_others() -> None:
    pacer = Pacer()
    learned(pacer, consumed=1, remaining=3, reset_in=30.0)  # by another
    learned(pacer, consumed=4, remaining=0, reset_in=0.0, well=False)
    assert reserved(pacer, 4) == [0.0] * 3 + [30.1]


def test_a_429_tells_where_the_window_ends() -> None:
    pacer = Pacer()
    learned(pacer, consumed=0, remaining=2)
    assert reserved(pacer, 2) == [0.0, 0.0]
    pacer.throttled(SHARED, 0.0, 10.0)
    assert reserved(pacer, 3) == [10.0, 10.0, 70.1]


@pytest.mark.parametrize(
    ("delay", "until"), [(None, 0.0), (0.0, 0.0), (120.0, 120.0), (120.5, 0.0)]
)
def test_a_429_holds_for_as_long_as_makes_sense(delay: float | None, until: float) -> None:
    pacer = Pacer()
    pacer.throttled(SHARED, 0.0, delay)
    assert reserved(pacer, 1) == [until]


def test_a_copy_has_the_same_places_and_takes_none_of_the_original() -> None:
    pacer = Pacer(requests_per_minute=70)
    learned(pacer, consumed=0, remaining=5, reset_in=30.0)
    reserved(pacer, 3)
    reserved(pacer, 59, which=OWN)
    made = pacer.copy()
    assert reserved(made, 3) == [0.0, 0.0, 30.1]
    assert reserved(made, 2, which=OWN) == [0.0, 60.1]
    assert reserved(pacer, 3) == [0.0, 0.0, 30.1]
    assert reserved(pacer, 2, which=OWN) == [0.0, 60.1]
    assert reserved(pacer, 9)[-1] > 60  # 70 a minute in all
    assert reserved(pacer.copy(), 1) == reserved(pacer, 1)


# In a client


def waits(made: Any) -> list[int]:
    assert isinstance(made._sleep, Waits)
    return [round(wait) for wait in made._sleep.all]


def test_after_a_429_calls_of_the_same_limit_wait_and_others_do_not() -> None:
    made, _ = client(too_many(50_000), ok(label={}), ok(sources=[]))
    with pytest.raises(RateLimitError):
        made.with_options(attempts=1).request("listSources")
    made.request("createLabel", body={"label": {"key": "a", "value": "b"}})
    assert waits(made) == []
    made.request("listWarehouses")
    assert waits(made) == [50]


def test_a_repeat_that_finds_no_place_before_the_deadline_is_not_waited_for() -> None:
    made, script = client(ok(syncs=[]), no(503), repeat_last=True)
    slow = made.with_options(deadline=20)  # two a minute
    path = {"warehouseId": "w"}
    slow.request("listSyncsFromWarehouse", path=path)
    with pytest.raises(ServerError) as caught:
        slow.request("listSyncsFromWarehouse", path=path)
    assert (len(script.requests), caught.value.attempts) == (2, 1)
    assert max(waits(made), default=0) < 20


def test_two_attempts_are_told() -> None:
    made, _ = client(no(503), no(400))
    with pytest.raises(Exception, match=r"Sent 2 times; repeating it would change nothing"):
        made.request("listSources")


def test_a_budget_that_another_thread_used_up_meanwhile() -> None:
    class Gone(Budget):
        """Full as long as one looks."""

        def take(self, cost: int) -> bool:
            return False

    made, script = client(no(503), ok(sources=[]))
    made._session.budget = Gone()
    with pytest.raises(ServerError):
        made.request("listSources")
    assert len(script.requests) == 1


def test_asking_who_one_is_checks_the_pin_as_well() -> None:
    made, _ = client(ok(workspace={"id": "w", "slug": "other"}), workspace="mine")
    with pytest.raises(WorkspaceMismatchError):
        made.request("getWorkspace")


# What is told beforehand


def test_how_long_calls_will_take() -> None:
    made, _ = client(ok(label={}), repeat_last=True)
    assert made.forecast([("listSources", 500)]) == 0.0  # no limit is known
    assert made.forecast([("createLabel", 60)]) == 0.0
    assert made.forecast([("createLabel", 61)]) == pytest.approx(WINDOW + MARGIN)
    one_after_the_other = [("createLabel", 61), ("deleteLabel", 61)]
    assert made.forecast(one_after_the_other) == pytest.approx(2 * (WINDOW + MARGIN))
    jobs = {1: Job(["createLabel"] * 61), 2: Job(["deleteLabel"] * 61)}
    assert made.forecast([jobs]) == pytest.approx(WINDOW + MARGIN)  # side by side
    jobs[2] = Job(["deleteLabel"] * 61, after=[1])
    assert made.forecast([jobs]) == pytest.approx(2 * (WINDOW + MARGIN))
    # Nothing of that was booked.
    made.request("createLabel", body={})
    assert waits(made) == []


def test_the_latency_is_the_average_of_what_was_seen() -> None:
    made, _ = client(ok(label={}))
    session = made._session
    assert session.latency == 0.0
    session.took(1.0)
    session.took(3.0)
    assert session.latency == 2.0
    assert made.forecast([("listSources", 4)], concurrency=1) == 8.0
    assert made.forecast([("listSources", 4)], concurrency=2) == 4.0
    assert made.forecast([("listSources", 4)], concurrency=9) == 2.0
