"""The guide to adopting a workspace: every step is run with the real terraform; none writes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.workspace.shop import shop

from segform import Segment
from segform.workspace import Workspace
from segform_emulator import Emulator

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "adopt.md"
STEPS = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.DOTALL)


@pytest.mark.parametrize("role", ["owner", "label_scoped"])
def test_every_step_of_the_guide(tmp_path: Path, terraform: str, role: str) -> None:
    """Also with a weak token: what it sees is adopted, and nothing is written."""
    assert len(STEPS) == GUIDE.read_text("utf-8").count("```") // 2 == 9
    emulator = Emulator()
    with emulator.serve() as server:
        with Segment(emulator.token, url=server.url) as client:
            engine = Workspace(client, journal=False, folder=tmp_path / "maker")
            wanted = shop()
            engine.apply(engine.plan(wanted), wanted)
        emulator.recorder.clear()
        token = emulator.tokens[role]
        said = _run("\n".join(STEPS), tmp_path, token, server.url, terraform)
        sent = [str(entry["operation"]) for entry in emulator.recorder.entries]
    assert re.search(r"Plan: \d+ to import, 0 to add, 0 to change, 0 to destroy", said), said
    assert "No changes. Your infrastructure matches the configuration." in said
    assert re.search(r"about \d+ requests to read all of it", said)
    # What the guard has to say of the plan's sources and warehouses, whichever the token sees.
    assert ("write key" if role == "owner" else "its sources stop loading") in said
    assert len(sent) > 20
    assert [one for one in sent if not one.startswith(("get", "list"))] == []
    assert [path.name for path in (tmp_path / "work" / "labels-only").glob("label*")]


def _run(script: str, folder: Path, token: str, url: str, terraform: str) -> str:
    home, work = folder / "home", folder / "work"
    home.mkdir()
    work.mkdir()
    (home / ".segment-token").write_text(token)
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
