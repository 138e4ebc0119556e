"""Ids, keys and times as the service makes them; the same run gives the same ones."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def derived(text: str, length: int = 22) -> str:
    """An id that is always the same for a text: of what nobody makes, such as roles."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    made = ""
    for _ in range(length):
        number, rest = divmod(number, len(_BASE58))
        made += _BASE58[rest]
    return made


class Maker:
    """Makes ids. Every one is new, whatever was reset in between."""

    def __init__(self, seed: int | str | None = None) -> None:
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

    def ksuid(self) -> str:
        """27 letters: regulations."""
        return self._text(_LETTERS, 27)

    def write_key(self) -> str:
        """32 letters."""
        return self._text(_LETTERS, 32)


class Clock:
    """Time that tests can turn or stop, and that never gives the same moment twice."""

    def __init__(self, at: dt.datetime | None = None) -> None:
        """`at`: a moment to stand still at; its stamps still differ."""
        self._last = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._stopped: dt.datetime | None = None
        self.reset()
        self._stopped = at

    def reset(self) -> None:
        """Go with the machine's time again."""
        self._offset = dt.timedelta()
        self._stopped = None

    def now(self) -> dt.datetime:
        """The time here: the machine's plus what was turned, or the moment it was stopped at."""
        return (self._stopped or dt.datetime.now(dt.UTC)) + self._offset

    def advance(self, seconds: float) -> None:
        """Turn it on; a stopped clock stays stopped, later."""
        self._offset += dt.timedelta(seconds=seconds)

    def stop(self, stopped: bool) -> None:
        """Stop it, or let it go on from where it stands."""
        now = self.now()
        self._stopped = now if stopped else None
        self._offset = dt.timedelta() if stopped else now - dt.datetime.now(dt.UTC)

    def stamp(self) -> str:
        """A timestamp later than every one before it."""
        now = max(self.now(), self._last + dt.timedelta(milliseconds=1))
        self._last = now
        return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def slugified(name: str) -> str:
    """A name as a slug."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "plan"
