"""What `check` finds beyond the grammar, each with its place and a mend."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform import fql
from segform.fql.conflicts import conflicts
from segform.fql.syntax import (
    And,
    Bool,
    Compare,
    Expression,
    Item,
    List,
    Not,
    Null,
    Number,
    Or,
    String,
)
from segform.fql.syntax import Path as Field

from .test_evaluation import EXAMPLES
from .test_words import GOLDEN
from .trees import OPERATORS

SOUND = [
    "all",
    'type = "track" and event = "Order Completed"',
    '(type = "track" and event = "A") or type = "page"',
    "length( userId ) > 0",
    'lowercase(traits.plan) in ["pro", "free"]',
    "lowercase(properties.x) = null",
    "properties.total >= 1 and properties.total < 10",
    "userId = anonymousId",
    "properties.a = properties.b",
    'properties.x != null and properties.x != "a"',
    'type = "identify" or event != null',
    '"a" in properties.list and "b" in properties.list',
    'event != "A" and event != "B"',
    "properties.enabled and !properties.test",
    "typeof(properties.x) != 'null'",
    'custom.field = "x"',
    "properties.x in [properties.y, 1]",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound(text: str) -> None:
    assert fql.check(text) == []


FINDINGS = [
    # text, severity, code, line, column, words of the message, words of the mend
    # functions
    ('contain(a, "x")', "error", "function", 1, 1, "no function contain", "Did you mean contains?"),
    ("a or\n foo(b)", "error", "function", 2, 2, "no function foo", "There are: contains"),
    ("not(a)", "error", "function", 1, 1, "no function not", "`!(…)`"),
    ("Lowercase(a) = 'x'", "error", "function", 1, 1, "Lowercase", "Did you mean lowercase?"),
    (
        "contains(a)",
        "error",
        "arguments",
        1,
        1,
        "takes 2 arguments, not 1",
        'contains(field, "text")',
    ),
    ("length(a, b) > 1", "error", "arguments", 1, 1, "takes 1 argument, not 2", "length(field)"),
    ('contains(1, "x")', "warning", "type", 1, 10, "takes a string, and 1 is none", "Give it"),
    ("length(true) > 1", "warning", "type", 1, 8, "list/string", "Give it"),
    (
        "match('Button *', event)",
        "warning",
        "swapped",
        1,
        1,
        "a constant",
        'match(event, "Button *")',
    ),
    ('match(event, "[a")', "warning", "pattern", 1, 14, "malformed", "Close its class"),
    ('match(event, "Order")', "warning", "pattern", 1, 14, "no *", 'event = "Order"'),
    ('contains(event, "")', "warning", "always", 1, 17, "empty", ""),
    ('contains(lowercase(event), "A")', "warning", "never", 1, 28, "no capitals", "same case"),
    ('match(uppercase(event), "a*")', "warning", "never", 1, 25, "capitals only", "same case"),
    ('semver(a, "~", "1")', "warning", "never", 1, 11, 'no operator "~"', ">="),
    ('semver(a, ">", "1")', "warning", "undocumented", 1, 1, "not documented", "preview"),
    ("bool(properties.a)", "warning", "conversion", 1, 1, "not documented", "preview"),
    # types that never meet
    ("type = 5", "warning", "never", 1, 1, "never equal", "same type"),
    ("event != true", "warning", "always", 1, 1, "always holds", "same type"),
    ('length(a) = "3"', "warning", "never", 1, 1, "never equal", "same type"),
    ("(a = b) = 'true'", "warning", "never", 1, 2, "never equal", "`true` is not 'true'"),
    ("a > '5'", "warning", "never", 1, 1, "only numbers are ordered", "Did you mean 5,"),
    ("timestamp > '2024-01-01'", "warning", "never", 1, 1, "only numbers", "compare numbers"),
    ("sentAt < true", "warning", "never", 1, 1, "only numbers", "Compare numbers"),
    ("properties.at < '2024-01-01'", "warning", "never", 1, 1, "only numbers", "FQL has no dates"),
    ("a < null", "warning", "never", 1, 1, "null is none", "Compare numbers"),
    ('event in "abc"', "warning", "never", 1, 1, "not a list", "contains(field,"),
    ("a in 5", "warning", "never", 1, 1, "not a list", "Write a list"),
    ("[1] in a", "warning", "never", 1, 1, "never an element", ""),
    ("a in []", "warning", "never", 1, 1, "empty", "Give it elements"),
    ('type in ["track", 5]', "warning", "never", 1, 19, "never equal", ""),
    ('"a" = "a"', "warning", "constant", 1, 1, "two constants", "no fields"),
    ("1 in [1, 2]", "warning", "constant", 1, 1, "two constants", ""),
    # what is no condition
    ('"abc"', "warning", "never", 1, 1, "never true", "Compare it"),
    ('type = "track" and "x"', "warning", "never", 1, 20, "never true", "Compare it"),
    ("!5", "warning", "never", 1, 2, "never true", "Compare it"),
    ("null", "warning", "never", 1, 1, "never true", "Compare it"),
    ("event", "warning", "never", 1, 1, "a text or null", "event != null"),
    ("length(a)", "warning", "never", 1, 1, "never true", "Compare it"),
    ("lowercase(a) or b", "warning", "never", 1, 1, "a text or null", "!= null"),
    # values that never come
    ('type = "Identify"', "warning", "never", 1, 1, 'no call of the type "Identify"', '"identify"'),
    ('type in ["track", "pages"]', "warning", "never", 1, 19, '"pages"', '"page"'),
    ('type = "purchase"', "warning", "never", 1, 1, '"purchase"', "There are: track"),
    ("type = track", "warning", "quote", 1, 8, "a field", 'Did you mean "track"'),
    ("typeof(a) = 'boolean'", "warning", "never", 1, 1, 'never gives "boolean"', '"bool"'),
    ("typeof(a) in ['array']", "warning", "never", 1, 15, "never gives", '"list"'),
    ("lowercase(a) = 'Abc'", "warning", "never", 1, 1, "no capitals", '"abc"'),
    ("uppercase(a) = 'abc'", "warning", "never", 1, 1, "capitals only", '"ABC"'),
    ("snakecase(a) = 'a b'", "warning", "never", 1, 1, "no blank", "Replace"),
    ("length(a) < 0", "warning", "never", 1, 1, "less than 0", "larger"),
    ("length(a) >= 0", "warning", "always", 1, 1, "always holds", "> 0"),
    ("length(a) = 1.5", "warning", "never", 1, 1, "whole numbers", ""),
    # fields
    ("propertys.x = 1", "warning", "field", 1, 1, "no field propertys", "properties.x?"),
    ('userid = "1"', "warning", "field", 1, 1, "no field userid", "userId?"),
    ("all = 1", "warning", "field", 1, 1, "only where it stands alone", ""),
    # conditions against each other
    ('type = "track" and type = "page"', "warning", "never", 1, 20, "never hold", "type in [...]"),
    ('event = "A" and event != "A"', "warning", "never", 1, 17, "never hold", ""),
    ('type in ["track"] and (type = "page" or type = "screen")', "warning", "never", 1, 24, "", ""),
    ("a and !a", "warning", "never", 1, 7, "conditions on a never hold", ""),
    ("a = true and (b and a = 1)", "warning", "never", 1, 21, "never hold", ""),
    ("a > 5 and a < 3", "warning", "never", 1, 11, "never hold", "Widen"),
    ("a > 5 and a <= 5", "warning", "never", 1, 11, "never hold", "Widen"),
    ("a >= 5 and a < 5", "warning", "never", 1, 12, "never hold", "Widen"),
    ("a = 3 and a > 5", "warning", "never", 1, 11, "never hold", "Widen"),
    ('a = "x" and a > 5', "warning", "never", 1, 13, "never hold", "Widen"),
    ('a = null and a = "x"', "warning", "never", 1, 14, "never hold", ""),
    ('event != "A" or event != "B"', "warning", "always", 1, 17, "always holds", "with `and`"),
    ('event = "A" or event != "A"', "warning", "always", 1, 16, "always holds", ""),
    ("a or !a", "warning", "always", 1, 6, "always holds", ""),
    ("a = 1 or b or a = 1.0", "warning", "twice", 1, 15, "written twice", "Remove"),
    (
        'type = "page" and event = "A"',
        "warning",
        "never",
        1,
        1,
        "only track calls",
        'type = "track"',
    ),
    # the text
    ("a and b or c", "warning", "mixed", 1, 9, "meet without parentheses", "Put parentheses"),
    ("(a or b and c) = d", "warning", "mixed", 1, 4, "meet without parentheses", ""),
    ("a = 'x'and b", "warning", "blank", 1, 8, "no blank follows", "Put a blank"),
]


@pytest.mark.parametrize(
    ("text", "severity", "code", "line", "column", "message", "mend"), FINDINGS
)
def test_findings(
    text: str, severity: str, code: str, line: int, column: int, message: str, mend: str
) -> None:
    found = fql.check(text)
    fitting = [
        one
        for one in found
        if (one.severity, one.code, one.line, one.column) == (severity, code, line, column)
        and message in one.message
        and mend in one.mend
    ]
    assert fitting, found
    assert all(str(one).startswith(f"{one.severity} at line {one.line}, column ") for one in found)


def test_groups_in_parentheses_are_not_mixed() -> None:
    assert fql.check("(a and b) or c") == []
    assert fql.check("a and (b or c)") == []
    assert fql.check("a or contains(b, 'x')") == []


def test_every_finding_of_a_text_in_its_order() -> None:
    found = fql.check("foo(a)\nor type = track or a > 'x'\nand bar(b)")
    assert [(one.code, one.line) for one in found] == [
        ("function", 1),
        ("mixed", 2),
        ("quote", 2),
        ("never", 2),
        ("function", 3),
    ]


def test_what_is_real_is_sound() -> None:
    """No error, and hardly a warning, for statements as people have them."""
    for text, _ in GOLDEN[:44]:
        assert [
            one for one in fql.check(text) if one.code not in ("undocumented", "conversion")
        ] == []
    swapped = [text for text, _ in EXAMPLES if fql.check(text)]
    assert len(swapped) == 1  # the one of the documentation with its arguments turned round


_fields = st.sampled_from([Field(("a",)), Field(("b",))])
_CONSTANTS: list[Item] = [String("x"), Number(0), Number(1), Number(2), Bool(True), Null()]
_lists = st.lists(st.sampled_from(_CONSTANTS), max_size=2).map(lambda found: List(tuple(found)))
_sides = st.one_of(_fields, st.sampled_from(_CONSTANTS), _lists)
_comparisons = st.builds(Compare, st.sampled_from(OPERATORS), _fields, _sides)
_said = st.one_of(_comparisons, _comparisons, _fields, _fields.map(Not), _comparisons.map(Not))
_VALUES: tuple[Any, ...] = (
    "x",
    "y",
    -1,
    0,
    0.5,
    1,
    1.5,
    2,
    3,
    True,
    False,
    None,
    [],
    [1],
    ["x", None],
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_said, min_size=2, max_size=4), st.sampled_from([And, Or]))
def test_what_is_said_to_never_hold_never_holds(
    items: list[Expression], group: type[And] | type[Or]
) -> None:
    """Held against every event with two fields of every kind of value."""
    codes = {found[1] for found in conflicts(group(tuple(items)))}
    test = fql.compile(group(tuple(items)))
    outcomes = {test({"a": one, "b": other}) for one in _VALUES for other in _VALUES}
    if "never" in codes:
        assert outcomes == {False}
    if "always" in codes:
        assert outcomes == {True}


@settings(max_examples=200, deadline=None)
@given(_comparisons)
def test_comparisons_said_to_be_settled_are(node: Compare) -> None:
    codes = {one.code for one in fql.check(fql.format(node))}
    test = fql.compile(node)
    outcomes = {test({"a": one, "b": other}) for one in _VALUES for other in _VALUES}
    if "never" in codes and node.operator != "in":
        assert outcomes == {False}
    if "always" in codes:
        assert outcomes == {True}


# Triggers


def _triggers(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("defaultTrigger", "trigger") and isinstance(item, str):
                yield item
            yield from _triggers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _triggers(item)


def test_triggers_of_the_catalogue() -> None:
    """What Segment itself ships as triggers parses, and is in the subset."""
    catalogue = Path(__file__).parents[2] / "emulator" / "segform_emulator" / "catalog.json"
    texts = sorted(set(_triggers(json.loads(catalogue.read_text(encoding="utf-8")))))
    assert len(texts) > 10
    for text in texts:
        errors = [
            one for one in fql.check(text, trigger=True, lenient=True) if one.severity == "error"
        ]
        assert errors == [], text


GOOD_TRIGGERS = [
    'type = "track" and event = "Order Completed"',
    'type = "identify" or type = "track" or type = "page"',
    'type = "track" and (event = "A" or event = "B")',
    '(event = "A" and userId != null) or (event = "B" and name = null)',
    'contains(properties.x, "a") and !contains(traits.y, "b")',
    'match(event, "Order *") or match(context.page.url, "*/end") or !match(event, "x*")',
    "properties.n = 5 and properties.n != 6 and properties.n > 1.5",
    "properties.flag = true or traits.flag = false",
    'event = ""',
]
BAD_TRIGGERS = [
    ("all", "error", 1, "`all`"),
    ('type = "track" or event = "A" and userId != null', "error", 16, "one level"),
    ("event = 'A'", "error", 9, "single quotes"),
    ('event in ["A"]', "error", 1, "`in`"),
    ("properties.flag", "error", 1, "compares nothing"),
    ("!properties.flag", "warning", 1, "lose the `!`"),
    ('!(event = "A" or event = "B")', "warning", 1, "lose the `!`"),
    ('"A" = event', "error", 1, "begins with a field"),
    ("properties.a = properties.b", "error", 16, "one constant"),
    ("properties.a > true", "error", 16, "only numbers"),
    ("length(event) > 1", "error", 1, "begins with a field"),
    ("bool(properties.x)", "error", 1, "do not know bool"),
    ('contains(lowercase(event), "a")', "error", 1, "a field and a text"),
    ('match(event, "*a*")', "error", 14, "have one *"),
    ('!contains(type, "a")', "error", 2, "leave out contains() on `type`"),
    ('match(event, "a?*")', "error", 14, "have one *"),
    ('integrations.x = "a"', "error", 1, "do not know the field"),
    ("properties != null", "error", 1, "do not know the field"),
    ('event.x = "a"', "error", 1, "do not know the field"),
    (r'properties.a\ b = "x"', "warning", 1, "backslashes"),
    ("traits.x != true", "warning", 1, "always holds"),
    (
        'userId = "a" or (event = "A" and (name = "a" or name = "b"))',
        "warning",
        35,
        "one level only",
    ),
    ('event = "A" and (name = "a" or contains(event, "x"))', "warning", 32, "first `)`"),
]


@pytest.mark.parametrize("text", GOOD_TRIGGERS)
def test_good_triggers(text: str) -> None:
    assert fql.check(text, trigger=True) == []


@pytest.mark.parametrize(("text", "severity", "column", "words"), BAD_TRIGGERS)
def test_bad_triggers(text: str, severity: str, column: int, words: str) -> None:
    found = [one for one in fql.check(text, trigger=True) if one.code == "trigger"]
    assert [(one.severity, one.column) for one in found if words in one.message] == [
        (severity, column)
    ], found
    assert not [one for one in fql.check(text) if one.code == "trigger"]
