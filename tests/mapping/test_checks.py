"""What `check` finds in mappings: where, how bad, and the mend."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.mapping import Diagnostic, MappingError, check, evaluate, fields_of
from segform.mapping.directives import NAMES
from segform.mapping.errors import MAX_DEPTH

SOUND: list[dict[str, Any]] = [
    {},
    {"a": 1, "b": "text", "c": None, "d": [1, {"x": 2}], "e": {"f": True}},
    {"a": {"@path": "$.properties.x"}},
    {"a": {"@path": {"@template": "$.properties.{{event}}"}}},
    {"a": {"@template": "{{event}} and {{{properties.x}}}"}},
    {"a": {"@literal": {"@path": "$.event"}}},
    {"a": {"@path": "$.event", "_metadata": {"label": "shown in the app"}}},
    {"a": {"@if": {"exists": {"@path": "$.userId"}, "then": 1, "else": {"@path": "$.messageId"}}}},
    {"a": {"@if": {"blank": {"@path": "$.userId"}, "then": "x"}}},
    {"a": {"@case": {"operator": "lower", "value": {"@path": "$.event"}}}},
    {"a": {"@replace": {"pattern": "-", "replacement": "", "value": {"@path": "$.event"}}}},
    {"a": {"@arrayPath": ["$.properties.products", {"id": {"@path": "$.product_id"}}]}},
    {"a": {"@arrayPath": [{"@path": "$.properties.products"}]}},
    {"a": {"@json": {"value": {"@path": "$.properties"}, "mode": "encode"}}},
    {"a": {"@flatten": {"value": {"@path": "$.properties"}, "separator": "."}}},
    {"a": {"@flatten": {"value": {}, "separator": "_", "omitArrays": True}}},
    {"a": {"@merge": {"objects": [{"@path": "$.traits"}, {"b": 1}], "direction": "right"}}},
    {"a": {"@transform": {"apply": {"x": {"@path": "$.event"}}, "mapping": {"@path": "$.x"}}}},
    {"a": {"@excludeWhenNull": {"@path": "$.properties.x"}}},
    {"a": {"@liquid": "{{ event | upcase }}"}},
    {"__segment_internal_directive": {"@transform": {"apply": {}}}, "a": {"@path": "$.x"}},
]


@pytest.mark.parametrize("mapping", SOUND, ids=[json.dumps(one)[:60] for one in SOUND])
def test_sound(mapping: dict[str, Any]) -> None:
    assert check(mapping) == []


FINDINGS: list[tuple[Any, str, str, str, str, str]] = [
    # mapping, severity, code, path, words of the message, words of the mend
    ([], "error", "type", "/", "not an array", "@path"),
    ("x", "error", "type", "/", "not a string", "@path"),
    ({"a": {"@pth": "$.x"}}, "error", "directive", "/a", "@pth", "Did you mean @path?"),
    ({"a": {"@x": 1}}, "error", "directive", "/a", "@x", "There are: @path"),
    ({"a": {"@path": "x", "b": 1}}, "error", "keys", "/a", "b beside it", "_metadata"),
    ({"a": {"b": 1, "@path": "x"}}, "error", "keys", "/a", "b beside it", "_metadata"),
    ({"a": {"@path": "x", "@if": {}}}, "error", "keys", "/a", "@if beside it", "its own"),
    ({"a": {"@path": 5}}, "error", "type", "/a/@path", "not a number", "$.properties.name"),
    ({"a": {"@path": {"b": 1}}}, "error", "type", "/a/@path", "not an object", ""),
    ({"a": {"b": {"@template": None}}}, "error", "type", "/a/b/@template", "not null", ""),
    ({"a": {"@if": "x"}}, "error", "type", "/a/@if", "takes an object", "exists, then, else"),
    ({"a": {"@if": {"@path": "x"}}}, "error", "type", "/a/@if", "not a directive", ""),
    ({"a": {"@if": {"exists": {"@no": 1}}}}, "error", "directive", "/a/@if/exists", "@no", ""),
    ({"a": {"@case": {"operator": {"@path": "x"}, "value": "y"}}}, "error", "type",
     "/a/@case/operator", "not a directive", "cannot stand"),
    ({"a": {"@case": {"operator": "lower", "value": 5}}},
     "error", "type", "/a/@case/value", "", ""),
    ({"a": {"@replace": {"value": "x"}}}, "error", "missing", "/a/@replace", "needs `pattern`", ""),
    ({"a": {"@replace": {"pattern": "", "value": "x"}}}, "error", "length",
     "/a/@replace/pattern", "empty", ""),
    ({"a": {"@replace": {"pattern": "12345678901", "value": "x"}}}, "error", "length",
     "/a/@replace/pattern", "11 characters", "At most 10"),
    ({"a": {"@replace": {"pattern": "a", "value": "x", "replacement": "12345678901"}}}, "error",
     "length", "/a/@replace/replacement", "11 characters", "At most 10"),
    ({"a": {"@replace": {"pattern": "a", "value": "x", "global": "yes"}}}, "error", "type",
     "/a/@replace/global", "true or false", "without quotes"),
    ({"a": {"@arrayPath": "$.x"}}, "error", "type", "/a/@arrayPath", "takes an array", "[\"$."),
    ({"a": {"@arrayPath": []}}, "error", "missing", "/a/@arrayPath/0", "path first", ""),
    ({"a": {"@arrayPath": [1]}}, "error", "type", "/a/@arrayPath/0", "not a number", ""),
    ({"a": {"@arrayPath": ["x", {"b": {"@no": 1}}]}}, "error", "directive",
     "/a/@arrayPath/1/b", "@no", ""),
    ({"a": {"@json": {"value": 1}}}, "error", "missing", "/a/@json", "needs `mode`", ""),
    ({"a": {"@json": {"value": 1, "mode": "encod"}}}, "error", "word", "/a/@json/mode",
     "not 'encod'", "Did you mean encode?"),
    ({"a": {"@json": {"value": 1, "mode": "ENCODE"}}}, "warning", "nothing", "/a/@json",
     'mode "ENCODE"', '"encode"'),
    ({"a": {"@json": {"value": "", "mode": "encode"}}},
     "warning", "fails", "/a/@json", "fails", ""),
    ({"a": {"@flatten": {"separator": "."}}}, "error", "missing", "/a/@flatten", "`value`", ""),
    ({"a": {"@flatten": {"value": {}}}}, "warning", "fails", "/a/@flatten", "separator", '"."'),
    ({"a": {"@merge": {"direction": "left"}}}, "error", "missing", "/a/@merge", "`objects`", ""),
    ({"a": {"@merge": {"objects": "x", "direction": "left"}}}, "error", "type",
     "/a/@merge/objects", "an array", ""),
    ({"a": {"@merge": {"objects": [1], "direction": "left"}}}, "error", "type",
     "/a/@merge/objects/0", "an object or a directive", ""),
    ({"a": {"@merge": {"objects": []}}}, "warning", "fails", "/a/@merge", "direction", "right"),
    ({"a": {"@merge": {"objects": [], "direction": "up"}}}, "error", "word",
     "/a/@merge/direction", "left, right", ""),
    ({"a": {"@merge": {"objects": [], "direction": "LEFT"}}}, "warning", "word", "/a/@merge",
     'taken for "right"', '"left"'),
    ({"a": {"@transform": {"apply": 1, "mapping": {}}}}, "error", "type", "/a/@transform/apply",
     "an object or a directive", ""),
    ({"a": {"@transform": {"apply": {}}}}, "error", "missing", "/a/@transform", "`mapping`", ""),
    ({"a": {"@liquid": {"@path": "x"}}}, "error", "type", "/a/@liquid", "not a directive", ""),
    ({"a": {"@liquid": "x" * 1001}}, "warning", "fails", "/a/@liquid", "too long", "1000"),
    ({"a": {"@liquid": "{% for a in b %}{% endfor %}"}}, "warning", "fails", "/a/@liquid",
     "the tag for is switched off", ""),
    ({"a": {"@liquid": "{{ a | sort }}"}}, "warning", "fails", "/a/@liquid",
     "the filter sort is switched off", ""),
    # accepted, and hardly meant
    ({"a": {"@if": {"then": 1}}}, "warning", "fails", "/a/@if", "needs `exists`", "@path"),
    ({"a": {"@if": {"exists": "", "then": 1}}}, "warning", "fails", "/a/@if", "fails", ""),
    ({"a": {"@if": {"exists": "x"}}}, "warning", "nothing", "/a/@if", "no `then`", ""),
    ({"a": {"@if": {"exists": "x", "then": 1, "else": 0}}}, "warning", "nothing", "/a/@if",
     "left out", "@literal"),
    ({"a": {"@if": {"exists": "x", "blank": "y", "then": 1}}}, "warning", "option", "/a/@if",
     "`blank` is not", ""),
    ({"a": {"@if": {"exist": "x", "blank": "y", "then": 1}}}, "warning", "option",
     "/a/@if/exist", "does not know exist", "Did you mean exists?"),
    ({"a": {"@case": {"value": "x"}}}, "warning", "fails", "/a/@case", "operator", "lower"),
    ({"a": {"@case": {"operator": "Lower", "value": "x"}}}, "warning", "fails", "/a/@case", "", ""),
    ({"a": {"@case": {"operator": "lower"}}}, "warning", "nothing", "/a/@case", "no `value`", ""),
    ({"a": {"@replace": {"pattern": "a", "value": "x", "pattern2": "12345678901"}}}, "warning",
     "fails", "/a/@replace/pattern2", "too long", "10"),
    ({"a": {"@replace": {"pattern": "\\d+", "value": "x"}}}, "warning", "pattern", "/a/@replace",
     "regular expression", "plain texts"),
    ({"a": {"@template": "{{$.event}}"}}, "warning", "template", "/a/@template", "finds nothing",
     "{{event}}"),
    ({"a": {"@template": "{{event"}}, "warning", "template", "/a/@template", "no }}", ""),
    ({"a": {"@path": "$"}}, "warning", "path", "/a/@path", "alone", "$."),
    ({"a": {"@path": "$.propertis.x"}}, "warning", "path", "/a/@path", "propertis",
     "Did you mean properties.x?"),
    ({"a": {"@template": "{{traitz.x}}"}}, "warning", "path", "/a/@template", "traitz", "traits.x"),
    ({"a": [{"@no": 1}]}, "warning", "directive", "/a/0", "@no", ""),
    ({"a": {"@literal": {"b": {"@path": 1}}}}, "warning", "type", "/a/@literal/b/@path", "", ""),
    # a directive for the whole mapping
    ({"__segment_internal_directive": 1}, "error", "root", "/__segment_internal_directive", "", ""),
    ({"__segment_internal_directive": {}},
     "error", "root", "/__segment_internal_directive", "", ""),
    ({"__segment_internal_directive": {"@transform": 1}}, "error", "root",
     "/__segment_internal_directive", "takes an object here", "mapping"),
    ({"a/b~c": {"@path": 1}}, "error", "type", "/a~1b~0c/@path", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("mapping", "severity", "code", "path", "message", "mend"), FINDINGS)
def test_findings(
    mapping: Any, severity: str, code: str, path: str, message: str, mend: str
) -> None:
    found = check(mapping)
    fitting = [
        one
        for one in found
        if (one.severity, one.code, one.path) == (severity, code, path)
        and message in one.message
        and mend in one.mend
    ]
    assert fitting, found
    assert all(str(one).startswith(f"{one.severity} at {one.path}: ") for one in found)
    # A warning is what the service saves; what it refuses is evaluated for nobody.
    if any(one.severity == "error" for one in found) and isinstance(mapping, dict):
        with pytest.raises(MappingError) as caught:
            evaluate(mapping, {"event": "A"})
        assert [str(one) for one in caught.value.diagnostics] == [
            str(one) for one in found if one.severity == "error"
        ]


def test_every_mistake_is_told() -> None:
    mapping = {"a": {"@path": 1}, "b": {"@if": {"exists": {"@no": 1}, "then": {"@path": None}}}}
    assert [one.path for one in check(mapping)] == [
        "/a/@path", "/b/@if/exists", "/b/@if/then/@path"
    ]  # fmt: skip


# Against the fields of an action

FIELDS: list[dict[str, Any]] = [
    {"fieldKey": "email", "label": "E-mail", "type": "STRING", "required": True},
    {"fieldKey": "amount", "type": "NUMBER"},
    {"fieldKey": "count", "type": "INTEGER"},
    {"fieldKey": "active", "type": "BOOLEAN"},
    {"fieldKey": "at", "type": "DATETIME"},
    {"fieldKey": "data", "type": "OBJECT"},
    {"fieldKey": "items", "type": "OBJECT", "multiple": True},
    {"fieldKey": "tags", "type": "STRING", "multiple": True},
    {"fieldKey": "kind", "type": "STRING", "choices": [{"label": "A", "value": "a"}, "b"]},
    {"fieldKey": "list", "type": "STRING", "choices": ["a"], "dynamic": True},
    {"fieldKey": "region", "type": "STRING", "required": True, "defaultValue": "eu"},
    {"fieldKey": "note", "type": "STRING", "allowNull": True},
]
REQUIRED = {"email": {"@path": "$.traits.email"}, "region": "us"}

FITTING: list[dict[str, Any]] = [
    {"amount": 5, "count": 5, "active": True},
    {"amount": "5.5", "count": "5", "active": "true"},
    {"amount": True, "count": 5.0, "active": 0},
    {"amount": {"@path": "$.properties.x"}, "data": {"@path": "$.properties"}},
    {"amount": {"@template": "{{properties.x}}"}, "at": "2024-01-01", "tags": "one"},
    {"at": 1700000000, "data": {"a": {"@path": "$.x"}}, "items": [{"a": 1}], "tags": ["a", 5]},
    {"items": {"@arrayPath": ["$.properties.products", {"id": {"@path": "$.id"}}]}},
    {"data": {"@flatten": {"value": {"@path": "$.properties"}, "separator": "."}}},
    {"kind": "a", "list": "anything", "note": None, "amount": None, "active": ""},
    {"kind": {"@path": "$.event"}, "tags": [{"@path": "$.event"}], "items": {"a": 1}},
    {"__segment_internal_sync_mode": "upsert", "onMappingSave": {}, "email": 5},
]


@pytest.mark.parametrize("mapping", FITTING)
def test_what_fits_the_fields(mapping: dict[str, Any]) -> None:
    assert check({**REQUIRED, **mapping}, {"fields": FIELDS}) == []
    assert check({**REQUIRED, **mapping}, FIELDS) == []


MISFITTING: list[tuple[dict[str, Any], str, str, str, str]] = [
    ({"emial": "x"}, "field", "/emial", "no field emial", "Did you mean email?"),
    ({"zzz": "x"}, "field", "/zzz", "no field zzz", "There are: active"),
    ({"email": ""}, "required", "/email", "counts as missing", ""),
    ({"email": None}, "required", "/email", "counts as missing", ""),
    ({"email": {"@literal": ""}}, "required", "/email", "E-mail", ""),
    ({"amount": "twelve"}, "type", "/amount", 'not a string "twelve"', "Give a number"),
    ({"amount": {}}, "type", "/amount", "not an object", ""),
    ({"amount": [1, 2]}, "type", "/amount", "an array of 2", ""),
    ({"count": 1.5}, "type", "/count", "a whole number", ""),
    ({"active": "yes"}, "type", "/active", "true or false", ""),
    ({"at": True}, "type", "/at", "a moment", ""),
    ({"data": "{}"}, "type", "/data", "an object", "@json"),
    ({"data": {"@template": "{{a}}"}}, "type", "/data/@template", "not a string", ""),
    ({"data": {"@json": {"mode": "encode", "value": {"@path": "$.x"}}}}, "type", "/data/@json",
     "not a string", ""),
    ({"items": ["x"]}, "type", "/items/0", "an object", ""),
    ({"tags": [{}]}, "type", "/tags/0", "a text", ""),
    ({"tags": [["a", "b"]]}, "type", "/tags/0", "array in the array", ""),
    ({"email": {"@path": "$."}}, "type", "/email/@path", "not an object", ""),
    ({"email": {"@merge": {"objects": [], "direction": "left"}}}, "type", "/email/@merge", "", ""),
    ({"amount": {"@if": {"exists": {"@path": "$.x"}, "then": 1, "else": "many"}}}, "type",
     "/amount/@if/else", 'a string "many"', ""),
    ({"kind": "c"}, "choice", "/kind", "none of the field's choices", "There are: a, b"),
]  # fmt: skip


@pytest.mark.parametrize(("mapping", "code", "path", "message", "mend"), MISFITTING)
def test_what_does_not_fit_the_fields(
    mapping: dict[str, Any], code: str, path: str, message: str, mend: str
) -> None:
    found = check({**REQUIRED, **mapping}, FIELDS)
    assert [(one.severity, one.code, one.path) for one in found] == [("error", code, path)]
    assert message in found[0].message
    assert mend in found[0].mend


def test_required_fields() -> None:
    found = check({}, FIELDS)
    assert [(one.severity, one.code, one.path) for one in found] == [
        ("error", "required", "/email"),
        ("warning", "required", "/region"),  # the app would fill it in
    ]


def test_unknown_fields_of_an_action_are_no_mistake() -> None:
    actions: list[Any] = [None, {}, {"fields": []}, {"id": "x"}, []]
    for action in actions:
        assert check({"anything": 1}, action) == []


def test_one_directive_for_all_keys() -> None:
    merged = {"@merge": {"objects": [{"@path": "$.traits"}], "direction": "right"}}
    assert check(merged, FIELDS) == []
    root = {"__segment_internal_directive": {"@transform": {"apply": {}}}, "amount": "x"}
    assert [one.code for one in check(root, FIELDS)] == ["type"]


def test_fields_of() -> None:
    mapping = {
        "a": {"@path": "$.event"},
        "b": [{"@template": "{{ properties.x }} {{{traits.y}}}"}],
        "c": {"@arrayPath": ["$.properties.products", {"id": {"@path": "$.id"}}]},
        "d": {"@if": {"exists": {"@path": "userId"}, "then": {"@path": "$."}}},
        "e": {"@transform": {"apply": {"x": {"@path": "$.context.ip"}}, "mapping": {"@path": "x"}}},
        "f": "text",
    }
    assert fields_of(mapping) == [
        "", "context.ip", "event", "properties.products", "properties.x", "traits.y", "userId"
    ]  # fmt: skip


# Hostile input

_json = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(
                st.sampled_from([*NAMES, "exists", "then", "value", "mode"]), st.text(max_size=4)
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(_json, _json)
def test_any_value_is_answered(mapping: Any, event: Any) -> None:
    found = check(mapping)
    assert all(isinstance(one, Diagnostic) and one.path.startswith("/") for one in found)
    check(mapping, FIELDS)
    fields_of(mapping)
    try:
        evaluate(mapping, event)
    except MappingError:
        return
    assert [one for one in found if one.severity == "error"] == []


def test_what_is_nested_deeply() -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH * 50):
        deep = {"a": deep}
    [found] = check(deep)
    assert found.code == "deep"
    with pytest.raises(MappingError):
        evaluate(deep, {})
    events: list[Any] = [1, 1]
    for _ in range(5000):
        events = [{"a": events[0]}, [events[1]]]
    event = {"o": events[0], "l": events[1]}
    mapping = {
        "a": {"@path": "$.o"},
        "b": {"@template": "{{l}}"},
        "c": {"@flatten": {"value": {"@path": "$.o"}, "separator": "."}},
        "d": {"@excludeWhenNull": {"@path": "$.o"}},
        "e": {"@if": {"blank": {"@path": "$.l"}, "then": "yes"}},
    }
    made = evaluate(mapping, event)
    assert (made["b"], made["e"]) == ("1", "yes")
    assert list(made["c"].values()) == [1]
    with pytest.raises(MappingError, match="nested too deep"):
        evaluate({"a": {"@json": {"value": {"@path": "$.o"}, "mode": "encode"}}}, event)


def test_import_is_cheap() -> None:
    program = (
        "import sys\nimport segform.mapping\nsegform.mapping.check({'a': {'@path': '$.x'}})\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"json", "difflib", "dataclasses", "inspect", "segform.fql"}.isdisjoint(loaded)
    ours = {name for name in loaded if name.startswith("segform.mapping.")}
    assert ours <= {
        f"segform.mapping.{name}"
        for name in ("errors", "checks", "directives", "likely", "reading", "values")
    }
