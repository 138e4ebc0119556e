"""Violations, with the service's names and texts; what is unplanned; two validators that agree."""

from __future__ import annotations

import sys
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from segform.tracking import RuleError, Unplanned, unplanned, validate, validator
from segform.tracking.compiling import compile_schema

from .plans import INTEGER, NUMBER, TEXT, common, rule, track
from .schemas import SCHEMAS
from .test_grading import VALUES

PRODUCTS = {
    "type": "array",
    "items": {"type": "object", "properties": {"sku": TEXT, "price": NUMBER}, "required": ["sku"]},
}
PLAN = [
    rule(
        properties={"total": NUMBER, "count": INTEGER, "coupon": TEXT, "products": PRODUCTS},
        required=("total", "products"),
    ),
    common({"type": "object", "required": ["userId"]}),
]


def test_what_the_service_documents() -> None:
    """The three texts that its pages show, and the field of the whole message."""
    assert validate(PLAN, track(total=1)) == [
        ("properties.products", "Required", "properties.products is required")
    ]
    assert validate(PLAN, track(total=1, products=[], count=1.5)) == [
        ("properties.count", "Invalid Type", "Invalid type. Expected: integer, given: number")
    ]
    assert validate(PLAN, track(total=1, products=[], coupon=5)) == [
        ("properties.coupon", "Invalid Type", "Invalid type. Expected: string, given: integer")
    ]
    whole = common({"allOf": [{"required": ["nonsense"]}]})
    assert ("(root)", "Number All Of", "Must validate all the schemas (allOf)") in validate(
        [whole], track()
    )
    then = common({"if": {"required": ["userId"]}, "then": {"required": ["nonsense"]}})
    assert ("(root)", "Condition Then", 'Must validate "then" as "if" was valid') in validate(
        [then], track()
    )


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (None, "null"),
        (True, "boolean"),
        (5, "integer"),
        (5.0, "integer"),
        (5.5, "number"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_types_that_are_given(value: Any, given: str) -> None:
    plan = [rule(properties={"x": TEXT})]
    assert validate(plan, track(x=value)) == [
        ("properties.x", "Invalid Type", f"Invalid type. Expected: string, given: {given}")
    ]


def test_several_types() -> None:
    plan = [rule(properties={"x": {"type": ["string", "null"]}})]
    assert validate(plan, track(x=None)) == []
    [found] = validate(plan, track(x=5))
    assert found.message == "Invalid type. Expected: [null,string], given: integer"


@pytest.mark.parametrize(
    ("schema", "value", "kind"),
    [
        ({"enum": ["a"]}, "b", "Enum"),
        ({"const": 1}, 2, "Const"),
        ({"minLength": 2}, "a", "String Gte"),
        ({"maxLength": 2}, "abc", "String Lte"),
        ({"pattern": "^a$"}, "b", "Pattern"),
        ({"format": "date-time"}, "yesterday", "Format"),
        ({"format": "uuid"}, "6f1d", "Format"),
        ({"minimum": 2}, 1, "Number Gte"),
        ({"exclusiveMinimum": 2}, 2, "Number Gt"),
        ({"maximum": 2}, 3, "Number Lte"),
        ({"exclusiveMaximum": 2}, 2, "Number Lt"),
        ({"multipleOf": 2}, 3, "Multiple Of"),
        ({"minItems": 1}, [], "Array Min Items"),
        ({"maxItems": 1}, [1, 2], "Array Max Items"),
        ({"uniqueItems": True}, [1, 1], "Unique"),
        ({"contains": TEXT}, [1], "Contains"),
        ({"items": [TEXT], "additionalItems": False}, ["a", 1], "Array No Additional Items"),
        ({"minProperties": 1}, {}, "Array Min Properties"),
        ({"maxProperties": 1}, {"a": 1, "b": 2}, "Array Max Properties"),
        ({"propertyNames": {"pattern": "^a"}}, {"b": 1}, "Invalid Property Name"),
        ({"not": TEXT}, "a", "Number Not"),
        ({"anyOf": [TEXT, NUMBER]}, None, "Number Any Of"),
        ({"oneOf": [TEXT, NUMBER]}, None, "Number One Of"),
        ({"oneOf": [INTEGER, NUMBER]}, 1, "Number One Of"),
        ({"dependencies": {"a": ["b"]}}, {"a": 1}, "Missing Dependency"),
        ({"additionalProperties": False}, {"a": 1}, "Additional Property Not Allowed"),
        (
            {"type": "object", "properties": {"b": {}}, "additionalProperties": False},
            {"a": 1},
            "Additional Property Not Allowed",
        ),
    ],
)
def test_every_kind_has_the_name_of_its_family(schema: Any, value: Any, kind: str) -> None:
    found = validate([rule(properties={"x": schema})], track(x=value))
    assert kind in {one.type for one in found}
    assert all(one.field.startswith("properties.x") and one.message for one in found)


def test_a_wrong_type_is_told_as_that_alone() -> None:
    plan = [rule(properties={"x": {"type": "string", "enum": ["a"], "minLength": 3}})]
    assert [one.type for one in validate(plan, track(x=5))] == ["Invalid Type"]


def test_places_in_lists_and_objects() -> None:
    event = track(total=1, products=[{"sku": "a"}, {"price": "x"}])
    assert [(one.field, one.type) for one in validate(PLAN, event)] == [
        ("properties.products.1.price", "Invalid Type"),
        ("properties.products.1.sku", "Required"),
    ]


def test_the_common_rule_comes_after_the_own_one_and_for_unplanned_events_too() -> None:
    anonymous = {"type": "track", "event": "Order Completed", "anonymousId": "a"}
    assert [one.field for one in validate(PLAN, anonymous)] == ["properties", "userId"]
    assert [one.field for one in validate(PLAN, {**anonymous, "event": "Other"})] == ["userId"]
    assert validate(PLAN, track("Other")) == []


def test_in_bulk() -> None:
    ready = validator(PLAN)
    good, bad = track(total=1, products=[]), track(total="x", products=[])
    assert [event for event, _ in ready.many([good, bad, good, bad])] == [bad, bad]
    assert ready.is_valid(good)
    assert not ready.is_valid(bad)
    assert ready(bad) == validate(PLAN, bad) == ready.of_rule(bad)
    assert ready.of_common(bad) == []
    assert ready.rule(good) is PLAN[0]


def test_what_is_unplanned() -> None:
    assert unplanned(PLAN, track("Other", a=1)) == Unplanned(True, ["properties.a"])
    event = track(total=1, colour="red", products=[{"sku": "a", "size": 1}])
    assert unplanned(PLAN, event) == Unplanned(
        False, ["properties.colour", "properties.products.0.size"]
    )
    assert unplanned(PLAN, {"type": "alias"}) == Unplanned(False, [])
    assert unplanned(PLAN, {"type": "identify", "traits": {"a": 1}}) == Unplanned(
        True, ["traits.a"]
    )


def test_names_count_in_every_branch_and_by_pattern() -> None:
    plan = [
        rule(
            properties={"address": {"type": "object", "patternProperties": {"^x_": TEXT}}},
            anyOf=[{"properties": {"a": TEXT}}, {"then": {"properties": {"b": TEXT}}}],
        )
    ]
    event = track(a=1, b=2, c=3, address={"x_1": "a", "y": 1})
    assert unplanned(plan, event).properties == ["properties.c"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"properties": 5},
        {"pattern": "("},
        {"pattern": "(?!a)"},
        {"pattern": r"(a)\1"},
        {"$ref": "https://shop.example/schema.json"},
    ],
)
def test_a_schema_that_cannot_be_used_names_its_rule(schema: Any) -> None:
    broken = {"type": "TRACK", "key": "Order Completed", "version": 2, "jsonSchema": schema}
    with pytest.raises(
        RuleError, match="TRACK:Order Completed@2: its schema cannot be used"
    ) as said:
        validate([broken], track(x=1))
    assert said.value.rule == "TRACK:Order Completed@2"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    with pytest.raises(ImportError, match=r'pip install "segform\[tracking\]"'):
        compile_schema({})


def test_patterns_with_flags_are_those_of_the_service() -> None:
    plan = [rule(properties={"x": {"type": "string", "pattern": "(?i)^eur$"}})]
    assert validate(plan, track(x="Eur")) == []
    [found] = validate(plan, track(x="usd"))
    assert (found.field, found.type) == ("properties.x", "Pattern")
    assert "(?i)^eur$" in found.message
    # A property that is called like the keyword is none.
    odd = [rule(properties={"pattern": {"const": "(?i)x"}})]
    assert validate(odd, track(pattern="(?i)x")) == []
    with pytest.raises(RuleError, match="the flag U"):
        validate([rule(properties={"x": {"pattern": "(?U)a"}})], track(x="a"))


def test_a_pattern_takes_linear_time() -> None:
    plan = [rule(properties={"x": {"pattern": "^(a+)+$"}})]
    assert validate(plan, track(x="a" * 5000 + "!"))


def _without_formats(schema: Any) -> Any:
    """The other validator checks most formats only with further packages: they are left out."""
    if isinstance(schema, list):
        return [_without_formats(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    known = {key: one for key, one in schema.items() if key != "format" or one in ("email", "ipv4")}
    return {key: _without_formats(one) for key, one in known.items()}


@given(SCHEMAS.map(_without_formats), VALUES)
def test_both_validators_agree(schema: Any, value: Any) -> None:
    theirs = jsonschema.Draft7Validator(
        schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )
    assert compile_schema(schema).is_valid(value) is theirs.is_valid(value)
