"""One list, read by each client in each way: the same entries and the same error in the end."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from typing import Any, NamedTuple

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segform import AsyncSegment, SegformError, Segment

from .stub import TOKEN

COUNT = 3


def offset(number: int) -> str:
    """A cursor as the API has them."""
    return b64encode(str(number).encode()).decode()


class Page(NamedTuple):
    """What the server answers to one cursor; None: the field is left out."""

    size: Any = COUNT
    following: Any = None
    current: Any = None
    total: Any = None
    status: int = 200


class Server:
    """Answers each cursor with its page, always the same one: a server without a memory."""

    def __init__(self, pages: dict[Any, Page]) -> None:
        self.pages = pages
        self.sent: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("pagination[cursor]")
        self.sent.append(cursor)
        page = self.pages.get(cursor, Page(status=404))
        if page.status == 0:
            raise httpx.ReadError("cut")
        if page.status != 200:
            errors = [{"type": "NotFound", "message": f"no page at {cursor}"}]
            return httpx.Response(page.status, json={"errors": errors})
        told = {"next": page.following, "current": page.current, "totalEntries": page.total}
        data: dict[str, Any] = {"pagination": {k: v for k, v in told.items() if v is not None}}
        if not data["pagination"]:
            del data["pagination"]
        data["sources"] = page.size
        if isinstance(page.size, int):
            data["sources"] = [{"id": f"{cursor}/{n}"} for n in range(page.size)]
        return httpx.Response(200, content=json.dumps({"data": data}))


Outcome = tuple[list[str], str]


def told(error: SegformError) -> str:
    return f"{type(error).__name__}: {error}"


def in_turn(server: Server, ahead: int | None, limit: int | None) -> Outcome:
    found: list[str] = []
    with Segment(TOKEN, transport=httpx.MockTransport(server)) as made:
        view = made.with_options(attempts=1)
        view = view if ahead is None else view.with_options(ahead=ahead)
        try:
            for entry in view.sources.list(count=COUNT, limit=limit):
                found.append(entry["id"])  # noqa: PERF401 - what came before the error counts
        except SegformError as error:
            return found, told(error)
    return found, ""


def awaited(server: Server, ahead: int | None, limit: int | None) -> Outcome:
    async def run() -> Outcome:
        found: list[str] = []
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(server)) as made:
            view = made.with_options(attempts=1)
            view = view if ahead is None else view.with_options(ahead=ahead)
            try:
                async for entry in view.sources.list(count=COUNT, limit=limit):
                    found.append(entry["id"])  # noqa: PERF401 - what came before the error counts
            except SegformError as error:
                return found, told(error)
            assert len(asyncio.all_tasks()) == 1  # nothing goes on behind the caller
        return found, ""

    return asyncio.run(run())


# Mostly a server as the API is, with a fault here and there; and any answers at all.
PLACES = range(0, 8 * COUNT, COUNT)
HOSTILE = ["", "MB==", "MDM=", {}, [], True, 1e300, 0.5, "\ud800", "a&b=c#\0", "9" * 5000]
CURSORS = st.sampled_from([*map(offset, PLACES), *range(4), "opaque", "9", *HOSTILE])
ODD = st.builds(
    Page,
    size=st.integers(0, COUNT + 1) | st.sampled_from(["text", {}]),
    following=st.none() | CURSORS,
    current=st.none() | CURSORS,
    total=st.none() | st.integers(-1, 99) | st.sampled_from(["12", 1e9, True]),
    status=st.sampled_from([200, 200, 200, 200, 404, 401, 500, 0]),
)


# Those of a list that has one more page, or one less, than it had before.
PAGES = [
    st.builds(
        Page, st.just(COUNT), st.just(offset(n + COUNT)), st.just(offset(n)), st.integers(1, 99)
    )
    for n in PLACES
]


@st.composite
def servers(draw: st.DrawFn) -> dict[Any, Page]:
    last = draw(st.sampled_from(PLACES))
    total = last + draw(st.integers(1, COUNT))
    says = draw(st.sampled_from([total, total, 10**6, 1, None]))  # a total that lies
    pages: dict[Any, Page] = {}
    for place in PLACES:
        if place > last:
            break
        following = offset(place + COUNT) if place < last else None
        size = COUNT if place < last else total - last
        pages[offset(place) if place else None] = Page(size, following, offset(place), says)
    for cursor in draw(st.lists(st.sampled_from([*pages, "opaque", "9", "1", "MB=="]), max_size=3)):
        pages[cursor] = draw(ODD)
    return pages


def same(pages: dict[Any, Page], limit: int | None, ahead: int) -> None:
    """One page after the other is the measure of every other way."""
    expected = in_turn(Server(pages), None, limit)
    assert in_turn(Server(pages), ahead, limit) == expected
    assert awaited(Server(pages), None, limit) == expected
    assert awaited(Server(pages), ahead, limit) == expected


LIMITS = st.none() | st.integers(0, 30)
AHEAD = st.integers(1, 32)


@settings(deadline=None, max_examples=100)
@given(servers(), LIMITS, AHEAD)
@example(  # a page in the middle is missing: the two before it are there
    {
        None: Page(3, offset(3), offset(0), 12),
        offset(3): Page(3, offset(6), offset(3), 12),
        offset(6): Page(status=500),
        offset(9): Page(3, None, offset(9), 12),
    },
    None,
    4,
)
@example(  # the total is a lie: what lies behind the end was asked for, and is nobody's error
    {None: Page(3, offset(3), offset(0), 99), offset(3): Page(3, None, offset(3), 99)}, None, 8
)
@example(  # a cursor that reads as an offset and is more than that
    {
        None: Page(3, "MDM=", offset(0), 9),
        "MDM=": Page(3, "MDY=", offset(3), 9),
        offset(6): Page(1, None, offset(6), 9),
        "MDY=": Page(3, None, offset(6), 9),
    },
    None,
    4,
)
@example({None: Page(3, b64encode(b"9" * 5000).decode(), offset(0), 9)}, None, 4)
def test_the_same_entries_and_the_same_error_in_every_way(
    pages: dict[Any, Page], limit: int | None, ahead: int
) -> None:
    same(pages, limit, ahead)


@pytest.mark.full
@pytest.mark.timeout(600)
@settings(deadline=None, max_examples=10_000)
@given(servers(), LIMITS, AHEAD)
def test_the_same_entries_and_the_same_error_in_thousands(
    pages: dict[Any, Page], limit: int | None, ahead: int
) -> None:
    same(pages, limit, ahead)


class Restless(Server):
    """Answers by what it was asked before, whatever it is asked: the list changes meanwhile."""

    def __init__(self, answers: list[Page]) -> None:
        super().__init__({})
        self.left = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("pagination[cursor]")
        self.pages = {cursor: self.left.pop(0) if self.left else Page(1)}
        return super().__call__(request)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(*PAGES, ODD), max_size=10), LIMITS, AHEAD)
def test_a_list_that_changes_while_it_is_read_ends(
    answers: list[Page], limit: int | None, ahead: int
) -> None:
    """With entries or with an error of ours, in every way, and with nothing left behind."""
    for read in (in_turn, awaited):
        for number in (None, ahead):
            server = Restless(answers)
            found, error = read(server, number, limit)
            assert error or limit is None or len(found) <= limit
            assert len(server.sent) <= len(answers) + 1 + ahead
