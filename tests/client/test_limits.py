"""Pacing: never more than a limit allows in any minute, and as fast as that lets us."""

from __future__ import annotations

import threading

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.contract import operation
from segform.transport.limits import MARGIN, WINDOW, Pacer

from .stub import client, ok, too_many

SLOW = operation("createDestinationSubscription")  # 5 a minute
SHARED = operation("listSources")


def starts(pacer: Pacer, op_id: str, count: int, now: float = 0.0) -> list[float]:
    return [now + pacer.reserve(operation(op_id), now) for _ in range(count)]


def most_in_a_minute(moments: list[float]) -> int:
    return max(sum(start <= other < start + WINDOW for other in moments) for start in moments)


def test_an_endpoints_own_limit() -> None:
    moments = starts(Pacer(), SLOW.id, 12)
    assert moments[:5] == [0.0] * 5
    assert most_in_a_minute(moments) == 5
    # 60 mappings at 5 a minute take 11 full windows: within 5 % of what the limit allows at best.
    assert starts(Pacer(), SLOW.id, 60)[-1] <= 11 * WINDOW * 1.05


def test_each_endpoint_has_its_own() -> None:
    pacer = Pacer()
    starts(pacer, SLOW.id, 5)
    assert pacer.reserve(operation("removeSubscriptionFromDestination"), 0.0) == 0.0
    assert pacer.reserve(SHARED, 0.0) == 0.0


def test_a_share_is_kept_over_all_endpoints() -> None:
    pacer = Pacer(requests_per_minute=10)
    moments = starts(pacer, SHARED.id, 7) + starts(pacer, "listLabels", 7)
    assert most_in_a_minute(moments) == 10


def test_the_shared_default_is_learned() -> None:
    pacer = Pacer()
    assert max(starts(pacer, SHARED.id, 100)) == 0.0
    pacer = Pacer()
    pacer.learn(SHARED, 0.0, consumed=1, remaining=19, reset_in=None)
    assert most_in_a_minute(starts(pacer, SHARED.id, 65)) == 20


def test_what_others_used_up_is_waited_for() -> None:
    pacer = Pacer()
    pacer.learn(SHARED, 100.0, consumed=600, remaining=0, reset_in=12.0)
    assert pacer.reserve(SHARED, 100.0) == pytest.approx(12.0 + MARGIN)


@pytest.mark.parametrize("reset", [None, -5.0, 0.0, 1e9])
def test_absurd_headers_hold_nothing_up_for_long(reset: float | None) -> None:
    pacer = Pacer()
    pacer.learn(SHARED, 0.0, consumed=-4, remaining=0, reset_in=reset)
    assert pacer.reserve(SHARED, 0.0) <= WINDOW + MARGIN


def test_after_a_429_nobody_else_tries_early() -> None:
    pacer = Pacer()
    pacer.throttled(SHARED, 0.0, 30.0)
    assert pacer.reserve(SHARED, 10.0) == pytest.approx(20.0)
    assert pacer.reserve(SLOW, 10.0) == 0.0


@given(
    calls=st.lists(
        st.tuples(
            st.sampled_from(["createDestinationSubscription", "listSources", "createLabel"]),
            st.floats(0, 30),
        ),
        min_size=1,
        max_size=120,
    ),
    share=st.integers(1, 40),
    shared=st.integers(1, 40),
)
def test_no_order_of_calls_exceeds_any_limit(
    calls: list[tuple[str, float]], share: int, shared: int
) -> None:
    pacer = Pacer(requests_per_minute=share)
    pacer.learn(SHARED, 0.0, consumed=0, remaining=shared, reset_in=None)
    now = 0.0
    by_id: dict[str, list[float]] = {}
    for op_id, gap in calls:
        now += gap
        wait = pacer.reserve(operation(op_id), now)
        assert wait >= 0
        by_id.setdefault(op_id, []).append(now + wait)
    everything = [moment for moments in by_id.values() for moment in moments]
    assert most_in_a_minute(everything) <= share
    for op_id, moments in by_id.items():
        assert most_in_a_minute(moments) <= (operation(op_id).per_minute or shared)


def test_a_client_slows_down_once_it_was_told() -> None:
    headers = {"x-ratelimit-consumed": "1", "x-ratelimit-remaining": "2"}
    made, script = client(ok(labels=[], headers=headers), repeat_last=True)
    for _ in range(4):
        made.request("listLabels")
    waits = made._sleep.all  # type: ignore[attr-defined]  # the recorder that conftest put there
    assert [round(wait) for wait in waits] == [60]
    assert len(script.requests) == 4


def test_128_threads_share_one_client() -> None:
    seen: set[str] = set()
    lock = threading.Lock()

    def answers(request: httpx.Request) -> httpx.Response:
        with lock:
            seen.add(request.url.path)
        return ok(source={"id": request.url.path})

    made, _ = client(answers, repeat_last=True)
    got: list[str] = []

    def work(number: int) -> None:
        data = made.request("getSource", path={"sourceId": f"s{number}"})
        with lock:
            got.append(data["source"]["id"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(128)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == len(set(got)) == made.requests_sent == 128


def test_threads_that_are_throttled_all_get_through() -> None:
    lock = threading.Lock()
    left = [8]

    def answers(request: httpx.Request) -> httpx.Response:
        with lock:
            left[0] -= 1
            return too_many(1) if left[0] >= 0 else ok(labels=[])

    made, _ = client(answers, repeat_last=True)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            made.request("listLabels")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert made.requests_sent == 24
