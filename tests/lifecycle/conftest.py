"""A workspace in this process, with a wire that can be cut where a test wants it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform import Segment
from segform.lifecycle import planning
from segform.lifecycle.hooks import hook
from segform.lifecycle.journal import Journal
from segform.lifecycle.run import Outcome, Run
from segform.lifecycle.service import Lifecycle
from segform.resources import registry
from segform_emulator import Emulator

Judge = Callable[[httpx.Request], bool]


class Killed(BaseException):
    """The process ends here."""


class Wire(httpx.BaseTransport):
    """The way to the emulator. `cut` says what becomes of the requests that a pattern matches.

    * `lost`: never arrives; `unanswered`: is carried out, the answer lost; `refused`: 422;
    * `broken`: 500 for ever; `killed`: is carried out, and the process dies; `kill`: dies before.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.inner = emulator.transport()
        self.cuts: list[tuple[re.Pattern[str], str, int]] = []
        self.seen: list[str] = []

    def cut(self, pattern: str, how: str, times: int = 10**6) -> None:
        self.cuts.append((re.compile(pattern), how, times))

    def mend(self) -> None:
        self.cuts.clear()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        line = f"{request.method} {request.url.path}"
        self.seen.append(line)
        how = self._how(line)
        if how == "lost":
            raise httpx.ConnectError("no route", request=request)
        if how == "kill":
            raise Killed
        if how in ("refused", "broken"):
            item = {"type": "test", "message": "not today"}
            status = 422 if how == "refused" else 500
            return httpx.Response(status, json={"errors": [item]}, request=request)
        answer = self.inner.handle_request(request)
        if how == "unanswered":
            raise httpx.RemoteProtocolError("the answer was lost", request=request)
        if how == "killed":
            raise Killed
        return answer

    def _how(self, line: str) -> str:
        for index, (pattern, how, times) in enumerate(self.cuts):
            if pattern.search(line):
                if times == 1:
                    del self.cuts[index]
                else:
                    self.cuts[index] = (pattern, how, times - 1)
                return how
        return ""


class Shop:
    """One workspace, and processes of ours that come and go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.emulator = Emulator()
        self.wire = Wire(self.emulator)
        self.start()

    def start(self, *, journal: bool = True) -> Lifecycle:
        """A new process: everything it knew is gone but the journal."""
        client = Segment(self.emulator.token, url="https://emulator.example", transport=self.wire)
        client._sleep = lambda seconds: None
        kept = Journal(self.folder / "ws.jsonl") if journal else None
        self.life = Lifecycle(client, journal=kept)
        return self.life

    def plan(self, kind_name: str, before: Outcome | None = None, /, **config: Any) -> Run:
        """What the provider would plan."""
        kind = registry()[kind_name]
        prior = before.values if before else None
        private = before.private if before else {}
        values = {**dict.fromkeys(kind.attributes), **config}
        run = Run(
            kind,
            self.life.client,
            config=values,
            prior=prior,
            planned=planning.plan(kind.attributes, values, prior, private),
            private=private,
        )
        if kind.about.plan:
            hook(kind.about.plan)(run)
        planning.refresh_computed(kind.attributes, run.planned, prior)
        return run

    def create(self, kind_name: str, /, **config: Any) -> Outcome:
        run = self.plan(kind_name, **config)
        return self.life.create(kind_name, run.planned, run.config, run.private)

    def update(self, kind_name: str, before: Outcome, /, **config: Any) -> Outcome:
        run = self.plan(kind_name, before, **config)
        return self.life.update(kind_name, before.values, run.planned, run.config, run.private)

    def read(self, name: str, before: Outcome) -> Outcome:
        found = self.life.read(name, before.values, before.private)
        assert found is not None
        return found

    def held(self, family: str) -> list[dict[str, Any]]:
        """What the workspace holds of a family: `sources`, `trackingPlans`."""
        found: list[dict[str, Any]] = self.emulator.snapshots.dump()["workspaces"][0].get(
            family, []
        )
        return found


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A fresh workspace."""
    return Shop(tmp_path)
