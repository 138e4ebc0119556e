"""Whether a value is an instance of a schema, told on the safe side.

For volume and for messages there is `segform.tracking.validate`. This one serves comparison, with
nothing installed: where a format cannot be told for certain it answers as it is asked to, so that a
witness is a value which the old schema surely takes and the new one surely refuses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from . import formats
from .patterns import pattern
from .regex import TooComplex

Schema = Any


_QUESTIONS = 20_000


class _TooMany(Exception):
    """A value that would take long to hold against its schema."""


class _Spent(threading.local):
    left: Any = None
    all_in_all: int = 10**12


_spent = _Spent()


def limit(questions: int = 400_000) -> None:
    """So many questions may be asked from now on, about one difference."""
    _spent.all_in_all = questions


class Reading:
    """How what cannot be told is taken: `sure` True refuses it, False lets it pass."""

    def __init__(self, *, sure: bool) -> None:
        self.sure = sure

    def takes(self, schema: Schema, value: Any) -> bool:
        """Whether a value fits a schema of draft 7 (without references)."""
        if _spent.left is not None:
            return self._fits(schema, value)
        # Choices inside of choices could be asked without end: what takes long cannot be told.
        start = _spent.left = min(_QUESTIONS, _spent.all_in_all)
        try:
            return self._fits(schema, value)
        except (_TooMany, RecursionError):
            return not self.sure
        finally:
            _spent.all_in_all -= start - max(_spent.left, 0)
            _spent.left = None

    def _fits(self, schema: Schema, value: Any) -> bool:
        _spent.left -= 1
        if _spent.left < 0:
            raise _TooMany
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, Mapping):
            return True
        for key, said in schema.items():
            test = _TESTS.get(key)
            if test is not None and not test(self, said, value, schema):
                return False
        return True

    def other(self) -> Reading:
        """The reading inside of `not`, where the safe side is the other one."""
        return LAX if self.sure else SURE


SURE = Reading(sure=True)
LAX = Reading(sure=False)


def same(a: Any, b: Any) -> bool:
    """Equality of JSON values: 1 and 1.0 are one number, true is none."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if is_number(a) and is_number(b):
        return bool(exact(a) == exact(b))
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and bool(a == b)


def is_number(value: Any) -> bool:
    """Whether a value is a number; a bool is none."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def exact(value: Any) -> Decimal:
    """A number without the noise of binary fractions."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def is_multiple(value: Any, step: Any) -> bool:
    """Whether a number is a multiple of another; False where they are too far apart to tell."""
    try:
        return exact(value) % exact(step) == 0
    except InvalidOperation:
        return False


def type_of(value: Any) -> str:
    """The type of a value; whole numbers are `integer`, 5.0 among them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if is_number(value):
        number = exact(value)
        return "integer" if number == number.to_integral_value() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def types(schema: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The types that a schema names; None where it names none."""
    said = schema.get("type")
    if said is None:
        return None
    return tuple(said) if isinstance(said, list) else (said,)


def _is_among(said: list[Any], value: Any) -> bool:
    """Whether a value is in a list; texts and whole numbers are looked for as fast as can be."""
    if isinstance(value, str) or value is None:
        return value in said
    if isinstance(value, int) and not isinstance(value, bool):
        if value not in said:
            return False
        if not isinstance(said[said.index(value)], bool):
            return True
    return any(same(one, value) for one in said)


Test = Callable[[Reading, Any, Any, Mapping[str, Any]], bool]


def _type(_: Reading, said: Any, value: Any, __: Any) -> bool:
    wanted = said if isinstance(said, list) else [said]
    kind = type_of(value)
    return kind in wanted or (kind == "integer" and "number" in wanted)


def _all(reading: Reading, said: Any, value: Any, _: Any) -> bool:
    return all(reading.takes(one, value) for one in said)


def _any(reading: Reading, said: Any, value: Any, _: Any) -> bool:
    return any(reading.takes(one, value) for one in said)


def _one(reading: Reading, said: Any, value: Any, _: Any) -> bool:
    # Sure of exactly one: surely one, and the others surely not.
    surely = sum(reading.takes(one, value) for one in said)
    perhaps = sum(reading.other().takes(one, value) for one in said)
    if reading.sure:
        return surely == 1 and perhaps == 1
    return surely >= 1 and perhaps <= 1


def _condition(reading: Reading, said: Any, value: Any, schema: Mapping[str, Any]) -> bool:
    met, unmet = reading.takes(said, value), not reading.other().takes(said, value)
    then = "then" not in schema or reading.takes(schema["then"], value)
    otherwise = "else" not in schema or reading.takes(schema["else"], value)
    if met and unmet:
        # Only a lax reading gets here: either branch lets it pass.
        return then or otherwise
    if not met and not unmet:
        return then and otherwise
    return then if met else otherwise


def _pattern(reading: Reading, said: Any, value: Any, _: Any) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return pattern(said).search(value)
    except (TooComplex, ValueError):
        return not reading.sure


def _format(reading: Reading, said: Any, value: Any, _: Any) -> bool:
    if not isinstance(value, str) or not formats.is_known(said):
        return True
    if reading.sure:
        return formats.is_surely(said, value)
    return not formats.is_surely_not(said, value)


def _multiple(_: Reading, said: Any, value: Any, __: Any) -> bool:
    return not is_number(value) or is_multiple(value, said)


def _items(reading: Reading, said: Any, value: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, list):
        return True
    if not isinstance(said, list):
        return all(reading.takes(said, one) for one in value)
    more = schema.get("additionalItems", True)
    return all(map(reading.takes, said, value)) and all(
        reading.takes(more, one) for one in value[len(said) :]
    )


def _properties(reading: Reading, said: Any, value: Any, _: Any) -> bool:
    return not isinstance(value, Mapping) or all(
        reading.takes(inner, value[name]) for name, inner in said.items() if name in value
    )


def _by_pattern(reading: Reading, said: Any, value: Any, _: Any) -> bool:
    if not isinstance(value, Mapping):
        return True
    return all(
        reading.takes(inner, one)
        for regex, inner in said.items()
        for name, one in value.items()
        if _found(reading, regex, name)
    )


def _found(reading: Reading, regex: str, name: str) -> bool:
    try:
        return pattern(regex).search(name)
    except (TooComplex, ValueError):
        return reading.sure


def _additional(reading: Reading, said: Any, value: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, Mapping):
        return True
    known, regexes = schema.get("properties", {}), schema.get("patternProperties", {})
    return all(
        reading.takes(said, one)
        for name, one in value.items()
        if name not in known and not any(_found(reading.other(), r, name) for r in regexes)
    )


def _dependencies(reading: Reading, said: Any, value: Any, _: Any) -> bool:
    if not isinstance(value, Mapping):
        return True
    for name, needs in said.items():
        if name not in value:
            continue
        if isinstance(needs, list):
            if not all(one in value for one in needs):
                return False
        elif not reading.takes(needs, value):
            return False
    return True


def _unique(_: Reading, said: Any, value: Any, __: Any) -> bool:
    if said is not True or not isinstance(value, list):
        return True
    return not any(same(a, b) for at, a in enumerate(value) for b in value[:at])


def _size(
    kind: type[str] | type[list[Any]] | type[dict[Any, Any]], ok: Callable[[int, Any], bool]
) -> Test:
    def test(_: Reading, said: Any, value: Any, __: Any) -> bool:
        return not isinstance(value, kind) or ok(len(value), said)

    return test


def _bound(ok: Callable[[Decimal, Decimal], bool]) -> Test:
    return lambda _, said, value, __: not is_number(value) or ok(exact(value), exact(said))


_TESTS: dict[str, Test] = {
    # What a reference leads to is not looked up.
    "$ref": lambda reading, _, __, ___: not reading.sure,
    "type": _type,
    "enum": lambda _, said, value, __: _is_among(said, value),
    "const": lambda _, said, value, __: same(said, value),
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _one,
    "not": lambda reading, said, value, _: not reading.other().takes(said, value),
    "if": _condition,
    "pattern": _pattern,
    "format": _format,
    "minLength": _size(str, lambda size, said: size >= said),
    "maxLength": _size(str, lambda size, said: size <= said),
    "minimum": _bound(lambda value, said: value >= said),
    "maximum": _bound(lambda value, said: value <= said),
    "exclusiveMinimum": _bound(lambda value, said: value > said),
    "exclusiveMaximum": _bound(lambda value, said: value < said),
    "multipleOf": _multiple,
    "items": _items,
    "contains": lambda reading, said, value, _: (
        not isinstance(value, list) or any(reading.takes(said, one) for one in value)
    ),
    "minItems": _size(list, lambda size, said: size >= said),
    "maxItems": _size(list, lambda size, said: size <= said),
    "uniqueItems": _unique,
    "properties": _properties,
    "patternProperties": _by_pattern,
    "additionalProperties": _additional,
    "required": lambda _, said, value, __: (
        not isinstance(value, Mapping) or all(name in value for name in said)
    ),
    "dependencies": _dependencies,
    "propertyNames": lambda reading, said, value, _: (
        not isinstance(value, Mapping) or all(reading.takes(said, name) for name in value)
    ),
    "minProperties": _size(dict, lambda size, said: size >= said),
    "maxProperties": _size(dict, lambda size, said: size <= said),
}
