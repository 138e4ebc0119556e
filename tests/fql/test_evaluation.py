"""What statements are true of: the documentation's tables row by row, and what was decided."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from segform import fql
from segform.fql.syntax import And, Compare, Everything, Expression, Not, Number, Or, Path, String

from .trees import events, statements

# The event of the documentation's examples.
CLICKED = {
    "event": "Button Clicked",
    "type": "track",
    "context": {"library": {"name": "analytics.js", "version": "1.0"}},
    "properties": {"features": ["discounts", "dark-mode"]},
}
_ENABLED = (
    "( type = 'track' or type = 'identify' ) and "
    "( properties.enabled or match( traits.email, '*@company.com' ) )"
)
EXAMPLES = [
    ("event = 'Button Clicked'", True),
    ("event = 'Screen Tapped'", False),
    ("context.path.path = '/login'", False),
    ("type = 'identify' or type = 'track'", True),
    ("event = 'Button Clicked' and type = 'track'", True),
    ("match( context.library.version, '1.*' )", True),
    ("match( context.library.version, '2.*' )", False),
    ("type = 'track' and ( event = 'Click' or match( event, 'Button *' ) )", True),
    ("!contains( context.library.name, 'js' )", False),
    ("'dark-mode' in properties.features", True),
    ("'blink' in properties.features", False),
    # Groups. The first has its arguments the wrong way round and is evaluated as it is written.
    ("type = 'track' and ( event = 'Click' or match( 'Button *', event ) )", False),
    (_ENABLED, False),
    ("!( type in ['track', 'identify'] )", False),
]


@pytest.mark.parametrize(("text", "outcome"), EXAMPLES)
def test_examples_of_the_documentation(text: str, outcome: bool) -> None:
    assert fql.matches(text, CLICKED) is outcome


VALUES: dict[str, Any] = {
    "t": True,
    "f": False,
    "n": None,
    "s": "text",
    "one": 1,
    "float": 1.0,
    "exact": Decimal("1.0"),
    "tenth": 0.1,
    "exact_tenth": Decimal("0.1"),
    "big": 9007199254740993,
    "ten": "10",
    "list": [1, "a", True, None],
    "same": [1.0, "a", True, None],
    "empty": [],
    "nested": [[1]],
    "object": {"a": 1, "b": {"c": "deep"}},
    "other": {"a": 1, "b": {"c": "deep"}},
    "turned": {"b": {"c": "deep"}, "a": 1},
    "product 1": {"price": "19.99"},
    "a.b": "dotted",
    "1st": "first",
    "and": "word",
    "kana": "ア",
    "nan": float("nan"),
}

OPERATORS = [
    # and, or: null counts as false
    ("t and t", True),
    ("t and f", False),
    ("t and n", False),
    ("n and n", False),
    ("missing and t", False),
    ("t or f", True),
    ("n or t", True),
    ("n or f", False),
    ("n or missing", False),
    ("f or f", False),
    # and binds tighter
    ("t or f and f", True),
    ("(t or f) and f", False),
    ("f and f or t", True),
    # !
    ("!t", False),
    ("!f", True),
    ("!n", True),
    ("!missing", True),
    ("!!t", True),
    ("!s = 'text'", False),
    ("!s = 'else'", True),
    # only true is true
    ("t", True),
    ("f", False),
    ("s", False),
    ("one", False),
    ("list", False),
    ("'true'", False),
    ("true", True),
    ("false", False),
    ("null", False),
    ("lowercase(s)", False),
    ("length(s)", False),
    ("length(s) and t", False),
    # =, !=: same type and strictly equal
    ("s = 'text'", True),
    ("s = 'Text'", False),
    ("s != 'Text'", True),
    ("'text' = s", True),
    ('s = "text"', True),
    ("one = 1", True),
    ("one = 1.0", True),
    ("float = 1", True),
    ("exact = 1", True),
    ("one = float", True),
    ("tenth = 0.1", True),
    ("exact_tenth = 0.1", True),
    ("tenth = exact_tenth", True),
    ("exact_tenth = tenth", True),
    ("big = 9007199254740993", True),
    ("big = 9007199254740992", False),
    ("one = '1'", False),
    ("'1' != 1", True),
    ("one = true", False),
    ("t = 1", False),
    ("t = true", True),
    ("f = false", True),
    ("f = 0", False),
    ("t != true", False),
    ("s != true", True),
    ("nan = nan", False),
    # null is what is missing
    ("n = null", True),
    ("missing = null", True),
    ("missing.deep.er = null", True),
    ("s.deep = null", True),
    ("list.0 = null", True),
    ("missing != null", False),
    ("s != null", True),
    ("missing = n", True),
    ("missing != 'x'", True),
    ("missing != 5", True),
    ("s != 5", True),
    # lists: order and content
    ("list = [1, 'a', true, null]", True),
    ("list = same", True),
    ("list = ['a', 1, true, null]", False),
    ("list = [1, 'a', true]", False),
    ("list != [1, 'a', 1, null]", True),
    ("list = [one, 'a', t, missing]", True),
    ("empty = []", True),
    ("empty = null", False),
    ("[1] = [1.0]", True),
    ("[true] = [1]", False),
    # objects have no FQL type; equal content in equal order is equal
    ("object = other", True),
    ("object = turned", False),
    ("object != null", True),
    ("object.b.c = 'deep'", True),
    # < <= > >=: numbers only
    ("one < 2", True),
    ("one < 1", False),
    ("one <= 1", True),
    ("one > 0.5", True),
    ("one >= 1.1", False),
    ("2 > one", True),
    ("tenth <= 0.1", True),
    ("exact_tenth <= 0.1", True),
    ("tenth < 0.1", False),
    ("tenth < exact_tenth", False),
    ("tenth >= exact_tenth", True),
    ("exact_tenth < one", True),
    ("ten > 5", False),
    ("ten < 50", False),
    ("'b' > 'a'", False),
    ("n < 1", False),
    ("missing > -1", False),
    ("missing <= missing", False),
    ("t > 0", False),
    ("t < f", False),
    ("list > 0", False),
    ("nan < 1", False),
    ("nan >= 1", False),
    ("nan >= nan", False),
    ("nan > tenth", False),
    # in
    ("one in [1, 2]", True),
    ("one in ['1']", False),
    ("t in [1]", False),
    ("'a' in list", True),
    ("true in list", True),
    ("null in list", True),
    ("missing in list", True),
    ("missing in [null]", True),
    ("'z' in list", False),
    ("'a' in missing", False),
    ("'t' in s", False),
    ("s in ['x', 'text']", True),
    ("s in [missing, s]", True),
    ("s in []", False),
    ("list in nested", False),
    ("empty in [null]", False),
    ("list in ['a']", False),
    # paths
    (r"product\ 1.price = '19.99'", True),
    (r"a\.b = 'dotted'", True),
    (r"\1st = 'first'", True),
    (r"\and = 'word'", True),
    # groups as values
    ("(one = 1) = t", True),
    ("(one = 2) = false", True),
    ("(t and s) = false", True),
    ("typeof(t or f) = 'bool'", True),
]


@pytest.mark.parametrize(("text", "outcome"), OPERATORS)
def test_operators(text: str, outcome: bool) -> None:
    assert fql.matches(text, VALUES) is outcome


FUNCTIONS = [
    ("contains(s, 'ex')", True),
    ("contains(s, 'EX')", False),
    ("contains(s, '')", True),
    ("contains(s, s)", True),
    ("contains(null, 'x')", False),
    ("contains(missing, '')", False),
    ("contains(one, '1')", False),
    ("contains(list, 'a')", False),
    ("contains(s, missing)", False),
    ("!contains(missing, 'x')", True),
    ("match(null, '*')", False),
    ("match(missing, '*')", False),
    ("!match(missing, '*')", True),
    ("match(one, '1')", False),
    ("match(s, s)", True),
    ("match(s, missing)", False),
    ("length(s) = 4", True),
    ("length(kana) = 3", True),
    ("length(list) = 4", True),
    ("length(empty) = 0", True),
    ("length(null) = 0", True),
    ("length(missing) < 1", True),
    ("length(missing) > 0", False),
    ("lowercase('ABC') = 'abc'", True),
    ("lowercase(null) = null", True),
    ("lowercase(missing) = null", True),
    ("lowercase(one) = null", True),
    ("uppercase(s) = 'TEXT'", True),
    ("snakecase('test string') = 'test_string'", True),
    ("snakecase('Test  String') = 'Test__String'", True),
    ("kebabcase('test string') = 'test-string'", True),
    ("titlecase('test string') = 'Test String'", True),
    ("titlecase('TEST string') = 'TEST String'", True),
    ("uppercase(missing) = null", True),
    ("titlecase(null) = null", True),
    ("typeof(s) = 'string'", True),
    ("typeof(one) = 'number'", True),
    ("typeof(exact) = 'number'", True),
    ("typeof(list) = 'list'", True),
    ("typeof(t) = 'bool'", True),
    ("typeof(n) = 'null'", True),
    ("typeof(missing) = 'null'", True),
    ("bool('true')", True),
    ("bool('no')", False),
    ("bool(one)", True),
    ("bool(null)", False),
    ("bool(empty)", False),
    ("bool(list)", True),
    ("string(one) = '1'", True),
    ("string(float) = '1'", True),
    ("string(exact) = '1'", True),
    ("string(tenth) = '0.1'", True),
    ("string(t) = 'true'", True),
    ("string(null) = ''", True),
    ("string(empty) = '[]'", True),
    ("string(s) = 'text'", True),
    ("number(ten) = 10", True),
    ("number('0.1') = tenth", True),
    ("number(one) = 1", True),
    ("number(s) = null", True),
    ("number(null) = null", True),
    ("number(ten) > 5", True),
    # calls in calls
    ("contains(lowercase('ABC'), 'b')", True),
    ("length(lowercase(s)) = 4", True),
    ("typeof(length(s)) = 'number'", True),
    ("lowercase(uppercase(s)) in ['text']", True),
    ("uppercase(s) in ['TEXT']", True),
    # versions
    ("semver('1.2.3', '=', '1.2.3')", True),
    ("semver('1.2', '=', '1.2.0')", True),
    ("semver('2', '>', '1.9.9')", True),
    ("semver('1.10.0', '>', '1.9.0')", True),
    ("semver('1.2.3', '>=', '1.2.3')", True),
    ("semver('1.2.3', '<=', '1.2.2')", False),
    ("semver('1.2.3', '<', '1.2.4')", True),
    ("semver('1.2.3', '!=', '1.2.3')", False),
    ("semver('1.2.3.4', '=', '1.2.3')", False),
    ("semver('x', '=', 'x')", False),
    ("semver('1.', '=', '1')", False),
    ("semver(missing, '=', '1')", False),
    ("semver(one, '=', '1')", False),
    ("semver('1', '~', '1')", False),
    ("semver('1', missing, '1')", False),
]


@pytest.mark.parametrize(("text", "outcome"), FUNCTIONS)
def test_functions(text: str, outcome: bool) -> None:
    assert fql.matches(text, VALUES) is outcome


def test_all_is_every_event() -> None:
    assert fql.matches("all", {})
    assert not fql.matches("(all)", {})
    assert fql.matches("(all)", {"all": True})


def test_many_values_of_one_field() -> None:
    names = [f"E{n}" for n in range(50)]
    either = fql.compile(" or ".join([f'event = "{name}"' for name in names] + ["t"]))
    assert either({"event": "E49"})
    assert either({"t": True})
    assert not either({"event": "E50"})
    assert not either({"event": ["E1"]})
    assert not either({})
    neither = fql.compile(" and ".join([f'event != "{name}"' for name in names] + ["t"]))
    assert neither({"t": True})
    assert neither({"event": ["E1"], "t": True})
    assert not neither({"event": "E0", "t": True})
    assert not neither({"event": "E50"})


def test_unknown_functions_and_wrong_arguments_raise() -> None:
    with pytest.raises(fql.FQLError, match="no function foo"):
        fql.compile("foo(a)")
    with pytest.raises(fql.FQLError, match="takes 2 arguments"):
        fql.matches("a or contains(b)", {})


def test_the_same_text_gives_the_same_function() -> None:
    assert fql.compile('type = "x"') is fql.compile('type = "x"')


# A second evaluator, as plain as can be: what the compiled one is held against.


def _truth(node: Expression, event: dict[str, Any]) -> bool:
    if isinstance(node, And):
        return all(_truth(item, event) for item in node.items)
    if isinstance(node, Or):
        return any(_truth(item, event) for item in node.items)
    if isinstance(node, Not):
        return not _truth(node.operand, event)
    if isinstance(node, Compare) and node.operator == "=" and isinstance(node.right, String):
        found: Any = event
        for key in node.left.segments if isinstance(node.left, Path) else ():
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(node.left, Path):
            return type(found) is str and found == node.right.value
    return fql.compile(node)(event)


@settings(max_examples=300, deadline=None)
@given(statements, events)
def test_any_statement_gives_true_or_false_for_any_event(
    tree: Expression, event: dict[str, Any]
) -> None:
    outcome = fql.matches(tree, event)
    assert outcome is _truth(tree, event)
    assert fql.matches(Not(tree), event) is not outcome
    assert (
        fql.matches(Compare("=", Not(Not(tree)), Compare("=", Number(1), Number(1))), event)
        is outcome
    )
    assert fql.matches(Everything(), event)


def test_events_nested_deeply() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert fql.matches("a = b", {"a": deep, "b": deep})
    assert not fql.matches("string(a) = 'x'", {"a": deep})
    thing: Any = {}
    for _ in range(900):
        thing = {"a": thing}
    assert fql.matches(
        "a.a.a != null and a != b", {"a": thing, "b": json.loads(json.dumps(thing["a"]))}
    )
