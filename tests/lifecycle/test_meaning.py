"""Meaning: what the service rewrites is no drift, what people wrote is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.lifecycle.meaning import equal, respell, same_json
from segform.resources._shared import LABELS
from segform.resources.definition import JSON, NUMBER, STRING, Items, Nested, field
from segform.resources.destination_filter import ACTIONS
from segform.resources.exact import dumps, loads
from segform.resources.tracking_plan import RULES
from segform.resources.values import UNKNOWN


@pytest.mark.parametrize(
    ("kind", "a", "b", "same"),
    [
        (STRING, None, "", True),
        (STRING, "a", "", False),
        (JSON, '{"a":1,"b":[1.0]}', ' {"b": [1], "a": 1.0}', True),
        (JSON, '{"a":1}', '{"a":true}', False),
        (JSON, "{", "{}", False),
        (NUMBER, 1, Decimal("1.0"), True),
        (NUMBER, Decimal("1.1"), Decimal("1.10"), True),
        (Items("set", STRING), ["a", "b"], ["b", "a"], True),
        (Items("list", STRING), ["a", "b"], ["b", "a"], False),
        (LABELS, None, [], True),
        (LABELS, [{"key": "a", "value": "x"}], [{"key": "a", "value": "y"}], False),
        (STRING, UNKNOWN, UNKNOWN, False),
    ],
)
def test_equal(kind: Any, a: Any, b: Any, same: bool) -> None:
    assert equal(kind, a, b) is same
    assert equal(kind, b, a) is same


def test_elements_of_a_set_keep_their_spelling() -> None:
    mine = {"type": "DROP_PROPERTIES", "percent": None, "path": None, "fields": '{"p": ["a"]}'}
    live = {"type": "DROP_PROPERTIES", "percent": None, "path": "", "fields": '{"p":["a"]}'}
    drop = {"type": "DROP", "percent": None, "path": None, "fields": None}
    assert respell(ACTIONS, [drop, mine], [live, drop]) == [drop, mine]
    assert respell(ACTIONS, [mine], [drop, live]) == [drop, mine]


def test_elements_are_matched_by_identity() -> None:
    def rule(key: str, schema: str) -> dict[str, Any]:
        return {"type": "TRACK", "key": key, "version": 1, "json_schema": schema}

    mine = [rule("A", '{ "type": "object" }'), rule("B", '{"type":"object"}')]
    live = [rule("B", '{"type":"string"}'), rule("A", '{"type":["object"]}')]
    assert respell(RULES, mine, live) == [live[0], mine[0]]


def test_objects_are_respelled_attribute_by_attribute() -> None:
    kind = Nested("object", field("a", JSON, "x."), field("b", STRING, "x."))
    got = respell(kind, {"a": "{ }", "b": "x"}, {"a": "{}", "b": "y"})
    assert got == {"a": "{ }", "b": "y"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(-(10**6), 10**6, places=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON)
def test_exact_json_round_trips(value: Any) -> None:
    assert same_json(loads(dumps(value)), value)


@pytest.mark.parametrize(
    "text", ["1.1", "0.1", "9007199254740993", "1e-30", "12345678901234567890.5"]
)
def test_numbers_stay_exact(text: str) -> None:
    assert Decimal(dumps(loads(text))) == Decimal(text)


@given(_JSON, _JSON)
def test_respell_never_changes_the_meaning(prior: Any, live: Any) -> None:
    a, b = dumps(prior), dumps(live)
    assert equal(JSON, respell(JSON, a, b), b)
