"""The examples of the engine, run as a newcomer runs them: without what they need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("script", "given", "words"),
    [
        ("adopt/adopt.py", {}, "No Segment API token; make one in the Segment app"),
        ("promote/promote.py", {}, "not set: SEGMENT_DEV_TOKEN, SEGMENT_PROD_TOKEN"),
        (
            "promote/promote.py",
            {
                "SEGMENT_DEV_TOKEN": "a",
                "SEGMENT_PROD_TOKEN": "b",
                "SEGMENT_API_URL": "http://127.0.0.1:9",
            },
            "127.0.0.1:9",
        ),
        ("brands/provision.py", {}, "set BRANDS to the name of the file of brands"),
        ("brands/provision.py", {"BRANDS": "none.json"}, "none.json: "),
        ("brands/provision.py", {"BRANDS": "half.json"}, "half.json: "),
        (
            "brands/provision.py",
            {"BRANDS": "brands.json"},
            "north: NOBODY_SET_IT, which is to hold its token, is not set",
        ),
    ],
)
def test_what_is_missing_is_said_in_a_line(
    script: str, given: dict[str, str], words: str, tmp_path: Path
) -> None:
    (tmp_path / "half.json").write_text("{")
    (tmp_path / "brands.json").write_text('{"north": "NOBODY_SET_IT"}')
    bare = {
        name: one
        for name, one in os.environ.items()
        if not name.startswith(("SEGMENT_", "PUBLIC_"))
    }
    ended = subprocess.run(
        [sys.executable, str(ROOT / "examples" / script)],
        cwd=tmp_path,
        env={**bare, **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
