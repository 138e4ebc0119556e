"""What makes no sense is refused before anything is sent, in words that name it."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import httpx
import pytest

from segform import (
    NOT_GIVEN,
    AsyncSegment,
    ConfigurationError,
    ResponseDecodeError,
    Secret,
    Segment,
)

from .stub import TOKEN, client, ok


@pytest.mark.parametrize(
    "given",
    [
        {"token": 5},
        {"token": b"abc"},
        {"url": 5},
        {"region": 5},
        {"workspace": 5},
        {"user_agent_suffix": 5},
    ],
    ids=str,
)
def test_an_argument_that_is_no_text(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="it takes text") as caught:
        Segment(**{"token": TOKEN, **given})
    assert caught.value.argument == next(iter(given))


@pytest.mark.parametrize("number", [0, -1, 1.5, "9", True])
def test_a_number_that_counts_nothing(number: Any) -> None:
    for name in ("attempts", "ahead"):
        with pytest.raises(ConfigurationError, match=name):
            Segment(TOKEN).with_options(**{name: number})
    with pytest.raises(ConfigurationError, match="requests_per_minute"):
        Segment(TOKEN, requests_per_minute=number)


@pytest.mark.parametrize("url", ["http://127.0.0.1\t:9", "http://127.0.0.1:9/\x00", "https://a\nb"])
def test_a_url_with_characters_that_are_read_in_two_ways(url: str) -> None:
    with pytest.raises(ConfigurationError, match="url"):
        Segment(TOKEN, url=url)


@pytest.mark.parametrize("value", [b"x", ["x"], {"x": 1}, 1.5])
def test_an_id_that_is_no_text(value: Any) -> None:
    made, script = client(ok(source={}))
    with pytest.raises(ConfigurationError, match="getSource takes text for sourceId"):
        made.sources.get(value)
    assert script.requests == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"a": b"x"}, r"a \(a bytes\)"),
        ({"settings": {"list": [1, {"x": {2}}]}}, r"settings\.list\[1\]\.x \(a set\)"),
        ({"a": ({"b": Decimal("NaN")},)}, r"a\[0\]\.b \(NaN\)"),
        ({"a": float("inf")}, r"a \(inf\)"),
        ({"a": {1: 2}}, r"the key 1 of a"),
        ({"a": ["\ud800"]}, r"a\[0\] \(half of a surrogate pair\)"),
        ({"\ud800": 1}, "its body"),
        ({"s": Secret("\ud800")}, "its body"),
    ],
)
def test_what_has_no_json_form_is_named_by_its_place(body: Any, where: str) -> None:
    made, script = client(ok(source={}))
    with pytest.raises(ConfigurationError, match=f"updateSource cannot send {where}, which has"):
        made.request("updateSource", path={"sourceId": "s"}, body=body)
    assert script.requests == []


def test_three_states_within_a_tuple_too() -> None:
    made, script = client(ok(source={}))
    body = {"a": ({"x": NOT_GIVEN, "y": None, "z": 1},)}
    made.request("updateSource", path={"sourceId": "s"}, body=body)
    assert script.body() == {"a": [{"y": None, "z": 1}]}


def test_secrets_within_lists_are_taken_out_of_errors() -> None:
    word = "list-canary"
    refused = httpx.Response(422, json={"errors": [{"type": "x", "message": f"{word} is odd"}]})
    for many in ([Secret(word)], (Secret(word),), {"deep": [{"er": Secret(word)}]}):
        made, script = client(refused)
        with pytest.raises(Exception, match=r"\*\*\* is odd") as caught:
            made.request("updateSource", path={"sourceId": "s"}, body={"name": many})
        assert word not in str(caught.value)
        assert word in script.requests[0].content.decode()


def test_a_secret_is_no_text_that_equals_it() -> None:
    assert (Secret("a") == "a") is False


def test_an_address_that_nothing_on_the_way_takes() -> None:
    made, script = client(ok(sources=[]), repeat_last=True)
    with pytest.raises(ConfigurationError, match=r"would have 60\d\d\d characters, and 60000 can"):
        made.request("getSource", path={"sourceId": "x" * 60_000})
    made.request("getSource", path={"sourceId": "x" * (60_000 - len("/sources/"))})
    assert len(script.requests) == 1


def test_path_parameters_that_are_not_the_operations() -> None:
    made, _ = client()
    with pytest.raises(ConfigurationError, match="takes the path parameters none; got a, b"):
        made.request("listLabels", path={"b": "1", "a": "2"})


# Middleware


HEADERS: list[tuple[Any, Any]] = [
    ("X-A", "a\r\nEvil: 1"),
    ("X-A", "ä"),
    ("X-A", 5),
    ("X-A", None),
    ("X A", "a"),
    ("", "a"),
    ("X-A:", "a"),
    (5, "a"),
]


@pytest.mark.parametrize(("name", "value"), HEADERS, ids=str)
def test_a_header_that_no_request_can_carry(name: Any, value: Any) -> None:
    def around(prepared: Any, send: Any) -> Any:
        prepared.headers[name] = value
        return send(prepared)

    made, script = client(ok(labels=[]), middleware=[around])
    with pytest.raises(ConfigurationError, match="header"):
        made.labels.list()
    assert script.requests == []


@pytest.mark.parametrize("came", [None, "x", httpx.Response(200)], ids=["none", "text", "httpx"])
def test_middleware_that_returns_something_else(came: Any) -> None:
    def around(_prepared: Any, _send: Any) -> Any:
        return came

    async def awaited(_prepared: Any, _send: Any) -> Any:
        return came

    words = "returned nothing" if came is None else f"returned a {type(came).__name__}"
    made, _ = client(middleware=[around])
    with pytest.raises(ConfigurationError, match=words):
        made.labels.list()

    async def run() -> None:
        async with AsyncSegment(TOKEN, middleware=[awaited]) as made:
            await made.labels.list()

    with pytest.raises(ConfigurationError, match=words):
        asyncio.run(run())


def test_null_in_place_of_the_answer_is_no_answer() -> None:
    made, _ = client(ok(labels=None), ok(source=None))
    with pytest.raises(ResponseDecodeError, match="without `labels`"):
        made.labels.list()
    with pytest.raises(ResponseDecodeError, match="without `source`"):
        made.sources.get("s")
