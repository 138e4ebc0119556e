"""Patterns as automata, held against a regular expression engine of the same family."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.tracking.comparing.patterns import Pattern, pattern, shortest
from segform.tracking.comparing.regex import TooComplex

_ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "A",
        "1",
        "-",
        ".",
        "[ab]",
        "[^a]",
        "[a-c1]",
        r"\d",
        r"\w",
        r"\s",
        r"\D",
        r"\.",
        "^",
        "$",
    ]
)
PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda several: f"({'|'.join(several)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,1}", "*?"])).map(
            lambda parts: f"(?:{parts[0]}){parts[1]}"
        ),
    ),
    max_leaves=8,
)
TEXTS = st.text("abcA1-. \né", max_size=7)


def _engine(text: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(
        {"pattern": text}, pattern_options=jsonschema_rs.RegexOptions()
    )


@given(PATTERNS, TEXTS)
def test_a_pattern_matches_what_the_engine_matches(text: str, said: str) -> None:
    assert pattern(text).search(said) is _engine(text).is_valid(said)


@given(PATTERNS, PATTERNS, st.integers(0, 3), st.none() | st.integers(3, 6))
def test_the_shortest_text_is_one_and_none_is_none(
    takes: str, refuses: str, least: int, most: int | None
) -> None:
    try:
        found = shortest([pattern(takes)], pattern(refuses), least=least, most=most)
    except TooComplex:
        return
    mine, theirs = _engine(takes), _engine(refuses)
    if found is not None:
        assert mine.is_valid(found)
        assert not theirs.is_valid(found)
        assert least <= len(found) <= (99 if most is None else most)
        return
    for word in ("", "a", "b", "1", "ab", "a1", "--", "aaa", "A.b", "abc1", " é ", "\n"):
        if least <= len(word) <= (99 if most is None else most):
            assert not mine.is_valid(word) or theirs.is_valid(word)


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("(?i)eur", "xEuRx", "euro"[:2]),
        ("(?s)a.b", "a\nb", "ab"),
        ("a.b", "axb", "a\nb"),
        (r"\x41\x{42}", "AB", "ab"),
        ("[[:alpha:]]+$", "abc", "12"),
        ("[^[:digit:]]", "a", "1"),
        (r"[\w-]+@", "a-b@", "@"),
        ("(?P<x>a)b", "ab", "b"),
        ("a{2,}", "aaa", "a"),
        ("a{,2}", "a{,2}", "aa"),
        ("[]a]", "]", "b"),
        ("[a-]", "-", "b"),
        (r"\Aab\z", "ab", "abc"),
        ("(?:a|b(?-i)c)", "bc", "d"),
        ("", "anything", None),
        ("a||b", "", None),
    ],
)
def test_what_patterns_may_say(text: str, yes: str, no: str | None) -> None:
    assert Pattern(text).search(yes)
    assert no is None or not Pattern(text).search(no)


@pytest.mark.parametrize(
    "text",
    [
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        r"(a)\1",
        "(a",
        "a)",
        "[a",
        "*a",
        "a{3,2}",
        "[b-a]",
        "\\",
        "[[:x:]]",
    ],
)
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(ValueError):
        Pattern(text)


@pytest.mark.parametrize(
    "text", [r"\bword\b", r"\pL", "(?U)a", "(" * 80 + ")" * 80, "((a{99}){99}){9}"]
)
def test_what_is_left_out_is_said(text: str) -> None:
    with pytest.raises(TooComplex):
        Pattern(text)


def test_no_pattern_takes_for_ever() -> None:
    assert not Pattern("^(a+)+$").search("a" * 3000 + "!")
    assert shortest([pattern("^(a|a)*$")], pattern("^(a?){50}$")) == "a" * 51
    with pytest.raises(TooComplex):
        shortest([pattern("^(a|b)*a(a|b){13}$")], pattern("^[ab]*a[ab]{13}$"))
    with pytest.raises(TooComplex):
        shortest([pattern("a")], least=5000)


@pytest.mark.full
@settings(max_examples=30_000, deadline=None)
@given(PATTERNS, TEXTS)
@pytest.mark.timeout(900)
def test_patterns_at_length(text: str, said: str) -> None:
    assert pattern(text).search(said) is _engine(text).is_valid(said)


@given(st.text("ab()[]{}|*+?^$.\\-,:!<=>PixU0129", max_size=20))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    try:
        Pattern(text).search("aab")
    except (TooComplex, ValueError):
        return
