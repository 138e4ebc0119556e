"""A host whose repository describes the workspace, and whose workspace is as described."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from segform_emulator import Emulator

from .forge import Forge
from .runner import SECRET, Host


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """An empty repository beside a small workspace."""
    emulator = Emulator()
    emulator.seed(sources=3, destinations=3, filters=2, plans=1, rules=3)
    [workspace, *_] = emulator.dump()["workspaces"]
    assert SECRET not in str(workspace)
    with emulator.serve() as server, Forge().serve() as forge:
        made = Host(tmp_path, emulator, server.url, forge)
        (made.desk / ".gitignore").write_text(".segform/\n__pycache__/\n.terraform/\n*.tfstate*\n")
        yield made


@pytest.fixture
def described(host: Host) -> Host:
    """Its repository has the snapshot and the bindings of the workspace."""
    host.sh(host.desk, "segform pull --out shop.json --bind")
    host.push("main", "What there is")
    host.emulator.recorder.clear()
    return host
