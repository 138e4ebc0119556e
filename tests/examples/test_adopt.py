"""The guide to adopting a workspace: every step is run with the real terraform; none writes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from segform import Segment
from segform.workspace import Workspace
from segform_emulator import Emulator
from tests.workspace.shop import shop

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "adopt.md"
STEPS = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.DOTALL)


def test_every_step_of_the_guide(tmp_path: Path, terraform: str) -> None:
    assert len(STEPS) == GUIDE.read_text("utf-8").count("```") // 2 == 10
    emulator = Emulator()
    with emulator.serve() as server:
        with Segment(emulator.token, url=server.url) as client:
            engine = Workspace(client, journal=False, folder=tmp_path / "maker")
            wanted = shop()
            engine.apply(engine.plan(wanted), wanted)
        emulator.recorder.clear()
        said = _run("\n".join(STEPS), tmp_path, emulator, server.url, terraform)
        sent = [str(entry["operation"]) for entry in emulator.recorder.entries]
    assert re.search(r"Plan: \d+ to import, 0 to add, 0 to change, 0 to destroy", said), said
    assert "No changes. Your infrastructure matches the configuration." in said
    assert "write key" in said
    # Looked, in words: whose it is, what there is, what is wrong.
    assert re.search(r"^well +workspace +Acme", said, re.MULTILINE)
    assert "Website, plan Shop -> Hook" in said
    told = re.search(r"about (\d+) requests to read all of it", said)
    assert told
    assert len(sent) > 20
    assert [one for one in sent if not one.startswith(("get", "list"))] == []
    assert [path.name for path in (tmp_path / "work" / "labels-only").glob("label*")]


def test_a_weak_token_is_told_what_it_does_not_see(tmp_path: Path, terraform: str) -> None:
    """As far as the plan, whose objects are those that it sees; no write either."""
    emulator = Emulator()
    with emulator.serve() as server:
        with Segment(emulator.token, url=server.url) as client:
            engine = Workspace(client, journal=False, folder=tmp_path / "maker")
            wanted = shop()
            engine.apply(engine.plan(wanted), wanted)
        emulator.recorder.clear()
        emulator.features.switch(emulator.at(0), {"Protocols": False})
        upto = next(n for n, step in enumerate(STEPS) if "terraform plan" in step)
        token = emulator.tokens["member"]
        said = _run("\n".join(STEPS[: upto + 1]), tmp_path, emulator, server.url, terraform, token)
        sent = [str(entry["operation"]) for entry in emulator.recorder.entries]
    assert "not seen: " in said
    assert re.search(r"Plan: \d+ to import, 0 to add, 0 to change, 0 to destroy", said), said
    assert [one for one in sent if not one.startswith(("get", "list"))] == []


def _run(
    script: str, folder: Path, emulator: Emulator, url: str, terraform: str, token: str = ""
) -> str:
    home, work = folder / "home", folder / "work"
    home.mkdir()
    work.mkdir()
    (home / ".segment-token").write_text(token or emulator.token)
    (home / ".segment-token").chmod(0o600)
    (home / "empty.tfrc").touch()
    tools = [str(Path(sys.executable).parent), str(Path(terraform).parent)]
    foreign = ("SEGMENT_", "TF_", "PUBLIC_API_", "PYTEST")
    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=work,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith(foreign)},
            "PATH": os.pathsep.join([*tools, os.environ["PATH"]]),
            "HOME": str(home),
            "TF_CLI_CONFIG_FILE": str(home / "empty.tfrc"),
            "TF_CLI_ARGS": "-no-color",
            "CHECKPOINT_DISABLE": "1",
            "SEGMENT_API_URL": url,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
