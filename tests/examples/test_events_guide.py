"""The guide to events: its Python is run as it stands, one block after the other."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from segform.tracking.files import load_text

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "events.md"
TEXT = GUIDE.read_text(encoding="utf-8")


def test_the_blocks_run(tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 8
    said = []
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", block],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    printed = "\n".join(said)
    wrong = "properties.total Invalid Type Invalid type. Expected: number, given: string"
    assert wrong in printed
    assert "thinned out" in printed
    assert "['TRACK:Cart Viewed', 'IDENTIFY']" in printed
    assert "on web it will be dropped, on iOS only flagged" in printed
    assert "['web', 'Amplitude', 'Orders with an id']" in printed
    assert "SEG204" in printed


def test_the_file_is_an_event() -> None:
    [block] = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert load_text(block).required == ("order_id", "total")
