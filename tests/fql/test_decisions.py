"""Where Segment's documentation, its evaluators and its form disagree: what is decided here.

One test for each decision, D1 to D18, in the order in which the guide lists them.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from segform import fql
from segform.explain import explain
from segform.fql.readings import other_reading


def test_d1_and_binds_tighter_and_mixing_is_warned_of() -> None:
    text = "a or b and c"
    assert fql.format(text) == "a or (b and c)"
    for a, b, c in itertools.product((True, False), repeat=3):
        assert fql.matches(text, {"a": a, "b": b, "c": c}) is (a or (b and c))
    assert [one.code for one in fql.check(text)] == ["mixed"]
    assert fql.check("a or (b and c)") == []
    # The other reading, in which neither binds tighter, is known to whoever explains an event.
    other = other_reading("a and b or c")
    assert other is not None
    assert fql.format(other) == "a and (b or c)"
    assert other_reading("a or (b and c)") is None


def test_d2_what_is_missing_is_null() -> None:
    for event in ({}, {"x": None}):
        assert fql.matches("x = null", event)
        assert not fql.matches("x != null", event)
        assert fql.matches("length(x) < 1", event)


def test_d3_length_counts_bytes() -> None:
    assert fql.matches("length(x) = 1", {"x": "a"})
    assert fql.matches("length(x) = 3", {"x": "ア"})
    assert fql.matches("length(x) = 4", {"x": "\U0001f600"})
    assert fql.matches("length(x) = 2", {"x": ["ア", "a"]})


@pytest.mark.parametrize(
    ("value", "name"),
    [("a", "string"), (1, "number"), ([], "list"), (True, "bool"), (None, "null")],
)
def test_d4_types_have_the_documented_names(value: Any, name: str) -> None:
    assert fql.matches(f'typeof(x) = "{name}"', {"x": value})
    [found] = [one for one in fql.check('typeof(x) = "boolean"') if one.code == "never"]
    assert found.mend == 'Did you mean "bool"?'


def test_d5_the_list_of_an_event_may_be_searched() -> None:
    event = {"properties": {"list": ["x", 1]}}
    assert fql.matches("'x' in properties.list", event)
    assert not fql.matches("'y' in properties.list", event)
    for value in (None, "x", 5, {"x": 1}):
        assert not fql.matches("'x' in properties.list", {"properties": {"list": value}})


def test_d6_lists_are_compared_element_by_element() -> None:
    assert fql.matches("x = ['a', 1]", {"x": ["a", 1.0]})
    assert not fql.matches("x = ['a', 1]", {"x": [1, "a"]})
    assert fql.matches("x != ['a', 1]", {"x": ["a"]})


def test_d7_calls_nest() -> None:
    assert fql.matches("match(lowercase(x), 'order *')", {"x": "ORDER Completed"})
    assert fql.matches("length(lowercase(x)) > 3 and contains(lowercase(x), 'ord')", {"x": "ORDER"})
    assert fql.matches("lowercase(x) in ['order']", {"x": "ORDER"})


def test_d8_all_documented_functions_are_carried_out() -> None:
    event = {"x": "test string", "n": "12", "t": "true"}
    for text in (
        "uppercase(x) = 'TEST STRING'",
        "snakecase(x) = 'test_string'",
        "kebabcase(x) = 'test-string'",
        "titlecase(x) = 'Test String'",
        "bool(t) = true",
        "number(n) = 12",
        "string(12) = n",
    ):
        assert fql.matches(text, event), text
    assert fql.matches("uppercase(missing) = null", event)


def test_d9_operators_of_other_languages_are_refused_and_understood() -> None:
    text = 'type == "track" AND event = "A" OR event = "B"'
    with pytest.raises(fql.FQLSyntaxError, match="Did you mean `=`"):
        fql.parse(text)
    assert fql.format(fql.parse(text, lenient=True)) == (
        '(type = "track" and event = "A") or event = "B"'
    )
    assert {one.severity for one in fql.check(text, lenient=True)} == {"warning"}


def test_d10_what_is_no_number_is_unequal_to_one() -> None:
    for event in ({}, {"x": "5"}, {"x": None}, {"x": True}):
        assert fql.matches("x != 5", event)
    # The evaluator of triggers asks for a number.
    assert not fql.fires("properties.x != 5", {"properties": {"x": "5"}})
    assert fql.fires("properties.x != 5", {"properties": {"x": 6}})


def test_d11_what_is_null_contains_and_matches_nothing() -> None:
    assert fql.matches("!contains(x, 'a') and !match(x, 'a*')", {})
    assert not fql.fires('!contains(properties.x, "a")', {"properties": {}})
    assert fql.fires('!contains(properties.x, "a")', {"properties": {"x": "b"}})


def test_d12_blanks_in_names_are_escaped() -> None:
    assert fql.matches(
        r"properties.product\ 1.price = '2'", {"properties": {"product 1": {"price": "2"}}}
    )
    [found] = fql.check(r'properties.a\ b = "x"', trigger=True)
    assert "backslashes" in found.message


def test_d13_single_quotes_are_quotes() -> None:
    assert fql.matches("type = 'track'", {"type": "track"})
    [found] = [one for one in fql.check("type = 'track'", trigger=True) if one.code == "trigger"]
    assert (found.severity, found.mend) == ("error", 'Write "track"')


def test_d14_groups_nest_and_are_negated() -> None:
    text = '!(event = "A" or (event = "B" and contains(name, "x")))'
    assert fql.matches(text, {"event": "B", "name": "y"})
    assert not fql.matches(text, {"event": "B", "name": "x"})
    assert fql.check(text) == []
    assert len([one for one in fql.check(text, trigger=True) if one.code == "trigger"]) >= 2


def test_d15_true_is_not_a_text() -> None:
    assert not fql.matches("traits.x != true", {"traits": {"x": True}})
    assert fql.matches("traits.x != true", {"traits": {"x": "true"}})
    # The evaluator of triggers compares texts.
    assert fql.fires("traits.x != true", {"traits": {"x": True}})
    [found] = fql.check("traits.x != true", trigger=True)
    assert (found.message, found.mend) == (
        "triggers compare this as texts, and it always holds",
        "Write = false",
    )


def test_d16_keys_may_begin_with_a_digit_and_lists_have_no_places() -> None:
    assert fql.matches("properties.1st.2nd = 'x'", {"properties": {"1st": {"2nd": "x"}}})
    assert fql.matches("properties.list.0 = null", {"properties": {"list": ["x"]}})


def test_d17_swapped_arguments_are_evaluated_as_written() -> None:
    text = "match('Button *', event)"
    assert not fql.matches(text, {"event": "Button Clicked"})
    assert fql.matches(text, {"event": "Button *"})
    [found] = fql.check(text)
    assert found.mend == 'Did you mean match(event, "Button *")?'


def test_d18_filters_run_by_type_and_differing_outcomes_are_told() -> None:
    filters = [
        {"title": "No e-mail", "if": "all", "actions": [_cut("email")]},
        {
            "title": "No tests",
            "if": 'contains(properties.email, "@test")',
            "actions": [{"type": "DROP"}],
        },
    ]
    snapshot = {
        "sources": [{"id": "s", "slug": "web"}],
        "destinations": [{"id": "d", "name": "Mail", "sourceId": "s", "metadataId": "m"}],
        "filters": [
            {**one, "id": str(place), "sourceId": "s", "destinationId": "d", "enabled": True}
            for place, one in enumerate(filters)
        ],
    }
    event = {"type": "track", "event": "A", "properties": {"email": "ann@test.example"}}
    found = explain(event, "Mail", snapshot).step("filters")
    assert (found.outcome, found.words) == ("dropped", "the filter “No tests” drops it")
    assert ["in that order it passes" in one for one in found.warnings] == [True]
    # Where both orders come to the same there is nothing to tell.
    plain = {**event, "properties": {"email": "ann@shop.example"}}
    other = explain(plain, "Mail", snapshot).step("filters")
    assert (other.outcome, other.warnings) == ("changed", ())


def _cut(key: str) -> dict[str, Any]:
    return {"type": "DROP_PROPERTIES", "fields": {"properties": [key]}}
