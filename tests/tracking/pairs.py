"""Pairs of schemas, each with the grade that a person gave it.

Grades: `<` breaking, `=` compatible, `0` no change, `<?` breaking, perhaps without a witness.

Each line of a table is (what changed, old, new, grade). In `PROPERTY` the two are schemas of one
property `x` of a track event, in `INSIDE` schemas of its `properties`, in `PLANS` whole rules.
"""

from __future__ import annotations

from typing import Any

from .plans import INTEGER, NUMBER, TEXT, common, rule

# ruff: noqa: E501, E741 - a table: a pair a line
T, N, I = TEXT, NUMBER, INTEGER
B: dict[str, Any] = {"type": "boolean"}
O: dict[str, Any] = {"type": "object"}
NULL: dict[str, Any] = {"type": "null"}
TN: dict[str, Any] = {"type": ["string", "null"]}


def text(**more: Any) -> dict[str, Any]:
    return {"type": "string", **more}


def num(**more: Any) -> dict[str, Any]:
    return {"type": "number", **more}


def whole(**more: Any) -> dict[str, Any]:
    return {"type": "integer", **more}


def array(**more: Any) -> dict[str, Any]:
    return {"type": "array", **more}


def obj(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": properties, **more}
    if required:
        made["required"] = list(required)
    return made


Pair = tuple[str, Any, Any, str]

TYPES: list[Pair] = [
    ("text to number", T, N, "<"),
    ("number to text", N, T, "<"),
    ("whole to number", I, N, "="),
    ("number to whole", N, I, "<"),
    ("text or null to text", TN, T, "<"),
    ("text to text or null", T, TN, "="),
    ("text to text or number", T, {"type": ["string", "number"]}, "="),
    ("text or number to text", {"type": ["string", "number"]}, T, "<"),
    ("anything to text", {}, T, "<"),
    ("text to anything", T, {}, "="),
    ("true for the empty schema", True, {}, "0"),
    ("text to nothing", T, False, "<"),
    ("boolean to text", B, T, "<"),
    ("boolean to boolean or text", B, {"type": ["boolean", "string"]}, "="),
    ("list to object", array(), O, "<"),
    ("object to list", O, array(), "<"),
    ("null to text or null", NULL, TN, "="),
    ("one type in a list", T, {"type": ["string"]}, "0"),
    ("types in another order", TN, {"type": ["null", "string"]}, "0"),
    ("integer beside number", N, {"type": ["integer", "number"]}, "0"),
    ("all types to text", {"type": ["string", "number", "boolean"]}, T, "<"),
    (
        "whole or text to number or text",
        {"type": ["integer", "string"]},
        {"type": ["number", "string"]},
        "=",
    ),
    (
        "number or text to whole or text",
        {"type": ["number", "string"]},
        {"type": ["integer", "string"]},
        "<",
    ),
]

VALUES: list[Pair] = [
    ("a value more", text(enum=["a"]), text(enum=["a", "b"]), "="),
    ("a value less", text(enum=["a", "b"]), text(enum=["a"]), "<"),
    ("other values", text(enum=["a"]), text(enum=["b"]), "<"),
    ("values in another order", text(enum=["a", "b"]), text(enum=["b", "a"]), "0"),
    ("values for any text", text(enum=["a"]), T, "="),
    ("any text to values", T, text(enum=["a"]), "<"),
    ("values without their type", text(enum=["a"]), {"enum": ["a"]}, "="),
    ("a type that all values have", {"enum": ["a", "b"]}, text(enum=["a", "b"]), "="),
    ("a type that one value has not", {"enum": ["a", 1]}, text(enum=["a", 1]), "<"),
    ("a constant for its one value", {"const": "a"}, {"enum": ["a"]}, "0"),
    ("a constant to two values", {"const": "a"}, {"enum": ["a", "b"]}, "="),
    ("two values to a constant", {"enum": ["a", "b"]}, {"const": "a"}, "<"),
    ("another constant", {"const": 1}, {"const": 2}, "<"),
    ("1 spelled 1.0", {"enum": [1]}, {"enum": [1.0]}, "0"),
    ("null among the values", {"enum": ["a"]}, {"enum": ["a", None]}, "="),
    ("null no longer among them", {"enum": ["a", None]}, {"enum": ["a"]}, "<"),
    ("numbers to a range with them", {"enum": [1, 2, 3]}, num(minimum=1, maximum=3), "="),
    ("numbers to a range without one", {"enum": [1, 2, 3]}, num(minimum=2), "<"),
    (
        "values to a pattern that all match",
        text(enum=["EUR", "USD"]),
        text(pattern="^[A-Z]{3}$"),
        "=",
    ),
    (
        "values to a pattern that one does not",
        text(enum=["EUR", "usd"]),
        text(pattern="^[A-Z]{3}$"),
        "<",
    ),
    ("true or false spelled out", B, {"enum": [True, False]}, "="),
    ("only true", B, {"enum": [True]}, "<"),
    ("0 and false are two", {"enum": [0]}, {"enum": [False]}, "<"),
    ("a small range spelled out", whole(minimum=1, maximum=3), {"enum": [1, 2, 3]}, "="),
    ("a small range less one", whole(minimum=1, maximum=3), {"enum": [1, 3]}, "<"),
    ("no value at all", text(enum=["a"]), text(enum=[]), "<"),
]

NUMBERS: list[Pair] = [
    ("a least", N, num(minimum=0), "<"),
    ("no least any more", num(minimum=0), N, "="),
    ("a lower least", num(minimum=5), num(minimum=4), "="),
    ("a higher least", num(minimum=4), num(minimum=5), "<"),
    ("a most", N, num(maximum=9), "<"),
    ("a higher most", num(maximum=9), num(maximum=10), "="),
    ("a lower most", num(maximum=10), num(maximum=9), "<"),
    ("least, itself no longer", num(minimum=0), num(exclusiveMinimum=0), "<"),
    ("least, itself too", num(exclusiveMinimum=0), num(minimum=0), "="),
    ("most, itself no longer", num(maximum=9), num(exclusiveMaximum=9), "<"),
    ("most, itself too", num(exclusiveMaximum=9), num(maximum=9), "="),
    ("whole numbers above 0 are 1 and more", whole(exclusiveMinimum=0), whole(minimum=1), "="),
    ("whole numbers below 3 are 2 and less", whole(exclusiveMaximum=3), whole(maximum=2), "="),
    ("whole numbers from 0.5 are 1 and more", whole(minimum=0.5), whole(minimum=1), "="),
    ("numbers above 0 are not 1 and more", num(exclusiveMinimum=0), num(minimum=1), "<"),
    ("steps", N, num(multipleOf=5), "<"),
    ("no steps any more", num(multipleOf=5), N, "="),
    ("finer steps", num(multipleOf=10), num(multipleOf=5), "="),
    ("coarser steps", num(multipleOf=5), num(multipleOf=10), "<"),
    ("cents", num(multipleOf=0.01), num(multipleOf=0.1), "<"),
    ("tenths are cents", num(multipleOf=0.1), num(multipleOf=0.01), "="),
    ("whole numbers are steps of 1", I, whole(multipleOf=1), "="),
    ("a limit of texts on a number", N, num(maxLength=5), "="),
    ("a range moved", num(minimum=0, maximum=5), num(minimum=1, maximum=6), "<"),
    ("a range wider", num(minimum=1, maximum=5), num(minimum=0, maximum=6), "="),
    ("5 spelled 5.0", num(minimum=5), num(minimum=5.0), "0"),
    ("a least where there is one above", num(minimum=5), num(minimum=5, exclusiveMinimum=4), "="),
]

TEXTS: list[Pair] = [
    ("at least a character", T, text(minLength=1), "<"),
    ("at least none", T, text(minLength=0), "0"),
    ("shorter texts too", text(minLength=5), text(minLength=2), "="),
    ("longer texts only", text(minLength=2), text(minLength=5), "<"),
    ("at most 10", T, text(maxLength=10), "<"),
    ("at most 20 for 10", text(maxLength=10), text(maxLength=20), "="),
    ("at most 10 for 20", text(maxLength=20), text(maxLength=10), "<"),
    ("a pattern", T, text(pattern="^a"), "<"),
    ("no pattern any more", text(pattern="^a"), T, "="),
    ("a looser pattern", text(pattern="^[A-Z]{3}$"), text(pattern="^[A-Z]+$"), "="),
    ("a stricter pattern", text(pattern="^[A-Z]+$"), text(pattern="^[A-Z]{3}$"), "<"),
    ("one more choice", text(pattern="^(EUR|USD)$"), text(pattern="^(EUR|USD|GBP)$"), "="),
    ("one choice less", text(pattern="^(EUR|USD|GBP)$"), text(pattern="^(EUR|USD)$"), "<"),
    ("choices in another order", text(pattern="^(EUR|USD)$"), text(pattern="^(USD|EUR)$"), "="),
    ("another spelling of digits", text(pattern=r"^\d+$"), text(pattern="^[0-9]+$"), "="),
    ("an anchor less", text(pattern="^abc$"), text(pattern="abc"), "="),
    ("an anchor more", text(pattern="abc"), text(pattern="^abc"), "<"),
    (
        "a length that the pattern has",
        text(pattern="^[A-Z]{3}$"),
        text(pattern="^[A-Z]{3}$", minLength=3),
        "=",
    ),
    (
        "a length that the pattern has not",
        text(pattern="^[A-Z]{3}$"),
        text(pattern="^[A-Z]{3}$", maxLength=2),
        "<",
    ),
    ("small letters too", text(pattern="^[A-Z]+$"), text(pattern="(?i)^[a-z]+$"), "="),
    ("small letters only", text(pattern="(?i)^[a-z]+$"), text(pattern="^[a-z]+$"), "<"),
    ("a pattern that all match", T, text(pattern=".*"), "="),
    ("a pattern for numbers", N, num(pattern="^a"), "="),
    ("a pattern to its one text", text(pattern="^abc$"), {"enum": ["abc"]}, "<?"),
    ("a date and time", T, text(format="date-time"), "<"),
    ("no date and time any more", text(format="date-time"), T, "="),
    ("a date for a date and time", text(format="date-time"), text(format="date"), "<"),
    ("an email address", T, text(format="email"), "<"),
    ("a format that nobody knows", T, text(format="sku"), "="),
    ("no text is shorter than a date", text(format="date"), text(format="date", minLength=10), "="),
]

LISTS: list[Pair] = [
    ("elements of a type", array(), array(items=T), "<"),
    ("elements of any type", array(items=T), array(), "="),
    ("elements of another type", array(items=T), array(items=N), "<"),
    ("wider elements", array(items=I), array(items=N), "="),
    ("narrower elements", array(items=N), array(items=I), "<"),
    ("at least one", array(), array(minItems=1), "<"),
    ("at least none", array(), array(minItems=0), "0"),
    ("at most 3", array(), array(maxItems=3), "<"),
    ("at most 5 for 3", array(maxItems=3), array(maxItems=5), "="),
    ("none twice", array(), array(uniqueItems=True), "<"),
    ("some twice", array(uniqueItems=True), array(), "="),
    ("twice is allowed, said so", array(), array(uniqueItems=False), "0"),
    ("one of a kind", array(), array(contains=T), "<"),
    ("none of a kind", array(contains=T), array(), "="),
    ("a pair for any list", array(), array(items=[T, N]), "<"),
    ("any list for a pair", array(items=[T, N]), array(), "="),
    ("a pair and no more", array(items=[T, N]), array(items=[T, N], additionalItems=False), "<"),
    ("an element needs more", array(items=obj({"a": T})), array(items=obj({"a": T}, "a")), "<"),
    ("an element needs less", array(items=obj({"a": T}, "a")), array(items=obj({"a": T})), "="),
    ("an element has more", array(items=obj({"a": T})), array(items=obj({"a": T, "b": N})), "="),
    ("an element has less", array(items=obj({"a": T, "b": N})), array(items=obj({"a": T})), "<"),
    ("an element of an element", array(items=array(items=T)), array(items=array(items=N)), "<"),
    ("a list or one to a list", {"anyOf": [T, array(items=T)]}, array(items=T), "<"),
    ("a list to a list or one", array(items=T), {"anyOf": [T, array(items=T)]}, "="),
]

CONDITIONS: list[Pair] = [
    ("one choice more", {"anyOf": [T]}, {"anyOf": [T, N]}, "="),
    ("one choice less", {"anyOf": [T, N]}, {"anyOf": [T]}, "<"),
    ("choices in another order", {"anyOf": [T, N]}, {"anyOf": [N, T]}, "0"),
    ("choices for their types", {"type": ["string", "number"]}, {"anyOf": [T, N]}, "="),
    ("types for their choices", {"anyOf": [T, N]}, {"type": ["string", "number"]}, "="),
    ("no choices any more", {"anyOf": [T, N]}, {}, "="),
    ("all of one more", T, text(allOf=[text(minLength=2)]), "<"),
    (
        "all of one that holds anyway",
        text(minLength=3),
        text(minLength=3, allOf=[text(minLength=2)]),
        "=",
    ),
    ("all of one less", {"allOf": [T, text(minLength=2)]}, {"allOf": [T]}, "="),
    ("not this", T, text(**{"not": {"enum": ["x"]}}), "<"),
    ("not this any more", text(**{"not": {"enum": ["x"]}}), T, "="),
    ("not that either", {"not": {"enum": ["x"]}}, {"not": {"enum": ["x", "y"]}}, "<"),
    ("not as much", {"not": {"enum": ["x", "y"]}}, {"not": {"enum": ["x"]}}, "="),
    ("one of two apart", T, {"oneOf": [T, N]}, "<?"),
    ("one of two that overlap", N, {"oneOf": [N, I]}, "<"),
    ("no longer one of two", {"oneOf": [T, N]}, {"type": ["string", "number"]}, "="),
    ("a condition", T, text(**{"if": text(minLength=3), "then": text(pattern="^a")}), "<"),
    ("a condition without what follows", T, text(**{"if": text(minLength=3)}), "="),
    (
        "no condition any more",
        text(**{"if": text(minLength=3), "then": text(pattern="^a")}),
        T,
        "=",
    ),
    (
        "what follows is wider",
        {"if": T, "then": text(minLength=3)},
        {"if": T, "then": text(minLength=2)},
        "=",
    ),
    (
        "what follows is narrower",
        {"if": T, "then": text(minLength=2)},
        {"if": T, "then": text(minLength=3)},
        "<",
    ),
    (
        "else is asked too",
        {"if": T, "then": text(minLength=2)},
        {"if": T, "then": text(minLength=2), "else": N},
        "<",
    ),
]

PROPERTY = [*TYPES, *VALUES, *NUMBERS, *TEXTS, *LISTS, *CONDITIONS]

A, AB = {"a": T}, {"a": T, "b": N}
INSIDE: list[Pair] = [
    ("a property more", obj(A), obj(AB), "="),
    ("a property less", obj(AB), obj(A), "<"),
    ("a property more, required", obj(A), obj(AB, "b"), "<"),
    ("a property is required", obj(AB), obj(AB, "a"), "<"),
    ("a property is not required any more", obj(AB, "a"), obj(AB), "="),
    ("required in another order", obj(AB, "a", "b"), obj(AB, "b", "a"), "0"),
    ("properties in another order", obj(AB), obj({"b": N, "a": T}), "0"),
    ("an undescribed one is required", obj(A), obj(A, "z"), "<"),
    ("another one is required", obj(AB, "a"), obj(AB, "b"), "<"),
    ("a property renamed", obj({"old_name": T}), obj({"new_name": T}), "<"),
    ("closed", obj(A), obj(A, additionalProperties=False), "<"),
    ("opened", obj(A, additionalProperties=False), obj(A), "="),
    ("open, said so", obj(A), obj(A, additionalProperties=True), "0"),
    ("a property more, closed before and after", obj(A, additionalProperties=False), obj(AB, additionalProperties=False), "="),
    ("a property less, closed before and after", obj(AB, additionalProperties=False), obj(A, additionalProperties=False), "<"),
    ("a property more, required, closed", obj(A, additionalProperties=False), obj(AB, "b", additionalProperties=False), "<"),
    ("others have to be texts", obj(A), obj(A, additionalProperties=T), "<"),
    ("others need not be texts", obj(A, additionalProperties=T), obj(A), "<"),
    ("others may be texts", obj(A, additionalProperties=False), obj(A, additionalProperties=T), "="),
    ("a narrower one among others", obj(A, additionalProperties=T), obj({"a": T, "b": text(minLength=2)}, additionalProperties=T), "<"),
    ("a wider one among others", obj(A, additionalProperties=text(minLength=2)), obj({"a": T, "b": T}, additionalProperties=text(minLength=2)), "="),
    ("names by a pattern", obj(A), obj(A, patternProperties={"^x_": T}), "<?"),
    ("other names by a pattern", obj(A, patternProperties={"^x_": T}), obj(A, patternProperties={"^x_": N}), "<"),
    ("wider names by a pattern", obj(A, patternProperties={"^x_": I}), obj(A, patternProperties={"^x_": N}), "="),
    ("two of any", obj(AB), obj(AB, minProperties=2), "<"),
    ("one of any", obj(AB, minProperties=2), obj(AB, minProperties=1), "="),
    ("at most one", obj(AB), obj(AB, maxProperties=1), "<"),
    ("at least as many as are required", obj(AB, "a", "b"), obj(AB, "a", "b", minProperties=2), "="),
    ("one needs the other", obj(AB), obj(AB, dependencies={"a": ["b"]}), "<"),
    ("one no longer needs the other", obj(AB, dependencies={"a": ["b"]}), obj(AB), "="),
    ("one needs what is required anyway", obj(AB, "b"), obj(AB, "b", dependencies={"a": ["b"]}), "="),
    ("names have a form", obj(A), obj(A, propertyNames={"pattern": "^[a-z]+$"}), "<"),
    ("inside: a property more", obj({"o": obj(A)}), obj({"o": obj(AB)}), "="),
    ("inside: a property less", obj({"o": obj(AB)}), obj({"o": obj(A)}), "<"),
    ("inside: one is required", obj({"o": obj(AB)}), obj({"o": obj(AB, "a")}), "<"),
    ("inside: another type", obj({"o": obj(A)}), obj({"o": obj({"a": N})}), "<"),
    ("inside: a wider type", obj({"o": obj({"a": I})}), obj({"o": obj({"a": N})}), "="),
    ("inside: an object described", obj({"o": O}), obj({"o": obj(A)}), "="),
    ("inside: an object no longer described", obj({"o": obj(A)}), obj({"o": O}), "<"),
    ("a branch has a property less", obj({}, anyOf=[obj(A), obj({"b": N})]), obj({}, anyOf=[obj(A)]), "<"),
    ("a branch has a property more", obj({}, anyOf=[obj(A)]), obj({}, anyOf=[obj(A), obj({"b": N})]), "="),
    ("a branch's open names are gone, beside open names", obj({"o": {"anyOf": [obj(A, additionalProperties=T)]}}, additionalProperties=T), obj({"o": {}}, additionalProperties=T), "<"),
    ("a description", obj({"a": text(description="x")}), obj({"a": text(description="y")}), "0"),
    ("a title and an example", obj(A), obj({"a": text(title="A", examples=["x"])}), "0"),
    ("what the service writes", obj(A), {"type": ["object"], "id": "/properties/properties", "properties": {"a": {"type": ["string"], "id": "/a"}}, "labels": {}, "eventMetadata": {}}, "0"),
    ("a property that is a keyword", obj({"id": T}), obj({"id": N}), "<"),
    ("a property called like a note", obj({"labels": T, "description": T}), obj({"labels": T}), "<"),
    ("two changes, one of them breaking", obj({"a": I}), obj({"a": N, "b": T}, "b"), "<"),
    ("two changes, none breaking", obj({"a": I}), obj({"a": N, "b": T}), "="),
]  # fmt: skip

V1, V2 = rule(properties=A), rule(properties=AB, required=("b",), version=2)
WIDE2 = rule(properties=AB, version=2)
USER: dict[str, Any] = {"type": "object", "required": ["userId"]}
IDENTIFY = rule(None, {"email": T}, type="IDENTIFY")
CONSENT = rule("Segment Consent Preference Updated")
CONSENT["jsonSchema"]["description"] = "DO NOT EDIT. Made by the service."
PLANS: list[Pair] = [
    ("an event more", [V1], [V1, rule("Other")], "="),
    ("an event less", [V1, rule("Other")], [V1], "<"),
    ("all events gone", [V1], [], "<"),
    ("an event renamed", [rule("A", A)], [rule("B", A)], "<"),
    ("an event in another case", [rule("Order Completed")], [rule("order completed")], "<"),
    ("rules in another order", [V1, rule("Other")], [rule("Other"), V1], "0"),
    ("a version more", [V1], [V1, V2], "="),
    ("the oldest version gone, the next asks more", [V1, V2], [V2], "<"),
    ("the oldest version gone, the next takes all", [V1, WIDE2], [WIDE2], "="),
    ("the newest version gone, the oldest lacks something", [V1, V2], [V1], "<"),
    ("the newest version gone, the oldest takes all", [rule(properties=AB), WIDE2], [rule(properties=AB)], "="),
    ("an older version comes, and asks more", [WIDE2], [WIDE2, rule(properties=AB, required=("a",))], "<"),
    ("an older version comes, and takes all", [WIDE2], [WIDE2, rule(properties=AB)], "="),
    ("the newest version asks more", [V1, WIDE2], [V1, V2], "<"),
    ("a version that nobody can name asks more", [V1, rule(properties=A, version=1.5)], [V1, rule(properties=A, required=("a",), version=1.5)], "="),
    ("version 1 spelled 1.0", [rule(properties=A)], [rule(properties=A, version=1.0)], "0"),
    ("a rule for all, that asks for something", [V1], [V1, common(USER)], "<"),
    ("a rule for all, that asks for nothing", [V1], [V1, common({"type": "object"})], "="),
    ("no rule for all any more", [V1, common(USER)], [V1], "="),
    ("the rule for all asks more", [V1, common({})], [V1, common(USER)], "<"),
    ("the rule for all asks less", [V1, common(USER)], [V1, common({})], "="),
    ("the rule for all describes the context", [V1, common({})], [V1, common({"properties": {"context": {"properties": {"ip": T}}}})], "<"),
    ("another version for all, not counted", [V1, common({})], [V1, common({}), common(USER, 2)], "="),
    ("the counting version for all is gone", [V1, common({}), common(USER, 2)], [V1, common(USER, 2)], "<"),
    ("a trait more", [IDENTIFY], [rule(None, {"email": T, "plan": T}, type="IDENTIFY")], "="),
    ("a trait less", [rule(None, {"email": T, "plan": T}, type="IDENTIFY")], [IDENTIFY], "<"),
    ("a trait is required", [IDENTIFY], [rule(None, {"email": T}, ("email",), type="IDENTIFY")], "<"),
    ("no rule for users any more", [IDENTIFY], [], "<"),
    ("a page of its own, that asks more", [rule(None, A, type="PAGE")], [rule(None, A, type="PAGE"), rule("Home", A, ("a",), type="PAGE")], "<"),
    ("a page of its own is gone, and all pages take it", [rule(None, A, type="PAGE"), rule("Home", A, ("a",), type="PAGE")], [rule(None, A, type="PAGE")], "="),
    ("a page of its own is gone, and all pages ask more", [rule(None, A, ("a",), type="PAGE"), rule("Home", A, type="PAGE")], [rule(None, A, ("a",), type="PAGE")], "<"),
    ("the service's own rule comes", [V1], [V1, CONSENT], "0"),
    ("the service's own rule is not declared", [V1, CONSENT], [V1], "0"),
]  # fmt: skip
