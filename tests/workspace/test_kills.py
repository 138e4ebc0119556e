"""Applies that die at the boundary of a request: the next one makes it whole, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform import Segment
from segform.workspace import Bindings, Desired
from segform.workspace.memory import Memory
from segform_emulator import Emulator
from tests.protocol.shop import SPACE

from .conftest import Place
from .shop import shop


class _Dead(BaseException):
    """The process ends here."""


class _Wire(httpx.BaseTransport):
    """Dies before or after the `at`-th write; what comes later never leaves the process."""

    def __init__(self, emulator: Emulator, at: int, *, after: bool) -> None:
        self._inner = emulator.transport()
        self._left, self._after = at, after
        self.dead = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.dead:
            raise _Dead
        if request.method == "GET":
            return self._inner.handle_request(request)
        self._left -= 1
        if self._left < 0 and not self._after:
            self.dead = True
            raise _Dead
        answer = self._inner.handle_request(request)
        if self._left < 0:
            self.dead = True
            raise _Dead
        return answer


def killed(
    place: Place, monkeypatch: Any, at: int, *, after: bool, wanted: Desired | None = None
) -> bool:
    """Apply the shop, or what is wanted, until the `at`-th write; whether it came to that."""
    wire = _Wire(place.emulator, at, after=after)
    client = Segment(place.emulator.token, url="https://emulator.example", transport=wire)
    client._sleep = lambda _: None
    engine = place.engine()
    engine.client = engine.life.client = client
    wanted = wanted or shop(space=SPACE)
    with monkeypatch.context() as patch:
        # What a killed process would not have written.
        for kind in (Bindings, Memory):
            real = kind.save
            patch.setattr(kind, "save", lambda me, real=real: None if wire.dead else real(me))
        plan = place.engine().plan(wanted)
        try:
            engine.apply(plan, wanted, concurrency=1 + at % 3)
        except _Dead:
            return True
    return False


def _is_whole(place: Place) -> None:
    wanted = shop(space=SPACE)
    engine = place.engine()
    engine.apply(engine.plan(wanted), wanted)
    last = place.engine()
    assert not last.plan(wanted)
    assert last.life.journal is not None
    assert last.life.journal.unfinished() == []
    held = place.held()
    for family, names in (
        ("sources", ["web"]),
        ("destinations", ["Hook"]),
        ("trackingPlans", ["Shop"]),
        ("warehouses", ["Main"]),
        ("profilesWarehouses", ["People"]),
        ("transformations", ["Tidy"]),
    ):
        title = "slug" if family == "sources" else "name"
        found = [one.get(title) or one["settings"]["name"] for one in held[family]]
        assert found == names, family
    for family in ("filters", "subscriptions", "functions", "insertFunctionInstances", "groups"):
        assert Counter({family: len(held[family])}) == Counter({family: 1})


# The shop takes so many writes; the last test below says so.
WRITES = 21
SAMPLE = {0, 3, 7, 12, 17}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "at",
    [at if at in SAMPLE else pytest.param(at, marks=pytest.mark.full) for at in range(WRITES)],
)
def test_killed_at_a_boundary(place: Place, monkeypatch: Any, at: int, after: bool) -> None:
    assert killed(place, monkeypatch, at, after=after)
    _is_whole(place)


def test_there_are_no_more_boundaries(place: Place, monkeypatch: Any) -> None:
    assert not killed(place, monkeypatch, WRITES, after=False)


_APPLY = """
import os, signal, sys
from pathlib import Path
import httpx
from segform import Segment
from segform.cli import main
import segform.cli._place as place
real, left = Segment.request, [int(os.environ["KILL_AT"])]
def request(self, operation, **options):
    found = real(self, operation, **options)
    if not operation.startswith(("get", "list")):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return found
Segment.request = request
sys.argv = ["segform", "apply", "wanted.py", "--yes"]
main()
"""
_WANTED = "from tests.workspace.shop import shop\ndesired = shop()\n"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("at", [4, pytest.param(11, marks=pytest.mark.full)])
def test_killed_by_the_system_over_a_socket(tmp_path: Path, at: int) -> None:
    emulator = Emulator()
    (tmp_path / "wanted.py").write_text(_WANTED)
    root = str(Path(__file__).resolve().parents[2])
    with emulator.serve() as server:
        env = {
            **os.environ,
            "SEGMENT_API_TOKEN": emulator.token,
            "SEGMENT_API_URL": server.url,
            "PYTHONPATH": root,
            "KILL_AT": str(at),
        }
        killed = subprocess.run(
            [sys.executable, "-c", _APPLY],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        command = [sys.executable, "-m", "segform"]
        for arguments, code in (
            (("apply", "wanted.py", "--yes"), 0),
            (("plan", "wanted.py", "--exit-code"), 0),
        ):
            done = subprocess.run(
                [*command, *arguments],
                cwd=tmp_path,
                env=env,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == code, done.stderr + done.stdout
    held = emulator.dump()["workspaces"][0]
    assert [len(held[family]) for family in ("sources", "destinations", "trackingPlans")] == [1] * 3
