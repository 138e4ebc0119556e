"""The README's examples, run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from segform_cdktf.run import node
from segform_emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
)
CONFIGURATION = """{
  "language": "python",
  "app": "python -m segform_cdktf.run main.py",
  "projectId": "readme",
  "sendCrashReports": "false"
}
"""


def _environment(home: Path, url: str, token: str) -> dict[str, str]:
    bundled = node()
    paths = [str(Path(sys.executable).parent), *([str(bundled.parent)] if bundled else [])]
    return {
        **os.environ,
        "PATH": os.pathsep.join([*paths, os.environ["PATH"]]),
        "HOME": str(home),
        "CDKTF_HOME": str(home),
        "CI": "1",
        "SEGMENT_API_TOKEN": token,
        "SEGMENT_API_URL": url,
        "TF_VAR_webhook_secret": "hush-hush",
    }


@pytest.mark.cdktf
@pytest.mark.timeout(180)
def test_the_constructs_deploy_and_plan_empty(tmp_path: Path) -> None:
    app = tmp_path / "my app"
    app.mkdir()
    (app / "main.py").write_text(BLOCKS[0])
    (app / "cdktf.json").write_text(CONFIGURATION)
    program = shutil.which("cdktf")
    assert program
    emulator = Emulator()
    with emulator.serve() as server:
        env = _environment(tmp_path, server.url, emulator.token)
        printed = {}
        for command in (["deploy", "--auto-approve"], ["diff"], ["destroy", "--auto-approve"]):
            done = subprocess.run(
                [program, *command],
                cwd=app,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=120,
                check=False,
            )
            # What the constructs protect by themselves stays.
            assert done.returncode == (1 if command[0] == "destroy" else 0), done.stdout
            printed[command[0]] = done.stdout
            if command[0] == "deploy":
                held = emulator.snapshots.dump()["workspaces"][0]
                assert len(held["filters"]) == len(held["trackingPlans"][0]["rules"]) == 1
        assert "No changes" in printed["diff"], printed["diff"]
        assert "hush-hush" not in "".join(printed.values())
        # cdktf loses the end of a long output on a busy machine; Terraform itself does not.
        refused = subprocess.run(
            ["terraform", "plan", "-destroy", "-no-color", "-input=false"],
            cwd=app / "cdktf.out" / "stacks" / "shop",
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert "is protected from deletion" in refused.stdout
        assert len(emulator.snapshots.dump()["workspaces"][0]["sources"]) == 1


def test_the_script_runs() -> None:
    emulator = Emulator()
    emulator.seed(sources=2)
    with emulator.serve() as server:
        env = {**os.environ, "SEGMENT_API_TOKEN": emulator.token, "SEGMENT_API_URL": server.url}
        for expected in ("source-0 True\nsource-1 True\n",) * 2:
            done = subprocess.run(
                [sys.executable, "-c", BLOCKS[2]],
                env=env,
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.startswith(expected)
            assert done.stderr == ""
    assert "it is there already" in done.stdout


def test_the_event_class_runs() -> None:
    subprocess.run([sys.executable, "-c", BLOCKS[1]], capture_output=True, check=True)
