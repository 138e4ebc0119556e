"""The guide to scripts: every block of it is run against the emulator, in its order."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from segform_emulator import Emulator

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "provisioning.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)


def test_the_blocks_do_what_the_guide_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = Emulator()
    emulator.seed(sources=3, destinations=4)
    monkeypatch.setenv("SEGMENT_API_TOKEN", emulator.token)
    said = []
    with emulator.serve() as server:
        monkeypatch.setenv("SEGMENT_API_URL", server.url)
        for number, block in enumerate(BLOCKS):
            script = tmp_path / f"block_{number}.py"
            script.write_text(block)
            runpy.run_path(str(script), run_name="__main__")
            said.append(capsys.readouterr().out)
    held = emulator.dump()["workspaces"][0]
    web = next(source for source in held["sources"] if source["slug"] == "web")
    assert (web["name"], web["labels"]) == (
        "Website",
        [{"key": "environment", "value": "prod"}],
    )
    plans = [plan["name"] for plan in held["trackingPlans"]]
    assert plans == ["Shop", "Shop"]  # one with its rule, and one of the block on lost answers
    assert web["schemaSettings"]["track"]["allowUnplannedEvents"] is False
    everything = "".join(said)
    assert "***" in everything
    assert "nothing was sent" in everything
    assert "getWorkspace: 0." in everything
    assert emulator.token not in everything
    assert len(BLOCKS) > 9
