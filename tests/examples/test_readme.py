"""The README's examples, run as they stand."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from segform_cdktf.run import node
from segform_emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(
    r"^```(\w+)\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
)
CONFIGURATION = """{
  "language": "python",
  "app": "python -m segform_cdktf.run main.py",
  "projectId": "readme",
  "sendCrashReports": "false"
}
"""


def block(word: str, language: str = "python") -> str:
    """The one example of a language that has a word in it."""
    [found] = [str(text) for kind, text in BLOCKS if kind == language and word in text]
    return found


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
    (app / "main.py").write_text(block("SegmentProvider"))
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
                [sys.executable, "-c", block("ConflictError")],
                env=env,
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.startswith(expected)
            assert done.stderr == ""
    assert "it is there already" in done.stdout


def test_the_event_class_runs() -> None:
    subprocess.run(
        [sys.executable, "-c", block("class OrderCompleted")], capture_output=True, check=True
    )


def test_the_first_minute(tmp_path: Path) -> None:
    """Made, nothing to do, switched off by somebody, seen and healed."""
    (tmp_path / "shop.py").write_text(block("# shop.py"))
    emulator = Emulator()
    told: dict[str, list[str]] = {}
    with emulator.serve() as server:
        env = {**os.environ, "SEGMENT_API_TOKEN": emulator.token, "SEGMENT_API_URL": server.url}
        for line in block("segform apply shop.py", "sh").splitlines():
            command = shlex.split(line, comments=True)
            if command[1] == "apply":
                command.append("--yes")  # nobody is there to be asked
            done = subprocess.run(
                [sys.executable, "-m", *command],
                cwd=tmp_path,
                env=env,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            told.setdefault(command[1], []).append(done.stdout)
            assert (command[1] == "drift") <= ("enabled: true -> false" in done.stdout)
    assert "3 to create." in told["apply"][0]
    assert told["plan"] == ["Nothing to do.\n"]
    assert "Source Disabled" in told["drift"][0]
    assert emulator.dump()["workspaces"][0]["sources"][0]["enabled"] is True
