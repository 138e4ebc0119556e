"""A pull that was interrupted goes on where it stopped: its answers are kept until it is whole.

One file for each workspace, `.segform/pull/<workspace>.jsonl` (0600): a head that says whose
answers these are, then an answer a line. Taken over is only what the same token read of the same
workspace at the same address, no longer ago than the caller allows, and of lists only whole ones:
between two pages of a list that was cut short an object could have come or gone. Write keys are
not kept. The file goes when the snapshot is written, and before `segform` writes to the workspace.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from segform.lifecycle.mapping import wire_name
from segform.resources import registry
from segform.resources.exact import dumps, loads

FORMAT, VERSION = "segform.pull", 1
FOLDER = Path(".segform") / "pull"
# Minutes after which an interrupted pull is begun anew.
MINUTES = 15.0
_SAFE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Kept:
    """The answers of one pull, on this machine. Safe to use from many threads.

    `taken` is how many answers of an interrupted pull are at hand, `age` their age in seconds,
    `left` how many of them nobody asked for yet.
    """

    def __init__(self, path: Path, head: Mapping[str, Any], minutes: float) -> None:
        self.path = path
        self.age = 0.0
        self._answers: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._head = dict(head)
        self._open(minutes)
        self.taken = self.left = len(self._answers)

    def _open(self, minutes: float) -> None:
        """Take over what may be, and begin the file anew with it; without a file nothing is."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _SAFE, 0o600)
        except OSError:
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # Another pull is under way here: its answers are its own.
            os.close(handle)
            return
        begun, answers = self._read(handle, minutes)
        os.ftruncate(handle, 0)
        self._handle = handle
        self._answers = answers
        if answers:
            self.age = max(0.0, time.time() - begun)
        else:
            begun = time.time()
        salt = secrets.token_hex(8)
        whose = self._whose(salt)
        self._line({"format": FORMAT, "version": VERSION, "begun": begun, "salt": salt, **whose})
        for key, answer in answers.items():
            self._line({"key": key, "answer": answer})
        for key in sorted({_list_of(key) for key in answers}):
            self._line({"whole": key})

    def _whose(self, salt: str) -> dict[str, Any]:
        mark = self._head["mark"]
        return {**self._head, "mark": mark(salt)}

    def _read(self, handle: int, minutes: float) -> tuple[float, dict[str, Any]]:
        """When the pull that left the file began, and which of its answers may be taken over."""
        found: dict[str, Any] = {}
        whole: set[str] = set()
        begun = 0.0
        with os.fdopen(os.dup(handle), encoding="utf-8", errors="replace") as file:
            file.seek(0)
            for number, line in enumerate(file):
                try:
                    record = loads(line)
                    if number == 0:
                        begun = float(record["begun"])
                        same = {
                            key: record.get(key) for key in ("format", "version", *self._head)
                        } == {"format": FORMAT, "version": VERSION, **self._whose(record["salt"])}
                        if not same or not 0 <= time.time() - begun <= minutes * 60:
                            return 0.0, {}
                    elif "whole" in record:
                        whole.add(str(record["whole"]))
                    else:
                        found[str(record["key"])] = record["answer"]
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                    if number == 0:
                        return 0.0, {}
                    # The last line of a run that was killed may be torn.
        return begun, {key: one for key, one in found.items() if _list_of(key) in whole}

    def _line(self, record: Mapping[str, Any]) -> None:
        if self._handle is None:
            return
        try:
            os.write(self._handle, dumps(record).encode() + b"\n")
        except OSError:
            # A full disk costs the resumption, not the pull.
            os.close(self._handle)
            self._handle = None

    def get(self, key: str) -> Any:
        """The answer that was taken over, or None."""
        found = self._answers.get(key)
        if found is not None:
            with self._lock:
                self.left -= 1
        return found

    def keep(self, key: str, answer: Any) -> None:
        """Keep an answer."""
        with self._lock:
            self._line({"key": key, "answer": _slim(answer)})

    def whole(self, key: str) -> None:
        """A list, or a single read, is complete."""
        with self._lock:
            self._line({"whole": key})

    def done(self) -> None:
        """The pull is whole: nothing is kept."""
        with self._lock:
            if self._handle is not None:
                self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Keep no more; what was kept stays for the next one."""
        with self._lock:
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None


class Resuming:
    """A client whose reads are kept, and not sent where they were kept before."""

    def __init__(self, client: Any, kept: Kept) -> None:
        self._client = client
        self._kept = kept
        self._listing = threading.local()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def request(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """As the client's own."""
        key = dumps([operation, dict(path or {}), dict(query or {})])
        found = self._kept.get(key)
        if found is not None:
            return dict(found)
        answer: dict[str, Any] = self._client.request(operation, path=path, query=query, body=body)
        self._kept.keep(key, answer)
        if not getattr(self._listing, "on", False):
            self._kept.whole(_list_of(key))
        return answer

    def pages(self, operation: str, **options: Any) -> Iterator[list[dict[str, Any]]]:
        """As the client's own, over these requests."""
        path, query = options.get("path"), options.get("query")
        # The client's own walk, with requests that go through here.
        walk = type(self._client).pages(self, operation, **options)
        while True:
            self._listing.on = True
            try:
                page = next(walk, None)
            finally:
                self._listing.on = False
            if page is None:
                break
            yield page
        self._kept.whole(_list_of(dumps([operation, dict(path or {}), dict(query or {})])))


def _list_of(key: str) -> str:
    """The key of a list that a page is of: without the place of the page."""
    operation, path, query = loads(key)
    found = {name: one for name, one in query.items() if name not in ("pagination", "cursor")}
    return dumps([operation, path, {name: one for name, one in found.items() if name != "count"}])


@lru_cache(maxsize=1)
def _secret_names() -> frozenset[str]:
    """Names of what only the service gives and nobody may see: write keys."""
    return frozenset(
        wire_name(item)
        for kind in registry().values()
        for item in kind.attributes.values()
        if item.sensitive and not item.settable
    )


def _slim(value: Any) -> Any:
    """An answer as it is kept: without write keys, and of catalogue entries only what is short.

    An entry weighs some 50 KB, and each of a thousand destinations comes with its own.
    """
    if isinstance(value, Mapping):
        return {name: _entry(name, one) for name, one in value.items()}
    return [_slim(one) for one in value] if isinstance(value, list) else value


def _entry(name: str, value: Any) -> Any:
    if name in _secret_names():
        return []
    if name == "metadata" and isinstance(value, Mapping) and "id" in value:
        return {key: one for key, one in value.items() if not isinstance(one, list | Mapping)}
    return _slim(value)


def opened(client: Any, workspace: str, folder: Path, minutes: float = MINUTES) -> Kept:
    """The kept answers of a workspace (its id); `minutes`: how old they may be, 0 for none."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", workspace).lstrip(".") or "workspace"
    head = {"workspace": workspace, "url": str(client.url), "mark": client.mark}
    return Kept(folder / FOLDER / f"{name}.jsonl", head, minutes)


def forget(folder: Path) -> None:
    """Drop what interrupted pulls left here: the workspace is about to be written."""
    for path in (folder / FOLDER).glob("*.jsonl"):
        path.unlink(missing_ok=True)
