"""No input crashes, hangs or exhausts the stack; and what importing and parsing costs."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform import fql
from segform.fql.errors import MAX_BYTES

PIECES = (
    *("and", "or", "in", "null", "true", "!", "=", "!=", "<", ">=", "(", ")", "[", "]", ",", "."),
    *('"', "'", "\\", "all", "a", "a.b", "1", "-1.5", "==", "&&", "AND", "not", " ", "\n", "\t"),
    *("contains(", "match(a, '*')", '"text"', "é", "\x00", "\ud800", "”", "1e5", "🙂", "\u2028"),
)


def survives(text: str) -> None:
    found = fql.check(text)
    fql.check(text, trigger=True, lenient=True)
    for one in found:
        assert 1 <= one.line <= text.count("\n") + 1
        assert 1 <= one.column <= len(text) + 1
    try:
        tree = fql.parse(text)
    except fql.FQLSyntaxError as problem:
        told = [(one.line, one.column, one.message) for one in found]
        if told != [(problem.line, problem.column, problem.message)]:
            raise
        return
    written = fql.format(tree)
    if len(written.encode("utf-8", "surrogatepass")) <= MAX_BYTES:
        assert fql.parse(written) == tree
    fql.describe(tree)
    try:
        fql.matches(tree, {"a": {"b": "text"}})
        fql.to_ir(tree)
    except fql.FQLError:
        pass


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_row_of_pieces(pieces: list[str]) -> None:
    survives("".join(pieces))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    survives(text)


def test_many_mutations_of_real_statements() -> None:
    dice = random.Random(5)
    text = (
        'type = "track" and (event in ["A", \'B\'] or !match(properties.x, "a*")) and b.c >= -1.5'
    )
    for _ in range(3000):
        at, count = dice.randrange(len(text)), dice.randrange(4)
        changed = text[:at] + dice.choice(PIECES) * dice.randrange(3) + text[at + count :]
        fql.check(changed)


LARGE = [
    "(" * 5000,
    "(" * 2500 + "a" + ")" * 2500,
    "!" * 5000,
    "!" * 5000 + "a",
    "a" * 5000,
    "a." * 2500,
    "." * 5000,
    "\\" * 5000,
    "[" * 5000,
    '"' * 5001,
    '"' + "a" * 5000,
    "f(" * 2500,
    "f(" * 1200 + "a" + ")" * 1200,
    "a or " * 1000 + "a",
    "a and " * 800 + "b",
    "a or b and " * 400 + "c",
    "a=1 or " * 700 + "a=2",
    "a!=1 or " * 600 + "a!=2",
    "a in [" + "1," * 2000 + "1]",
    "a = " + "1" * 5000,
    "a = -" + "9" * 399,
    "a = 0." + "0" * 390 + "1",
    " " * 5000,
    "\n" * 5000,
    "1 " * 2500,
    "a = b " * 800,
    "match(a, '" + "*a" * 2000 + "')",
    "match(a, '" + "[" * 4000 + "')",
    "(a = " * 60 + "b" + ")" * 60,
    "!(" * 32 + "a" + ")" * 32,
    "contains(" * 64 + "a" + ", 'x')" * 64,
]


# Each takes milliseconds; what grows out of bounds is stopped.
@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", LARGE, ids=[text[:12] for text in LARGE])
def test_large_texts(text: str) -> None:
    assert len(text) <= MAX_BYTES
    survives(text)


@pytest.mark.parametrize(
    "text", ["(" * 10**6, "a" * 10**6, "é " * 500_000, "a or " * 200_000, '"' * 10**6]
)
def test_a_megabyte_is_answered_at_once(text: str) -> None:
    with pytest.raises(fql.FQLSyntaxError, match="at most 5120 bytes") as caught:
        fql.parse(text)
    [found] = fql.check(text)
    assert (caught.value.kind, found.code) == ("size", "size")


def test_the_limit_is_in_bytes() -> None:
    assert fql.check(f'event = "{"a" * (MAX_BYTES - 10)}"') == []
    for text in (f'event = "{"a" * (MAX_BYTES - 9)}"', f'event = "{"é" * 2600}"'):
        assert [one.code for one in fql.check(text)] == ["size"]


def test_the_stack_of_the_caller_may_be_deep() -> None:
    """A text that is nested as deep as allowed needs a few hundred frames, not more."""
    text = "!(" * 32 + "a = 1" + ")" * 32

    def deep(levels: int) -> bool:
        return deep(levels - 1) if levels else fql.matches(text, {"a": 1})

    assert deep(400)
    assert fql.check(text) == []
    assert fql.describe(text) == "Events where the field “a” is 1."


def test_import_is_cheap() -> None:
    """Of ours, what parsing needs; of others, nothing that costs a start."""
    program = "import sys\nimport segform.fql\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    modules = set(done.stdout.split())
    assert {"json", "random", "difflib", "hashlib", "inspect", "dataclasses"}.isdisjoint(modules)
    ours = {name for name in modules if name.startswith("segform")}
    assert ours <= {"segform", "segform.lazily", "segform.fql"} | {
        f"segform.fql.{name}" for name in ("errors", "lexer", "parser", "syntax")
    }
