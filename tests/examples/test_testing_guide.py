"""The guide to tests in CI: every file on the page is written down and run, as CI would run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "testing-in-ci.md"
BLOCKS = re.findall(r"^```\w+\n# (\S+)\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.DOTALL)
FENCES = re.findall(r"^```\w+$", GUIDE.read_text("utf-8"), re.M)


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    assert len(BLOCKS) == len(FENCES) == 7
    files = {name: text for name, text in BLOCKS if not name.startswith(".github")}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    (workflow,) = (text for name, text in BLOCKS if name.startswith(".github"))
    steps = yaml.safe_load(workflow)["jobs"]["analytics"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[0].startswith("pip install")
    here = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"}
    # What a run of these tests was told must not reach the ones that are run.
    env = {name: value for name, value in env.items() if not name.startswith("PYTEST")}
    said = []
    for command in commands[1:]:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout)
    tests = sum(text.count("\ndef test_") for text in files.values())
    # One of them is run three times.
    assert f"{tests + 2} passed" in said[0]
    assert said[1].endswith("the workspace is as it should be\n")
