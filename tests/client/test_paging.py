"""Lists: walked lazily, to their end and no further."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from segform import ConfigurationError, PaginationError

from .stub import client, ok


def page(entries: list[Any], cursor: Any, key: str = "sources") -> Any:
    data: dict[str, Any] = {key: entries, "pagination": {"current": "x", "next": cursor}}
    return ok(**data)


def test_pages_are_asked_for_when_they_are_reached() -> None:
    made, script = client(page([{"id": 1}], "Mg=="), page([{"id": 2}], None))
    walk = made.pages("listSources", count=1)
    assert script.requests == []
    assert next(walk) == [{"id": 1}]
    assert len(script.requests) == 1
    assert list(walk) == [[{"id": 2}]]
    assert [path for _, path in script.sent] == [
        "/sources?pagination[count]=1",
        "/sources?pagination[count]=1&pagination[cursor]=Mg%3D%3D",
    ]


@pytest.mark.parametrize("cursor", [None, ""])
def test_an_end_without_a_cursor(cursor: Any) -> None:
    made, script = client(page([], cursor))
    assert list(made.pages("listSources")) == [[]]
    assert len(script.requests) == 1


def test_an_end_without_pagination_at_all() -> None:
    made, _ = client(ok(sources=[{"id": 1}]))
    assert list(made.pages("listSources")) == [[{"id": 1}]]


def test_a_list_without_pages_is_one_page() -> None:
    made, script = client(ok(labels=[{"key": "a"}]))
    assert list(made.pages("listLabels")) == [[{"key": "a"}]]
    assert script.sent == [("GET", "/labels")]


@pytest.mark.parametrize("cursors", [["a", "a"], ["a", "b", "a"]])
def test_a_cursor_that_comes_back_is_an_error(cursors: list[str]) -> None:
    """Not an endless loop, and not a list that looks whole."""
    made, script = client(*(page([{"id": i}], cursor) for i, cursor in enumerate(cursors)))
    with pytest.raises(PaginationError, match="'a' twice"):
        list(made.pages("listSources"))
    assert len(script.requests) == len(cursors)


@pytest.mark.parametrize("cursor", [True, {}, {"at": 3}, [], float("nan")])
def test_a_cursor_that_is_none_is_an_error(cursor: Any) -> None:
    content = json.dumps({"data": {"sources": [{"id": 1}], "pagination": {"next": cursor}}})
    made, script = client(httpx.Response(200, content=content))
    with pytest.raises(PaginationError, match="neither text nor a number"):
        list(made.pages("listSources"))
    assert len(script.requests) == 1


def test_a_full_page_without_pagination_is_an_error() -> None:
    made, _ = client(ok(sources=[{"id": 1}, {"id": 2}]))
    with pytest.raises(PaginationError, match="without `pagination`"):
        list(made.pages("listSources", count=2))


@pytest.mark.parametrize(
    ("limit", "pages", "asked"),
    [(0, [], []), (1, [[0]], [1]), (3, [[0, 1], [2]], [2, 2]), (4, [[0, 1], [2, 3]], [2, 2])],
)
def test_a_limit_ends_the_walk(limit: int, pages: list[list[int]], asked: list[int]) -> None:
    count = min(2, limit) or 1
    answers = [page([{"id": n + i} for i in range(count)], f"c{n}") for n in range(0, 6, count)]
    made, script = client(*answers)
    found = [[x["id"] for x in one] for one in made.pages("listSources", count=2, limit=limit)]
    assert found == pages
    counts = [int(dict(r.url.params)["pagination[count]"]) for r in script.requests]
    assert counts == asked


def test_a_limit_and_a_method() -> None:
    made, script = client(
        page([{"id": "1"}, {"id": "2"}], "c"), page([{"id": "3"}, {"id": "4"}], "d")
    )
    assert [x["id"] for x in made.sources.list(limit=3, count=2)] == ["1", "2", "3"]
    assert len(script.requests) == 2
    odd: Any
    for odd in (-1, 2.5, "3", True):
        with pytest.raises(ConfigurationError, match=f"limit is {odd!r}"):
            list(made.sources.list(limit=odd))


def test_a_walk_may_begin_at_a_cursor_and_keeps_its_filter() -> None:
    made, script = client(page([], None, "trackingPlans"))
    query = {"type": "LIVE", "pagination": {"cursor": "Mw=="}}
    list(made.pages("listTrackingPlans", query=query, count=7))
    assert script.sent[0][1] == (
        "/tracking-plans?type=LIVE&pagination[count]=7&pagination[cursor]=Mw%3D%3D"
    )
    assert query == {"type": "LIVE", "pagination": {"cursor": "Mw=="}}


def test_the_cursor_that_a_walk_began_at_is_not_followed_again() -> None:
    made, script = client(page([{"id": 1}], "Mw=="))
    with pytest.raises(PaginationError, match="'Mw==' twice"):
        list(made.pages("listSources", query={"pagination": {"cursor": "Mw=="}}))
    assert len(script.requests) == 1


def test_a_count_of_the_callers_own_is_kept_within_bounds() -> None:
    made, script = client(page([], None), page([], None), page([], None))
    for count in (7, 5000, None):
        list(made.pages("listSources", query={"pagination": {"count": count}}))
    assert [r.url.params["pagination[count]"] for r in script.requests] == ["7", "1000", "200"]
    for odd in (0, -1, "many", 2.5):
        with pytest.raises(ConfigurationError, match="count is"):
            list(made.pages("listSources", query={"pagination": {"count": odd}}))


def test_the_largest_page_of_an_operation_is_kept() -> None:
    made, script = client(page([], None, "filters"), page([], None), page([], None, "audiences"))
    list(made.pages("listFiltersForSpace", query={"integrationId": "s"}))
    list(made.pages("listSources", count=5000))
    list(made.pages("listAudiences", path={"spaceId": "s"}, count=5000))
    counts = [request.url.params["pagination[count]"] for request in script.requests]
    assert counts == ["10", "1000", "200"]


@pytest.mark.parametrize("written", ["10", "10.0", "1e1"])
def test_a_numeric_cursor(written: str) -> None:
    content = f'{{"data": {{"filters": [], "pagination": {{"next": {written}}}}}}}'
    made, script = client(httpx.Response(200, content=content), page([], None, "filters"))
    list(made.pages("listFiltersForSpace", query={"integrationId": "s"}))
    assert script.requests[1].url.params["pagination[cursor]"] == "10"


def test_the_one_list_with_its_cursor_outside() -> None:
    made, script = client(page([], "c", "syncStatuses"), page([], None, "syncStatuses"))
    path = {"modelId": "m", "subscriptionId": "s"}
    list(made.pages("listReverseETLSyncStatusesFromModelAndSubscriptionId", path=path, count=3))
    assert [r.url.query.decode() for r in script.requests] == ["count=3", "count=3&cursor=c"]


def test_entries_that_are_odd_do_not_fail_a_page() -> None:
    odd = [{"id": 1, "status": "BRAND_NEW", "extra": {"x": 1}}, {}, {"id": None}]
    made, _ = client(page(odd, None))
    assert list(made.pages("listSources")) == [odd]


def test_what_has_no_single_list_is_no_walk() -> None:
    made, _ = client()
    with pytest.raises(ConfigurationError, match="request"):
        list(made.pages("listCredentialConsumers", path={"credentialId": "c"}))
    with pytest.raises(ConfigurationError, match="count"):
        list(made.pages("listSources", count=0))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"source": []},
        {"sources": None},
        {"sources": {}, "pagination": {"current": "MA=="}},
        {"sources": "none", "pagination": {"current": "MA=="}},
        {"pagination": None},
    ],
)
def test_an_answer_without_its_list_is_no_empty_list(data: dict[str, Any]) -> None:
    """Whoever took it for one would make everything anew."""
    made, _ = client(ok(**data))
    with pytest.raises(PaginationError, match="came without a list of `sources`"):
        list(made.sources.list())


@pytest.mark.parametrize("data", [{}, {"sources": None}])
def test_a_page_that_leaves_out_nothing_is_empty(data: dict[str, Any]) -> None:
    made, _ = client(ok(**data, pagination={"current": "MA==", "totalEntries": 0}))
    assert list(made.sources.list()) == []


def test_empty_pages_are_not_followed_for_ever() -> None:
    pages = [ok(sources=[], pagination={"current": "c", "next": f"c{n}"}) for n in range(200)]
    made, script = client(*pages)
    with pytest.raises(PaginationError, match="was empty for the 100th time"):
        list(made.sources.list())
    assert len(script.requests) == 100


def test_entries_between_empty_pages_let_the_walk_go_on() -> None:
    pages = [
        ok(
            sources=[{"id": str(n)}] if n % 60 == 59 else [],
            pagination={"current": "c", "next": f"c{n}" if n < 239 else None},
        )
        for n in range(240)
    ]
    made, _ = client(*pages)
    assert len(list(made.sources.list())) == 4
