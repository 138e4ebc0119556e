"""A workspace in this process, and engines on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from segform import Segment
from segform.workspace import Workspace
from segform_emulator import Emulator
from tests.protocol.shop import with_space


class Place:
    """An emulator, and a folder for bindings and journal."""

    def __init__(self, folder: Path, emulator: Emulator | None = None) -> None:
        self.folder = folder
        self.emulator = with_space(emulator or Emulator())
        self.client = Segment(
            self.emulator.token,
            url="https://emulator.example",
            transport=self.emulator.transport(),
        )
        self.client._sleep = lambda _: None

    def engine(self, **options: Any) -> Workspace:
        """A new engine, as in a new process."""
        options = {"bindings": self.folder / "bindings.json", "folder": self.folder, **options}
        return Workspace(self.client, **options)

    def accept(self, email: str) -> None:
        """Let an invited person become a user."""
        transport = self.emulator.transport()
        with httpx.Client(base_url="https://emulator.example", transport=transport) as wire:
            wire.post("/_emulator/accept-invite", json={"email": email}).raise_for_status()

    def sent(self) -> list[str]:
        """Operations that reached the emulator since this was last asked."""
        entries = [str(entry["operation"]) for entry in self.emulator.recorder.entries]
        self.emulator.recorder.clear()
        return entries

    def writes(self) -> list[str]:
        """Of those, what is no read."""
        return [one for one in self.sent() if not one.startswith(("get", "list"))]

    def held(self) -> dict[str, Any]:
        """What the first workspace holds."""
        found: dict[str, Any] = self.emulator.dump()["workspaces"][0]
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty workspace."""
    return Place(tmp_path)
