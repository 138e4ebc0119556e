"""A scripted Config API in process: answers in the order given, and remembers what it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from segform.config_api import AsyncConfigAPI, ConfigAPI

TOKEN = "legacy_canary_T0k3n.abc"

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def ok(**data: Any) -> httpx.Response:
    """An answer of success: the object itself, no envelope."""
    return httpx.Response(200, json=data)


def no(status: int, code: int, error: str = "no reason", **headers: str) -> httpx.Response:
    """An answer of failure, as the documents show it."""
    return httpx.Response(status, json={"error": error, "code": code}, headers=headers)


class Script:
    """Answers one after the other."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Method, path and query of every request."""
        return [(one.method, one.url.raw_path.decode()) for one in self.requests]

    def body(self, index: int = -1) -> Any:
        """The JSON of a request's body; None where there is none."""
        content = self.requests[index].content
        return json.loads(content) if content else None


def client(*answers: Answer, workspace: str | None = "acme", **options: Any) -> tuple[Any, Script]:
    """A client over a script, which does not sleep; typed loosely: tests err on purpose."""
    script = Script(*answers)
    made = ConfigAPI(TOKEN, workspace=workspace, transport=httpx.MockTransport(script), **options)
    made._sleep = lambda _: None
    return made, script


def async_client(*answers: Answer, **options: Any) -> tuple[Any, Script]:
    """The same for asyncio."""
    script = Script(*answers)

    async def at_once(_: float) -> None:
        return None

    made = AsyncConfigAPI(TOKEN, workspace="acme", transport=httpx.MockTransport(script), **options)
    made._sleep = at_once
    return made, script
