"""A fault for every class of error: what really happens, and that nothing else comes out."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import segform
from segform import AsyncSegment, BulkError, ConfigurationError, SegformError, Segment
from segform import errors as tree
from segform.lifecycle.service import Lifecycle
from segform.resources.source import Source
from segform_emulator import Emulator

from .stub import TOKEN, Waits, no, ok, too_many

Act = Callable[[Segment], Any]


def labels(client: Segment) -> Any:
    return client.labels.list()


def walk(client: Segment) -> Any:
    return list(client.sources.list(count=1))


def create(client: Segment) -> Any:
    return client.sources.create(slug="web", metadata_id="m")


def answers(*given: Any) -> Callable[[httpx.Request], httpx.Response]:
    """The answers in their order, the last one again and again."""
    left = list(given)

    def answer(_: httpx.Request) -> httpx.Response:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)

    return answer


HTML = httpx.Response(200, html="<html>Sign in</html>")
PAGES = ok(sources=[{"id": "1"}], pagination={"next": "again"})
# Class -> what the other side does, and what is asked of it.
FAULTS: dict[str, tuple[Any, Act]] = {
    "APIConnectionError": (httpx.ConnectError("refused"), labels),
    "APITimeoutError": (httpx.ReadTimeout("silence"), labels),
    "ResponseDecodeError": (HTML, labels),
    "PaginationError": (PAGES, walk),
    "BadRequestError": (no(400), labels),
    "AuthenticationError": (no(401), labels),
    "PermissionDeniedError": (no(403), labels),
    "NotFoundError": (no(404), labels),
    "ConflictError": (no(409), create),
    "PayloadTooLargeError": (no(413), create),
    "URITooLongError": (no(414), labels),
    "UnprocessableEntityError": (no(422), create),
    "RateLimitError": (too_many(3_600_000), labels),
    "ServerError": (no(500), labels),
    "APIStatusError": (no(418), labels),
}
# What is raised without an answer has a case of its own below.
BY_ITSELF = {
    "ConfigurationError",
    "ReadOnlyError",
    "WorkspaceMismatchError",
    "NotVisibleError",
    "BulkError",
}
BASES = {"SegformError", "APIError"}


def classes() -> set[str]:
    return {
        name
        for name, one in vars(tree).items()
        if isinstance(one, type) and issubclass(one, SegformError)
    }


def test_no_class_is_without_its_fault() -> None:
    assert classes() == set(FAULTS) | BY_ITSELF | BASES


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_its_class(name: str) -> None:
    fault, act = FAULTS[name]
    with Segment(TOKEN, transport=httpx.MockTransport(answers(fault))) as made:
        made._sleep = Waits()
        with pytest.raises(SegformError) as caught:
            act(made)
    _check(name, caught.value)


@pytest.mark.parametrize("name", FAULTS)
def test_for_asyncio_as_well(name: str) -> None:
    fault, act = FAULTS[name]

    async def run() -> None:
        async with AsyncSegment(TOKEN, transport=httpx.MockTransport(answers(fault))) as made:

            async def sleep(_: float) -> None:
                """At once."""

            made._sleep = sleep
            if act is walk:
                _ = [one async for one in made.sources.list(count=1)]
            elif act is create:
                await made.sources.create(slug="web", metadata_id="m")
            else:
                await made.labels.list()

    with pytest.raises(SegformError) as caught:
        asyncio.run(run())
    _check(name, caught.value)


def _check(name: str, problem: SegformError) -> None:
    assert type(problem) is getattr(segform, name)
    assert isinstance(problem, tree.APIError)
    assert problem.operation in ("listLabels", "createSource", "listSources")
    assert problem.path in str(problem)
    assert TOKEN not in repr(problem)
    assert not problem.ambiguous  # surely not carried out, or nothing but a read


@pytest.mark.parametrize("name", ["APIConnectionError", "APITimeoutError", "ServerError"])
def test_where_nobody_can_tell_the_error_says_so(name: str) -> None:
    fault = {"APIConnectionError": httpx.ReadError("reset")}.get(name, FAULTS[name][0])
    with Segment(TOKEN, transport=httpx.MockTransport(answers(fault))) as made:
        made._sleep = Waits()
        with pytest.raises(getattr(segform, name)) as caught:
            create(made)
    assert caught.value.ambiguous


def test_those_that_are_raised_without_an_answer() -> None:
    transport = httpx.MockTransport(answers(ok(workspace={"id": "w", "slug": "acme"})))
    with pytest.raises(ConfigurationError):
        Segment(TOKEN, url="http://elsewhere.example")
    with Segment(TOKEN, transport=transport) as made:
        with pytest.raises(tree.ReadOnlyError):
            create(made.with_options(read_only=True))
        with pytest.raises(BulkError) as caught:
            made.map(lambda n: 1 // n, [1, 0])
        assert caught.value.results == [1, None]
        assert list(caught.value.errors) == [1]
    with (
        Segment(TOKEN, workspace="umbrella", transport=transport) as made,
        pytest.raises(tree.WorkspaceMismatchError),
    ):
        made.labels.list()
    transport = httpx.MockTransport(answers(no(404), ok(events=[])))
    with Segment(TOKEN, transport=transport) as made:
        lost = {**dict.fromkeys(Source.attributes), "id": "s1", "slug": "web"}
        with pytest.raises(tree.NotVisibleError, match=r"the source 'web' \(s1\)") as unseen:
            Lifecycle(made).read("source", lost, {})
        assert (unseen.value.kind, unseen.value.object_id) == ("source", "s1")


@pytest.mark.parametrize(
    ("status", "name"), [(404, "NotFoundError"), (422, "UnprocessableEntityError")]
)
def test_the_emulators_own_error_generator(status: int, name: str) -> None:
    """`GET /echo` is the API's way to try a client's errors."""
    emulator = Emulator()
    with Segment(emulator.token, transport=emulator.transport()) as made:
        made._sleep = Waits()
        assert made.testing.echo(message="hello")
        emulator.fault("error_before", operation="echo", status=status)
        with pytest.raises(getattr(segform, name)):
            made.testing.echo(message="hello")


def test_a_port_that_nobody_listens_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with Segment(TOKEN, url=f"http://127.0.0.1:{port}") as made:
        with pytest.raises(tree.APIConnectionError) as caught:
            made.with_options(attempts=1).labels.list()
        assert not caught.value.ambiguous
