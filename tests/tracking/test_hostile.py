"""Schemas that are made to take long, or to break something: an answer, soon."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.tracking import RuleError, diff, lint

from .plans import rule


def nested(key: str, depth: int, leaf: Any) -> Any:
    found = leaf
    for _ in range(depth):
        found = {key: [found, {"type": "number"}]}
    return found


def conditions(depth: int, leaf: Any) -> Any:
    found = leaf
    for _ in range(depth):
        found = {"if": found, "then": found, "else": found}
    return found


def objects(depth: int, leaf: Any) -> Any:
    found = leaf
    for _ in range(depth):
        found = {"type": "object", "properties": {"a": found, "b": found}, "required": ["a", "b"]}
    return found


T: dict[str, Any] = {"type": "string"}
U: dict[str, Any] = {"type": "string", "minLength": 2}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((nested(key, 25, T), nested(key, 25, U)) for key in ("anyOf", "oneOf", "allOf")),
        (conditions(6, T), conditions(6, U)),
        (objects(7, T), objects(7, U)),
        ({"not": nested("oneOf", 25, T)}, {"not": nested("oneOf", 25, U)}),
        ({"enum": list(range(5000))}, {"enum": list(range(1, 5001))}),
        ({"type": "string", "minLength": 10**9}, {"type": "string", "minLength": 10**9 + 1}),
        ({"type": "array", "minItems": 10**9}, {"type": "array", "minItems": 10**9 + 1}),
        ({"type": "number", "minimum": 1e300}, {"type": "number", "minimum": 1e301}),
        ({"type": "number", "multipleOf": 1e-300}, {"type": "number", "multipleOf": 1e300}),
        ({"type": "string", "pattern": "^(a+)+$"}, {"type": "string", "pattern": "^((a|a)*)*b$"}),
        ({"type": "object", "minProperties": 10**9}, {"type": "object", "minProperties": 10**8}),
    ],
    ids=[str(index) for index in range(13)],
)
def test_a_diff_ends(old: Any, new: Any) -> None:
    before, after = ([rule(properties={"x": one})] for one in (old, new))
    assert diff(before, after)
    assert diff(after, before) is not None
    assert lint(before) is not None


def test_a_schema_that_refers_to_itself() -> None:
    def plan(kind: str) -> Any:
        found = rule(properties={"x": {"$ref": "#/definitions/node"}})
        node = {
            "type": "object",
            "properties": {"inner": {"$ref": "#/definitions/node"}, "v": {"type": kind}},
        }
        found["jsonSchema"]["definitions"] = {"node": node}
        return [found]

    assert diff(plan("string"), plan("string")) == []
    assert any(one.breaking for one in diff(plan("string"), plan("number")))


def test_references_are_followed() -> None:
    def plan(kind: str) -> Any:
        found = rule(properties={"x": {"$ref": "#/definitions/money"}})
        found["jsonSchema"]["definitions"] = {"money": {"type": kind}}
        return [found]

    [change] = diff(plan("string"), plan("number"))
    assert (change.path, change.breaking, change.certain) == ("properties.x", True, True)
    plain = [rule(properties={"x": {"type": "string"}})]
    assert diff(plan("string"), plain) == []


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"properties": []}, "properties has to be an object"),
        ({"type": 5}, "type is 5"),
        ({"required": "a"}, "required has to be a list of names"),
        ({"properties": {"a": {"multipleOf": 0}}}, "multipleOf has to be more than 0"),
        ([], "it has to be a schema"),
    ],
)
def test_a_schema_that_is_none_names_its_rule(schema: Any, said: str) -> None:
    broken = {"type": "TRACK", "key": "A", "version": 1, "jsonSchema": schema}
    fine = rule("A")
    for old, new in (([fine], [broken]), ([broken], [fine])):
        with pytest.raises(RuleError, match=f"TRACK:A: .*{said}"):
            diff(old, new)
    assert diff([broken], [broken, rule("B")])


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.sampled_from(["a", "string", "^a", "("]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "properties",
                    "items",
                    "enum",
                    "required",
                    "anyOf",
                    "not",
                    "if",
                    "then",
                    "pattern",
                    "minimum",
                    "multipleOf",
                    "additionalProperties",
                    "dependencies",
                    "$ref",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


def _plan(schema: Any) -> list[dict[str, Any]]:
    return [{"type": "TRACK", "key": "A", "version": 1, "jsonSchema": schema}]


@given(*[_ANY.filter(lambda one: not isinstance(one, str))] * 2)
def test_no_schema_does_harm(old: Any, new: Any) -> None:
    try:
        found = [one.key for one in diff(_plan(old), _plan(new))]
    except RuleError as problem:
        found = [problem.rule]
    assert set(found) <= {"TRACK:A"}
