"""The generated methods: every one of them is called, sync and async, with what it declares."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from segform import NOT_GIVEN, AsyncSegment, NotGiven, ResponseDecodeError, Segment
from segform.contract import FAMILIES, Operation, operation, operations

from .stub import TOKEN, Script, client, ok


def by_call(op_id: str) -> tuple[str, str]:
    return operation(op_id).family, operation(op_id).call


def method_of(client: Any, facts: Operation) -> Any:
    found = getattr(client, facts.family)
    for name in facts.call.split("."):
        found = getattr(found, name)
    return found


def answer_of(facts: Operation) -> dict[str, Any]:
    if facts.result is None:
        return {"anything": 1}
    if facts.pages:
        return {facts.result: [{"id": "1"}, {"id": "2"}]}
    # A name as it was asked for: nothing remains to be done.
    return {facts.result: {"id": "1", "name": "v-name"}}


def arguments_of(method: Any) -> tuple[list[str], dict[str, Any]]:
    """A value for every argument; those in the path by position."""
    parameters = list(inspect.signature(method).parameters.values())
    positional = [f"p-{x.name}" for x in parameters if x.kind is x.POSITIONAL_OR_KEYWORD]
    named = {x.name: f"v-{x.name}" for x in parameters if x.kind is x.KEYWORD_ONLY}
    named.pop("count", None)
    named.pop("limit", None)
    return positional, named


@pytest.mark.parametrize("op_id", operations())
def test_every_method_sends_its_operation(op_id: str) -> None:
    facts = operation(op_id)
    made, script = client(ok(facts.status, **answer_of(facts)))
    method = method_of(made, facts)
    positional, named = arguments_of(method)
    got = method(*positional, **named)
    if facts.pages:
        assert isinstance(got, Iterator)
        assert script.requests == []  # nothing is asked for before it is wanted
        assert [entry["id"] for entry in got] == ["1", "2"]
    request = script.requests[0]
    assert request.method == facts.method
    path = facts.path
    for name, value in zip(facts.path_parameters, positional, strict=True):
        path = path.replace(f"{{{name}}}", value)
    assert request.url.path == path
    sent_query = {name.split("[")[0] for name in request.url.params}
    assert sent_query == {x for x in facts.query if x not in ("pagination", "count", "cursor")} | (
        {"pagination"} if facts.pages == "pagination" else {"count"} if facts.pages else set()
    )
    assert set(script.body()) == set(facts.body) if request.content else not facts.body
    assert len(script.requests) == 1


@pytest.mark.parametrize("op_id", operations())
def test_every_asynchronous_method_sends_the_same(op_id: str) -> None:
    facts = operation(op_id)
    sync_client, sync_script = client(ok(facts.status, **answer_of(facts)))
    method = method_of(sync_client, facts)
    positional, named = arguments_of(method)
    expected = method(*positional, **named)
    expected = list(expected) if facts.pages else expected
    script = Script(ok(facts.status, **answer_of(facts)))

    async def run() -> Any:
        async with AsyncSegment(token=TOKEN, transport=httpx.MockTransport(script)) as made:
            twin = method_of(made, facts)
            assert (
                str(inspect.signature(twin)).replace("Async", "").split(" -> ")[0]
                == str(inspect.signature(method)).split(" -> ")[0]
            )
            got = twin(*positional, **named)
            if isinstance(got, AsyncIterator):
                return [entry async for entry in got]
            return await got

    assert asyncio.run(run()) == expected
    assert script.sent == sync_script.sent
    assert script.requests[0].content == sync_script.requests[0].content


def test_a_list_crosses_pages_lazily() -> None:
    made, script = client(
        ok(sources=[{"id": "1"}], pagination={"next": "Mg=="}),
        ok(sources=[{"id": "2"}], pagination={"next": None}),
    )
    walk = made.sources.list(count=1)
    assert next(walk)["id"] == "1"
    assert len(script.requests) == 1
    assert [source["id"] for source in walk] == ["2"]


def test_what_is_not_given_is_not_sent_and_null_is() -> None:
    made, script = client(ok(destination={}), ok(destination={}))
    made.destinations.update("d", enabled=True)
    assert script.body() == {"enabled": True}
    made.destinations.update("d", name=None)
    assert script.body() == {"name": None}


def test_a_single_source_comes_with_what_the_api_puts_beside_it() -> None:
    made, _ = client(ok(source={"id": "s", "new": 1}, trackingPlanId="tp_1"))
    assert made.sources.get("s") == {"id": "s", "new": 1, "trackingPlanId": "tp_1"}


def test_a_deletion_gives_nothing() -> None:
    made, _ = client(ok(status="SUCCESS"))
    assert made.sources.delete("s") is None  # type: ignore[func-returns-value]  # that it returns None is the test


def test_an_answer_without_what_it_should_hold() -> None:
    made, _ = client(ok(other=1))
    with pytest.raises(ResponseDecodeError, match="without `workspace`"):
        made.workspaces.get()


def test_a_family_per_property() -> None:
    made = Segment(token="t")
    for family in FAMILIES:
        assert type(getattr(made, family)).__module__ == f"segform.api.{family}"


def test_not_given_is_one_and_false() -> None:
    import copy
    import pickle

    assert NotGiven() is NOT_GIVEN
    assert not NOT_GIVEN
    assert repr(NOT_GIVEN) == "NOT_GIVEN"
    assert copy.deepcopy(NOT_GIVEN) is NOT_GIVEN
    assert pickle.loads(pickle.dumps(NOT_GIVEN)) is NOT_GIVEN


def test_the_asynchronous_client_repeats_pins_and_paces() -> None:
    here = ok(workspace={"id": "w", "slug": "acme"})
    script = Script(here, httpx.ReadError("x"), ok(labels=[]), httpx.ReadTimeout("x"))
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def run() -> None:
        made = AsyncSegment(token=TOKEN, workspace="acme", transport=httpx.MockTransport(script))
        made._sleep = sleep
        assert await made.request("listLabels") == {"labels": []}
        from segform import APITimeoutError

        with pytest.raises(APITimeoutError) as caught:
            await made.request("createLabel", body={"label": {}})
        assert caught.value.ambiguous
        await made.close()

    asyncio.run(run())
    assert [path for _, path in script.sent] == ["/", "/labels", "/labels", "/labels"]
    assert len(waited) == 1
