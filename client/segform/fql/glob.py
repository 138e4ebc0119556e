"""Glob patterns of `match`, compiled to the cheapest test that decides them.

`*` is any run of characters (also empty, also `/` and line ends), `?` one character, `[abc]`,
`[a-z]` and `[^...]` one of a class, `\\x` the character x. The whole text has to match. A malformed
pattern matches nothing. Matching never backtracks over more than one `*`: time is bounded by the
length of the pattern times that of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

Test: TypeAlias = Callable[[str], bool]
_ONE = r"[\s\S]"


class Malformed(Exception):
    """A pattern that can never match: an open class, a range without end, a lone backslash."""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Test:
    """The test for a pattern."""
    try:
        parts = chunks(pattern)
    except Malformed:
        return lambda text: False
    plain = [_plain(part) for part in parts]
    if len(parts) == 1 and plain[0] is not None:
        return plain[0].__eq__
    if len(parts) == 2 and None not in plain:
        return _ends(plain[0] or "", plain[1] or "")
    if len(parts) == 3 and not parts[0] and not parts[2] and plain[1] is not None:
        middle = plain[1]
        return lambda text: middle in text
    return _by_expression(parts)


def _ends(start: str, end: str) -> Test:
    if not end:
        return lambda text: text.startswith(start)
    if not start:
        return lambda text: text.endswith(end)
    least = len(start) + len(end)
    return lambda text: len(text) >= least and text.startswith(start) and text.endswith(end)


def _by_expression(parts: list[list[str]]) -> Test:
    # An atomic group takes the first place where a part fits and never comes back to it, which is
    # right: an earlier place leaves more text to the parts behind.
    found = ["".join(parts[0])]
    found += [f"(?>{_ONE}*?{''.join(part)})" for part in parts[1:-1] if part]
    if len(parts) > 1:
        found.append(f"{_ONE}*")
    if len(parts) > 1 and parts[-1]:
        # The last part has a fixed length, so that its place is known from the end of the text.
        found[-1] = f"(?={_ONE}*(?<={''.join(parts[-1])})\\Z){_ONE}{{{len(parts[-1])},}}"
    test = re.compile("".join(found)).fullmatch
    return lambda text: test(text) is not None


def _plain(part: list[str]) -> str | None:
    """The text that a part stands for, None if it stands for more than one."""
    text = ""
    for one in part:
        if len(one) > 2 or (len(one) == 2 and one[0] != "\\"):
            return None
        text += one[-1]
    return text


def chunks(pattern: str) -> list[list[str]]:
    """The pattern cut at its stars; each part a list of expressions for one character each."""
    parts: list[list[str]] = [[]]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            parts.append([])
        elif char == "?":
            parts[-1].append(_ONE)
        elif char == "[":
            one, at = _class(pattern, at)
            parts[-1].append(one)
        else:
            if char == "\\":
                char, at = _next(pattern, at)
            parts[-1].append(re.escape(char))
    return parts


def _next(pattern: str, at: int) -> tuple[str, int]:
    if at >= len(pattern):
        raise Malformed
    return pattern[at], at + 1


def _class(pattern: str, at: int) -> tuple[str, int]:
    """The class that begins behind its bracket, and the place behind it."""
    negated = pattern.startswith("^", at)
    at += negated
    ranges: list[str] = []
    first = True
    while first or not pattern.startswith("]", at):
        first = False
        low, at = _member(pattern, at)
        high = low
        if pattern.startswith("-", at):
            high, at = _member(pattern, at + 1)
        if low <= high:
            ranges.append(f"{_exact(low)}-{_exact(high)}")
    if not ranges:
        return (_ONE if negated else r"[^\s\S]"), at + 1
    return f"[{'^' if negated else ''}{''.join(ranges)}]", at + 1


def _member(pattern: str, at: int) -> tuple[str, int]:
    char, at = _next(pattern, at)
    if char in "-]":
        raise Malformed
    if char == "\\":
        char, at = _next(pattern, at)
    if at >= len(pattern):
        raise Malformed
    return char, at


def _exact(char: str) -> str:
    return f"\\U{ord(char):08x}"
