"""The quick reader of plain YAML against the library: what it reads is the same, or it declines."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.tracking.files import dump, load_text, plain, reading
from segform.tracking.files.reading import ReadError, bare
from segform.tracking.spec import ecommerce

GOOD = """\
# An event.
name: Order Completed
version: 2
owner: 'growth'
why: "Revenue: by channel"
destinations:
- Amplitude
-  Braze
properties:

  total:
    type: number
    minimum: -1.5
    description: What's paid, in [EUR] (50% of it)
  lines:
    # indented as it pleases
    type: array
    anyOf:
      - type: string
        title: null
      - type: object
        nothing:
      - enum:
        - 1
        - 1e3
        - -5
        - true
        - '7'
required:
  - total
"""


def by_library(text: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patched:
        patched.setattr(plain, "read", lambda *_: plain.NOT_PLAIN)
        return reading.read(text, is_json=False)


def quick(text: str) -> Any:
    return plain.read(text, bare, 60)


def test_the_plain_part_is_read_as_the_library_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = GOOD.replace("-  Braze", "- Braze")
    found = quick(text)
    assert found is not plain.NOT_PLAIN
    assert found == by_library(text, monkeypatch)
    assert found["properties"]["lines"]["anyOf"][2]["enum"] == [1, 1000.0, -5, True, "7"]
    assert quick(GOOD) is plain.NOT_PLAIN
    assert by_library(GOOD, monkeypatch) == found


@pytest.mark.parametrize("event", ecommerce.EVENTS, ids=lambda event: event.__name__)
def test_what_dump_writes_is_plain(event: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = dump(event)
    found = quick(text)
    assert found in (plain.NOT_PLAIN, by_library(text, monkeypatch))
    # Folded texts are the library's; most are short.
    assert found is not plain.NOT_PLAIN or any(len(line) > 70 for line in text.splitlines())
    assert load_text(text) == event.planned()


# Pieces of which lines are made: what is plain, what nearly is, and what is something else.
WORDS = """
a name total 1 -5 1e3 0x1 null ~ true no << x:y - --- ... %D @ ` ä 日本 'q' '' "d" "\\n" 'it''s'
it's [a] &a *a !t | > #c $ref 2026-01-31 a,b
"""
PIECES = st.one_of(
    st.sampled_from(WORDS.split()),
    st.sampled_from(["a b", "{a: b}", "x: y", "x #c", "- z", "- - z", "? k", ", ", "a " * 3]),
    st.sampled_from(["\t", "\u00a0", "\u2028", "\ufeff", "😀"]),
)
LINES = st.builds(
    lambda indent, dashes, key, colon, value, tail: (
        " " * indent + "- " * dashes + key + colon + value + tail
    ),
    st.integers(0, 5),
    st.sampled_from([0, 0, 0, 1, 1, 2]),
    st.one_of(st.just(""), PIECES),
    st.sampled_from([": ", ": ", ":", ":  ", "", " : "]),
    st.one_of(st.just(""), PIECES),
    st.sampled_from(["", "", "", " ", " # c"]),
)
KEYS = st.sampled_from(["a", "b", "c d", "$ref", "null", "true", "x1", "y.z"])
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-99, 99), st.floats(-9, 9), PIECES, st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


def same(text: str) -> None:
    """Declined, or what the library says: never a value where that has an error."""
    found = quick(text)
    if found is plain.NOT_PLAIN:
        return
    with pytest.MonkeyPatch.context() as patched:
        try:
            expected = by_library(text, patched)
        except ReadError as error:
            raise AssertionError(f"read as {found!r}, and the library says: {error}") from None
    assert found == expected
    assert repr(found) == repr(expected)  # 1 and 1.0 and True are told apart, and so is the order


@settings(deadline=None, max_examples=400)
@given(st.lists(LINES, max_size=8))
def test_any_lines(lines: list[str]) -> None:
    same("\n".join(lines))


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.data())
def test_any_values_and_what_a_slip_makes_of_them(value: dict[str, Any], data: Any) -> None:
    text = str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
    same(text)
    place = data.draw(st.integers(0, len(text)))
    slip = data.draw(st.sampled_from([" ", "\n", "-", ":", "#", "'", '"', "  ", "", "a"]))
    same(text[:place] + slip + text[place + data.draw(st.integers(0, 2)) :])


@pytest.mark.full
@pytest.mark.timeout(600)
@settings(deadline=None, max_examples=30_000)
@given(st.lists(LINES, max_size=10))
def test_any_lines_many_times(lines: list[str]) -> None:
    same("\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000,
        "a: " * 600_000,
        "- " * 900_000,
        "a:\n" * 600_000,
        " " * 2_000_000,
        "'" * 10**6,
    ],
    ids=["word", "keys", "dashes", "twice", "blanks", "quotes"],
)
def test_hostile_text_is_declined_at_once(text: str) -> None:
    assert quick(text) is plain.NOT_PLAIN


def test_depth_is_the_library_s_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "".join(f"{' ' * n}a:\n" for n in range(80)) + " " * 80 + "b: 1\n"
    assert quick(deep) is plain.NOT_PLAIN
    with pytest.raises(ReadError, match="nested deeper"):
        reading.read(deep, is_json=False)
