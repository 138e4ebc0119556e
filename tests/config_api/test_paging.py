"""Lists: by page tokens, lazily, to their end and no further."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from segform import ConfigurationError, PaginationError, ResponseDecodeError

from .stub import async_client, client, no, ok


def page(*slugs: str, token: Any = "") -> httpx.Response:
    entries = [{"name": f"workspaces/acme/sources/{slug}"} for slug in slugs]
    return ok(sources=entries, next_page_token=token)


def test_pages_are_asked_for_when_they_are_reached() -> None:
    made, script = client(page("a", "b", token="t/1"), page("c"))
    walk = made.sources.list(count=2)
    assert script.requests == []
    assert [next(walk)["name"][-1], next(walk)["name"][-1]] == ["a", "b"]
    assert len(script.requests) == 1
    assert [one["name"][-1] for one in walk] == ["c"]
    assert [path for _, path in script.sent] == [
        "/v1beta/workspaces/acme/sources?page_size=2",
        "/v1beta/workspaces/acme/sources?page_size=2&page_token=t%2F1",
    ]


@pytest.mark.parametrize("end", [{"next_page_token": ""}, {"next_page_token": None}, {}])
def test_the_end(end: dict[str, Any]) -> None:
    made, script = client(ok(sources=[], **end))
    assert list(made.sources.list()) == []
    assert script.sent[0][1].endswith("?page_size=100")


def test_an_empty_list_may_be_left_out() -> None:
    made, _ = client(ok(), ok(next_page_token="t"), page("a"))
    assert list(made.sources.list()) == []
    assert len(list(made.sources.list())) == 1


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"]])
def test_a_token_that_comes_back_is_an_error(tokens: list[str]) -> None:
    made, script = client(*(page("x", token=token) for token in tokens))
    with pytest.raises(PaginationError, match="'a' twice"):
        list(made.sources.list())
    assert len(script.requests) == len(tokens)


def test_the_token_one_started_from_is_known_too() -> None:
    made, script = client(page("x", token="start"))
    pages = made.pages(
        "legacy.listSources", path={"workspace": "acme"}, query={"page_token": "start"}
    )
    with pytest.raises(PaginationError, match="'start' twice"):
        list(pages)
    assert "page_token=start" in script.sent[0][1]


@pytest.mark.parametrize(
    "answer", [ok(hello=1), ok(sources={"a": 1}), page("a", token=7), httpx.Response(200)]
)
def test_what_is_no_list(answer: httpx.Response) -> None:
    made, _ = client(answer)
    with pytest.raises(ResponseDecodeError, match=r"is empty|not the whole list"):
        list(made.sources.list())


def test_a_limit() -> None:
    made, script = client(page("a", "b", token="t"), page("c", "d", token="u"))
    assert len(list(made.sources.list(limit=3, count=2))) == 3
    assert len(script.requests) == 2
    assert list(made.sources.list(limit=0)) == []
    assert len(script.requests) == 2
    made, script = client(page("a"))
    list(made.sources.list(limit=1))
    assert script.sent[0][1].endswith("?page_size=1")


def test_bad_sizes_and_operations() -> None:
    made, script = client()
    odd: Any
    for odd in (0, 1001, "5", True):
        with pytest.raises(ConfigurationError, match="1 to 1000"):
            list(made.sources.list(count=odd))
    for odd in (-1, "3", True):
        with pytest.raises(ConfigurationError, match=f"limit is {odd!r}"):
            list(made.sources.list(limit=odd))
    with pytest.raises(ConfigurationError, match="one list"):
        list(made.pages("legacy.getSource", path={"workspace": "acme", "source": "js"}))
    assert script.requests == []


def test_a_page_that_fails_for_a_while() -> None:
    made, _ = client(page("a", token="t"), no(503, 14), page("b"))
    assert len(list(made.sources.list())) == 2


def test_awaited() -> None:
    async def run() -> None:
        made, script = async_client(page("a", token="t"), page("b"), page("c", token="x"))
        assert [one["name"][-1] async for one in made.sources.list()] == ["a", "b"]
        assert len([one async for one in made.sources.list(limit=1)]) == 1
        assert len(script.requests) == 3

    asyncio.run(run())
