"""A mapping against the fields of its action: what is not there, what is missing, wrong types.

The service converts before it refuses: a number for a text, "5" for a number, one value for a list
of them. Only what no conversion mends is wrong here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .checks import near
from .directives import ROOT, is_directive, kind, marks
from .errors import Diagnostic, pointer
from .values import truthy

_Found = Iterator[Diagnostic]
_Where = tuple[str, ...]
_Field = Mapping[str, Any]

# Keys of a mapping that are no fields of the action: the service's own, and what hooks store.
_OWN = ("onMappingSave", "retlOnMappingSave", "dynamicAuthSettings")
_OWN_PREFIX = "__segment_internal_"
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*\Z")
_WORDS = {
    "STRING": "a text",
    "TEXT": "a text",
    "PASSWORD": "a text",
    "NUMBER": "a number",
    "INTEGER": "a whole number",
    "BOOLEAN": "true or false",
    "DATETIME": "a moment, as text or number",
    "OBJECT": "an object",
}


def against(mapping: Mapping[str, Any], fields: Sequence[_Field]) -> _Found:
    """What a mapping has that its action does not take. A mapping that is one directive makes
    its keys of the event, so that nothing is known of them before."""
    if marks(mapping):
        return
    known = {field["fieldKey"]: field for field in fields if isinstance(field.get("fieldKey"), str)}
    for key, value in mapping.items():
        field = known.get(key)
        if field is not None:
            yield from _value(value, field, (key,))
        elif not key.startswith(_OWN_PREFIX) and key not in _OWN:
            meant = near(key, tuple(known))
            mend = f"Did you mean {meant}?" if meant else f"There are: {_some(known)}"
            yield _bad("field", f"the action has no field {key}", mend, (key,))
    if ROOT not in mapping:
        for key, field in known.items():
            if field.get("required") is True:
                yield from _required(mapping, key, field)


def _some(known: Mapping[str, Any]) -> str:
    names = sorted(known)
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _required(mapping: Mapping[str, Any], key: str, field: _Field) -> _Found:
    label = field.get("label") or key
    if key in mapping:
        value = _literal(mapping[key])
        if value == "" or (value is None and field.get("allowNull") is not True):
            what = "null" if value is None else "an empty text"
            words = f"the action needs {key} ({label}), and {what} counts as missing"
            yield _bad("required", words, "Give it a value", (key,))
    elif field.get("defaultValue") is not None:
        mend = f"Give it: {key} has a default in the app; whether the API fills it in is not known"
        words = f"the action needs {key} ({label})"
        yield Diagnostic("warning", "required", words, mend, pointer((key,)))
    else:
        mend = f'Write "{key}": {{"@path": "$.properties.{key}"}}, or a value'
        yield _bad("required", f"the action needs {key} ({label})", mend, (key,))


_UNKNOWN = object()


def _literal(value: Any) -> Any:
    """The value where it is written in the mapping, _UNKNOWN where the event decides."""
    while isinstance(value, Mapping) and len(value) == 1 and "@literal" in value:
        value = value["@literal"]
    return _UNKNOWN if is_directive(value) else value


def _value(value: Any, field: _Field, where: _Where) -> _Found:
    type_ = str(field.get("type", "")).upper()
    if type_ not in _WORDS:
        return
    for one, place in _outcomes(value, where):
        if one is None or one == "":
            continue  # taken out before anything is looked at
        if isinstance(one, (list, tuple)):
            yield from _several(one, field, type_, place)
        else:
            yield from _single(one, field, type_, place)


def _several(items: Sequence[Any], field: _Field, type_: str, where: _Where) -> _Found:
    multiple = field.get("multiple") is True
    if not multiple and (len(items) != 1 or type_ == "OBJECT"):
        mend = f"Give {_WORDS[type_]}"
        yield _bad("type", f"it takes one value, not an array of {len(items)}", mend, where)
        return
    for place, item in enumerate(items):
        inner = (*where, str(place))
        if multiple and isinstance(item, (list, tuple)) and len(item) != 1:
            yield _bad("type", "an array in the array", f"Give {_WORDS[type_]}", inner)
        elif not is_directive(item) and not isinstance(item, (list, tuple)) and item is not None:
            yield from _single(item, field, type_, inner)


class _Made:
    """A value that an event decides, of which the type is known."""

    def __init__(self, type_: str) -> None:
        self.type = type_


def _outcomes(value: Any, where: _Where) -> Iterator[tuple[Any, _Where]]:
    """The values that are written, and those of which the type is known, each with its place."""
    if not is_directive(value):
        yield value, where
        return
    name = marks(value)[0]
    given, inside = value[name], (*where, name)
    if name in ("@literal", "@excludeWhenNull"):
        yield from _outcomes(given, inside)
    elif name == "@if" and isinstance(given, Mapping):
        for branch in ("then", "else"):
            if branch in given and (branch == "then" or truthy(given["else"])):
                yield from _outcomes(given[branch], (*inside, branch))
    elif name in ("@template", "@liquid"):
        yield _Made("string"), inside
    elif name in ("@flatten", "@merge") or (name == "@path" and given in ("", "$.")):
        yield _Made("object"), inside
    elif name == "@json" and isinstance(given, Mapping) and given.get("mode") == "encode":
        yield _Made("string"), inside


def _single(one: Any, field: _Field, type_: str, where: _Where) -> _Found:
    made = isinstance(one, _Made)
    found = one.type if made else kind(one)
    if not _fits(one, found, made, type_):
        shown = "" if made or found == "object" else f" {_short(one)}"
        given = f"{'an' if found[0] in 'ao' else 'a'} {found}{shown}"
        mend = f"Give {_WORDS[type_]}"
        if found == "string" and type_ == "OBJECT":
            mend = "Give an object; JSON in a text is not read, unless by @json"
        yield _bad("type", f"it takes {_WORDS[type_]}, not {given}", mend, where)
        return
    choices = _choices(field)
    free = made or found == "object" or field.get("dynamic") is True
    if not choices or free or _plain(one) in choices:
        return
    meant = near(_plain(one), choices)
    mend = f"Did you mean {meant}?" if meant else f"There are: {', '.join(choices[:8])}"
    yield _bad("choice", f"{_short(one)} is none of the field's choices", mend, where)


def _fits(one: Any, found: str, made: bool, type_: str) -> bool:
    """Whether a value is of a field's type, or can be made so."""
    if type_ == "OBJECT":
        return found == "object"
    if found == "object":
        return False
    if made or type_ in ("STRING", "TEXT", "PASSWORD"):
        return True
    if type_ == "DATETIME":
        return found != "boolean"
    if type_ == "BOOLEAN":
        return found == "boolean" or _plain(one) in ("true", "false", "0", "1")
    if found == "string" and not _NUMBER.match(one):
        return False
    return type_ != "INTEGER" or found == "boolean" or float(one) % 1 == 0


def _plain(one: Any) -> str:
    if isinstance(one, str):
        return one
    from .values import text

    return text(one)


def _choices(field: _Field) -> list[str]:
    """The values that a field takes, of the shapes that the catalogue has them in."""
    given = field.get("choices")
    if not isinstance(given, (list, tuple)):
        return []
    values = [one.get("value") if isinstance(one, Mapping) else one for one in given]
    return [_plain(one) for one in values if isinstance(one, (str, int, float))]


def _short(one: Any) -> str:
    shown = f'"{one}"' if isinstance(one, str) else _plain(one)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"


def _bad(code: str, message: str, mend: str, where: _Where) -> Diagnostic:
    return Diagnostic("error", code, message, mend, pointer(where))
