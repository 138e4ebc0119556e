"""Answers as bytes: what is in most of them and never changes, a catalogue entry, is written once.

Every destination is answered with the whole entry of its kind, which may weigh more than 100 KB.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from .catalog import Catalog
from .exact import dumps
from .views import View

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
        """The bytes of `{"data": …}`. Objects in it may be changed, but for views."""
        if isinstance(data, dict):
            parts = [f"{dumps(name)}:{self._text(value)}" for name, value in data.items()]
            text = f"{{{','.join(parts)}}}"
        else:
            text = dumps(data)
        found = _MARKED.split(f'{{"data":{text}}}'.encode())
        # Every second part is the number of an entry.
        found[1::2] = [self._bytes[int(number)] for number in found[1::2]]
        return b"".join(found)

    def _text(self, value: Any) -> str:
        if isinstance(value, list):
            if any(isinstance(item, View) for item in value):
                return f"[{','.join([self._text(item) for item in value])}]"
            return dumps([self._replaced(one) if isinstance(one, dict) else one for one in value])
        if isinstance(value, View):
            if value.text is None:
                value.text = dumps(self._replaced(dict(value)))
            return value.text
        return dumps(self._replaced(value) if isinstance(value, dict) else value)

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
        if not isinstance(value, dict) or not self._catalog.lasts(value):
            return None
        mark = f"{_MARK}{len(self._bytes)}"
        self._marks[id(value)] = (value, mark)
        self._bytes.append(dumps(value).encode())
        return mark
