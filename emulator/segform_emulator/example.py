"""Answers for operations that keep no state: made from the contract alone, and labelled so.

Every field of an answer is there, with a value of its type. Nothing is remembered: what was
written is not read back. The header `X-Segform-Emulator: example` is on each.
"""

from __future__ import annotations

from typing import Any

from .contract import Operation, document

HEADER = "X-Segform-Emulator"
# Schemas that refer to themselves end here: below, only what is required is given.
_DEPTH = 8
_MOMENT = "2026-01-01T00:00:00.000Z"
_TEXTS = {
    "email": "someone@example.com",
    "timestamp": _MOMENT,
    "startDate": "2026-01-01",
    "endDate": "2026-01-31",
}


def answer(operation: Operation) -> dict[str, Any]:
    """The envelope's `data` of an operation; a list has one page with one entry."""
    schema = document()["$defs"][str(operation.answer)]
    made = _object(schema, 0)
    if isinstance(made.get("pagination"), dict):
        required = _resolved(schema["properties"]["pagination"]).get("required", ())
        for name in ("next", "previous"):  # a walk over it ends here
            if name in required:
                made["pagination"][name] = None
            else:
                made["pagination"].pop(name, None)
    return made


def body(operation: Operation) -> dict[str, Any]:
    """A body that an operation takes, whole."""
    return _object(document()["$defs"][str(operation.body)], 0)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document()["$defs"][str(schema["$ref"]).rsplit("/", 1)[1]]
    return schema


def _value(name: str, schema: dict[str, Any], depth: int) -> Any:
    schema = _resolved(schema)
    if "anyOf" in schema:
        return _value(name, _first(schema["anyOf"]), depth)
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "object" if "properties" in schema else "any")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if kind == "object":
        return _object(schema, depth + 1)
    if kind == "array":
        # A list that goes round in circles is empty.
        return (
            [] if depth > _DEPTH else [_value(name.removesuffix("s"), schema["items"], depth + 1)]
        )
    if kind == "string":
        return _text(name, schema)
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1)
    return {"boolean": True, "null": None}.get(kind, {})


def _first(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return next((one for one in choices if one.get("type") != "null"), choices[0])


def _object(schema: dict[str, Any], depth: int) -> dict[str, Any]:
    properties = schema.get("properties", {})
    required = set(schema.get("required", ()))
    return {
        name: _value(name, of, depth)
        for name, of in properties.items()
        if name in required or depth <= _DEPTH
    }


def _text(name: str, schema: dict[str, Any]) -> str:
    if name in _TEXTS:
        return _TEXTS[name]
    if schema.get("format") == "date-time" or name.endswith(("At", "Time")):
        return _MOMENT
    text = "example" if not name.lower().endswith("id") else "exampleId"
    return text.ljust(int(schema.get("minLength", 0)), "x")
