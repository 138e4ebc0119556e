"""What mappings make of events, directive by directive."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from segform.mapping import MappingError, evaluate

EVENT: dict[str, Any] = {
    "type": "track",
    "event": "Order Completed",
    "userId": None,
    "traits": {"name": "Ann", "city": "Ulm"},
    "properties": {
        "total": 5,
        "zero": 0,
        "empty": "",
        "no": False,
        "null": None,
        "half": 0.5,
        "products": [{"sku": "a", "n": 1}, {"sku": "b"}],
        "deep": {"a": {"b": [1, {"c": 2}]}, "n": None},
        "json": '{"a": [1]}',
        "bad": "{a}",
    },
}
NOTHING = object()

CASES: list[tuple[Any, Any]] = [
    # what is no directive stays
    (5, 5),
    (None, None),
    ([1, {"@path": "$.event"}], [1, "Order Completed"]),
    ({"b": {"@path": "$.event"}, "c": {"@path": "$.none"}}, {"b": "Order Completed"}),
    ([{"@path": "$.none"}], [None]),
    # @path
    ({"@path": "$.event"}, "Order Completed"),
    ({"@path": "event"}, "Order Completed"),
    ({"@path": "$.properties.products[1].sku"}, "b"),
    ({"@path": "$.properties.products.1.sku"}, "b"),
    ({"@path": "$.properties['total']"}, 5),
    ({"@path": "$.properties.products.length"}, 2),
    ({"@path": "$.event[0]"}, "O"),
    ({"@path": "$.none"}, NOTHING),
    ({"@path": "$.userId"}, None),
    ({"@path": "$.userId.x"}, None),
    ({"@path": "$.properties.zero.x"}, 0),
    ({"@path": "$.properties.products[9]"}, NOTHING),
    ({"@path": {"@template": "$.traits.{{none}}name"}}, "Ann"),
    # @template
    ({"@template": "Hi {{traits.name}}{{ none }}{{{userId}}}!"}, "Hi Ann!"),
    ({"@template": "{{properties.total}} {{properties.half}} {{properties.no}}"}, "5 0.5 false"),
    ({"@template": "{{properties.deep}} {{properties.deep.a.b}}"},
     "[object Object] 1,[object Object]"),
    ({"@template": "{{$.event}}"}, ""),
    # @literal
    ({"@literal": True}, True),
    ({"@literal": [{"@path": "$.event"}]}, ["Order Completed"]),
    # @if
    ({"@if": {"exists": {"@path": "$.properties.zero"}, "then": 1, "else": 2}}, 1),
    ({"@if": {"exists": {"@path": "$.userId"}, "then": 1, "else": 2}}, 2),
    ({"@if": {"exists": {"@path": "$.none"}, "then": 1}}, NOTHING),
    ({"@if": {"exists": {"@path": "$.none"}, "then": 1, "else": 0}}, NOTHING),
    ({"@if": {"exists": {"@path": "$.event"}, "then": None, "else": 2}}, None),
    ({"@if": {"blank": {"@path": "$.event"}, "then": "filled", "else": "blank"}}, "filled"),
    ({"@if": {"blank": {"@path": "$.properties.zero"}, "then": 1, "else": "blank"}}, "blank"),
    ({"@if": {"blank": {"@path": "$.properties.empty"}, "then": 1, "else": "blank"}}, "blank"),
    ({"@if": {"blank": {"@path": "$.properties.no"}, "then": 1, "else": "blank"}}, "blank"),
    # @case
    ({"@case": {"operator": "lower", "value": {"@path": "$.event"}}}, "order completed"),
    ({"@case": {"operator": "upper", "value": {"@path": "$.event"}}}, "ORDER COMPLETED"),
    ({"@case": {"operator": "upper", "value": {"@path": "$.properties.total"}}}, 5),
    ({"@case": {"operator": "upper"}}, NOTHING),
    # @replace
    ({"@replace": {"pattern": "e", "replacement": "_", "value": {"@path": "$.event"}}},
     "Ord_r Compl_t_d"),
    ({"@replace": {"pattern": "o", "replacement": "0", "ignorecase": True, "global": False,
                   "value": {"@path": "$.event"}}}, "0rder Completed"),
    ({"@replace": {"pattern": ".", "replacement": "", "value": "a.b"}}, "ab"),
    ({"@replace": {"pattern": "e", "replacement": "[$&]", "global": False,
                   "value": {"@path": "$.event"}}}, "Ord[e]r Completed"),
    ({"@replace": {"pattern": "5", "replacement": "6", "value": {"@path": "$.properties.total"}}},
     "6"),
    ({"@replace": {"pattern": "5", "value": {"@path": "$.properties.deep"}}}, ""),
    ({"@replace": {"pattern": "a", "replacement": "b", "pattern2": "b", "replacement2": "c",
                   "value": "ab"}}, "cc"),
    # @arrayPath
    ({"@arrayPath": ["$.properties.products"]}, EVENT["properties"]["products"]),
    ({"@arrayPath": ["$.properties.products", {"id": {"@path": "$.sku"}, "n": {"@path": "n"}}]},
     [{"id": "a", "n": 1}, {"id": "b"}]),
    ({"@arrayPath": ["$.traits", {"n": {"@path": "$.name"}}]}, [{"n": "Ann"}]),
    ({"@arrayPath": ["$.event", {"n": {"@path": "$.name"}}]}, "Order Completed"),
    ({"@arrayPath": ["$.none", {"n": 1}]}, NOTHING),
    # @json
    ({"@json": {"mode": "encode", "value": {"@path": "$.properties.deep"}}},
     '{"a":{"b":[1,{"c":2}]},"n":null}'),
    ({"@json": {"mode": "encode", "value": {"b": 1, "2": 1, "1": 1.0}}}, '{"1":1,"2":1,"b":1}'),
    ({"@json": {"mode": "decode", "value": {"@path": "$.properties.json"}}}, {"a": [1]}),
    ({"@json": {"mode": "decode", "value": {"@path": "$.properties.bad"}}}, "{a}"),
    ({"@json": {"mode": "decode", "value": {"@path": "$.properties.total"}}}, 5),
    ({"@json": {"mode": "ENCODE", "value": {"@path": "$.event"}}}, NOTHING),
    # @flatten
    ({"@flatten": {"separator": ".", "value": {"@path": "$.properties.deep"}}},
     {"a.b.0": 1, "a.b.1.c": 2, "n": None}),
    ({"@flatten": {"separator": "_", "omitArrays": True, "value": {"@path": "$.properties.deep"}}},
     {"a_b": [1, {"c": 2}], "n": None}),
    ({"@flatten": {"separator": ".", "value": {"@path": "$.event"}}}, {"": "Order Completed"}),
    # @merge
    ({"@merge": {"direction": "right", "objects": [{"@path": "$.traits"}, {"city": "Bonn"}]}},
     {"name": "Ann", "city": "Bonn"}),
    ({"@merge": {"direction": "left", "objects": [{"@path": "$.traits"},
     {"city": "Bonn", "x": 1}]}},
     {"name": "Ann", "city": "Ulm", "x": 1}),
    ({"@merge": {"direction": "right", "objects": [{"@path": "$.userId"}, {"@path": "$.none"}]}},
     {}),
    # @transform
    ({"@transform": {"apply": {"who": {"@path": "$.traits.name"}},
                     "mapping": {"a": {"@path": "$.who"}, "b": {"@path": "$.event"}}}},
                      {"a": "Ann"}),
    # @excludeWhenNull
    ({"@excludeWhenNull": {"@path": "$.userId"}}, NOTHING),
    ({"@excludeWhenNull": {"@path": "$.properties.deep"}}, {"a": {"b": [1, {"c": 2}]}}),
    ({"@excludeWhenNull": {"@path": "$.event"}}, "Order Completed"),
    # beside a directive
    ({"@path": "$.event", "_metadata": {"x": 1}}, "Order Completed"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "made"), CASES, ids=[str(value)[:60] for value, _ in CASES])
def test_directives(value: Any, made: Any) -> None:
    mapping, event = {"a": value}, copy.deepcopy(EVENT)
    expected = {} if made is NOTHING else {"a": made}
    assert evaluate(mapping, event) == expected
    assert event == EVENT


def test_the_whole_mapping_may_be_a_directive() -> None:
    assert evaluate({"@path": "$.traits"}, EVENT) == {"name": "Ann", "city": "Ulm"}
    assert evaluate({"@path": "$.none"}, EVENT) is None
    mapping = {
        "__segment_internal_directive": {"@transform": {"apply": {"x": {"@path": "$.event"}}}},
        "a": {"@path": "$.x"},
    }
    before = copy.deepcopy(mapping)
    assert evaluate(mapping, EVENT) == {"a": "Order Completed"}
    assert mapping == before
    kept = {"__segment_internal_directive": {"b": {"c": {"@path": "$.event"}}}, "a": 1}
    assert evaluate(kept, EVENT) == {"b": {"c": "Order Completed", "mapping": {"a": 1}}}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"@if": {"then": 1}}, "at /a/@if: it needs `exists` or `blank`"),
        ({"@case": {"operator": "odd", "value": "x"}}, '"lower" or "upper", not \'odd\''),
        ({"@case": {"value": "x"}}, "it needs `operator`"),
        ({"@flatten": {"value": {}}}, "it needs `separator`"),
        ({"@merge": {"objects": []}}, "it needs `direction`"),
        ({"@template": {"@path": "$.properties.total"}}, "it takes a string, not number"),
        ({"@path": {"@path": "$.none"}}, "not nothing"),
        (
            {"@transform": {"apply": {"@path": "$.event"}, "mapping": {"x": {"@path": "$.b"}}}},
            None,
        ),
        (
            {"@replace": {"pattern": "a", "value": "a", "pattern2": "12345678901"}},
            "more than 10 characters",
        ),
        ([{"@none": 1}], "there is no directive @none"),
        ({"@liquid": "x" * 1001}, "more than 1000 characters"),
        ({"@json": {"mode": "encode", "value": 0}}, "it needs `value`"),
    ],
)
def test_what_fails_with_an_event(value: Any, words: str | None) -> None:
    if words is None:  # a text is taken for an event whose fields are not there
        assert evaluate({"a": value}, EVENT) == {"a": {}}
        return
    with pytest.raises(MappingError) as caught:
        evaluate({"a": value}, EVENT)
    assert words in str(caught.value)
    assert caught.value.diagnostics == []
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_an_event_is_an_object() -> None:
    with pytest.raises(MappingError, match="an event is an object, not array"):
        evaluate({}, [])  # type: ignore[arg-type]  # wrong on purpose
