"""What errors say, and what they keep: of one attempt and of several, in one process or another."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import httpx
import pytest

from segform import APIError, ResponseDecodeError, errors
from segform.transport import retry
from segform.transport.retry import Failure, decide

from .stub import client, no


def failed(
    *answers: Any, operation: str = "listLabels", attempts: int = 1, **more: Any
) -> APIError:
    made, _ = client(*answers)
    with pytest.raises(APIError) as caught:
        made.with_options(attempts=attempts).request(operation, **more)
    return caught.value


def said(*answers: Any, **more: Any) -> str:
    return str(failed(*answers, **more))


MAY_BE = "It may have been carried out: look before repeating it."


def test_only_what_may_have_been_carried_out_is_said_to_be() -> None:
    assert MAY_BE in said(no(500), operation="createLabel", body={})
    assert MAY_BE not in said(no(422), operation="createLabel", body={})
    assert MAY_BE not in said(no(500))


def test_how_often_it_was_sent() -> None:
    assert "Sent once; more than 1 are not allowed" in said(no(503))
    assert "Sent 3 times; more than 3 are not allowed" in said(*[no(503)] * 3, attempts=3)
    assert "Sent" not in said(no(404))


def test_text_is_quoted_and_a_page_is_not() -> None:
    assert "503: upstream is\tgone".replace("\t", " ") in said(
        httpx.Response(503, content=b"upstream  is\n gone")
    )
    assert "503: an HTML page, not the API's JSON" in said(
        httpx.Response(503, content=b" <html>upstream is gone</html>")
    )
    assert "503: it gave no reason" in said(httpx.Response(503))


def test_errors_in_an_answer_of_success_are_errors() -> None:
    odd = httpx.Response(200, json={"errors": [{"type": "odd", "message": "but no"}]})
    error = failed(odd)
    assert isinstance(error, ResponseDecodeError)
    assert "cannot be read: but no" in str(error)


def test_a_wait_that_is_asked_for_is_told() -> None:
    after = {"Retry-After": "300"}
    error = failed(no(503, headers=after))
    assert "It asks to wait 300 s." in str(error)
    assert getattr(error, "retry_after", None) == 300
    assert "asks to wait" not in said(no(503, headers={"Retry-After": "0"}))
    assert "asks to wait" not in said(no(503))


def test_true_is_no_time() -> None:
    item = {"type": "x", "data": {"msBeforeNext": True}}
    assert getattr(failed(no(503, item)), "retry_after", 0) is None


def test_what_support_wants_to_know() -> None:
    assert "for support: request r-1." in said(no(500, headers={"X-Request-Id": "r-1"}))


# How far repeating goes


@pytest.mark.parametrize(
    ("failure", "last"), [(Failure("status", 429), 12), (Failure("status", 503), 6)], ids=str
)
def test_the_last_attempt(failure: Failure, last: int) -> None:
    assert decide(failure, effect="read", attempt=last - 1, tokens=500).again
    assert not decide(failure, effect="read", attempt=last, tokens=500).again


@pytest.mark.parametrize("status", [429, 503])
def test_the_longest_delay_that_is_waited_for(status: int) -> None:
    for named, again in ((120.0, True), (120.1, False)):
        failure = Failure("status", status, named)
        got = decide(failure, effect="read", attempt=1, tokens=500, jitter=0.5)
        assert (got.again, got.delay if got.again else 0) == (again, 120.5 if again else 0)


def test_who_was_told_when_to_come_back_comes_at_most_a_second_later() -> None:
    for attempt in (1, 5, 11):
        failure = Failure("status", 503, 3.0)
        got = decide(failure, effect="read", attempt=min(attempt, 5), tokens=5, jitter=1.0)
        assert (got.delay, got.cost) == (4.0, retry.THROTTLE_COST)


def test_the_longest_back_off() -> None:
    got = decide(Failure("status", 429), effect="read", attempt=11, tokens=500, jitter=1.0)
    assert got.delay == 20.0


# From process to process


MADE = [
    errors.SegformError("m"),
    errors.ConfigurationError("m", argument="token"),
    errors.ReadOnlyError("m", operation="x"),
    errors.WorkspaceMismatchError("m", expected="a", actual="b"),
    errors.NotVisibleError("m", kind="source", object_id="s"),
    errors.BulkError("m", results=[1, None], errors={1: errors.ReadOnlyError("n", operation="x")}),
    errors.APITimeoutError("m", operation="x", method="GET", path="/x", ambiguous=True, attempts=3),
    errors.PaginationError("m"),
    errors.RateLimitError(
        "m", request_id="r", errors=[errors.ErrorItem("t", "m", data={"a": 1})], retry_after=2.0
    ),
    errors.ServerError("m", status_code=503),
]


def facts(error: errors.SegformError) -> dict[str, Any]:
    found = dict(vars(error))
    found.update({name: repr(value) for name, value in found.items() if name == "errors"})
    return {**found, "text": str(error), "status": getattr(error, "status_code", None)}


@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("remade", [copy.copy, lambda one: pickle.loads(pickle.dumps(one))])
def test_an_error_goes_from_process_to_process(error: errors.SegformError, remade: Any) -> None:
    """As pools of processes and test runners send them."""
    got = remade(error)
    assert type(got) is type(error)
    assert facts(got) == facts(error)
