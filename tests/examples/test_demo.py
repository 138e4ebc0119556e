"""The demo: every step holds, and nothing is left behind however it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "examples" / "ecommerce" / "demo.py"


@contextmanager
def demo(folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The demo, working below `folder`."""
    process = subprocess.Popen(
        [sys.executable, str(DEMO)],
        env={**os.environ, "TMPDIR": str(folder), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def working_in(folder: Path) -> list[str]:
    """Command lines of the processes that work in `folder` or below."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink().is_relative_to(folder):
                    found.append((entry / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
    return found


def nothing_works_in(folder: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while working_in(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def until(process: subprocess.Popen[str], beginning: str) -> str:
    """What the demo says up to the line with this beginning."""
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if line.strip().startswith(beginning):
            return "".join(said)
    raise AssertionError(f"no line {beginning!r} in:\n{''.join(said)}")


def told_in(output: str) -> None:
    """Each of the six steps holds, by what it says."""
    steps = re.split(r"^ \d  ", output, flags=re.MULTILINE)[1:]
    assert len(steps) == 6, output
    first, second, drift, heal, guard, destroy = steps
    assert "29 rules are there" in first
    assert "nothing to do" in second
    assert drift.count("        - ") == 3
    assert "as the code says" in heal
    assert "write key dies with it" in guard
    assert "nothing is left" in destroy
    assert all(re.search(r"\d+ API requests, [\d.]+ s", step) for step in steps)


@pytest.mark.timeout(120)
def test_without_terraform_the_whole_story_by_the_engine(tmp_path: Path) -> None:
    with demo(tmp_path, PATH="") as process:
        output, _ = process.communicate(timeout=100)
    assert process.returncode == 0, output
    told_in(output)
    assert "developer.hashicorp.com/terraform" in output
    assert list(tmp_path.iterdir()) == []
    assert nothing_works_in(tmp_path, 5)


@pytest.mark.cdktf
@pytest.mark.timeout(300)
def test_the_whole_story(tmp_path: Path) -> None:
    folder = tmp_path / "with a blank"
    folder.mkdir()
    with demo(folder) as process:
        output, _ = process.communicate(timeout=240)
    assert process.returncode == 0, output
    told_in(output)
    assert list(folder.iterdir()) == []
    assert nothing_works_in(folder, 5)


@pytest.mark.cdktf
@pytest.mark.timeout(120)
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_stays_behind_when_it_is_stopped(tmp_path: Path, sent: signal.Signals) -> None:
    with demo(tmp_path) as process:
        until(process, "emulator on")
        deadline = time.monotonic() + 60
        while not any("terraform" in command for command in working_in(tmp_path)):
            assert time.monotonic() < deadline, working_in(tmp_path)
            time.sleep(0.02)
        process.send_signal(sent)
        process.wait(timeout=30)
        assert nothing_works_in(tmp_path, 15), working_in(tmp_path)
    if sent != signal.SIGKILL:
        assert process.returncode == 130
        assert list(tmp_path.iterdir()) == []
