"""What all tests share: a clean environment, and the external tools or a loud word about them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_TOOLS = {
    "terraform": "terraform is not on PATH: https://developer.hashicorp.com/terraform/install",
    "cdktf": "no cdktf in .tools or on PATH: python3 scripts/bootstrap.py node",
}
# A test must not see what the machine's owner has set for real work.
_FOREIGN = ("SEGMENT_", "PUBLIC_API_", "SEGFORM_", "TF_", "CDKTF_")


def _found(tool: str) -> str | None:
    own = ROOT / ".tools" / "node_modules" / ".bin" / tool
    if tool == "cdktf" and not shutil.which("terraform"):
        return None
    return str(own) if own.exists() else shutil.which(tool)


def pytest_configure(config: pytest.Config) -> None:
    """Clear the environment before anything is imported that might read it."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN):
            del os.environ[name]
    os.environ["CHECKPOINT_DISABLE"] = "1"
    # Both frameworks are installed here, and nothing but a test's own app says which is meant.
    os.environ["SEGFORM_CDK"] = "cdktf"
    own = ROOT / ".tools" / "node_modules" / ".bin"
    os.environ["PATH"] = os.pathsep.join([str(own), os.environ.get("PATH", "")])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a tool that is not here; with CI set, that is a failure."""
    for tool, words in _TOOLS.items():
        marked = [item for item in items if item.get_closest_marker(tool)]
        if not marked or _found(tool):
            continue
        if os.environ.get("CI", "").lower() in ("1", "true"):
            raise pytest.UsageError(f"{len(marked)} tests cannot run: {words}")
        _LEFT_OUT[tool] = len(marked)
        for item in marked:
            item.add_marker(pytest.mark.skip(reason=words))


_LEFT_OUT: dict[str, int] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One loud line for what was left out."""
    for tool, count in _LEFT_OUT.items():
        terminalreporter.write_line(
            f"LEFT OUT: {count} tests, because {_TOOLS[tool]}", red=True, bold=True
        )


@pytest.fixture(scope="session")
def terraform() -> str:
    """The real terraform."""
    found = _found("terraform")
    assert found, "a test that uses terraform has to be marked so"
    return found


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """The files of the project, as git knows them (and those it would take)."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = [name for name in done.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]
