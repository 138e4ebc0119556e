"""What the named tests of the official provider's defects are made of: a check, and a mutant.

Each check runs twice: on ours, where it passes, and on a mutant with the official provider's way
patched in, where it fails with the words that the defect is known by.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

import segform
from segform import errors
from segform_emulator import Emulator

from .core import Config, Core, DiagnosticsError

Patch = pytest.MonkeyPatch
# How a check may fail on a mutant.
FAILURES = (AssertionError, DiagnosticsError, errors.SegformError, pytest.fail.Exception)


class Ring(NamedTuple):
    """What a check works with."""

    core: Core
    emulator: Emulator
    pauses: list[float]

    def elsewhere(
        self, operation: str, path: dict[str, Any], body: Any = None, query: Any = None
    ) -> None:
        """Somebody else at the same workspace."""
        other = segform.Segment(self.emulator.token, url="https://emulator.example")
        other.request(operation, path=path, body=body, query=query)

    def id(self, address: str) -> str:
        """The id of an object in the state."""
        return str(self.core.values(address)["id"])

    def held(self, family: str) -> list[dict[str, Any]]:
        """What the workspace holds."""
        found: list[dict[str, Any]] = self.emulator.dump()["workspaces"][0][family]
        return found

    def sent(self, operation: str) -> int:
        """How often an operation was asked for since the log was emptied."""
        return sum(entry["operation"] == operation for entry in self.emulator.recorder.entries)

    def settled(self, config: Config) -> None:
        """Apply, and see that nothing is left to do."""
        self.core.apply(config)
        assert self.core.plan(config) == [], "the plan is not empty"


class Defect(NamedTuple):
    """A check, a mutant that fails it, and the words of that failure."""

    check: Callable[[Ring], None]
    mutant: Callable[[Patch], None]
    words: str


def each(defects: list[Defect]) -> pytest.MarkDecorator:
    """Run a test for every defect, by the name of its check."""
    return pytest.mark.parametrize("defect", defects, ids=[one.check.__name__ for one in defects])


def fails(defect: Defect, ring: Ring, patch: Patch) -> None:
    """See the check fail on the mutant, in the words of the defect."""
    defect.mutant(patch)
    with pytest.raises(FAILURES, match=defect.words):
        defect.check(ring)


def changed_answers(emulator: Emulator, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the service's answers be changed on their way."""
    real = emulator.transport

    class Changed(httpx.BaseTransport):
        def __init__(self) -> None:
            self.inner = real()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = self.inner.handle_request(request)
            body = json.loads(answer.read())
            change(body)
            return httpx.Response(answer.status_code, json=body, request=request)

    vars(emulator)["transport"] = Changed


def sent_bodies(emulator: Emulator) -> list[dict[str, Any]]:
    """The bodies of the requests that are sent from now on."""
    real, sent = emulator.transport, list[dict[str, Any]]()

    class Seen(httpx.BaseTransport):
        def __init__(self) -> None:
            self.inner = real()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.content:
                sent.append(json.loads(request.content))
            return self.inner.handle_request(request)

    vars(emulator)["transport"] = Seen
    return sent
