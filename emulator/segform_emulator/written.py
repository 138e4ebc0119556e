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
        self._entries: dict[int, tuple[Any, bytes]] = {}

    def answer(self, data: Any) -> bytes:
        """The bytes of `{"data": …}`."""
        found: list[bytes] = []
        if isinstance(data, dict):
            data = {name: self._without(value, found) for name, value in data.items()}
        whole = dumps({"data": data}).encode()
        if not found:
            return whole
        parts = _MARKED.split(whole)
        # Every second part is the number of an entry.
        parts[1::2] = [found[int(number)] for number in parts[1::2]]
        return b"".join(parts)

    def _without(self, value: Any, found: list[bytes]) -> Any:
        if isinstance(value, list):
            return [self._replaced(item, found) for item in value]
        return self._replaced(value, found)

    def _replaced(self, value: Any, found: list[bytes]) -> Any:
        if not isinstance(value, dict):
            return value
        entry = value.get("metadata")
        if isinstance(entry, dict):
            mark = self._mark(entry, found)
            return value if mark is None else {**value, "metadata": mark}
        mark = self._mark(value, found)
        return value if mark is None else mark

    def _mark(self, value: dict[str, Any], found: list[bytes]) -> str | None:
        known = self._entries.get(id(value))
        if known is None or known[0] is not value:
            entry_id = str(value.get("id"))
            kinds = self._catalog.entries.values()
            if not any(entries.get(entry_id) is value for entries in kinds):
                return None
            known = self._entries[id(value)] = (value, dumps(value).encode())
        found.append(known[1])
        return f"{_MARK}{len(found) - 1}"
