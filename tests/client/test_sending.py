"""What goes on the wire and what comes back, through the whole client."""

from __future__ import annotations

import traceback
from decimal import Decimal
from typing import Any

import httpx
import pytest

import segform
from segform import (
    NOT_GIVEN,
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    NotFoundError,
    RateLimitError,
    ReadOnlyError,
    ResponseDecodeError,
    Segment,
    ServerError,
    UnprocessableEntityError,
    WorkspaceMismatchError,
)
from segform.errors import status_error

from .stub import TOKEN, Script, Waits, client, no, ok, too_many

HTML = httpx.Response(502, html="<html><body>Bad gateway</body></html>")


def waits(made: Segment) -> list[float]:
    sleeping = made._sleep
    assert isinstance(sleeping, Waits)
    return sleeping.all


def test_a_request_carries_what_it_should() -> None:
    made, script = client(ok(201, source={"id": "s1"}), user_agent_suffix="deploy/1")
    assert made.request("createSource", body={"slug": "web", "enabled": True}) == {
        "source": {"id": "s1"}
    }
    request = script.requests[0]
    assert str(request.url) == "https://api.segmentapis.com/sources"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["accept"] == "application/vnd.segment.v1+json"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith(f"segform/{segform.__version__} python/3.")
    assert request.headers["user-agent"].endswith(" deploy/1")
    assert made.requests_sent == 1


def test_an_alpha_operation_names_its_version() -> None:
    made, script = client(ok(destinationSubscription={}))
    made.request("createDestinationSubscription", path={"destinationId": "d"}, body={"name": "x"})
    assert script.requests[0].headers["accept"] == "application/vnd.segment.v1alpha+json"
    assert script.requests[0].headers["content-type"] == "application/vnd.segment.v1alpha+json"


def test_a_url_prefix_is_kept() -> None:
    made, script = client(ok(sources=[]), url="http://127.0.0.1:9/prefix/")
    list(made.pages("listSources", count=3))
    assert str(script.requests[0].url).startswith("http://127.0.0.1:9/prefix/sources?")


def test_query_in_bracket_form() -> None:
    made, script = client(ok(status="SUCCESS"), ok(status="SUCCESS"), ok(sources=[]))
    rules = [
        {"type": "TRACK", "key": "Order & Co=ä", "version": 1},
        {"type": "COMMON", "version": Decimal("9007199254740993")},
    ]
    made.request(
        "removeRulesFromTrackingPlan", path={"trackingPlanId": "t"}, query={"rules": rules}
    )
    assert script.sent[0] == (
        "DELETE",
        (
            "/tracking-plans/t/rules?rules[0][type]=TRACK&rules[0][key]=Order%20%26%20Co%3D%C3%A4"
            "&rules[0][version]=1&rules[1][type]=COMMON&rules[1][version]=9007199254740993"
        ),
    )
    made.request("deleteUsers", query={"userIds": ["a", "b"]})
    assert script.sent[1] == ("DELETE", "/users?userIds=a&userIds=b")
    made.request("listSources", query={"pagination": {"count": 3, "cursor": "Mw=="}})
    assert script.sent[2] == ("GET", "/sources?pagination[count]=3&pagination[cursor]=Mw%3D%3D")


def test_ids_with_slashes_stay_one_step_of_the_path() -> None:
    made, script = client(ok(status="SUCCESS"))
    made.request("deleteLabel", path={"key": "a/../b", "value": "100%?#é"})
    assert script.sent[0] == ("DELETE", "/labels/a%2F..%2Fb/100%25%3F%23%C3%A9")


@pytest.mark.parametrize("value", ["", ".", "..", None])
def test_an_id_that_would_change_the_address_is_refused(value: Any) -> None:
    made, script = client()
    with pytest.raises(ConfigurationError, match="sourceId"):
        made.request("deleteSource", path={"sourceId": value})
    assert script.requests == []


def test_missing_or_unknown_path_parameters_and_operations() -> None:
    made, _ = client()
    with pytest.raises(ConfigurationError, match="takes the path parameters sourceId"):
        made.request("getSource")
    with pytest.raises(ConfigurationError, match="getSource"):
        made.request("getSorce")


@pytest.mark.parametrize("text", ["1.1", "0.1", "9007199254740993", "1E+30", "-0.000001"])
def test_numbers_are_exact_both_ways(text: str) -> None:
    number = Decimal(text)

    def echoes(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b'{"data":' + request.content + b"}")

    made, script = client(echoes, ok(status="SUCCESS"))
    rules = [{"type": "TRACK", "version": number}]
    path = {"trackingPlanId": "t"}
    came = made.request("updateRulesInTrackingPlan", path=path, body={"rules": rules})
    assert Decimal(came["rules"][0]["version"]) == number
    assert not isinstance(came["rules"][0]["version"], float)
    made.request("removeRulesFromTrackingPlan", path=path, query={"rules": rules})
    sent = script.requests[1].url.params["rules[0][version]"]
    assert Decimal(sent) == number
    assert "E" not in sent


def test_three_states() -> None:
    made, script = client(ok(destination={}))
    made.request(
        "updateDestination",
        path={"destinationId": "d"},
        body={"name": None, "enabled": NOT_GIVEN, "settings": {"a": None}},
    )
    assert script.body() == {"name": None, "settings": {"a": None}}


@pytest.mark.parametrize(
    "body", [{"x": object()}, {"x": Decimal("NaN")}, {"x": [float("nan")]}, {"x": "\ud800"}, {1: 2}]
)
def test_what_has_no_json_form_is_refused_before_sending(body: Any) -> None:
    made, script = client()
    with pytest.raises(ConfigurationError):
        made.request("createSource", body=body)
    assert script.requests == []


@pytest.mark.parametrize(
    "value",
    [float("inf"), Decimal("NaN"), object(), "\ud800"],
    ids=["inf", "nan", "object", "surrogate"],
)
def test_what_no_query_can_carry_is_refused_before_sending(value: Any) -> None:
    made, script = client()
    with pytest.raises(ConfigurationError):
        made.request("listSources", query={"pagination": {"count": value}})
    assert script.requests == []


def test_a_value_that_is_not_known_yet_is_refused() -> None:
    from segform.resources.values import UNKNOWN

    made, _ = client()
    with pytest.raises(ConfigurationError, match="not known"):
        made.request("createSource", body={"settings": {"deep": [UNKNOWN]}})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 414, 422])
def test_a_status_has_its_class(status: int) -> None:
    item = {"type": "some-type", "message": '"slug" is required', "field": "slug", "data": {"a": 1}}
    made, script = client(no(status, item, headers={"x-request-id": "req-7"}))
    with pytest.raises(status_error(status)) as caught:
        made.request("createSource", body={})
    error = caught.value
    assert error.status_code == status
    assert type(error) is not APIStatusError
    assert error.request_id == "req-7"
    assert [(x.type, x.message, x.field, x.data) for x in error.errors] == [
        ("some-type", '"slug" is required', "slug", {"a": 1})
    ]
    assert (error.operation, error.method, error.path) == ("createSource", "POST", "/sources")
    assert '"slug" is required' in str(error)
    assert not error.ambiguous
    assert len(script.requests) == 1


def test_reads_are_repeated_until_they_work() -> None:
    made, script = client(HTML, httpx.ReadError("reset"), no(503), ok(workspace={"id": "w"}))
    assert made.request("getWorkspace") == {"workspace": {"id": "w"}}
    assert len(script.requests) == 4 == made.requests_sent
    assert len(waits(made)) == 3
    assert all(wait <= limit for wait, limit in zip(waits(made), (0.05, 0.1, 0.2), strict=True))


def test_a_service_that_stays_down_ends_in_an_error_that_says_so() -> None:
    made, script = client(no(500, headers={"x-request-id": "r1"}), repeat_last=True)
    with pytest.raises(ServerError) as caught:
        made.request("getWorkspace")
    assert caught.value.attempts == len(script.requests) == 6
    assert "Sent 6 times" in str(caught.value)
    assert "r1" in str(caught.value)
    assert not caught.value.ambiguous


@pytest.mark.parametrize(
    "answer",
    [
        no(500),
        HTML,
        no(503, headers={"retry-after": "1"}),
        httpx.ReadError("reset"),
        httpx.ReadTimeout("slow"),
        httpx.WriteError("gone"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.Response(200, html="<html>login</html>"),
        httpx.Response(201, content=b'{"data":{"source":{"id":"s1'),
        httpx.Response(201, content=b""),
    ],
    ids=str,
)
def test_a_creating_post_is_never_repeated_blindly(answer: Any) -> None:
    made, script = client(answer, ok(201, source={}))
    with pytest.raises(APIError) as caught:
        made.request("createSource", body={"slug": "web"})
    assert len(script.requests) == 1
    assert caught.value.ambiguous
    assert "look before repeating" in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [httpx.ConnectError("refused"), httpx.ConnectTimeout("late"), too_many()],
    ids=["refused", "late", "429"],
)
def test_a_creating_post_that_surely_did_not_happen_is_repeated(answer: Any) -> None:
    made, script = client(answer, ok(201, source={"id": "s"}))
    assert made.request("createSource", body={"slug": "web"}) == {"source": {"id": "s"}}
    assert len(script.requests) == 2


def test_connection_and_timeout_are_told_apart() -> None:
    made, _ = client(httpx.ConnectError("refused"), repeat_last=True)
    with pytest.raises(APIConnectionError) as caught:
        made.request("createSource", body={})
    assert not isinstance(caught.value, APITimeoutError)
    assert not caught.value.ambiguous
    made, _ = client(httpx.ReadTimeout("slow"), repeat_last=True)
    with pytest.raises(APITimeoutError):
        made.request("getWorkspace")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(200, html="<!DOCTYPE html><p>hi"), "HTML page"),
        (httpx.Response(200, content=b'{"data":{"sources":[{"id"'), "cut short"),
        (httpx.Response(200, text="hello"), "is not JSON"),
        (httpx.Response(200, content=b""), "empty"),
        (httpx.Response(200, json=[1]), "without the `data`"),
        (httpx.Response(200, json={"data": None}), "without the `data`"),
        (httpx.Response(200, content=b"[" * 100_000), "cut short"),
    ],
    ids=str,
)
def test_answers_that_are_not_answers(answer: httpx.Response, words: str) -> None:
    made, script = client(answer, repeat_last=True)
    with pytest.raises(ResponseDecodeError, match=words):
        made.request("listLabels")
    assert len(script.requests) == 6


def test_an_html_502_is_a_clear_server_error() -> None:
    made, _ = client(HTML, repeat_last=True)
    with pytest.raises(ServerError, match="502: an HTML page") as caught:
        made.request("getWorkspace")
    assert caught.value.errors == []
    assert "Bad gateway" not in str(caught.value)


def test_a_body_that_breaks_off() -> None:
    def breaks(request: httpx.Request) -> httpx.Response:
        def parts() -> Any:
            yield b'{"data": {'
            raise httpx.RemoteProtocolError("peer closed connection")

        return httpx.Response(200, content=parts())

    made, script = client(breaks, ok(labels=[]))
    assert made.request("listLabels") == {"labels": []}
    made, script = client(breaks)
    with pytest.raises(ResponseDecodeError, match="cut short") as caught:
        made.request("createLabel", body={"label": {}})
    assert caught.value.ambiguous
    assert len(script.requests) == 1


def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from segform.transport import http

    monkeypatch.setattr(http, "LARGEST_ANSWER", 1000)

    def endless(request: httpx.Request) -> httpx.Response:
        def parts() -> Any:
            while True:
                yield b"x" * 100

        return httpx.Response(200, content=parts())

    made, _ = client(endless)
    with pytest.raises(ResponseDecodeError, match="larger than"):
        made.request("createLabel", body={"label": {}})


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from segform.transport import http

    monkeypatch.setattr(http, "WHOLE_ANSWER", 0)
    made, _ = client(ok(label={}))
    with pytest.raises(APITimeoutError, match="too slowly"):
        made.request("createLabel", body={"label": {}})


def test_a_redirect_is_not_followed_and_the_token_stays() -> None:
    made, script = client(httpx.Response(302, headers={"location": "https://evil.example/"}))
    with pytest.raises(APIStatusError, match="redirect") as caught:
        made.request("getWorkspace")
    assert caught.value.status_code == 302
    assert [request.url.host for request in script.requests] == ["api.segmentapis.com"]


def test_the_delay_that_the_server_names_is_kept() -> None:
    made, _ = client(too_many(5_000), ok(workspace={}))
    made.request("getWorkspace")
    assert 5 <= waits(made)[0] <= 6


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry-after": "3"}, 3, 4),
        (
            {
                "retry-after": "Mon, 23 Nov 2026 10:00:07 GMT",
                "date": "Mon, 23 Nov 2026 10:00:00 GMT",
            },
            7,
            8,
        ),
        (
            {
                "x-ratelimit-reset": "Mon, 23 Nov 2026 10:00:09 +0000",
                "date": "Mon, 23 Nov 2026 10:00:00 GMT",
            },
            9,
            10,
        ),
        ({"retry-after": "soon"}, 0, 1),
        ({"retry-after": "-5"}, 0, 1),
        ({"retry-after": "nan"}, 0, 1),
        ({"x-ratelimit-reset": "yesterday"}, 0, 1),
        ({}, 0, 1),
    ],
)
def test_other_ways_to_name_a_delay(headers: dict[str, str], low: float, high: float) -> None:
    made, _ = client(no(429, headers=headers), ok(workspace={}))
    made.request("getWorkspace")
    assert low <= waits(made)[0] <= high


def test_a_delay_beyond_patience_fails_at_once_and_says_how_long() -> None:
    made, script = client(too_many(3_600_000))
    with pytest.raises(RateLimitError, match="wait 3600 s") as caught:
        made.request("getWorkspace")
    assert caught.value.retry_after == 3600
    assert len(script.requests) == 1


@pytest.mark.parametrize("value", [-5, "x", None, True, [], 1e300])
def test_absurd_delays_are_ignored(value: Any) -> None:
    made, _ = client(too_many(value), ok(workspace={}))
    made.request("getWorkspace")
    assert 0 <= waits(made)[0] <= 1


def test_an_operation_with_unknown_items_in_its_errors() -> None:
    odd = httpx.Response(422, json={"errors": ["text", None, {"message": 5}, {"type": "t"}]})
    made, _ = client(odd)
    with pytest.raises(UnprocessableEntityError) as caught:
        made.request("createSource", body={})
    assert [item.type for item in caught.value.errors] == ["", "t"]


def test_read_only_sends_nothing_that_writes() -> None:
    made, script = client(ok(labels=[]), ok(result=None, inputPayload={}), read_only=True)
    for op_id in ("createSource", "createWarehouse", "createValidationInWarehouse"):
        with pytest.raises(ReadOnlyError, match="nothing was sent") as caught:
            made.request(op_id, body={})
        assert caught.value.operation == op_id
    assert script.requests == []
    made.request("listLabels")
    made.request("previewDestinationFilter", body={})
    assert len(script.requests) == 2


def test_read_only_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENT_READ_ONLY", "1")
    made, script = client(read_only=False)
    with pytest.raises(ReadOnlyError):
        made.request("deleteSource", path={"sourceId": "s"})
    assert script.requests == []


@pytest.mark.parametrize("pin", ["acme", "w1"])
def test_the_pin_is_checked_once_by_slug_or_id(pin: str) -> None:
    here = ok(workspace={"id": "w1", "slug": "acme", "name": "Acme"})
    made, script = client(here, ok(labels=[]), ok(labels=[]), workspace=pin)
    made.request("listLabels")
    made.request("listLabels")
    assert script.sent == [("GET", "/"), ("GET", "/labels"), ("GET", "/labels")]


def test_a_token_of_another_workspace_writes_nothing() -> None:
    made, script = client(ok(workspace={"id": "w2", "slug": "other"}), workspace="acme")
    for _ in range(2):
        with pytest.raises(WorkspaceMismatchError, match="'other', not to 'acme'") as caught:
            made.request("createSource", body={})
    assert (caught.value.expected, caught.value.actual) == ("acme", "other")
    assert script.sent == [("GET", "/")]


def test_a_pin_that_could_not_be_checked_is_checked_again() -> None:
    here = ok(workspace={"id": "w1", "slug": "acme"})
    made, script = client(no(401), here, ok(labels=[]), workspace="acme")
    with pytest.raises(segform.AuthenticationError):
        made.request("listLabels")
    made.request("listLabels")
    assert [path for _, path in script.sent] == ["/", "/", "/labels"]


def test_a_closed_client_says_so() -> None:
    made, script = client(ok(labels=[]))
    with made:
        made.request("listLabels")
    with pytest.raises(ConfigurationError, match="closed"):
        made.request("listLabels")
    assert len(script.requests) == 1


def test_no_error_holds_the_request_that_carries_the_token() -> None:
    made, _ = client(httpx.ConnectError("refused"), repeat_last=True)
    with pytest.raises(APIConnectionError) as caught:
        made.request("getWorkspace")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    shown = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in shown


def test_a_deletion_repeated_after_a_broken_answer_tells_the_truth() -> None:
    made, script = client(httpx.ReadError("reset"), no(404))
    with pytest.raises(NotFoundError) as caught:
        made.request("deleteSource", path={"sourceId": "s"})
    assert caught.value.attempts == 2
    assert len(script.requests) == 2


def test_an_interrupt_is_not_swallowed() -> None:
    def interrupts(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    made = Segment(token=TOKEN, transport=httpx.MockTransport(Script(interrupts)))
    with pytest.raises(KeyboardInterrupt):
        made.request("getWorkspace")
