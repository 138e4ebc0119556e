"""Answers that carry the same catalogue entry hundreds of times, decoded once.

Each object of a list has the whole entry of the catalogue that it is made from: 26 KB for an
ordinary destination, and a workspace has many destinations of few kinds. A process that refreshes
thousands of them would spend most of its time and memory on copies. Here an entry whose text was
seen before is not decoded again: all who carry it share one value, which nobody may change. So
this is for the provider, and not for scripts, whose answers are their own.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from . import answer
from .answer import Fault, Reply, Success

# In valid JSON this is always the end of a key: inside of a text the quotes are escaped.
_ENTRY = re.compile(r'"metadata"\s*:\s*(?=\{)')
# By so much of its beginning, which has the id, an entry is looked up; all of it is compared.
_HEAD = 96
# Entries are worth it, small objects of that name are not; nor are answers with one of them.
_SMALL = 512
_FEW = 32_768
# The catalogue has about six hundred; more can only be a service that makes them up.
_MOST = 2_000
# What stands in an entry's place while the rest is decoded: a word that JSON itself does not have.
_PLACE = "NaN"


class Alike:
    """Judges answers as `answer.read` does. Thread-safe: at worst an entry is decoded twice."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Any]] = {}
        self._decode = json.JSONDecoder(parse_float=Decimal).raw_decode

    def __call__(self, reply: Reply) -> Success | Fault:
        """What an answer says."""
        return answer.read(reply, self.document)

    def document(self, body: bytes) -> Any:
        """The JSON value of a body; None where it is not JSON."""
        if len(body) < _FEW:
            return answer.document(body)
        try:
            return self._shared(body.decode())
        except (ValueError, RecursionError):
            return answer.document(body)

    def _shared(self, text: str) -> Any:
        parts: list[str] = []
        values: list[Any] = []
        end = 0
        for match in _ENTRY.finditer(text):
            start = match.end()
            if start < end:  # within an entry
                continue
            parts += (text[end:start], _PLACE)
            value, end = self._entry(text, start)
            values.append(value)
        parts.append(text[end:])
        left = iter(values)
        taken = 0

        def put(_word: str) -> Any:
            nonlocal taken
            taken += 1
            return next(left, None)

        found = json.loads("".join(parts), parse_float=Decimal, parse_constant=put)
        if taken != len(values):
            raise ValueError("the answer has words of its own that are not JSON")
        return found

    def _entry(self, text: str, start: int) -> tuple[Any, int]:
        """The value that begins here, and where it ends."""
        head = text[start : start + _HEAD]
        known = self._known.get(head)
        if known is not None and text.startswith(known[0], start):
            return known[1], start + len(known[0])
        value, end = self._decode(text, start)
        if end - start > _SMALL:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[head] = text[start:end], value
        return value, end


def share(client: Any) -> None:
    """Let a client's answers share their catalogue entries. Whoever reads them changes none."""
    client._session.judge = Alike()
