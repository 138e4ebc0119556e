"""Python for the engine: the script plans nothing on the workspace that it was made from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from segform import Segment
from segform.export import export, write
from segform.workspace import Workspace
from segform_emulator import Emulator
from tests.workspace.shop import shop


@pytest.mark.parametrize("by", [None, "environment"])
@pytest.mark.parametrize("bound", [True, False])
def test_the_script_plans_nothing(tmp_path: Path, by: str | None, bound: bool) -> None:
    emulator = Emulator()
    with emulator.serve() as server, Segment(emulator.token, url=server.url) as client:
        engine = Workspace(client, journal=False, folder=tmp_path / "first")
        wanted = shop()
        engine.apply(engine.plan(wanted), wanted)
        httpx.post(server.url + "/_emulator/accept-invite", json={"email": "ann@shop.example"})
        folder = tmp_path / "code"
        write(export(engine.pull(), "python", by=by, events=bound).files, folder)
        assert (folder / "events" / "shop").exists() is bound
        if not bound:
            (folder / "bindings.json").unlink()
        emulator.recorder.clear()
        done = subprocess.run(
            [sys.executable, "main.py"],
            cwd=folder,
            env={**os.environ, "SEGMENT_API_TOKEN": emulator.token, "SEGMENT_API_URL": server.url},
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "0 changes\n"), done.stderr + done.stdout
        sent = [str(entry["operation"]) for entry in emulator.recorder.entries]
        assert sent
        assert [one for one in sent if not one.startswith(("get", "list"))] == []
