"""`segform export`: from the live workspace and from a file, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from segform.workspace.snapshot import text
from segform_emulator import Emulator
from tests.workspace.conftest import Place
from tests.workspace.shop import shop


def run(folder: Path, *arguments: str, code: int = 0, env: dict[str, str] | None = None) -> str:
    """What the command said."""
    done = subprocess.run(
        [sys.executable, "-m", "segform", "export", *arguments],
        cwd=folder,
        env={"PATH": "", **(env or {})},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == code, done.stderr + done.stdout
    assert done.stdout == ""
    return done.stderr


@pytest.fixture
def pulled(tmp_path: Path) -> Place:
    """A workspace, and its snapshot in `snapshot.json`."""
    place = Place(tmp_path, Emulator())
    wanted = shop(source_name="Web \x1b[31m")
    engine = place.engine()
    engine.apply(engine.plan(wanted), wanted)
    (tmp_path / "snapshot.json").write_text(text(place.engine().pull()))
    return place


def test_live_and_a_snapshot_are_the_same_code(pulled: Place) -> None:
    with pulled.emulator.serve() as server:
        pulled.sent()
        env = {"SEGMENT_API_TOKEN": pulled.emulator.token, "SEGMENT_API_URL": server.url}
        said = run(pulled.folder, "--format", "hcl", "-o", "a", env=env)
        assert pulled.writes() == []
    assert "2 secrets to fill in" in said
    assert "not in the code: user ann@shop.example" in said
    assert "\x1b" not in said
    run(pulled.folder, "--format", "hcl", "-o", "b", "snapshot.json")
    made = [
        {
            p.relative_to(pulled.folder / at): p.read_bytes()
            for p in (pulled.folder / at).rglob("*.tf")
        }
        for at in "ab"
    ]
    assert made[0] == made[1]
    assert len(made[0]) > 10


def test_what_was_edited_is_never_touched(pulled: Place) -> None:
    arguments = ("--format", "python", "-o", "code", "snapshot.json")
    run(pulled.folder, *arguments)
    assert "0 of them new or changed" in run(pulled.folder, *arguments)
    edited = pulled.folder / "code" / "sources.py"
    edited.write_text("mine")
    said = run(pulled.folder, *arguments, code=3)
    assert "Refused, nothing was written" in said
    assert "sources.py changed since" in said
    assert edited.read_text() == "mine"


def test_what_is_no_snapshot_is_said(pulled: Place) -> None:
    assert "there is no file missing.json" in run(
        pulled.folder, "--format", "hcl", "missing.json", code=1
    )
    (pulled.folder / "other.json").write_text("{}")
    assert "is no snapshot" in run(pulled.folder, "--format", "hcl", "other.json", code=1)
