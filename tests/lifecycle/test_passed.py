"""What a plan has checked is known to the apply, another process, and no longer than that."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path

import pytest

from segform.lifecycle import passed
from segform.lifecycle.passed import Passed

FACTS = ("source", "web")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where it is kept."""
    return tmp_path / "cache" / "ws.jsonl"


def test_what_passed_is_known_to_the_next_process_until_it_is_forgotten(path: Path) -> None:
    first = Passed(path)
    assert not first.recently(*FACTS)
    first.note(*FACTS)
    assert first.recently(*FACTS)
    second = Passed(path)
    assert second.recently(*FACTS)
    assert not second.recently("source", "app")
    second.forget(*FACTS)
    assert not second.recently(*FACTS)
    assert not Passed(path).recently(*FACTS)


def test_what_a_state_holds_is_known_until_it_is_released(path: Path) -> None:
    Passed(path).hold(*FACTS)
    second = Passed(path)
    assert second.holds(*FACTS)
    assert not second.recently(*FACTS)
    second.release(*FACTS)
    assert not second.holds(*FACTS)
    assert not Passed(path).holds(*FACTS)


def test_what_is_known_already_is_not_written_again(path: Path) -> None:
    kept = Passed(path)
    kept.hold(*FACTS)
    kept.hold(*FACTS)
    kept.forget("never", "noted")
    kept.release("never", "held")
    assert len(path.read_text().splitlines()) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "web" not in path.read_text()


@pytest.mark.parametrize("ahead", [-1, 1])
def test_a_check_holds_for_minutes_and_what_is_held_for_days(
    path: Path, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    """Also where the clock was set back meanwhile."""
    now = time.time()
    kept = Passed(path)
    kept.note(*FACTS)
    kept.hold(*FACTS)
    for seconds, passes, held in ((60, True, True), (3600, False, True), (10**6, False, False)):
        monkeypatch.setattr(time, "time", lambda later=now + ahead * seconds: later)
        later = Passed(path)
        assert later.recently(*FACTS) is (passes and ahead > 0)
        assert later.holds(*FACTS) is (held and ahead > 0)


def test_lines_that_say_nothing_are_passed_over(path: Path) -> None:
    Passed(path).note(*FACTS)
    good = path.read_text()
    path.write_text('{"passed": 1}\n[]\n{"at": "x"}\nnull\n{\n' + good)
    assert Passed(path).recently(*FACTS)
    path.write_bytes(b"\xff\n" + good.encode())
    assert not Passed(path).recently(*FACTS)


def test_a_long_file_is_shortened_to_what_still_holds(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is held was written long before the many checks of later plans."""
    monkeypatch.setattr(passed, "_MOST_LINES", 10)
    Passed(path).hold(*FACTS)
    Passed(path).note(*FACTS)
    old = {"passed": "x", "at": time.time() - passed.SECONDS - 1}
    with path.open("a") as file:
        file.writelines(json.dumps(old) + "\n" for _ in range(20))
    for _ in range(3):  # whoever comes next knows as much
        kept = Passed(path)
        assert kept.holds(*FACTS)
        assert kept.recently(*FACTS)
    assert len(path.read_text().splitlines()) == 2
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
