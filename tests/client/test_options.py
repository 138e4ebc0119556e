"""Options from call to call, middleware, raw answers, many calls at once."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from segform import (
    APIConnectionError,
    AsyncSegment,
    BulkError,
    ConfigurationError,
    NotFoundError,
    RawResponse,
    ReadOnlyError,
    Segment,
    ServerError,
)
from segform.transport.answer import Fault, Reply
from segform.transport.bulk import GivenUp, stoppable, wait
from segform.transport.encode import Prepared

from .stub import TOKEN, Script, client, no, ok

Send = Callable[[Prepared], Reply | Fault]
AsyncSend = Callable[[Prepared], Awaitable[Reply | Fault]]


def source(name: str = "s") -> httpx.Response:
    return ok(source={"id": name})


# Views


def test_a_view_shares_what_the_client_has_and_changes_what_it_is_told() -> None:
    made, script = client(source(), source())
    view = made.with_options(timeout=1, read_only=True)
    view.sources.get("s")
    made.sources.update("s", enabled=True)
    assert (made.requests_sent, view.requests_sent) == (2, 2)
    with pytest.raises(ReadOnlyError):
        view.sources.update("s", enabled=True)
    with pytest.raises(ReadOnlyError):  # a lock is not lifted by a view of the view
        view.with_options(read_only=False).sources.delete("s")
    assert len(script.requests) == 2
    assert [r.extensions["timeout"]["read"] for r in script.requests] == [1, 30]


def test_closing_a_view_closes_all() -> None:
    made, _ = client()
    made.with_options(timeout=1).close()
    with pytest.raises(ConfigurationError, match="closed"):
        made.sources.get("s")


@pytest.mark.parametrize(
    "options",
    [{"timeout": 0}, {"deadline": -1}, {"attempts": 0}, {"ahead": 0}, {"ahead": 33}],
)
def test_options_that_make_no_sense(options: dict[str, Any]) -> None:
    made, _ = client()
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        made.with_options(**options)


def test_no_repeats_where_none_are_wanted() -> None:
    made, script = client(no(503), source())
    with pytest.raises(ServerError) as caught:
        made.with_options(attempts=1).sources.get("s")
    assert (len(script.requests), caught.value.attempts) == (1, 1)


# Deadlines


def test_a_deadline_ends_the_repeats() -> None:
    made, script = client(no(503, headers={"Retry-After": "30"}), repeat_last=True)
    with pytest.raises(ServerError, match=r"its deadline of 20 s would pass") as caught:
        made.with_options(deadline=20).sources.get("s")
    assert (len(script.requests), caught.value.attempts) == (1, 1)


def test_the_time_left_bounds_each_attempt() -> None:
    made, script = client(source())
    made.with_options(deadline=3).sources.get("s")
    timeout = script.requests[0].extensions["timeout"]
    assert 2.5 < timeout["read"] <= 3
    assert timeout["connect"] <= 3


def test_a_throttled_call_ends_at_its_deadline() -> None:
    body = {"errors": [{"type": "RequestError", "data": {"msBeforeNext": 50_000}}]}
    made, script = client(httpx.Response(429, json=body), source())
    with pytest.raises(Exception, match="deadline"):
        made.with_options(deadline=10).sources.get("s")
    assert len(script.requests) == 1


# Middleware


def test_middleware_stands_around_every_attempt() -> None:
    seen: list[str] = []

    def outer(request: Prepared, send: Send) -> Reply | Fault:
        seen.append(f"outer {request.operation.id}")
        request.headers["X-Trace"] = "t-1"
        found = send(request)
        seen.append(f"outer {getattr(found, 'status', 0)}")
        return found

    def inner(request: Prepared, send: Send) -> Reply | Fault:
        seen.append("inner")
        return send(request)

    made, script = client(no(503), source(), middleware=[outer])
    made.with_options(middleware=[inner]).sources.get("s")
    attempt = ["outer getSource", "inner"]
    assert seen == [*attempt, "outer 503", *attempt, "outer 200"]
    assert [r.headers["X-Trace"] for r in script.requests] == ["t-1", "t-1"]


def test_middleware_neither_sees_nor_replaces_the_token() -> None:
    def nosy(request: Prepared, send: Send) -> Reply | Fault:
        assert TOKEN not in repr(vars_of(request))
        request.headers["Authorization"] = "Bearer other"
        return send(request)

    made, script = client(source(), middleware=[nosy])
    made.sources.get("s")
    assert script.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


def vars_of(request: Prepared) -> dict[str, Any]:
    return {name: getattr(request, name) for name in request.__slots__}


def test_middleware_may_answer_itself_and_must_answer() -> None:
    made, script = client(middleware=[lambda r, s: Reply(200, {}, b'{"data":{"source":{}}}')])
    assert dict(made.sources.get("s")) == {}
    assert script.requests == []
    made, _ = client(source(), middleware=[lambda r, s: None])
    with pytest.raises(ConfigurationError, match="returned nothing"):
        made.sources.get("s")


def test_asynchronous_middleware() -> None:
    async def around(request: Prepared, send: AsyncSend) -> Reply | Fault:
        request.headers["X-Trace"] = "t"
        return await send(request)

    script = Script(source())

    async def run() -> None:
        transport = httpx.MockTransport(script)
        async with AsyncSegment(TOKEN, transport=transport, middleware=[around]) as made:
            await made.sources.get("s")

    asyncio.run(run())
    assert script.requests[0].headers["X-Trace"] == "t"


# Raw answers


def test_a_raw_response_beside_the_typed_result() -> None:
    made, _ = client(
        no(503), ok(source={"id": "s"}, headers={"X-Request-Id": "r-1", "X-New": "yes"})
    )
    raw: RawResponse[Any] = made.with_raw_response(made.sources.get, "s")
    assert raw.result == {"id": "s"}
    assert (raw.status, raw.request_id, raw.attempts) == (200, "r-1", 2)
    assert raw.headers["x-new"] == "yes"
    assert raw.body.startswith(b'{"data"')
    assert raw.seconds >= 0


def test_a_list_has_no_raw_response_of_its_own_but_a_page_has() -> None:
    made, script = client(ok(sources=[{"id": 1}], pagination={}))
    with pytest.raises(ConfigurationError, match="listSources"):
        made.with_raw_response(made.sources.list)
    assert script.requests == []
    raw = made.with_raw_response(made.request, "listSources")
    assert raw.result["sources"] == [{"id": 1}]


def test_an_asynchronous_raw_response_is_its_own_tasks() -> None:
    script = Script(*(source(str(n)) for n in range(8)))

    async def run() -> list[RawResponse[Any]]:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(script)) as made:
            calls = (made.with_raw_response(made.sources.get, str(n)) for n in range(8))
            return list(await asyncio.gather(*calls))

    for raw in asyncio.run(run()):
        assert raw.result["id"].encode() in raw.body


# Many at once


def test_results_are_in_the_items_order() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.path.rsplit("/", 1)[1])
        time.sleep(0.002 * (5 - number % 5))
        return source(str(number))

    made, _ = client(answer, repeat_last=True)
    found = made.map(made.sources.get, [str(n) for n in range(40)], concurrency=8)
    assert [one["id"] for one in found] == [str(n) for n in range(40)]
    assert made.map(made.sources.get, []) == []


def test_failures_lose_nothing() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[1]
        return no(404) if name in ("3", "5") else source(name)

    made, _ = client(answer, repeat_last=True)
    with pytest.raises(BulkError, match=r"2 of 8 calls failed; the first: .*/sources/3") as caught:
        made.map(made.sources.get, [str(n) for n in range(8)])
    assert sorted(caught.value.errors) == [3, 5]
    assert all(isinstance(x, NotFoundError) for x in caught.value.errors.values())
    kept = [one and one["id"] for one in caught.value.results]
    assert kept == ["0", "1", "2", None, "4", None, "6", "7"]


def test_many_at_once_for_asyncio() -> None:
    under_way, most = 0, 0

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        name = request.url.path.rsplit("/", 1)[1]
        return no(404) if name == "13" else source(name)

    async def run() -> BulkError:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(answer)) as made:
            items = [str(n) for n in range(30)]
            with pytest.raises(BulkError) as caught:
                await made.map(made.sources.get, items, concurrency=5)
            found = await made.map(made.sources.get, items[:4])
            assert [one["id"] for one in found] == items[:4]
            return caught.value

    error = asyncio.run(run())
    assert (most, list(error.errors)) == (5, [13])


def test_what_cancels_itself_is_no_result_and_takes_no_others_along() -> None:
    calls: list[int] = []

    async def call(number: int) -> int:
        calls.append(number)
        if number < 2:
            raise asyncio.CancelledError
        return number

    async def run() -> None:
        async with AsyncSegment(TOKEN) as made:
            with pytest.raises(asyncio.CancelledError):
                await made.map(call, range(6), concurrency=2)
        me = asyncio.current_task()
        assert me is not None
        assert not me.cancelling()

    asyncio.run(run())
    assert calls == list(range(6))


def test_a_bulk_call_that_is_cancelled_ends_its_calls() -> None:
    calls: list[int] = []

    async def call(number: int) -> None:
        calls.append(number)
        await asyncio.sleep(60)

    async def run() -> int:
        async with AsyncSegment(TOKEN) as made:
            bulk = asyncio.create_task(made.map(call, range(6), concurrency=2))
            while len(calls) < 2:
                await asyncio.sleep(0)
            bulk.cancel()
            with pytest.raises(asyncio.CancelledError):
                await bulk
            return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1
    assert calls == [0, 1]


def test_an_interrupt_ends_bulk_calls_within_a_bulk_call() -> None:
    """Such as lists that are fetched ahead, for many parents at once."""
    script = Script(source(), repeat_last=True)
    made = Segment(TOKEN, transport=httpx.MockTransport(script), requests_per_minute=4)
    waiting = threading.Event()

    def inner(name: str) -> None:
        if name == "interrupt":
            waiting.wait(5)
            raise KeyboardInterrupt
        made.map(made.sources.get, ["s"] * 9, concurrency=3)  # from the fifth on they wait

    def waits(seconds: float) -> None:
        if seconds > 1:
            waiting.set()
        sleep(seconds)

    sleep, made._sleep = made._sleep, waits
    with made, pytest.raises(KeyboardInterrupt):
        made.map(inner, ["a", "b", "interrupt", "c"], concurrency=4)
    assert made.requests_sent == 4  # what waits ends unsent


def test_nothing_is_begun_after_an_exit() -> None:
    begun: list[int] = []

    def call(number: int) -> None:
        begun.append(number)
        if number == 1:
            raise SystemExit(3)

    with Segment(TOKEN) as made, pytest.raises(SystemExit):
        made.map(call, range(5), concurrency=1)
    assert begun == [0, 1]


def test_what_waits_in_a_bulk_call_goes_on_in_its_time() -> None:
    with Segment(TOKEN) as made:

        def call(number: int) -> int:
            made._sleep(0.15)  # longer than one look at whether it is given up
            return number

        assert made.map(call, range(3)) == [0, 1, 2]


def test_what_was_stoppable_is_so_no_longer() -> None:
    stop = threading.Event()
    stop.set()
    closing = threading.Event()
    with stoppable(stop), pytest.raises(GivenUp):
        wait(closing, 60)
    wait(closing, 0.01)


@pytest.mark.parametrize("concurrency", [0, -3])
def test_how_many_at_once_makes_sense(concurrency: int) -> None:
    made, _ = client()
    with pytest.raises(ConfigurationError, match="concurrency"):
        made.map(made.sources.get, ["a"], concurrency=concurrency)


# Ends


def test_closing_wakes_what_waits() -> None:
    """A call that waits for its place under a limit does not hold up the end of the program."""
    script = Script(source(), repeat_last=True)
    made = Segment(TOKEN, transport=httpx.MockTransport(script), requests_per_minute=1)
    made.sources.get("s")
    ended: list[Exception] = []

    def second() -> None:
        try:
            made.sources.get("s")
        except ConfigurationError as error:
            ended.append(error)

    thread = threading.Thread(target=second)
    thread.start()
    time.sleep(0.05)
    made.close()
    thread.join(timeout=5)
    assert not thread.is_alive()
    assert "closed" in str(ended[0])
    assert len(script.requests) == 1


@pytest.mark.parametrize("why", ["place", "repeat"])
def test_closing_wakes_tasks_that_wait(why: str) -> None:
    """For a place under a limit, or before a repeat."""
    busy = httpx.Response(503, headers={"Retry-After": "50"})
    sent: list[httpx.Request] = []

    async def answers(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return source() if why == "place" else busy

    async def run() -> list[Any]:
        transport = httpx.MockTransport(answers)
        made = AsyncSegment(TOKEN, transport=transport, requests_per_minute=1)
        tasks = [asyncio.create_task(made.sources.get("s")) for _ in range(3)]
        while not sent:
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        await made.close()
        async with asyncio.timeout(10):
            return list(await asyncio.gather(*tasks, return_exceptions=True))

    found = asyncio.run(run())
    if why == "place":
        assert found.pop(0) == {"id": "s"}
    assert all("closed" in str(one) for one in found)
    assert len(sent) == 1


def test_a_cancelled_call_leaves_the_client_usable(slow_server: str) -> None:
    """Real sockets: calls cancelled while the server thinks give their connections back."""

    async def run() -> None:
        async with AsyncSegment(TOKEN, url=slow_server, timeout=5) as made:
            for _ in range(3):
                tasks = [asyncio.create_task(made.sources.get("slow")) for _ in range(60)]
                await asyncio.sleep(0.05)
                for task in tasks:
                    task.cancel()
                found = await asyncio.gather(*tasks, return_exceptions=True)
                assert all(isinstance(x, asyncio.CancelledError) for x in found)
            assert (await made.sources.get("quick"))["id"] == "s"
            found = await asyncio.gather(*(made.sources.get("quick") for _ in range(128)))
            assert len(found) == 128

    asyncio.run(run())


def test_calls_cancelled_at_any_moment_leave_every_place_free(slow_server: str) -> None:
    """While they connect, send, wait, read or give back: 128 calls at once go through afterwards.

    httpcore may take a connection that was cancelled in the wrong moment to be in use for ever.
    """
    moments = random.Random(7)

    async def run() -> None:
        async with AsyncSegment(TOKEN, url=slow_server, timeout=5) as made:
            for _ in range(8):
                names = [moments.choice(["quick", "quick", "drip"]) for _ in range(100)]
                tasks = [asyncio.create_task(made.sources.get(name)) for name in names]
                for task in tasks:
                    await asyncio.sleep(moments.random() / 500)
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            at_once = made.with_options(attempts=1)
            found = await asyncio.gather(*(at_once.sources.get("quick") for _ in range(128)))
            assert len(found) == 128

    asyncio.run(run())


def test_a_timeout_while_the_answer_drips(slow_server: str) -> None:
    slowly = pytest.raises(APIConnectionError, match=r"too slowly|deadline")
    with Segment(TOKEN, url=slow_server) as made, slowly:
        made.with_options(deadline=0.3, attempts=1).sources.get("drip")


def test_a_pin_that_many_tasks_wait_for_in_one_event_loop_after_the_other() -> None:
    async def fails(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.01)
        return httpx.Response(500)

    transport = httpx.MockTransport(fails)
    made = AsyncSegment(TOKEN, transport=transport, workspace="w").with_options(attempts=1)

    async def two() -> list[Any]:
        return await asyncio.gather(*[made.labels.list() for _ in "12"], return_exceptions=True)

    for _ in range(2):
        assert [type(one) for one in asyncio.run(two())] == [ServerError, ServerError]
