"""The decision table: every kind of failure, every effect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.transport import retry
from segform.transport.retry import Budget, Failure, decide, may_have_happened

EFFECTS = ("read", "repeatable", "once")

# failure -> for read, repeatable, once: sent again?
TABLE = {
    Failure("connection"): (True, True, True),
    Failure("unreached"): (True, True, True),
    Failure("broken"): (True, True, False),
    Failure("timeout"): (True, True, False),
    Failure("garbled", 200): (True, True, False),
    Failure("refused", 302): (False, False, False),
    Failure("status", 429): (True, True, True),
    Failure("status", 429, 57.6): (True, True, True),
    Failure("status", 429, 3600.0): (False, False, False),
    Failure("status", 500): (True, True, False),
    Failure("status", 501): (False, False, False),
    Failure("status", 502): (True, True, False),
    Failure("status", 503, 2.0): (True, True, False),
    Failure("status", 504): (True, True, False),
    Failure("status", 408): (True, True, False),
    Failure("status", 400): (False, False, False),
    Failure("status", 401): (False, False, False),
    Failure("status", 403): (False, False, False),
    Failure("status", 404): (False, False, False),
    Failure("status", 409): (False, False, False),
    Failure("status", 413): (False, False, False),
    Failure("status", 414): (False, False, False),
    Failure("status", 422): (False, False, False),
}


@pytest.mark.parametrize("failure", TABLE, ids=str)
def test_decision_table(failure: Failure) -> None:
    got = tuple(decide(failure, effect=e, attempt=1, tokens=500).again for e in EFFECTS)
    assert got == TABLE[failure]


@pytest.mark.parametrize(
    ("failure", "unsure"),
    [
        (Failure("connection"), False),
        (Failure("unreached"), False),
        (Failure("broken"), True),
        (Failure("timeout"), True),
        (Failure("garbled", 201), True),
        (Failure("status", 500), True),
        (Failure("status", 501), True),
        (Failure("status", 429), False),
        (Failure("status", 422), False),
        (Failure("refused", 302), False),
    ],
    ids=str,
)
def test_what_may_have_happened(failure: Failure, unsure: bool) -> None:
    assert may_have_happened(failure, "once") is unsure
    assert may_have_happened(failure, "repeatable") is unsure
    assert may_have_happened(failure, "read") is False


def test_back_off_grows_from_50_ms_and_from_1_s() -> None:
    transient = [
        decide(Failure("broken"), effect="read", attempt=n, tokens=500).delay for n in (1, 2, 3, 4)
    ]
    throttle = [
        decide(Failure("status", 429), effect="read", attempt=n, tokens=500).delay
        for n in (1, 2, 3, 4)
    ]
    assert transient == pytest.approx([0.05, 0.1, 0.2, 0.4])
    assert throttle == pytest.approx([1, 2, 4, 8])


@given(
    kind=st.sampled_from(["connection", "unreached", "broken", "timeout", "garbled", "status"]),
    status=st.sampled_from([0, 200, 408, 429, 500, 502, 503, 504, 422]),
    named=st.none() | st.floats(0, 1e6),
    effect=st.sampled_from(EFFECTS),
    attempt=st.integers(1, 50),
    tokens=st.integers(0, 500),
    jitter=st.floats(0, 1),
)
def test_no_decision_breaks_the_rules(
    kind: retry.Kind,
    status: int,
    named: float | None,
    effect: str,
    attempt: int,
    tokens: int,
    jitter: float,
) -> None:
    failure = Failure(kind, status, named)
    got = decide(failure, effect=effect, attempt=attempt, tokens=tokens, jitter=jitter)
    assert got.again or got.why
    if not got.again:
        return
    assert not (effect == "once" and may_have_happened(failure, effect))
    assert got.cost in (5, 14)
    assert got.cost <= tokens
    assert attempt < retry.THROTTLE_ATTEMPTS
    assert 0 <= got.delay <= retry.LONGEST_SERVER_DELAY + 1
    if named is not None:
        assert got.delay >= named


def test_with_a_service_that_only_fails_the_whole_client_repeats_35_times() -> None:
    budget = Budget()
    repeats = 0
    for _ in range(1000):
        decision = decide(Failure("status", 503), effect="read", attempt=1, tokens=budget.tokens)
        if not (decision.again and budget.take(decision.cost)):
            break
        repeats += 1
    assert repeats == 500 // 14 == 35


def test_what_succeeds_gives_back() -> None:
    budget = Budget()
    assert budget.take(28)
    budget.give(14)
    assert budget.tokens == 486
    budget.give(0)
    assert budget.tokens == 487
    budget.give(500)
    assert budget.tokens == 500
