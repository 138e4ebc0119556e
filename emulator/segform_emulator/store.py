"""The state of an emulator in a folder: SQLite, written with each change."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from .exact import dumps, loads

if TYPE_CHECKING:
    from .core import Emulator

_TABLE = "CREATE TABLE IF NOT EXISTS lists (place INTEGER, name TEXT, content TEXT, \
PRIMARY KEY (place, name))"


class Store:
    """One file, `segment.sqlite`, with the lists of each workspace as JSON."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "segment.sqlite", check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(_TABLE)
        self._lock = threading.Lock()
        self._written: dict[tuple[int, str], str] = {}

    def load(self, emulator: Emulator) -> None:
        """Bring back what an earlier emulator kept here."""
        rows = self._db.execute("SELECT place, name, content FROM lists").fetchall()
        if not rows:
            return
        snapshot = emulator.snapshots.dump()
        for place, name, content in rows:
            snapshot["workspaces"][place][name] = loads(content)
        emulator.snapshots.load(snapshot)

    def save(self, emulator: Emulator, workspace_id: str | None = None) -> None:
        """Write the lists that changed, of one workspace or of all."""
        dump = emulator.snapshots.dump()["workspaces"]
        with self._lock, self._db:
            for place, workspace in enumerate(dump):
                if workspace_id not in (None, workspace["id"]):
                    continue
                for name, content in workspace.items():
                    self._put(place, name, dumps(content))

    def _put(self, place: int, name: str, text: str) -> None:
        # Ids of workspaces are made anew with each start.
        if name == "id" or self._written.get((place, name)) == text:
            return
        self._db.execute("REPLACE INTO lists VALUES (?, ?, ?)", (place, name, text))
        self._written[place, name] = text
