"""Schemas and their changes for property tests: what people write, and what they do to it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

NAMES = ("sku", "price", "colour", "size", "id")
PATTERNS = ("^[A-Z]{3}$", "^[A-Z]+$", "^[a-z0-9-]*$", "a", "^(EUR|USD)$", "^x?[0-9]{1,3}$")
FORMATS = ("date-time", "email", "uri", "uuid", "ipv4")

_texts = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={
        "minLength": st.integers(0, 4),
        "maxLength": st.integers(3, 8),
        "pattern": st.sampled_from(PATTERNS),
    },
)
_formats = st.sampled_from(FORMATS).map(lambda name: {"type": "string", "format": name})
_numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["number", "integer", ["number", "null"], ["integer", "string"]])},
    optional={
        "minimum": st.integers(-3, 3) | st.sampled_from([0.5, 1.5]),
        "maximum": st.integers(2, 9),
        "exclusiveMinimum": st.integers(-3, 2),
        "exclusiveMaximum": st.integers(3, 9) | st.just(3.5),
        "multipleOf": st.sampled_from([1, 2, 3, 0.5]),
    },
)
_values = st.lists(
    st.sampled_from(["EUR", "USD", "x", "abc", 1, 2, 2.5, True, None]),
    min_size=1,
    max_size=4,
    unique_by=repr,
).map(lambda several: {"enum": several})
_simple = st.sampled_from([{}, {"type": "boolean"}, {"type": ["string", "null"]}, {"type": "null"}])
LEAVES: st.SearchStrategy[Any] = st.one_of(_texts, _formats, _numbers, _values, _simple)


def _object(props: dict[str, Any], needed: list[str], rest: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": props}
    required = sorted({name for name in needed if name in props})
    if required:
        made["required"] = required
    if rest is not None:
        made["additionalProperties"] = rest
    return made


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        _object,
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
        st.lists(st.sampled_from(NAMES), max_size=2),
        st.sampled_from([None, None, None, False, True, {"type": "string"}]),
    )


def _lists(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"type": st.just("array")},
        optional={
            "items": inner,
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(2, 4),
            "uniqueItems": st.booleans(),
            "contains": inner,
        },
    )


def _combined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=2)
    return st.one_of(
        st.fixed_dictionaries({"anyOf": several}),
        st.fixed_dictionaries({"allOf": several}),
        st.fixed_dictionaries({"oneOf": several}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"if": inner, "then": inner}, optional={"else": inner}),
    )


SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: objects(inner) | _lists(inner) | _combined(inner), max_leaves=5
)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: objects(inner) | _lists(inner), max_leaves=5
)

Change = Callable[[Any], Any]


@st.composite
def changed(draw: st.DrawFn, schema: Any) -> Any:
    """The same schema with one to three small changes somewhere in it."""
    made = copy.deepcopy(schema)
    for _ in range(draw(st.integers(1, 3))):
        places: list[tuple[Any, Any]] = []
        _places(made, places)
        if not places:
            return made
        holder, key = draw(st.sampled_from(places))
        action = draw(st.sampled_from(["drop", "leaf", "add", "widen"]))
        if action == "drop" and isinstance(holder, dict) and key not in ("if", "not"):
            del holder[key]
        elif action == "leaf":
            holder[key] = draw(LEAVES)
        elif isinstance(holder[key], dict):
            extra = draw(LEAVES)
            holder[key] = (
                {**holder[key], **extra} if action == "add" else {"anyOf": [holder[key], extra]}
            )
        _tidy(made)
    return made


def _places(node: Any, found: list[tuple[Any, Any]]) -> None:
    if not isinstance(node, dict):
        return
    for name in node.get("properties", {}):
        found.append((node["properties"], name))
        _places(node["properties"][name], found)
    for key in ("items", "contains", "not", "if", "then", "else"):
        if isinstance(node.get(key), dict):
            found.append((node, key))
            _places(node[key], found)
    for key in ("anyOf", "allOf", "oneOf"):
        for at, one in enumerate(node.get(key, [])):
            found.append((node[key], at))
            _places(one, found)
    found.extend(
        (node, key) for key in ("minimum", "maxLength", "pattern", "required") if key in node
    )


def _tidy(node: Any) -> None:
    """What a careless change left behind that is no schema."""
    if isinstance(node, list):
        for one in node:
            _tidy(one)
    if not isinstance(node, dict):
        return
    for key in ("minimum", "maxLength", "pattern", "required"):
        if isinstance(node.get(key), dict):
            del node[key]
    for one in node.values():
        _tidy(one)


def rule(inner: Any, key: str = "Order Completed", version: Any = 1) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": {"properties": inner}}
    if isinstance(inner, dict) and inner.get("required"):
        schema["required"] = ["properties"]
    return {"type": "TRACK", "key": key, "version": version, "jsonSchema": schema}
