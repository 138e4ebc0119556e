"""The guides to the languages: every block is run, in its order, and prints what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("name", "blocks"), [("fql.md", 7), ("mappings.md", 2), ("explain.md", 1)])
def test_the_guides_do_what_they_say(
    name: str, blocks: int, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _BLOCK.findall((GUIDES / name).read_text(encoding="utf-8"))
    assert len(found) == blocks
    names: dict[str, Any] = {}
    for block in found:
        exec(compile(block, name, "exec"), names)
        said = _words(capsys.readouterr().out)
        # Comments directly behind a line that prints are what it prints.
        for told in re.findall(r"^ *print\(.*\)\n((?:# .*\n)+)", block, re.MULTILINE):
            assert _words(told.replace("# ", "")) in said, told
    assert said or blocks


def _words(text: str) -> str:
    return " ".join(text.split())


def test_every_decision_has_its_test() -> None:
    """The guide's table names a test for each of D1 to D18, in that order."""
    page = (GUIDES / "fql.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| D([0-9]+) \|.*::(test_d([0-9]+)_\w+)` \|$", page, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 19))
    assert all(number == tested for number, _, tested in rows)
