"""Answers as bytes: what is in most of them and never changes, a catalogue entry, is written once.

Every destination is answered with the whole entry of its kind, which may weigh more than 100 KB.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from .catalog import Catalog
from .exact import dumps

# Stands for an entry while the rest is written; nobody outside can know it, so none can send it.
_MARK = secrets.token_hex(16)
_MARKED = re.compile(f'"{_MARK}(\\d+)"'.encode())


class Written:
    """Writes answers; remembers the bytes of each catalogue entry."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        # By identity: the same entry is the same object as long as the catalogue holds it.
        self._marks: dict[int, tuple[Any, str]] = {}
        self._bytes: list[bytes] = []

    def answer(self, data: Any) -> bytes:
        """The bytes of `{"data": …}`. Objects in it may be changed: they were made for it."""
        if isinstance(data, dict):
            data = {name: self._without(value) for name, value in data.items()}
        parts = _MARKED.split(dumps({"data": data}).encode())
        # Every second part is the number of an entry.
        parts[1::2] = [self._bytes[int(number)] for number in parts[1::2]]
        return b"".join(parts)

    def _without(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._replaced(item) if isinstance(item, dict) else item for item in value]
        return self._replaced(value) if isinstance(value, dict) else value

    def _replaced(self, value: dict[str, Any]) -> Any:
        entry = value.get("metadata")
        if entry is None:
            return self._mark(value) or value
        known = self._marks.get(id(entry))
        mark = known[1] if known is not None and known[0] is entry else self._mark(entry)
        if mark is not None:
            value["metadata"] = mark
        return value

    def _mark(self, value: Any) -> str | None:
        """What stands for an entry of the catalogue; None for anything else."""
        known = self._marks.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        entry_id = str(value.get("id")) if isinstance(value, dict) else ""
        kinds = self._catalog.entries.values()
        if not any(entries.get(entry_id) is value for entries in kinds):
            return None
        mark = f"{_MARK}{len(self._bytes)}"
        self._marks[id(value)] = (value, mark)
        self._bytes.append(dumps(value).encode())
        return mark
