"""The journal: what this machine set out to make, so that a killed run leaves no orphan.

One file per workspace, `.segform/journal/<workspace>.jsonl` below the working folder, one JSON
object a line, appended and synced to disk: before a creating POST `{intent, kind, key, hash,
seen, time, process}`, after it `{intent, id}` or `{intent, refused}`, and `{retired}` once a later
process met the id in a state. It holds no secrets: bodies are only hashed.

`SEGFORM_JOURNAL` moves it to another folder; `off` turns it off. A folder that cannot be written
is a warning (`Journal.warning`), never a failed run. The format of a line is described by
`contract/schemas/journal.schema.json`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import stat
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from segform.resources.exact import dumps

VERSION = 1
_FOLDER = Path(".segform") / "journal"
# Retired entries are dropped from the file when there are at least this many of them.
_COMPACT = 200
# A link in the journal's place could lead a write anywhere; a pipe would keep us waiting.
_SAFE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


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


class _Entries:
    """What the lines of a journal say, by the ways in which it is asked."""

    def __init__(self) -> None:
        self.intents: dict[str, Intent] = {}
        self.by_key: dict[tuple[str, str], list[Intent]] = {}
        self.by_id: dict[str, list[Intent]] = {}
        self.retired: set[str] = set()

    def take(self, line: str | bytes) -> dict[str, Any] | None:
        """Note what a line says; None for one that says nothing."""
        try:
            record = json.loads(line)
            if "kind" in record:
                one = Intent(record)
                self.intents[one.intent] = one
                self.by_key.setdefault((one.kind, one.key), []).append(one)
            elif "retired" in record:
                self.retired.add(str(record["retired"]))
            elif "id" in record:
                one = self.intents[record["intent"]]
                one.id = str(record["id"])
                self.by_id.setdefault(one.id, []).append(one)
            else:
                self.intents[record["intent"]].refused = bool(record["refused"])
        except (ValueError, KeyError, TypeError, RecursionError):
            # The last line of a run that was killed may be torn; later versions may write more.
            return None
        found: dict[str, Any] = record
        return found

    def over(self, one: Intent) -> bool:
        """Whether nothing can come of an intent any more."""
        return one.refused or (one.id is not None and one.id in self.retired)

    def still_open(self) -> _Entries:
        """The same without what is over, and without who was retired."""
        found = _Entries()
        for one in self.intents.values():
            if self.over(one):
                continue
            found.intents[one.intent] = one
            found.by_key.setdefault((one.kind, one.key), []).append(one)
            if one.id is not None:
                found.by_id.setdefault(one.id, []).append(one)
        return found


class Journal:
    """The journal of one workspace. Safe to use from many threads and processes."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.warning = ""
        self._process = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._disk = threading.Lock()
        # Lines that are not written yet, and whether they have to be on the disk.
        self._waiting: list[tuple[bytes, bool]] = []
        self._entries = _Entries()
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
            handle = _opened(path, os.O_RDONLY, fcntl.LOCK_SH)
            try:
                lines = _lines(handle)
            finally:
                os.close(handle)
        except FileNotFoundError:
            lines = []
        except OSError as problem:
            self._give_up(problem)
            return
        for line in lines:
            self._entries.take(line)
        if not _writable(path):
            self._give_up(PermissionError(f"{path} cannot be written"))

    def open_intents(self, kind: str, key: str) -> list[Intent]:
        """Creates of this object by earlier processes whose end no state has seen."""
        with self._lock:
            return [
                one
                for one in self._entries.by_key.get((kind, key), ())
                if one.process != self._process and not self._entries.over(one)
            ]

    def unfinished(self) -> list[Intent]:
        """Creates of earlier processes whose end nobody saw: something may be left of them.

        One after which the same object was made looked for what was there, and is left out.
        """
        with self._lock:
            found: dict[tuple[str, str], Intent] = {}
            for one in self._entries.intents.values():
                found.pop((one.kind, one.key), None)
                if one.id is None and not one.refused and one.process != self._process:
                    found[one.kind, one.key] = one
            return list(found.values())

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
        """Write down that an object is about to be made; the intent's id.

        `wanted` is the hash of the body, `seen` the ids of the collection that were there before.
        """
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
        """Write down what came of an intent."""
        # Not waited for: the next intent takes it to the disk, and what is lost with the power is
        # found by its key, as after a kill between the POST and this line.
        self._append({"intent": intent, "id": made_id}, sync=False)

    def refused(self, intent: str) -> None:
        """Write down that the service refused, so nothing came of it."""
        self._append({"intent": intent, "refused": True})

    def retire(self, met: str) -> None:
        """A state holds this id: what an earlier process wrote of it has done its duty."""
        with self._lock:
            makers = self._entries.by_id.get(met, ())
            if met in self._entries.retired or all(m.process == self._process for m in makers):
                return
        # A line that is lost with the machine's power is written again by the next process.
        self._append({"retired": met}, sync=False)

    def _append(self, record: dict[str, Any], *, sync: bool = True) -> None:
        # ASCII throughout: no key can break a line in two or tear a character.
        line = json.dumps(record, sort_keys=True)
        with self._lock:
            self._entries.take(line)
            if self.path is None:
                return
            self._waiting.append((line.encode() + b"\n", sync))
        # Whoever has the disk writes for all who wait, with one sync: then every line is there when
        # its own thread goes on, and a thousand creates do not wait for two thousand syncs.
        with self._disk:
            with self._lock:
                lines, self._waiting = self._waiting, []
                path = self.path
            if not lines or path is None:
                return
            try:
                self._write(path, b"".join(one for one, _ in lines), sync=any(s for _, s in lines))
            except OSError as problem:
                self._give_up(problem)

    def _write(self, path: Path, line: bytes, *, sync: bool) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        try:
            handle = _opened(path, flags, fcntl.LOCK_EX)
        except FileNotFoundError:  # its folder
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = _opened(path, flags, fcntl.LOCK_EX)
        try:
            known = self._entries
            # Never more than a third of the file is rewritten for nothing.
            if len(known.retired) >= max(_COMPACT, len(known.intents) // 2):
                _replace(path, _open_lines(_lines(handle)), line)
                with self._lock:
                    self._entries = self._entries.still_open()
                return
            size = os.fstat(handle).st_size
            # After a torn line the next record starts on a line of its own.
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            _write_all(handle, (b"\n" if torn else b"") + line)
            if sync:
                os.fsync(handle)
        finally:
            os.close(handle)

    def _give_up(self, why: OSError) -> None:
        words = f"{self.path} is a symbolic link" if self.path and self.path.is_symlink() else why
        self.warning = (
            f"The journal cannot be used ({words}). It is what lets a run that was killed go on "
            "without duplicates. Set SEGFORM_JOURNAL to a folder that can be written, or to `off`."
        )
        self.path = None


def _opened(path: Path, flags: int, lock: int) -> int:
    """The locked file, as a handle; a file that was replaced while we waited is opened anew."""
    while True:
        handle = os.open(path, flags | _SAFE, 0o600)
        try:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise OSError(f"{path} is not a file")
            fcntl.flock(handle, lock)
            facts = os.fstat(handle)
            if facts.st_nlink:
                loose = facts.st_mode & 0o077 and facts.st_uid == os.geteuid()
                if loose and flags & os.O_CREAT:
                    os.fchmod(handle, 0o600)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _writable(path: Path) -> bool:
    """Whether the file, or the nearest folder that exists, may be written; nothing is made."""
    nearest = next(one for one in (path, *path.absolute().parents) if one.exists())
    return os.access(nearest, os.W_OK)


def _lines(handle: int) -> list[bytes]:
    size = os.fstat(handle).st_size
    return os.pread(handle, size, 0).split(b"\n")


def _open_lines(lines: list[bytes]) -> list[bytes]:
    """The lines of intents that something may still come of, also those of other processes."""
    entries = _Entries()
    records = [(line, entries.take(line)) for line in lines]
    kept = []
    for line, record in records:
        one = entries.intents.get(str((record or {}).get("intent")))
        if one is not None and not entries.over(one):
            kept.append(line)
    return kept


def _replace(path: Path, kept: list[bytes], line: bytes) -> None:
    """Put a shorter file in place of the journal, at once: killed in between, the old one stays."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE, 0o600)
    try:
        _write_all(handle, b"".join(one + b"\n" for one in kept) + line)
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.replace(path)


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]
