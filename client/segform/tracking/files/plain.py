"""The plain part of YAML, in which event files are mostly written, read line by line.

Keys and values on lines of their own, by indentation; lists with dashes; comment lines; texts with
quotes or without. It is what `dump` writes, and takes a third of the time of a parser's events.
Whatever is not surely of that part (flow forms, folded texts, escapes, tags, errors of all kinds)
is left to the YAML library, whose errors are the ones that people see: what is read here is what it
reads (`tests/tracking/test_plain_yaml.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

# Nothing that a line of this form could be: give it to the library.
NOT_PLAIN: Final = object()
_LINE: Final = re.compile(
    r"( *)(- )?"
    r"(?:([\w$][\w $./@+-]*):(?: |(?=\n)))?"
    r"(?:([\w$][^:#\n]*|-[0-9][^:#\n]*)|'([^'\n]*)'|\"([^\"\\\n]*)\")?\n"
    r"|( *#[^\n]*\n)"
    # Any other line ends the reading; without this it would be searched through.
    r"|([^\n]|\n)"
)
# A key may not be longer than that in YAML.
_LONGEST_KEY: Final = 1000
_NO_KEY: Final = object()


def read(text: str, scalar: Callable[[str], Any], deepest: int) -> Any:
    """The value of a text, or `NOT_PLAIN`; `scalar`: what a text without quotes stands for."""
    if not text.endswith("\n"):
        text += "\n"
    if not text.replace("\n", "").isprintable():
        return NOT_PLAIN
    tree = _Tree(deepest)
    for line in _LINE.finditer(text):
        spaces, dash, key, bare, single, double, comment, other = line.groups()
        quoted = single if double is None else double
        if other is not None:
            return NOT_PLAIN
        if comment is not None or not (dash or key or bare or quoted is not None):
            continue
        holder = tree.holder_of(len(spaces), dash is not None, key)
        if holder is None:
            return NOT_PLAIN
        if key is None:
            if bare is None and quoted is None:
                return NOT_PLAIN
            holder.append(quoted if bare is None else scalar(bare.rstrip(" ")))
        elif bare is not None:
            holder[key] = scalar(bare.rstrip(" "))
        else:
            holder[key] = quoted
            if quoted is None:
                tree.waits = key
    return tree.top or NOT_PLAIN


class _Tree:
    """The containers that are open, each with its column."""

    def __init__(self, deepest: int) -> None:
        self.top: dict[str, Any] = {}
        # The key of the innermost container that has no value yet.
        self.waits: Any = _NO_KEY
        self._open: list[tuple[int, Any]] = [(0, self.top)]
        self._deepest = deepest

    def holder_of(self, at: int, dash: bool, key: str | None) -> Any:
        """Where what begins in a column belongs; None where that is not sure."""
        column, holder = self._open[-1]
        if self.waits is not _NO_KEY:
            # Deeper than the key that waits, or a list in its own column: that is its value.
            if at > column or (dash and at == column):
                inner: Any = [] if dash else {}
                holder[self.waits] = inner
                column, holder = self._opened(at, inner)
            self.waits = _NO_KEY
        while at < column or (at == column and not dash and holder.__class__ is list):
            self._open.pop()
            if not self._open:
                return None
            column, holder = self._open[-1]
        if at != column or dash is not (holder.__class__ is list):
            return None
        if key is None:
            return holder if dash else None
        if dash:
            holder.append({})
            _, holder = self._opened(at + 2, holder[-1])
        known = key not in holder and key[-1] != " " and len(key) <= _LONGEST_KEY
        return holder if known and len(self._open) <= self._deepest else None

    def _opened(self, column: int, inner: Any) -> tuple[int, Any]:
        self._open.append((column, inner))
        return column, inner
