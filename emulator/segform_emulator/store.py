"""The state of an emulator in a folder: SQLite, a row for each object, written with each change."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .exact import dumps, loads
from .workspace import Workspace

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    place INTEGER NOT NULL,
    part TEXT NOT NULL,
    key TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (place, part, key)
);
"""
_PUT = (
    "INSERT INTO objects (place, part, key, content) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (place, part, key) DO UPDATE SET content = excluded.content"
)


class Store:
    """One file, `segment.sqlite`, that one emulator has open at a time.

    Raises ValueError for a folder that another emulator uses, or a file that is no such state.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._held = (folder / "segment.lock").open("w")
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._held.close()
            raise ValueError(f"another emulator uses the folder {folder}") from None
        self._db = sqlite3.connect(
            folder / "segment.sqlite", check_same_thread=False, isolation_level=None
        )
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as problem:
            self.close()
            raise ValueError(f"{folder / 'segment.sqlite'}: {problem}") from None

    def close(self) -> None:
        """Close the file and let the folder go."""
        self._db.close()
        self._held.close()

    def load(self) -> list[Workspace]:
        """The workspaces that an earlier emulator kept here; none for a new folder."""
        made = [
            Workspace(one["id"], one["slug"], one["name"], one["region"])
            for one in self._fact("workspaces", [])
        ]
        rows = self._db.execute("SELECT place, part, key, content FROM objects ORDER BY number")
        for place, part, key, content in rows:
            found = loads(key)
            table = made[place].tables()[part]
            table[tuple(found) if isinstance(found, list) else found] = _read(part, content)
        for workspace in made:
            workspace.forget_touched()
        return made

    def save(self, place: int, workspace: Workspace) -> None:
        """Write what was touched in a workspace, all of it or nothing."""
        with self._whole():
            for part, table in workspace.tables().items():
                for key in table.touched:
                    self._put(place, part, key, table.get(key))

    def replace(self, workspaces: Sequence[Workspace]) -> None:
        """Write everything anew."""
        facts = [
            {"id": one.id, "slug": one.slug, "name": one.name, "region": one.region}
            for one in workspaces
        ]
        with self._whole():
            self._db.execute("DELETE FROM objects")
            self._keep("workspaces", facts)
            for place, workspace in enumerate(workspaces):
                for part, table in workspace.tables().items():
                    for key, value in table.items():
                        self._put(place, part, key, value)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """A transaction: a full disk leaves what was there, and the next write tries again."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _put(self, place: int, part: str, key: Any, value: Any) -> None:
        name = dumps(key)
        if value is None:
            self._db.execute(
                "DELETE FROM objects WHERE place = ? AND part = ? AND key = ?", (place, part, name)
            )
        else:
            content = list(value.values()) if part == "rules" else value
            self._db.execute(_PUT, (place, part, name, dumps(content)))

    def tokens(self) -> dict[str, str]:
        """The tokens of an earlier emulator, by role."""
        found: dict[str, str] = self._fact("tokens", {})
        return found

    def keep_tokens(self, tokens: dict[str, str]) -> None:
        """Keep the tokens for the next emulator."""
        self._keep("tokens", tokens)

    def _fact(self, name: str, default: Any) -> Any:
        row = self._db.execute("SELECT content FROM facts WHERE name = ?", (name,)).fetchone()
        return loads(row[0]) if row else default

    def _keep(self, name: str, content: Any) -> None:
        self._db.execute("REPLACE INTO facts VALUES (?, ?)", (name, dumps(content)))


def _read(part: str, content: str) -> Any:
    found = loads(content)
    if part != "rules":
        return found
    from .families.rules import identity

    return {identity(rule): rule for rule in found}
