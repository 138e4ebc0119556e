"""Any tree has a text, any text's tree is the same after formatting, and formatting is final."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import assume, given, settings

from segform import fql
from segform.fql.errors import MAX_BYTES, MAX_DEPTH
from segform.fql.lexer import tokens
from segform.fql.syntax import And, Everything, Expression, List, Not, Null, Or, Path, String

from .trees import trees


@settings(max_examples=300, deadline=None)
@given(trees)
def test_any_tree_is_read_as_it_was_written(tree: Expression) -> None:
    text = fql.format(tree)
    assume(len(text.encode("utf-8", "surrogatepass")) <= MAX_BYTES)
    read = fql.parse(text)
    assert read == tree
    assert hash(read) == hash(tree)
    assert fql.format(text) == text


@settings(max_examples=100, deadline=None)
@given(trees)
def test_blanks_do_not_matter_where_tokens_are_apart(tree: Expression) -> None:
    text = fql.format(tree)
    assume(len(text) * 5 <= MAX_BYTES)
    found = [word for _, word, _ in tokens(text)]
    # Also a function's name and its parenthesis may stand apart.
    assert fql.parse("\r\n\t ".join(found)) == tree


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("all", "all"),
        ("  all\n", "all"),
        ("(all)", r"\all"),
        (r"\all", r"\all"),
        (r"\and", r"\and"),
        (r"and.b = null.x", "and.b = null.x"),
        ("type='track'", 'type = "track"'),
        ("a = 'say \"hi\"'", "a = 'say \"hi\"'"),
        ("a and b or c", "(a and b) or c"),
        ("a or b and c", "a or (b and c)"),
        ("(a and b) and c", "(a and b) and c"),
        ("a and b and c", "a and b and c"),
        ("((a))", "a"),
        ("!a = b", "!(a = b)"),
        ("(!a) = b", "(!a) = b"),
        ("! !a", "!!a"),
        ("!_a", "!_a"),
        ("a>1", "a > 1"),
        ("a!=+1.50", "a != 1.5"),
        ("a=-0.0", "a = 0"),
        ("length ( a )<2", "length(a) < 2"),
        ("a in[1,'x',b.c,null,true]", 'a in [1, "x", b.c, null, true]'),
        ("a in []", "a in []"),
        (r"properties.product\ 1.price", r"properties.product\ 1.price"),
        (r"properties.\a\b", "properties.ab"),
        (r"properties.1a", r"properties.\1a"),
        (r"properties.-a", r"properties.\-a"),
        (r"a\.b.c", r"a\.b.c"),
        (r"a\\b", r"a\\b"),
        ("order = android", "order = android"),
        ("nullable or inside", "nullable or inside"),
        ("a = 'x\ny'", 'a = "x\ny"'),
        (r"a = 'x\'", 'a = "x\\"'),
        ("x='a'and y='b'", 'x = "a" and y = "b"'),
        ("a = 9007199254740993.1", "a = 9007199254740993.1"),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    assert fql.format(text) == canonical
    assert fql.format(canonical) == canonical
    assert fql.parse(canonical) == fql.parse(text)


def test_nodes_are_compared_by_what_they_say() -> None:
    assert fql.parse("a = 1") == fql.parse("  a  = 1.0")
    assert fql.parse("a = 1") != fql.parse("a = true")
    assert And((Null(), Null())) != Or((Null(), Null()))
    assert String("a") != Path(("a",))
    assert fql.parse("all") == Everything()
    tree = fql.parse('a = "x" and !b(c, [1])')
    assert copy.deepcopy(tree) == tree
    assert pickle.loads(pickle.dumps(tree)) == tree
    assert repr(fql.parse("a")) == "Path(('a',))"


def test_trees_without_a_text_are_refused() -> None:
    with pytest.raises(fql.FQLError, match="both kinds of quotes"):
        fql.format(String("'\""))
    with pytest.raises(fql.FQLError, match="empty"):
        fql.format(Path(("a", "")))
    with pytest.raises(fql.FQLError, match="at least two"):
        And((Null(),))
    with pytest.raises(TypeError, match="not int"):
        fql.format(1)


def test_no_tree_is_deeper_than_the_limit() -> None:
    tree: Expression = List(())
    for _ in range(MAX_DEPTH):
        tree = Not(tree)
    assert fql.parse(fql.format(tree)) == tree
    with pytest.raises(fql.FQLError, match="deeper than 64"):
        Not(tree)
