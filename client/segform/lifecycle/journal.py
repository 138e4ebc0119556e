"""The journal: what this machine set out to make, so that a killed run leaves no orphan.

One file per workspace, `.segform/journal/<workspace>.jsonl` below the working folder, one JSON
object a line, appended and synced to disk: before a creating POST `{intent, kind, key, hash,
seen, time, process}`, after it `{intent, id}` or `{intent, refused}`, and `{retired}` once a later
process met the id in a state. It holds no secrets: bodies are only hashed.

`SEGFORM_JOURNAL` moves it to another folder; `off` turns it off. A folder that cannot be written
is a warning (`Journal.warning`), never a failed run.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from segform.resources.exact import dumps

VERSION = 1
_FOLDER = Path(".segform") / "journal"
# Retired entries are dropped from the file when there are this many of them.
_COMPACT = 200


def body_hash(body: Any) -> str:
    """A hash of a create's body: enough to know it again."""
    return hashlib.sha256(dumps(body).encode()).hexdigest()[:32]


class Intent:
    """A create that was set out on: made (`id`), refused, or nobody knows."""

    __slots__ = ("hash", "id", "intent", "key", "kind", "process", "refused", "seen")

    def __init__(self, record: dict[str, Any]) -> None:
        self.intent = str(record["intent"])
        self.kind = str(record["kind"])
        self.key = str(record["key"])
        self.hash = str(record["hash"])
        self.seen = frozenset(map(str, record.get("seen", ())))
        self.process = str(record.get("process", ""))
        self.id: str | None = None
        self.refused = False


class Journal:
    """The journal of one workspace. Safe to use from many threads and processes."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.warning = ""
        self._process = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._intents: dict[str, Intent] = {}
        self._retired: set[str] = set()
        if path is not None:
            self._load(path)

    @classmethod
    def open(cls, workspace: str, *, base: Path | None = None) -> Journal:
        """The journal of a workspace (its id), as `SEGFORM_JOURNAL` says."""
        wanted = os.environ.get("SEGFORM_JOURNAL", "")
        if wanted.lower() == "off":
            return cls(None)
        folder = Path(wanted) if wanted else (base or Path.cwd()) / _FOLDER
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", workspace).lstrip(".") or "workspace"
        return cls(folder / f"{name}.jsonl")

    # Reading

    def _load(self, path: Path) -> None:
        try:
            if path.is_symlink():
                self._give_up(f"{path} is a symbolic link")
                return
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as problem:
            self._give_up(str(problem))
            return
        for line in lines:
            self._take(line)

    def _take(self, line: str) -> None:
        try:
            record = json.loads(line)
            if "kind" in record:
                self._intents[record["intent"]] = Intent(record)
            elif "retired" in record:
                self._retired.add(str(record["retired"]))
            elif "id" in record:
                self._intents[record["intent"]].id = str(record["id"])
            elif "refused" in record:
                self._intents[record["intent"]].refused = True
        except (ValueError, KeyError, TypeError):
            # The last line of a run that was killed may be torn.
            return

    def open_intents(self, kind: str, key: str) -> list[Intent]:
        """Creates of this object by earlier processes whose end no state has seen."""
        with self._lock:
            return [
                one
                for one in self._intents.values()
                if (one.kind, one.key) == (kind, key)
                and not one.refused
                and one.process != self._process
                and (one.id is None or one.id not in self._retired)
            ]

    def adoptable(self, kind: str, key: str, wanted: str, candidates: Iterable[str]) -> str | None:
        """Which of the objects with our key an earlier run of ours made; None for none of them.

        `wanted` is the hash of the body, `candidates` the ids of those that are as it asks. An id
        that the journal knows is ours whatever it looks like by now only if it is a candidate;
        without an id, the only one that was not there before and was to be made just so.
        """
        ids = list(candidates)
        intents = self.open_intents(kind, key)
        for one in reversed(intents):
            if one.id is not None and one.id in ids:
                return one.id
        for one in reversed(intents):
            new = [found for found in ids if found not in one.seen]
            if one.id is None and one.hash == wanted and len(new) == 1:
                return new[0]
        return None

    # Writing

    def adopted(self, kind: str, key: str, adopted_id: str) -> None:
        """An earlier run's object was taken over: its intents end here."""
        for one in self.open_intents(kind, key):
            if one.id is None:
                self.made(one.intent, adopted_id)

    def intend(self, kind: str, key: str, wanted: str, seen: Iterable[str]) -> str:
        """Write down that an object is about to be made; the intent's id."""
        record = {
            "version": VERSION,
            "intent": secrets.token_hex(8),
            "kind": kind,
            "key": key,
            "hash": wanted,
            "seen": sorted(seen),
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "process": self._process,
        }
        self._append(record)
        return str(record["intent"])

    def made(self, intent: str, made_id: str) -> None:
        """Write down which object came of it."""
        self._append({"intent": intent, "id": made_id})

    def refused(self, intent: str) -> None:
        """Write down that the service refused, so nothing came of it."""
        self._append({"intent": intent, "refused": True})

    def retire(self, met: str) -> None:
        """A state holds this id: what an earlier process wrote of it has done its duty."""
        with self._lock:
            known = any(
                one.id == met and one.process != self._process for one in self._intents.values()
            )
            known = known and met not in self._retired
        if known:
            self._append({"retired": met})

    def _append(self, record: dict[str, Any]) -> None:
        with self._lock:
            line = json.dumps(record, ensure_ascii=False, sort_keys=True)
            self._take(line)
            if self.path is None:
                return
            try:
                self._write(self.path, line)
            except OSError as problem:
                self._give_up(str(problem))

    def _write(self, path: Path, line: str) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(path, flags, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            size = os.fstat(handle).st_size
            # After a torn line the next record starts on a line of its own.
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            if len(self._retired) >= _COMPACT:
                self._compact(handle)
                torn = False
            os.write(handle, (("\n" if torn else "") + line + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def _compact(self, handle: int) -> None:
        """Drop what is retired or refused; the file is locked, and is rewritten in place."""
        os.lseek(handle, 0, os.SEEK_SET)
        kept = []
        gone = {
            one.intent
            for one in self._intents.values()
            if one.refused or (one.id is not None and one.id in self._retired)
        }
        for raw in (
            os.read(handle, os.fstat(handle).st_size).decode("utf-8", "replace").splitlines()
        ):
            try:
                record = json.loads(raw)
            except ValueError:
                continue
            if record.get("intent") not in gone and "retired" not in record:
                kept.append(raw)
        os.ftruncate(handle, 0)
        os.write(handle, "".join(f"{raw}\n" for raw in kept).encode())
        self._intents = {key: one for key, one in self._intents.items() if key not in gone}
        self._retired = set()

    def _give_up(self, why: str) -> None:
        self.warning = (
            f"The journal cannot be used ({why}). It is what lets a run that was killed go on "
            "without duplicates. Set SEGFORM_JOURNAL to a folder that can be written, or to `off`."
        )
        self.path = None
