"""Completion in the shells themselves: commands, options, kinds, profiles."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .test_help import HEAVY

pytestmark = pytest.mark.slow

BASH = """
eval "$(segform completion bash)"
complete -p segform > /dev/null || exit 9
COMP_WORDS=(%s)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMPREPLY=()
_segform_completion segform
printf '%%s\\n' "${COMPREPLY[@]}"
"""


def environment() -> dict[str, str]:
    """The command of this environment first on PATH."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {**os.environ, "PATH": path, "TERM": "dumb"}


def shell(name: str) -> str:
    """Where a shell is; a shell that is not installed here cannot be asked."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def out(*command: str) -> list[str]:
    done = subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    # fish shows a help beside each name.
    return [line.partition("\t")[0] for line in done.stdout.splitlines()]


WORDS = [
    ("segform pul", ["pull"]),
    ("segform pr", ["promote", "provider"]),
    ("segform plan --exi", ["--exit-code"]),
    ("segform plan --complete labe", ["label"]),
    ("segform plan --profile pro", ["prod"]),
    ("segform completion z", ["zsh"]),
]


@pytest.fixture(autouse=True)
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "segform.toml").write_text("[profiles.prod]\n[profiles.dev]\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("words", "found"), WORDS)
def test_bash(words: str, found: list[str]) -> None:
    assert out("bash", "--norc", "-c", BASH % words) == found


@pytest.mark.parametrize(("words", "found"), WORDS)
def test_fish(words: str, found: list[str]) -> None:
    script = f"segform completion fish | source; complete -C '{words}'"
    lines = out(shell("fish"), "--no-config", "-c", script)
    assert [one for one in lines if one in found] == found


def test_zsh() -> None:
    """A line typed at its prompt, with the key pressed in the middle."""
    told = typed(
        shell("zsh"),
        "-f",
        "-i",
        lines=(
            "autoload -Uz compinit; compinit -u -d ./dump",
            'eval "$(segform completion zsh)"; echo re""ady',
        ),
        wait="ready",
        keys="segform pul\t--help\n",
        until="Read the whole workspace",
    )
    assert "Usage: segform pull" in told


def typed(*command: str, lines: tuple[str, ...], wait: str, keys: str, until: str) -> str:
    """What a shell on a terminal says to keys that are pressed once it said `wait`."""
    process, terminal = pty.fork()
    if process == 0:
        os.execve(command[0], command, environment())
    told, ends = "", time.monotonic() + 60
    os.write(terminal, "".join(f"{line}\n" for line in lines).encode())
    pressed = False
    try:
        while until not in told and time.monotonic() < ends:
            if select.select([terminal], [], [], 1)[0]:
                try:
                    told += os.read(terminal, 65536).decode(errors="replace")
                except OSError:
                    break
            if wait in told and not pressed:
                os.write(terminal, keys.encode())
                pressed = True
    finally:
        os.close(terminal)
        os.kill(process, 9)
        os.waitpid(process, 0)
    return told


def test_nothing_heavy_is_loaded_for_a_name() -> None:
    code = (
        "import os, sys\n"
        "os.environ.update(COMP_WORDS='segform pl', COMP_CWORD='1',"
        " _SEGFORM_COMPLETE='bash_complete')\n"
        "from segform.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    print(' '.join(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    first, modules = done.stdout.splitlines()
    assert first == "plain,plan"
    assert not set(HEAVY) & set(modules.split())
    assert "segform.cli.plan" not in modules.split()
