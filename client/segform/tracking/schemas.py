"""What makes a value no JSON Schema of draft 7, with the mend. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from segform.resources.exact import parsed, unwritable

Path = tuple[str | int, ...]

_SIMPLE_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_SCHEMAS_BY_NAME = ("properties", "patternProperties", "definitions")
_SCHEMAS = (
    "additionalProperties",
    "additionalItems",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
)
_LISTS_OF_SCHEMAS = ("allOf", "anyOf", "oneOf")
_WHOLE_NUMBERS = (
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
)
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


@lru_cache(maxsize=8192)
def schema_problems(text: str) -> tuple[tuple[str, str], ...]:
    """(message, mend) for each thing that makes a text no JSON Schema of draft 7."""
    try:
        schema = parsed(text)
    except ValueError as problem:
        return ((f"it is not valid JSON: {problem}", "Write it with jsonencode(…)."),)
    if not isinstance(schema, dict):
        mend = 'Write jsonencode({ type = "object", … }).'
        return (("a rule's schema is a JSON object", mend),)
    if _has_float(schema):
        return (("it holds NaN or Infinity, which JSON has not", "Write a number."),)
    if "\\u" in text and (odd := unwritable(schema)):
        return ((odd, "Write it with jsonencode(…)."),)
    return tuple(_schema(schema, ""))


def schema_errors(schema: Any) -> Iterator[tuple[Path, str, str]]:
    """(path, message, mend) for each thing that makes a value no JSON Schema of draft 7."""
    if _is_plain(schema, 0):
        return
    for message, mend in _schema(schema, ""):
        path, rest = _led(schema, message)
        yield path, f"{path[-1] if path else 'it'}{rest.removeprefix('/')}", mend


def _is_plain(schema: Any, depth: int) -> bool:
    """Whether a schema is one of the usual, simple ones, which needs no closer look."""
    if schema.__class__ is not dict or depth > 20:
        return False
    for key, value in schema.items():
        if key == "type":
            if value.__class__ is not str or value not in _SIMPLE_TYPES:
                return False
        elif key == "properties":
            if value.__class__ is not dict:
                return False
            for inner in value.values():
                if not _is_plain(inner, depth + 1):
                    return False
        elif key == "items":
            if not _is_plain(value, depth + 1):
                return False
        elif key not in _WORDS or value.__class__ is not str:
            return False
    return True


_WORDS = ("description", "format", "title", "$comment")


def _led(schema: Any, message: str) -> tuple[Path, str]:
    """The path that a message starts with, followed through the schema, and the rest of it."""
    path: list[str | int] = []
    while message.startswith("/") and isinstance(schema, (dict, list)):
        keys = schema if isinstance(schema, dict) else range(len(schema))
        fits = [key for key in keys if message[1:].startswith((f"{key}/", f"{key} "))]
        if not fits:
            break
        key = max(fits, key=lambda one: len(str(one)))
        path.append(key)
        schema, message = schema[key], message[1 + len(str(key)) :]
    return tuple(path), message


def _has_float(value: Any) -> bool:
    """Whether there is a number that is none: all others were read as int or Decimal."""
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    return any(map(_has_float, value)) if isinstance(value, list) else isinstance(value, float)


def _schema(schema: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield f"{at or '/'} has to be a schema", 'Write an object such as {"type": "string"}.'
        return
    for key, value in schema.items():
        yield from _subschemas(key, value, f"{at}/{key}")
        yield from _value(key, value, f"{at}/{key}")


def _type(value: Any, at: str) -> Iterator[tuple[str, str]]:
    mend = f"Types: {', '.join(_SIMPLE_TYPES)}."
    names = value if isinstance(value, list) else [value]
    yield from ((f"{at} is {name!r}", mend) for name in names if name not in _SIMPLE_TYPES)
    if not names:
        yield f"{at} is an empty list", mend
    elif len(names) != len(set(map(str, names))):
        yield f"{at} names a type twice", "Name it once."


def _subschemas(key: str, value: Any, at: str) -> Iterator[tuple[str, str]]:
    if key in _SCHEMAS_BY_NAME:
        if not isinstance(value, dict):
            yield f"{at} has to be an object", "Write names and their schemas."
            return
        for name, inner in value.items():
            yield from _schema(inner, f"{at}/{name}")
    elif key in _LISTS_OF_SCHEMAS:
        if not isinstance(value, list) or not value:
            yield f"{at} has to be a list of schemas", "Write at least one."
            return
        for index, inner in enumerate(value):
            yield from _schema(inner, f"{at}/{index}")
    elif key == "dependencies":
        yield from _dependencies(value, at)
    elif key in _SCHEMAS:
        yield from _schema(value, at)
    elif key == "items":
        for inner in value if isinstance(value, list) else (value,):
            yield from _schema(inner, at)


def _dependencies(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield f"{at} has to be an object", "Write names, and names or a schema for each."
        return
    for name, inner in value.items():
        if isinstance(inner, list):
            yield from _required(inner, f"{at}/{name}")
        else:
            yield from _schema(inner, f"{at}/{name}")


def _value(key: str, value: Any, at: str) -> Iterator[tuple[str, str]]:
    if key == "type":
        yield from _type(value, at)
    elif key == "required":
        yield from _required(value, at)
    elif key == "pattern":
        yield from _pattern(value, at)
    elif key == "enum" and not isinstance(value, list):
        yield f"{at} has to be a list of values", "Write the allowed values."
    elif key == "uniqueItems" and not isinstance(value, bool):
        yield f"{at} has to be true or false", "Write one of them."
    elif key in _WHOLE_NUMBERS and not (_is_number(value) and value >= 0 and _is_whole(value)):
        yield f"{at} has to be a whole number", "Give 0 or more."
    elif key in _NUMBERS and not _is_number(value):
        yield f"{at} has to be a number", "Give a number."
    elif key == "multipleOf" and value <= 0:
        yield f"{at} has to be more than 0", "Give a number above 0."


def _required(value: Any, at: str) -> Iterator[tuple[str, str]]:
    mend = 'Write ["order_id"], beside `properties`.'
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        yield f"{at} has to be a list of names", mend
    elif len(value) != len(set(value)):
        yield f"{at} names a property twice", "Name it once."


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    if isinstance(value, int):
        return True
    return value.is_integer() if isinstance(value, float) else value == value.to_integral_value()


# One piece of a regular expression: an escape, a set of characters, the start of a look-around,
# any other character.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|.", re.DOTALL)


def _pattern(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, str):
        yield f"{at} has to be a regular expression", "Write it as a string."
        return
    pieces = _PIECE.findall(value)
    if any(piece[:2] == "(?" for piece in pieces):
        yield f"{at} uses look-around, which the service does not know", "Use `not` instead."
    if any(re.fullmatch(r"\\[1-9]", piece) for piece in pieces):
        yield f"{at} refers back to a group, which the service does not know", "Spell it out."
    depth = 0
    for piece in pieces:
        depth += (piece[0] == "(") - (piece == ")")
        if depth < 0:
            break
    if depth or "[" in pieces:
        yield f"{at} does not close what it opens", "Balance its parentheses and brackets."
