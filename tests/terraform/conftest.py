"""An emulator and a working folder for each test with the real terraform."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from segform_emulator import Emulator
from tests.protocol.shop import with_space

from .harness import Terraform


@pytest.fixture
def emulator() -> Emulator:
    """A fresh emulator, with the space of the configuration, not yet served."""
    return with_space(Emulator())


@pytest.fixture
def tf(
    emulator: Emulator, tmp_path: Path, terraform: str, request: pytest.FixtureRequest
) -> Iterator[Terraform]:
    """Terraform in a folder whose path holds a space, with the provider of this environment.

    With `--archive` it is the self-contained one.
    """
    archived = request.config.getoption("--archive")
    plugins = request.getfixturevalue("plugins") if archived else None
    with emulator.serve() as server:
        made = Terraform(tmp_path / "a shop", server.url, emulator.token, terraform, plugins)
        yield made
        made.close()
