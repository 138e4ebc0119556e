"""The public surface: what `__all__` names is there, and what changes is told."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import segform

ROOT = Path(__file__).resolve().parents[2]
HOMES = {"segform": "client", "segform_cdktf": "provider", "segform_emulator": "emulator"}


def with_all() -> list[str]:
    """Every module that says what it gives, by its file."""
    found = []
    for package, home in HOMES.items():
        for path in sorted((ROOT / home / package).rglob("*.py")):
            if re.search(r"^__all__\b", path.read_text(encoding="utf-8"), re.MULTILINE):
                parts = path.relative_to(ROOT / home).with_suffix("").parts
                found.append(".".join(parts).removesuffix(".__init__"))
    # For type checkers alone: `segform_cdktf` gives its names, each from its own module.
    found.remove("segform_cdktf._generated")
    return found


@pytest.mark.parametrize("name", with_all())
def test_all_is_what_is_there(name: str) -> None:
    module = importlib.import_module(name)
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        assert getattr(module, public) is not None, public
        assert public in dir(module)


def test_every_lazy_name_is_public_and_typed() -> None:
    assert set(segform.__all__) == set(segform._HOMES)
    source = Path(str(segform.__file__)).read_text(encoding="utf-8")
    for name in segform.__all__:
        assert f" import {name} as {name}" in source, f"type checkers do not see {name}"
    with pytest.raises(AttributeError, match="no attribute 'Sgement'"):
        _ = segform.Sgement


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A checkout with one release of a small `segform`."""
    package = tmp_path / "client" / "segform"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("def call(a: int, b: int = 1) -> int:\n    return a\n")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n## [1.0.0]\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "one")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def run(diff: ModuleType, root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = diff.main(root)
    return code, capsys.readouterr().out


@pytest.fixture
def diff(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    pytest.importorskip("griffe", reason="griffe is for development; the oldest set lacks it")
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("api_diff")


def test_a_change_that_breaks_has_to_be_told(
    diff: ModuleType, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(diff, repository, capsys) == (
        0,
        "no release yet: no tag v* to compare the public surface with\n",
    )
    git(repository, "tag", "v1.0.0")
    assert run(diff, repository, capsys)[0] == 0
    module = repository / "client" / "segform" / "__init__.py"
    module.write_text("def call(a: int) -> int:\n    return a\n")
    code, said = run(diff, repository, capsys)
    assert code == 1
    assert "call(b)" in said
    assert "CHANGELOG.md" in said
    log = repository / "CHANGELOG.md"
    log.write_text(log.read_text().replace("## [Unreleased]\n", "## [Unreleased]\n\n### Changed\n"))
    assert run(diff, repository, capsys)[0] == 0


def test_the_script_runs_on_this_checkout(diff: ModuleType) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "api_diff.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
