"""What the tests of the constructs share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from segform_cdktf.run import node


def pytest_configure() -> None:
    """The framework's kernel takes the Node of the environment, as `segform_cdktf.run` does."""
    found = node()
    if found is not None:
        os.environ.setdefault("JSII_NODE", str(found))
    os.environ.setdefault("SEGFORM_CDK", "cdktf")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own with a blank in its path, and no CLI configuration."""
    folder = tmp_path / "an app"
    folder.mkdir()
    monkeypatch.chdir(folder)
    empty = tmp_path / "empty.tfrc"
    empty.touch()
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(empty))
    monkeypatch.setenv("CHECKPOINT_DISABLE", "1")
    return folder
