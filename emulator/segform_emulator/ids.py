"""Ids, keys and times as the service makes them; the same run gives the same ones."""

from __future__ import annotations

import datetime as dt
import random
import re

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Maker:
    """Makes ids. Every one is new, whatever was reset in between."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - ids only have to differ

    def _text(self, letters: str, length: int) -> str:
        return "".join(self._random.choices(letters, k=length))

    def base58(self) -> str:
        """22 letters: sources, workspaces, filters."""
        return self._text(_BASE58, 22)

    def hexadecimal(self) -> str:
        """24 digits: destinations."""
        return self._text("0123456789abcdef", 24)

    def tracking_plan(self) -> str:
        """`tp_…`."""
        return f"tp_{self.base58()}"

    def write_key(self) -> str:
        """32 letters."""
        return self._text(_LETTERS, 32)


class Clock:
    """Time that tests can turn, and that never gives the same moment twice."""

    def __init__(self) -> None:
        self.offset = dt.timedelta()
        self._last = dt.datetime.min.replace(tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        """The time here and now, plus what was turned."""
        return dt.datetime.now(dt.UTC) + self.offset

    def stamp(self) -> str:
        """A timestamp later than every one before it."""
        now = max(self.now(), self._last + dt.timedelta(milliseconds=1))
        self._last = now
        return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def slugified(name: str) -> str:
    """A name as a slug."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "plan"
