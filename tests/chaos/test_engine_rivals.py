"""Two applies at once, and people who edit meanwhile: refused, merged or said, never silent."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from .applies import Applies, whole

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def applies(tmp_path: Path) -> Iterator[Applies]:
    made = Applies(tmp_path / "a shop")
    with made.gate.open():
        yield made


class Held:
    """An apply that waits right before a request: the first that `line` begins, the `at`-th."""

    def __init__(
        self, applies: Applies, *arguments: str, line: str = "", at: int = 1, exact: bool = False
    ) -> None:
        self._reached, self._go = threading.Event(), threading.Event()
        left = at

        def watch(_: int, told: str, when: str) -> None:
            nonlocal left
            if when == "before" and (told == line if exact else told.startswith(line)):
                left -= 1
                if left == 0:
                    self._reached.set()
                if left <= 0:
                    self._go.wait(60)

        self.applies = applies
        applies.gate.restart(watch)
        self._started: subprocess.Popen[str] = applies.start("apply", "wanted.py", "--yes")
        if not self._reached.wait(30):
            self._go.set()
            told, _ = self._started.communicate(timeout=60)
            pytest.fail(f"it never came to that request: {applies.gate.lines} {told}")

    def end(self) -> tuple[int, str]:
        """Let it go on; how it ended."""
        self._go.set()
        told, _ = self._started.communicate(timeout=120)
        self.applies.gate.restart()
        return self._started.returncode, told


def _requests(applies: Applies) -> list[str]:
    """Writes that reached the service so far."""
    return [
        str(one["operation"])
        for one in applies.emulator.recorder.entries
        if not str(one["operation"]).startswith(("get", "list"))
    ]


def _by_hand(applies: Applies, operation: str, body: dict[str, Any]) -> None:
    """Somebody edits the source in the app."""
    [one] = applies.emulator.dump()["workspaces"][0]["sources"]
    with httpx.Client(
        base_url="https://emulator.example", transport=applies.emulator.transport()
    ) as wire:
        wire.headers["Authorization"] = f"Bearer {applies.emulator.token}"
        wire.request(operation, f"/sources/{one['id']}", json=body).raise_for_status()


def test_a_second_apply_in_the_folder_is_refused(applies: Applies) -> None:
    other = _beside(applies, applies.folder)
    with other.gate.open():
        first = Held(applies, line="POST")
        told = other.run("apply", "wanted.py", "--yes", code=3)
        assert "another apply of this workspace is under way" in told
        code, said = first.end()
    assert code == 0, said
    applies.is_whole()


def test_an_apply_whose_reading_was_overtaken_is_refused(applies: Applies) -> None:
    other = _beside(applies, applies.folder)
    with other.gate.open():
        first = Held(applies, line="GET", at=3)
        other.run("apply", "wanted.py", "--yes")
        before = _requests(applies)
        code, said = first.end()
    assert code == 3, said
    assert "changed since the plan was made" in said
    assert _requests(applies) == before
    applies.is_whole()


@pytest.mark.parametrize("at", [1, 3, 6, 9, 12, 15])
def test_two_machines_never_double_anything_silently(
    applies: Applies, tmp_path: Path, at: int
) -> None:
    other = _beside(applies, tmp_path / "another machine")
    with other.gate.open():
        first = Held(applies, line="POST", at=at)
        other_apply = other.start("apply", "wanted.py", "--yes")
        told, _ = other_apply.communicate(timeout=120)
        code, said = first.end()
    if code == 0 and other_apply.returncode == 0:
        twice = applies.counts() - whole()
        assert (said + told).count("somebody else made another object") >= sum(twice.values())
    else:
        # Said with what stands in the way: a name that is taken, or two that could be meant.
        assert {code, other_apply.returncode} <= {0, 1, 3}
        assert "Error" in said + told or "Refused" in said + told
    for family in ("labels", "sources"):
        assert applies.counts()[family] == 1


def test_a_reviewed_plan_is_refused_after_an_edit(applies: Applies) -> None:
    _changed(applies)
    applies.run("plan", "wanted.py", "--out", "plan.json")
    _by_hand(applies, "PATCH", {"enabled": False})
    before = _requests(applies)
    told = applies.run("apply", "wanted.py", "--plan", "plan.json", code=3)
    assert "nothing was written" in told
    assert _requests(applies) == before


def test_an_edit_of_something_else_meanwhile_is_merged(applies: Applies) -> None:
    _changed(applies)
    held = Held(applies, line="PATCH /sources")
    _by_hand(applies, "PATCH", {"enabled": False})
    code, said = held.end()
    assert code == 0, said
    [one] = applies.emulator.dump()["workspaces"][0]["sources"]
    assert (one["name"], one["enabled"]) == ("Renamed", False)
    assert "enabled" in applies.run("plan", "wanted.py", "--exit-code", code=2)


def test_an_edit_of_the_same_meanwhile_is_not_overwritten(applies: Applies) -> None:
    _changed(applies)
    # Read to be planned, and once more right before it is written.
    [one] = applies.emulator.dump()["workspaces"][0]["sources"]
    held = Held(
        applies, line=f"GET /sources/{one['id']}", at=_singly(applies, one["id"]), exact=True
    )
    _by_hand(applies, "PATCH", {"name": "Theirs"})
    code, said = held.end()
    assert code == 1, said
    assert "somebody else changed its name" in said
    [one] = applies.emulator.dump()["workspaces"][0]["sources"]
    assert one["name"] == "Theirs"
    # The next plan shows it, and an apply of that is meant.
    assert "Theirs" in applies.run("plan", "wanted.py", "--exit-code", code=2)
    applies.run("apply", "wanted.py", "--yes")


def _beside(applies: Applies, folder: Path) -> Applies:
    """The same workspace through a gate of its own."""
    return Applies(folder, emulator=applies.emulator)


def _changed(applies: Applies) -> None:
    """The shop is there, and another name is wanted for its source."""
    applies.run("apply", "wanted.py", "--yes")
    wanted = applies.folder / "wanted.py"
    wanted.write_text(wanted.read_text().replace("= shop(", '= shop(source_name="Renamed", '))


def _singly(applies: Applies, object_id: str) -> int:
    """Which of the requests for the source itself is the one before its update."""
    applies.gate.restart()
    applies.run("plan", "wanted.py", "--exit-code", code=2)
    mine = [one for one in applies.gate.lines if one == f"GET /sources/{object_id}"]
    return len(mine) + 1
