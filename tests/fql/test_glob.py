"""Patterns of `match`: the documentation's table, malformed ones, and a plain matcher beside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform import fql
from segform.fql.glob import Malformed, chunks, compiled

TABLE = [
    ("abcd", "a*d", True),
    ("", "*", True),
    ("abc", "ab", False),
    ("abcd", "a??d", True),
    ("abcd", "*d", True),
    ("ab*d", r"ab\*d", True),
    ("abxd", r"ab\*d", False),
    ("abCd", "ab[cC]d", True),
    ("abcd", "ab[a-z]d", True),
    ("abcd", "ab[A-Z]d", False),
    # beyond the table
    ("a/b\nc", "a*c", True),
    ("a\nc", "a?c", True),
    ("", "", True),
    ("a", "", False),
    ("", "?", False),
    ("a", "**", True),
    ("abc", "a**c", True),
    ("ac", "a*c", True),
    ("aba", "ab*ba", False),
    ("abba", "ab*ba", True),
    ("xaybz", "*a*b*", True),
    ("xbyaz", "*a*b*", False),
    ("mississippi", "m*iss*ip*i", True),
    ("aab", "*ab", True),
    ("abab", "*ab", True),
    ("abxab", "a*b", True),
    ("abxabc", "a*b", False),
    ("b", "[^a]", True),
    ("a", "[^a]", False),
    ("!", "[!a]", True),
    ("a", "[!a]", True),
    ("b", "[!a]", False),
    ("*", "[*]", True),
    ("x", "[*]", False),
    ("]", r"[\]]", True),
    ("-", r"[\-]", True),
    ("^", "[a^]", True),
    ("a]", "[a]]", True),
    ("{a,b}", "{a,b}", True),
    ("a", "{a,b}", False),
    ("a.b", "a.b", True),
    ("axb", "a.b", False),
    ("a", "[z-a]", False),
    ("a", "[^z-a]", True),
    ("\U0001f600", "?", True),
    ("a", r"\a", True),
    ("[", r"\[", True),
    ("a", "A", False),
    # malformed: never, and no error
    ("a", "[", False),
    ("[a", "[a", False),
    ("a", "[a-]", False),
    ("-", "[-a]", False),
    ("a]", "[]a]", False),
    ("a", "[]", False),
    ("a", "[^]", False),
    ("a\\", "a\\", False),
    ("anything", "*[", False),
    ("", "[", False),
]


@pytest.mark.parametrize(("text", "pattern", "outcome"), TABLE)
def test_patterns(text: str, pattern: str, outcome: bool) -> None:
    assert compiled(pattern)(text) is outcome
    quote = "'" if "'" not in pattern else '"'
    assert fql.matches(f"match(a, {quote}{pattern}{quote})", {"a": text}) is outcome


def _plain(pattern: str, text: str) -> bool:
    """The same by dynamic programming over the pattern's parts."""
    try:
        parts = chunks(pattern)
    except Malformed:
        return False
    import re

    ones: list[str | None] = []
    for number, part in enumerate(parts):
        ones += [None] if number else []
        ones += part
    reached = {0}
    for one in ones:
        if one is None:
            reached = set(range(min(reached, default=len(text) + 1), len(text) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(text) and re.match(one, text[at])}
    return len(text) in reached


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ab*?[]^-\\c", max_size=10), st.text(alphabet="abc-]*", max_size=10))
def test_any_pattern_against_a_plain_matcher(pattern: str, text: str) -> None:
    assert compiled(pattern)(text) is _plain(pattern, text)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "pattern",
    ["*a" * 30 + "b", "a*" * 500 + "b", "*[ab]" * 40 + "c", "?*" * 300 + "b", "*" * 2000 + "b"],
)
def test_no_pattern_hangs(pattern: str) -> None:
    assert not compiled(pattern)("a" * 5000)
