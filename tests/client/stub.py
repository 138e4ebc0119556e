"""A scripted Segment API in process: answers in the order given, and remembers what it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, SupportsIndex

import httpx

from segform import Segment

TOKEN = "sgp_canary_T0k3n"

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def ok(code: int = 200, /, *, headers: dict[str, str] | None = None, **data: Any) -> httpx.Response:
    """An answer of success."""
    return httpx.Response(code, json={"data": data}, headers=headers)


def no(
    status: int, *items: dict[str, Any], headers: dict[str, str] | None = None
) -> httpx.Response:
    """An answer of failure."""
    errors = list(items) or [{"type": "bad", "message": "no reason"}]
    return httpx.Response(status, json={"errors": errors}, headers=headers)


def too_many(milliseconds: float | None = 1) -> httpx.Response:
    """A 429 as the service words it."""
    data = {"remainingPoints": 0, "msBeforeNext": milliseconds, "consumedPoints": 21}
    return no(429, {"type": "RequestError", "message": "Too many requests", "data": data})


class Script:
    """Answers one after the other; the last one again and again when `repeat_last`."""

    def __init__(self, *answers: Answer, repeat_last: bool = False) -> None:
        self.answers = list(answers)
        self.repeat_last = repeat_last
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        last = self.repeat_last and len(self.answers) == 1
        answer = self.answers[0] if last else self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            # A copy: a response can be read once only.
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=answer.content
            )
        return answer(request)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Method and path of every request."""
        return [(request.method, request.url.raw_path.decode()) for request in self.requests]

    def body(self, index: int = -1) -> Any:
        """The JSON of a request's body."""
        return json.loads(self.requests[index].content)


class Waits:
    """Stands in for `time.sleep`: remembers and returns at once."""

    def __init__(self) -> None:
        self.all: list[float] = []

    def __call__(self, seconds: float | SupportsIndex, /) -> None:
        self.all.append(float(seconds))


def client(*answers: Answer, repeat_last: bool = False, **options: Any) -> tuple[Segment, Script]:
    """A client over a script, which does not sleep."""
    script = Script(*answers, repeat_last=repeat_last)
    made = Segment(token=TOKEN, transport=httpx.MockTransport(script), **options)
    made._sleep = Waits()
    return made, script
