"""The answer as it came, beside the value it was turned into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from segform.errors import ConfigurationError

T = TypeVar("T")


class RawResponse(Generic[T]):
    """An answer of success with its HTTP facts.

    * `result`: what the method gives without this; `status`; `headers`, names in lower case;
    * `body`: the bytes as they came; `request_id`: the service's name for the request, or None;
    * `attempts`: how often it was sent; `seconds`: how long the last attempt took.
    """

    __slots__ = ("attempts", "body", "headers", "request_id", "result", "seconds", "status")

    def __init__(self, result: T, kept: Kept) -> None:
        self.result = result
        self.status = kept.status
        self.headers = kept.headers
        self.body = kept.body
        self.request_id = kept.request_id
        self.attempts = kept.attempts
        self.seconds = kept.seconds

    def __repr__(self) -> str:
        return f"RawResponse({self.status}, {len(self.body)} bytes, {self.attempts} attempts)"


class Kept:
    """What is kept of an exchange for `RawResponse`."""

    __slots__ = ("attempts", "body", "headers", "request_id", "seconds", "status")

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        request_id: str | None,
        attempts: int,
        seconds: float,
    ) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.request_id = request_id
        self.attempts = attempts
        self.seconds = seconds


_keeping: ContextVar[list[Kept] | None] = ContextVar("segform_raw", default=None)


@contextmanager
def keeping() -> Iterator[list[Kept]]:
    """Collects what is kept while the context lasts, in this thread or task."""
    kept: list[Kept] = []
    mark = _keeping.set(kept)
    try:
        yield kept
    finally:
        _keeping.reset(mark)


def wanted() -> list[Kept] | None:
    """Where to put what is kept; None where nobody asked."""
    return _keeping.get()


def made(result: T, kept: list[Kept]) -> RawResponse[T]:
    """The response, or ConfigurationError where the call sent nothing (a list sends later)."""
    if not kept:
        raise ConfigurationError(
            "This call sends nothing by itself; of a list, ask for one page: "
            "client.with_raw_response(client.request, 'listSources')."
        )
    return RawResponse(result, kept[-1])
