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
    assert len(blocks) == 7
    (tmp_path / "guide.py").write_text("\n\n".join(blocks), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "guide.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (
        "properties.total Invalid Type Invalid type. Expected: number, given: string" in done.stdout
    )
    assert "thinned out" in done.stdout
    assert "['web', 'Amplitude', 'Euros only']" in done.stdout


def test_the_file_is_an_event() -> None:
    [block] = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert load_text(block).required == ("order_id", "total")
