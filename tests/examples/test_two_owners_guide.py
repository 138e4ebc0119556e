"""The page about two owners: its files are written down, its commands run with terraform."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from segform_emulator import Emulator

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "two-owners.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_page(tmp_path: Path, terraform: str) -> None:
    emulator = Emulator()
    foreign = ("SEGMENT_", "TF_", "PUBLIC_API_", "PYTEST")
    tools = [str(Path(sys.executable).parent), str(Path(terraform).parent)]
    (tmp_path / "empty.tfrc").touch()
    work = tmp_path / "work"
    work.mkdir()
    # A later block of a page finds what an earlier one has exported.
    script, marked = "", "echo '==='\n"
    with emulator.serve() as server:
        for language, text in BLOCKS:
            name = re.match(r"# (\S+)\n", text)
            if language in ("hcl", "python"):
                assert name
                (work / name[1]).parent.mkdir(exist_ok=True)
                (work / name[1]).write_text(text)
            elif language == "sh":
                script += marked + text
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(foreign)},
            "PATH": os.pathsep.join([*tools, os.environ["PATH"]]),
            "TF_CLI_CONFIG_FILE": str(tmp_path / "empty.tfrc"),
            "TF_CLI_ARGS": "-no-color",
            "SEGMENT_API_URL": server.url,
            "SEGMENT_API_TOKEN": emulator.token,
        }
        done = subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=work,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=200,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    _, made, content, refused, moved = done.stdout.split("===\n")
    assert "create destination.fulfilment" in made
    assert "No changes." in content
    assert "Nothing to do." in content
    [shown] = [text.strip() for language, text in BLOCKS if language == "text"]
    assert shown in refused
    assert "1 to update" in moved
    sent = [str(entry["operation"]) for entry in emulator.recorder.entries]
    writes = [one for one in sent if not one.startswith(("get", "list"))]
    assert writes == ["createSource", "updateSource", "createDestination", "updateSource"]
    [source] = emulator.dump()["workspaces"][0]["sources"]
    assert source["name"] == "Web"
