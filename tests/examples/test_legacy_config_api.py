"""The guide to the legacy Config API: every block is run against the emulator, in its order."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pytest

from segform import Segment
from segform.cli import main
from segform_emulator import Emulator
from segform_emulator.exact import loads

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "legacy-config-api.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)


def test_the_blocks_do_what_the_guide_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = Emulator()
    for name in ("SEGMENT_READ_ONLY", "SEGMENT_REGION", "SEGMENT_API_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEGMENT_CONFIG_API_TOKEN", emulator.token)
    monkeypatch.setenv("SEGMENT_API_TOKEN", emulator.token)
    monkeypatch.setenv("SEGMENT_WORKSPACE", "acme")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "snapshot.json").touch(mode=0o644)  # as an earlier run may have left it
    said = []
    with emulator.serve() as server:
        monkeypatch.setenv("SEGMENT_API_URL", server.url)
        monkeypatch.setenv("SEGMENT_CONFIG_API_URL", server.url)
        for number, block in enumerate(BLOCKS):
            script = tmp_path / f"block_{number}.py"
            script.write_text(block)
            runpy.run_path(str(script), run_name="__main__")
            said.append(capsys.readouterr().out)
    write, mask, read, elsewhere, leave = said
    assert (write, mask) == ("", "")
    held = emulator.dump()["workspaces"][0]
    assert held["sources"][0]["name"] == "Website"
    assert held["sources"][0]["schemaSettings"]["track"]["allowUnplannedEvents"] is False
    assert held["destinations"][0]["settings"]["batchEvents"] is False
    assert (held["destinations"][0]["name"], held["destinations"][0]["enabled"]) == ("", True)
    assert "workspaces/acme/sources/js/destinations/amplitude True" in read
    assert "Shop ['workspaces/acme/sources/js']" in read
    assert re.search(r"\n\['users/\w+'\]\n\Z", read)
    assert elsewhere == "segform.Segment().warehouses.list\n"
    assert leave.startswith("Not read (")
    file = tmp_path / "snapshot.json"
    assert file.stat().st_mode & 0o777 == 0o600
    again = Emulator(seed=loads(file.read_text()))
    assert [one["slug"] for one in again.dump()["workspaces"][0]["sources"]] == ["js"]
    assert emulator.token not in "".join(said)


def test_the_snapshot_is_held_against_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing to do, until somebody changes something; what was not told is never removed."""
    emulator = Emulator()
    emulator.seed(sources=4, destinations=5, filters=2, plans=2, rules=4, warehouses=1, functions=1)
    monkeypatch.setenv("SEGMENT_CONFIG_API_TOKEN", emulator.token)
    monkeypatch.setenv("SEGMENT_API_TOKEN", emulator.token)
    monkeypatch.setenv("SEGMENT_WORKSPACE", "acme")
    monkeypatch.chdir(tmp_path)

    def plan() -> str:
        monkeypatch.setattr(sys, "argv", ["segform", "plan", "snapshot.json"])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None)
        return capsys.readouterr().out

    with emulator.serve() as server:
        monkeypatch.setenv("SEGMENT_API_URL", server.url)
        monkeypatch.setenv("SEGMENT_CONFIG_API_URL", server.url)
        for name, block in (("write", BLOCKS[0]), ("leave", BLOCKS[-1])):
            script = tmp_path / f"{name}.py"
            script.write_text(block)
            runpy.run_path(str(script), run_name="__main__")
        assert plan() == "Nothing to do.\n"
        with Segment() as segment:
            changed = next(segment.destinations.list())
            segment.destinations.update(changed["id"], enabled=not changed["enabled"])
        said = plan()
    assert "~ destination." in said
    assert said.endswith("1 to update.\n")


def test_the_tables_are_true() -> None:
    """Families, methods and codes of the guide are those of the client."""
    from segform.config_api import ConfigAPI
    from segform.config_api.answer import CODES

    text = GUIDE.read_text()
    client = ConfigAPI("t", workspace="acme")
    rows = re.findall(
        r"^\| `([a-z_.]+)`.* \| ([a-z, ;]+) \| (?:Segment's|public)", text, re.MULTILINE
    )
    assert len(rows) == 10
    for family, methods in rows:
        found = client
        for step in family.split("."):
            found = getattr(found, step)
        for method in methods.partition(";")[0].split(", "):
            assert callable(getattr(found, method)), (family, method)
    codes = re.findall(r"^\| \d{3}, (\d+) \| `\w+` \| `(\w+)` \|", text, re.MULTILINE)
    assert len(codes) == 9
    assert all(CODES[int(code)] == name for code, name in codes)
