"""Pages fetched at once, or ahead: the same list as one by one, whatever the cursors are."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
import time
import warnings
from base64 import b64decode, b64encode
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform import APIConnectionError, AsyncSegment, PaginationError, Segment
from segform.transport.ahead import offset
from segform_emulator import Emulator

from .stub import TOKEN


class Lists:
    """Answers lists of numbers; `style` says what its cursors look like, and how it misbehaves."""

    def __init__(self, total: int, style: str = "offset") -> None:
        self.total = total
        self.style = style
        self.sent: list[int] = []
        self.under_way = 0
        self.most = 0
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        params = dict(request.url.params)
        count = int(params["pagination[count]"])
        start = self._read(params.get("pagination[cursor]"))
        self.sent.append(start)
        size = max(1, count - 1) if self.style == "uneven" and start else count
        entries = [{"id": str(n)} for n in range(start, min(start + size, self.total))]
        end = start + len(entries)
        pagination: dict[str, Any] = {"current": self._write(start), "totalEntries": self.total}
        if end < self.total and entries:
            pagination["next"] = self._write(end)
        if self.style == "untold":
            del pagination["totalEntries"]
        if self.style == "silent":
            del pagination["current"]
        if self.style == "lies" and start:
            pagination["current"] = self._write(0)
        with self._lock:
            self.under_way -= 1
        data = {"sources": entries, "pagination": pagination}
        return httpx.Response(200, content=json.dumps({"data": data}))

    def _write(self, offset: int) -> Any:
        if self.style == "opaque":
            return f"c-{offset}"
        if self.style == "number":
            return offset
        return b64encode(str(offset).encode()).decode()

    def _read(self, cursor: str | None) -> int:
        if cursor is None:
            return 0
        if self.style == "opaque":
            return int(cursor.removeprefix("c-"))
        if self.style == "number":
            return int(cursor)
        return int(b64decode(cursor))


NUMBERS = [str(n) for n in range(100)]
STYLES = ["offset", "number", "opaque", "untold", "silent", "lies", "uneven"]


@settings(deadline=None)
@given(
    total=st.integers(0, 60),
    count=st.integers(1, 9),
    ahead=st.integers(1, 32),
    limit=st.none() | st.integers(0, 70),
    style=st.sampled_from(STYLES),
)
def test_the_same_list_however_it_is_fetched(
    total: int, count: int, ahead: int, limit: int | None, style: str
) -> None:
    lists = Lists(total, style)
    with Segment(TOKEN, transport=httpx.MockTransport(lists)) as made:
        view = made.with_options(ahead=ahead)
        found = [x["id"] for x in view.sources.list(count=count, limit=limit)]
    assert found == NUMBERS[:total][:limit]


@pytest.mark.parametrize("style", ["offset", "number", "opaque", "untold", "silent", "lies"])
def test_how_many_requests_that_takes(style: str) -> None:
    lists = Lists(100, style)
    with Segment(TOKEN, transport=httpx.MockTransport(lists)) as made:
        assert len(list(made.with_options(ahead=4).sources.list(count=10))) == 100
    assert sorted(lists.sent) == list(range(0, 100, 10))  # each page once


def test_one_by_one_after_a_page_of_another_size() -> None:
    lists = Lists(100, "uneven")
    with Segment(TOKEN, transport=httpx.MockTransport(lists)) as made:
        assert len(list(made.with_options(ahead=4).sources.list(count=10))) == 100
    assert sorted(lists.sent[:5]) == [0, 10, 20, 30, 40]
    assert lists.sent[5:] == list(range(19, 100, 9))


@pytest.mark.parametrize("limit", [35, 40])
def test_a_limit_fetches_no_page_that_nobody_wants(limit: int) -> None:
    lists = Lists(1000)
    with Segment(TOKEN, transport=httpx.MockTransport(lists)) as made:
        assert len(list(made.with_options(ahead=32).sources.list(count=10, limit=limit))) == limit
    assert sorted(lists.sent) == [0, 10, 20, 30]


@pytest.mark.parametrize(
    ("cursor", "found"),
    [
        ("MzA=", 30),
        (10, 10),
        (Decimal("1e1"), 10),
        (Decimal("10.5"), None),
        (Decimal("1e999999999"), None),  # an integer of it would take for ever
        (b64encode(b"9" * 5000).decode(), None),  # Python reads no integer that long
        (b64encode(b"-1").decode(), None),
        ("MA", None),
        (True, None),
        (None, None),
    ],
)
def test_which_cursors_are_offsets(cursor: Any, found: int | None) -> None:
    assert offset(cursor) == found


@pytest.mark.parametrize("style", ["offset", "number"])
def test_pages_are_under_way_together(style: str) -> None:
    gate = threading.Barrier(4, timeout=5)
    lists = Lists(50, style)

    def answer(request: httpx.Request) -> httpx.Response:
        if "cursor" in str(request.url):
            gate.wait()  # passes only when four are here at once
        return lists(request)

    with Segment(TOKEN, transport=httpx.MockTransport(answer)) as made:
        view = made.with_options(ahead=4)
        assert [x["id"] for x in view.sources.list(count=10)] == NUMBERS[:50]


def test_pages_are_under_way_together_for_asyncio() -> None:
    lists = Lists(50)
    here, gate = 0, asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal here
        if "cursor" in str(request.url):
            here += 1
            if here == 4:
                gate.set()
            await asyncio.wait_for(gate.wait(), 5)
        return lists(request)

    async def run() -> list[str]:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(answer)) as made:
            view = made.with_options(ahead=4)
            return [x["id"] async for x in view.sources.list(count=10)]

    assert asyncio.run(run()) == NUMBERS[:50]


def test_pages_behind_the_end_are_let_go() -> None:
    """The total is more than there is: what was asked for behind the end is not waited for."""
    lists = Lists(20)

    async def answer(request: httpx.Request) -> httpx.Response:
        reply = lists(request)
        if lists.sent[-1] >= 20:
            await asyncio.sleep(60)
        told = json.loads(reply.content)
        told["data"]["pagination"]["totalEntries"] = 1000
        return httpx.Response(200, json=told)

    async def run() -> int:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(answer)) as made:
            view = made.with_options(ahead=8)
            assert [x["id"] async for x in view.sources.list(count=10)] == NUMBERS[:20]
            return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1
    assert max(lists.sent) >= 20


@pytest.mark.parametrize("style", STYLES)
def test_for_asyncio_as_well(style: str) -> None:
    lists = Lists(57, style)

    async def run() -> list[str]:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(lists)) as made:
            view = made.with_options(ahead=5)
            return [x["id"] async for x in view.sources.list(count=6)]

    assert asyncio.run(run()) == NUMBERS[:57]


class Awaited:
    """A client of asyncio over `Lists`; what was sent by the time that an entry was reached."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.sent_at: dict[int, int] = {}

    async def read(self, last: int | None = None, limit: int | None = None) -> list[str]:
        found = []
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(self.lists)) as made:
            async for entry in made.sources.list(count=10, limit=limit):
                found.append(entry["id"])
                self.sent_at[int(entry["id"])] = len(self.lists.sent)
                if entry["id"] == str(last):
                    break
        return found


# What was sent while each page is worked on: the first page alone; from the second on, the one
# after it as well; and where the ones after that can be worked out, up to three more, never as many
# as were read.
ONE = [1, 3, 4, 5, 6, 7, 8, 9, 10, 10]
MORE = [1, 3, 5, 7, 8, 9, 10, 10, 10, 10]


@pytest.mark.parametrize(("style", "sent"), [("offset", MORE), ("opaque", ONE), ("untold", ONE)])
def test_the_next_pages_are_on_their_way_while_one_is_worked_on(
    style: str, sent: list[int]
) -> None:
    read = Awaited(Lists(100, style))
    assert asyncio.run(read.read()) == NUMBERS
    assert read.lists.sent == list(range(0, 100, 10))
    assert [read.sent_at[n] for n in range(0, 100, 10)] == sent
    assert [read.sent_at[n] for n in range(9, 100, 10)] == sent


@pytest.mark.parametrize(("last", "sent"), [(3, 1), (9, 1), (10, 3), (25, 5), (44, 8), (95, 10)])
def test_who_stops_early_has_asked_for_fewer_pages_too_many_than_were_read(
    last: int, sent: int
) -> None:
    read = Awaited(Lists(100))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert asyncio.run(read.read(last)) == NUMBERS[: last + 1]
        gc.collect()  # no task is left that nobody waited for
    assert len(read.lists.sent) == sent


def test_one_page_at_a_time_for_who_wants_it() -> None:
    lists = Lists(50)

    async def run() -> list[int]:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(lists)) as made:
            pages = made.with_options(ahead=1).pages("listSources", count=10)
            return [len(lists.sent) async for _ in pages]

    # From the second page on, the next one is still on its way: that is one at a time.
    assert asyncio.run(run()) == [1, 3, 4, 5, 5]


def test_a_page_is_sent_for_before_the_caller_works_on_the_one_before_it() -> None:
    """Over a real connection: the caller awaits nothing, the event loop gets no more turns."""
    emulator = Emulator()
    emulator.seed(sources=100)

    async def run(url: str) -> None:
        async with AsyncSegment(emulator.token, url=url) as client:
            number = 0
            async for _ in client.pages("listSources", count=10):
                sent = ONE[number]
                number += 1
                for _ in range(500):
                    if len(emulator.recorder.entries) >= sent:
                        break
                    time.sleep(0.01)  # the event loop stands still meanwhile
                assert len(emulator.recorder.entries) >= sent

    with emulator.serve() as server:
        asyncio.run(run(server.url))


def test_a_limit_keeps_asyncio_from_pages_that_nobody_wants() -> None:
    read = Awaited(Lists(1000))
    assert asyncio.run(read.read(limit=35)) == NUMBERS[:35]
    assert read.lists.sent == [0, 10, 20, 30]


def test_a_page_that_fails_ahead_fails_when_it_is_reached() -> None:
    lists = Lists(45)

    def answer(request: httpx.Request) -> httpx.Response:
        if len(lists.sent) == 3:
            raise httpx.ReadError("cut")
        return lists(request)

    found: list[str] = []

    async def run() -> None:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(answer)) as made:
            async for entry in made.with_options(attempts=1).sources.list(count=10):
                found.append(entry["id"])  # noqa: PERF401 - what came before the error counts

    with pytest.raises(APIConnectionError):
        asyncio.run(run())
    assert found == NUMBERS[:30]


def test_a_walk_that_is_cancelled_leaves_nothing_behind() -> None:
    lists = Lists(45)

    async def answer(request: httpx.Request) -> httpx.Response:
        if len(lists.sent) == 2:
            await asyncio.sleep(60)
        return lists(request)

    async def run() -> int:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(answer)) as made:

            async def walk() -> list[Any]:
                return [entry async for entry in made.sources.list(count=10)]

            walking = asyncio.create_task(walk())
            while len(lists.sent) < 2:
                await asyncio.sleep(0)
            await asyncio.sleep(0.01)  # it waits for the third page
            walking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await walking
            return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_who_leaves_a_list_leaves_nothing_under_way(fails: bool) -> None:
    """Neither a page that never comes, nor the error of one that failed meanwhile."""
    lists = Lists(100)
    said: list[Any] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        reply = lists(request)
        if len(lists.sent) > 3:
            if fails:
                raise httpx.ReadError("cut")
            await asyncio.sleep(60)
        return reply

    async def walk(view: AsyncSegment) -> None:
        async for entry in view.sources.list(count=10):
            if entry["id"] == "25":
                await asyncio.sleep(0.01)  # the pages after this one are on their way
                raise KeyError(entry["id"])

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, what: said.append(what))
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(answer)) as made:
            with pytest.raises(KeyError):
                await walk(made.with_options(attempts=1))
            gc.collect()
            for _ in range(10):
                await asyncio.sleep(0)
            assert len(asyncio.all_tasks()) == 1
            gc.collect()

    asyncio.run(run())
    assert len(lists.sent) == 5
    assert said == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=12))
def test_any_cursors_end_or_are_an_error(cursors: list[str]) -> None:
    """Never an endless loop: each cursor is followed once."""
    left = list(cursors)

    def answer(request: httpx.Request) -> httpx.Response:
        following = left.pop(0) if left else None
        data = {"sources": [{"id": 1}], "pagination": {"current": "x", "next": following}}
        return httpx.Response(200, json={"data": data})

    with Segment(TOKEN, transport=httpx.MockTransport(answer)) as made:
        if len(set(cursors)) == len(cursors):
            assert len(list(made.sources.list())) == len(cursors) + 1
        else:
            with pytest.raises(PaginationError, match="twice"):
                list(made.sources.list())
