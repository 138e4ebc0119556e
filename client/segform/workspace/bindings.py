"""Which address is which object: the file that stands for a state.

One JSON file for each workspace, meant to be committed: `{"source.web": "qQEHquLrjRDN9j1ByrChyn"}`.
An address that is not in it is bound by its natural key, where exactly one object has that key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from segform.resources import registry

FORMAT, VERSION = "segform.bindings", 1


class Bindings:
    """Address -> import id. With a `path`, `save()` writes the file whole or not at all."""

    def __init__(self, path: Path | None = None, *, workspace: str = "") -> None:
        self.path = path
        self.workspace = workspace
        self._ids: dict[str, str] = {}
        # The other way round, by kind and id.
        self._addresses: dict[tuple[str, str], str] = {}
        # What the file held when it was read or written last.
        self._text: str | None = None
        self._owner = ""
        if path is not None and path.exists():
            self._load(path)

    def changed(self) -> bool:
        """Whether somebody else has written the file since; one that is gone has not changed."""
        try:
            there = self.path.read_text(encoding="utf-8") if self.path else None
        except (OSError, UnicodeDecodeError):
            return False
        return there != self._text

    def _load(self, path: Path) -> None:
        try:
            self._text = path.read_text(encoding="utf-8")
            found = json.loads(self._text)
            if found.get("format") != FORMAT or found.get("version") != VERSION:
                raise ValueError(f"its `format` has to be {FORMAT!r}, its `version` {VERSION}")
            ids = {at: one for at, one in found["bindings"].items() if isinstance(one, str) and one}
            if len(ids) != len(found["bindings"]):
                raise ValueError("an id is a text")
            owner = str(found.get("workspace", ""))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            if "<<<<<<<" in (self._text or ""):
                raise ValueError(
                    f"{path} has the marks of a merge that is not resolved: keep the lines of both "
                    "sides, each address once"
                ) from None
            raise ValueError(f"{path} is no bindings file of segform: {problem}") from None
        if self.workspace and owner and owner != self.workspace:
            raise ValueError(
                f"{path} belongs to the workspace {owner}, and the token to {self.workspace}: "
                "give each workspace a bindings file of its own"
            )
        self._owner = owner
        for address, one in ids.items():
            kind = address.partition(".")[0]
            if kind not in registry():
                raise ValueError(f"{path}: {address!r}: there is no kind {kind!r}")
            other = self.address_of(kind, one)
            if other is not None:
                raise ValueError(
                    f"{path} has two addresses for one object, {other} and {address} ({one}): take "
                    "out the one that is not meant"
                )
            self.bind(address, one)

    def workspace_of(self) -> str:
        """Id of the workspace that the file is of; "" where it does not say so."""
        return self._owner

    def get(self, address: str) -> str | None:
        """The id of an address, or None."""
        return self._ids.get(address)

    def address_of(self, kind: str, object_id: str) -> str | None:
        """The address of an object, or None."""
        return self._addresses.get((kind, object_id))

    def bind(self, address: str, object_id: str) -> None:
        """Say that an address is this object, and no other address any more."""
        self.release(address)
        kind = address.partition(".")[0]
        other = self.address_of(kind, object_id)
        if other is not None:
            self.release(other)
        self._ids[address] = object_id
        self._addresses[kind, object_id] = address

    def release(self, address: str) -> None:
        """Forget an address."""
        old = self._ids.pop(address, None)
        kind = address.partition(".")[0]
        if old is not None and self._addresses.get((kind, old)) == address:
            del self._addresses[kind, old]

    def rename(self, old: str, new: str) -> None:
        """Give an object another address."""
        known = self._ids.get(old)
        if known is not None:
            self.release(old)
            self.bind(new, known)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(sorted(self._ids.items()))

    def __len__(self) -> int:
        return len(self._ids)

    def save(self) -> None:
        """Write the file."""
        if self.path is None:
            return
        text = json.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "workspace": self.workspace,
                "bindings": dict(self),
            },
            indent=2,
            ensure_ascii=False,
        )
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text + "\n", encoding="utf-8")
            beside.replace(self.path)
        except OSError as problem:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise OSError(problem.errno, problem.strerror, str(self.path)) from None
        self._text = text + "\n"
