"""Properties of what goes out and comes back: three states, bodies, queries, answers.

The other side is read by somebody else's code: Python's `json`, and the emulator's query parser.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform import NOT_GIVEN, ConfigurationError, Segment
from segform.contract import Operation, operation, operations
from segform_emulator import query as service

from .stub import TOKEN, client, ok

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-(10**20), 10**20) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=6
)
# A mask is refused on purpose: see test_secrets.
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS.filter(lambda text: "•" not in text)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS, inner, max_size=4)
        | st.dictionaries(TEXTS, inner | st.just(NOT_GIVEN), max_size=4)
    ),
    max_leaves=15,
)
# Names in a query are the API's own: no brackets, no dots.
NAMES = st.from_regex(r"\A[a-z][A-Za-z]{0,7}\Z")
SIMPLE = st.integers(-(10**18), 10**18).map(str) | st.from_regex(r"\A[^\[\]{}\x00]{1,12}\Z")


def echo(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b'{"data":' + (request.content or b"null") + b"}")


def without_not_given(value: Any) -> Any:
    """The model: what a body means, said in another way than the client does."""
    if isinstance(value, dict):
        return {k: without_not_given(v) for k, v in value.items() if v is not NOT_GIVEN}
    return [without_not_given(v) for v in value] if isinstance(value, list) else value


def exact(text: bytes) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [numbers(v) for v in value]
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    return Decimal(value) if is_number else value


@given(st.dictionaries(TEXTS, VALUES | st.just(NOT_GIVEN), max_size=5))
def test_a_body_arrives_as_it_is_meant_and_comes_back(body: dict[str, Any]) -> None:
    seen: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return echo(request)

    with Segment(TOKEN, transport=httpx.MockTransport(answer)) as made:
        came = made.request("updateDestination", path={"destinationId": "d"}, body=body)
    meant = without_not_given(body)
    assert exact(seen[0]) == numbers(meant)
    assert numbers(came) == numbers(meant)


WRITES = [operation(one) for one in operations() if operation(one).effect != "read"]


@given(
    st.sampled_from([one for one in WRITES if one.body]),
    st.lists(st.sampled_from(["left out", "null", "value"]), min_size=40, max_size=40),
)
def test_three_states_of_every_field_of_every_write(facts: Operation, states: list[str]) -> None:
    """Left out, null and given: each field of each body is sent exactly so."""
    wanted = dict(zip(facts.body, states, strict=False))
    values = {"left out": NOT_GIVEN, "null": None, "value": "v"}
    body = {name: values[state] for name, state in wanted.items()}
    seen: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return httpx.Response(200, json={"data": {}})

    with Segment(TOKEN, transport=httpx.MockTransport(answer)) as made:
        path = dict.fromkeys(facts.path_parameters, "x")
        made.request(facts.id, path=path, body=body)
    assert json.loads(seen[0]) == {
        name: values[state] for name, state in wanted.items() if state != "left out"
    }


@given(
    st.dictionaries(
        NAMES,
        SIMPLE
        | st.dictionaries(NAMES, SIMPLE, min_size=1, max_size=3)
        | st.lists(st.dictionaries(NAMES, SIMPLE, min_size=1, max_size=3), min_size=1, max_size=3),
        max_size=4,
    )
)
def test_a_query_is_read_by_the_other_side_as_it_was_meant(query: dict[str, Any]) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.query.decode())
        return httpx.Response(200, json={"data": {}})

    with Segment(TOKEN, transport=httpx.MockTransport(answer)) as made:
        made.request("getWorkspace", query=query)
    assert service.parse(seen[0]) == query


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_an_answer_keeps_everything_that_it_holds(data: dict[str, Any]) -> None:
    """Fields and members that nobody knew of when this was written included."""
    meant = without_not_given(data)
    text = json.dumps({"data": meant}, default=str).encode()
    with Segment(
        TOKEN, transport=httpx.MockTransport(lambda _: httpx.Response(200, content=text))
    ) as made:
        assert numbers(made.request("getWorkspace")) == numbers(json.loads(text)["data"])


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"x": value}
    return value


def test_words_of_a_query_and_what_is_left_out_of_it() -> None:
    made, script = client(ok(sources=[]))
    made.request("listSources", query={"a": True, "b": False, "c": None, "d": 0, "e": ["", None]})
    assert script.sent == [("GET", "/sources?a=true&b=false&d=0&e=")]


def test_a_write_without_a_body_sends_an_empty_one_where_the_operation_has_one() -> None:
    made, script = client(ok(source={}), ok(), ok(sources=[]))
    made.request("updateSource", path={"sourceId": "s"})
    made.request("createWriteKeyForSource", path={"sourceId": "s"})
    made.request("listSources")
    assert [request.content for request in script.requests] == [b"{}", b"", b""]


@pytest.mark.parametrize("where", ["body", "query"])
def test_what_is_nested_without_end_is_refused(where: str) -> None:
    endless: dict[str, Any] = {}
    endless["x"] = endless
    with Segment(TOKEN, transport=httpx.MockTransport(echo)) as made:
        for value in (endless, nested(100_000)):
            arguments: dict[str, Any] = {where: {"settings": value}}
            with pytest.raises(ConfigurationError, match="nested too deeply"):
                made.request("createSource", **arguments)


def test_an_answer_that_is_nested_without_end_is_an_error_of_ours() -> None:
    from segform import ResponseDecodeError

    text = b'{"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    with (
        Segment(
            TOKEN, transport=httpx.MockTransport(lambda _: httpx.Response(200, content=text))
        ) as made,
        pytest.raises(ResponseDecodeError),
    ):
        made.with_options(attempts=1).request("getWorkspace")
