"""Names full of Markdown, HTML, terminal escapes and interpolation come out as plain text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Desk

HOSTILE = (
    'x"}\n${path.module} %{if true} \x1b[31mred\x1b]8;;http://e.example\x07\u202e\u2066 <script>'
    "alert(1)</script> ![i](http://e.example) [l](http://e.example) `x` **y** | ''' \"\"\" \\"
)
_WANTED = """
from tests.cli.test_hostile import HOSTILE
from tests.workspace.shop import shop
desired = shop(
    source_name=HOSTILE{more},
    destination_name=HOSTILE{more},
    plan_description=HOSTILE{more},
    filter_title=HOSTILE{more},
    function_display_name=HOSTILE{more},
)
"""


def test_nothing_steers_a_terminal_or_a_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENT_LOG", "debug")
    texts: list[tuple[str, str]] = []

    def run(*arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        ended = desk.run(*arguments)
        assert ended.code in codes, (arguments, ended)
        texts.extend((" ".join(arguments), one) for one in (ended.out, ended.err))
        return ended.out

    wanted = Path("wanted.py")
    wanted.write_text(_WANTED.format(more=""))
    run("plan", "wanted.py", "--out", "plan.json")
    marked = [run("report", "plan.json", "--format", "markdown")]
    run("report", "plan.json")
    run("apply", "wanted.py", "--yes")
    run("pull", "--out", "now.json")
    wanted.write_text(_WANTED.format(more="[::-1]"))
    run("plan", "wanted.py")
    run("drift", "wanted.py")
    marked.append(run("drift", "wanted.py", "--format", "markdown"))
    json.loads(run("drift", "wanted.py", "--format", "json"))
    run("compare", "live", "now.json")
    run("check", "now.json", codes=(0, 1))
    assert (
        json.loads(run("pull"))["workspaces"]
        == json.loads(Path("now.json").read_text())["workspaces"]
    )
    Path("event.json").write_text(json.dumps({"type": "track", "event": HOSTILE}))
    explain = ("explain", "event.json", "--snapshot", "now.json", "--destination")
    run(*explain, "nobody", codes=(1,))
    run(*explain, HOSTILE)
    assert json.loads(run(*explain, HOSTILE, "--json"))["destination"] == HOSTILE
    run("promote", "now.json")
    run("export", "--format", "hcl", "-o", "code")
    run("export", "--format", "hcl", "-o", "code", "--merge")
    run("disable", "destination", "nothing-of-that-name \x1b[31m", codes=(1, 3))
    # One that fails with the names in its message.
    desk.place.emulator.fault("error_before", operation="updateSource", count=100)
    run("apply", "wanted.py", "--yes", "--force", codes=(1,))
    for command, text in texts:
        odd = {char for char in text if not char.isprintable() and char not in "\n\t"}
        assert odd == set(), f"{command}: {odd}"
    for text in marked:
        bare = text.replace("\\<", "").replace("\\[", "").replace("\\!", "").replace("\\*", "")
        assert "<script>" not in bare
        assert "](http" not in bare.replace("\\]", "")
