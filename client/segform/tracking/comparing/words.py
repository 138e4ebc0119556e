"""What changed in one place of a schema, in words for people who read no JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_FORMATS = {"date-time": "a date and time", "email": "an email address", "uri": "a URL"}
_SHOWN = 5
_LONG = 60
# Keyword -> (what it asks, in words).
_ASKS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters long",
    "maxLength": "at most {} characters long",
    "minItems": "at least {} elements long",
    "maxItems": "at most {} elements long",
    "minProperties": "at least {} properties large",
    "maxProperties": "at most {} properties large",
}
_CONDITIONS = {
    "allOf": "the conditions that all have to hold",
    "anyOf": "the alternatives",
    "oneOf": "the alternatives of which one has to hold",
    "not": "what it must not be",
    "if": "the condition",
    "then": "what the condition asks for",
    "else": "what is asked for where the condition does not hold",
    "contains": "what one of its elements has to be",
    "items": "what its elements have to be",
    "properties": "what its properties have to be",
    "required": "which properties have to be there",
    "additionalItems": "what further elements have to be",
    "patternProperties": "what properties of some names have to be",
    "propertyNames": "which names its properties may have",
    "dependencies": "which properties need others",
}


def kind_of(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The kind of a change in one place; the weightiest where there are several."""
    keys = _changed(old, new)
    for kind, names in (
        ("type", ("type",)),
        ("values", ("enum", "const")),
        ("pattern", ("pattern",)),
        ("format", ("format",)),
        ("limits", tuple(_ASKS)),
        ("closed", ("additionalProperties",)),
    ):
        if any(name in keys for name in names):
            if kind == "closed" and old.get("additionalProperties") is False:
                return "opened"
            return kind
    return "condition"


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What changed, as a sentence without its subject: `was text and is a number now`."""
    said = [words for key in _changed(old, new) for words in _of(key, old, new)]
    return "; ".join(said)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    order = ["type", "enum", "const", "pattern", "format", *_ASKS]
    keys = [
        key
        for key in {**old, **new}
        if old.get(key, _NOTHING) != new.get(key, _NOTHING) and not key.startswith("$")
    ]
    return sorted(keys, key=lambda key: (order.index(key) if key in order else 99, key))


_NOTHING = object()


def _of(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = old.get(key), new.get(key)
    if key == "type":
        yield f"was {types(before)} and is {types(after)} now"
    elif key == "enum":
        yield from _values(before, after)
    elif key == "const":
        now = "may be anything else too" if key not in new else f"has to be {value(after)}"
        yield f"{now} now"
    elif key == "pattern":
        if before is None:
            yield "has to match a pattern now"
        else:
            yield (
                "has to match no pattern any more"
                if after is None
                else "has to match another pattern"
            )
    elif key == "format":
        yield (
            f"has to be {_format(after)} now"
            if after
            else (f"need not be {_format(before)} any more")
        )
    elif key in _ASKS:
        yield _limit(key, before, after)
    elif key == "uniqueItems":
        yield "may hold nothing twice now" if after is True else "may hold the same twice now"
    elif key == "additionalProperties":
        yield _further(before, after)
    else:
        yield f"{_CONDITIONS.get(key, key)} changed"


def _format(name: Any) -> str:
    return _FORMATS.get(str(name), f"in the format {name}")


def _limit(key: str, before: Any, after: Any) -> str:
    asks = _ASKS[key]
    if after is None:
        return f"need not be {asks.format(_plain(before))} any more"
    was = "" if before is None else f" (was {_plain(before)})"
    return f"has to be {asks.format(_plain(after))} now{was}"


def _further(before: Any, after: Any) -> str:
    if after is False:
        return "may have no properties but those named now"
    if before is False:
        return "may have properties beyond those named now"
    return "asks something else of properties that are not named"


def _values(before: Any, after: Any) -> Iterator[str]:
    if not isinstance(before, list):
        yield f"has to be one of {_listed(after)} now"
    elif not isinstance(after, list):
        yield "may be other values than those listed now"
    else:
        gone = [one for one in before if one not in after]
        come = [one for one in after if one not in before]
        if gone:
            yield f"may not be {_listed(gone)} any more"
        if come:
            yield f"may be {_listed(come)} now"
        if not gone and not come:
            yield "lists its values in another order"


def types(said: Any) -> str:
    """Types in words; anything where none is named."""
    if said is None:
        return "anything"
    several = [_TYPES.get(one, str(one)) for one in (said if isinstance(said, list) else [said])]
    return " or ".join(several) if several else "nothing"


def _listed(several: list[Any]) -> str:
    shown = ", ".join(value(one) for one in several[:_SHOWN])
    more = len(several) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def value(one: Any) -> str:
    """A value of a schema, short, in quotes where it is a text."""
    if isinstance(one, str):
        text = one if len(one) <= _LONG else one[: _LONG - 1] + "…"
        return f"“{text}”"
    if one is None or isinstance(one, bool):
        return {None: "null", True: "true", False: "false"}[one]
    if isinstance(one, (dict, list)):
        return "an object" if isinstance(one, dict) else "a list"
    return str(_plain(one))


def _plain(number: Any) -> str:
    text = f"{number}"
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
