"""Proofs that one schema takes all that another takes.

`wider` is True only where that is certain. It is no more than that: where it is False there may
still be no value between the two, and `samples` looks for one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from . import formats
from .instances import LAX, SURE, exact, is_multiple, types
from .patterns import Pattern, pattern, shortest
from .regex import TooComplex

Schema = Any
_DEPTH = 40
_COMPARED = 5_000
# So many numbers are looked at one by one.
_MANY = 200
_KINDS = ("null", "boolean", "number", "string", "array", "object")
# Keyword -> the kind of value that it is about; other values pass it.
ABOUT = {
    **dict.fromkeys(("pattern", "format", "minLength", "maxLength"), "string"),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"
    ),
    **dict.fromkeys(
        ("items", "additionalItems", "contains", "minItems", "maxItems", "uniqueItems"), "array"
    ),
    **dict.fromkeys(
        (
            "properties",
            "patternProperties",
            "additionalProperties",
            "required",
            "dependencies",
            "propertyNames",
            "minProperties",
            "maxProperties",
        ),
        "object",
    ),
}


class _Budget(threading.local):
    left: int = 0


_budget = _Budget()


def wider(old: Schema, new: Schema, depth: int = 0) -> bool:
    """Whether it is certain that every value of `old` is one of `new`.

    Choices inside of choices could be compared without end; what takes long is not certain.
    """
    if depth == 0:
        _budget.left = _COMPARED
    _budget.left -= 1
    if _budget.left < 0:
        return False
    if new is True or old is False or depth > _DEPTH or old == new:
        return depth <= _DEPTH
    old = {} if old is True else old
    if isinstance(old, Mapping) and empty(old, depth):
        return True
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return False
    few = finite(old)
    if few is not None:
        return all(SURE.takes(new, value) for value in few)
    if all(_implied(old, key, said, new, depth) for key, said in new.items()):
        return True
    if any(wider(one, new, depth + 1) for one in old.get("allOf", ())):
        return True
    return any(
        key in old and all(wider(one, new, depth + 1) for one in old[key])
        for key in ("anyOf", "oneOf")
    )


def finite(schema: Mapping[str, Any]) -> list[Any] | None:
    """All values of a schema that has only a few; None for others."""
    said: list[Any] | None = None
    named = types(schema)
    if "const" in schema:
        said = [schema["const"]]
    elif isinstance(schema.get("enum"), list):
        said = schema["enum"]
    elif named is not None and set(named) <= {"null", "boolean"}:
        said = [
            *([None] if "null" in named else []),
            *([True, False] if "boolean" in named else []),
        ]
    elif named is not None and len(named) == 1 and named[0] in ("integer", "number"):
        said = _counted(schema, named[0])
    return None if said is None else [value for value in said if LAX.takes(schema, value)]


def _counted(schema: Mapping[str, Any], kind: str) -> list[Any] | None:
    """The numbers between two bounds, where they come in steps and are not many."""
    low, high = lower(schema), upper(schema)
    step = exact(schema["multipleOf"]) if "multipleOf" in schema else Decimal(1)
    if low is None or high is None:
        return None
    if low[0] == high[0] and low[1] and high[1]:
        return [low[0]]
    if kind == "number" and "multipleOf" not in schema:
        return None
    if not (step.is_finite() and low[0].is_finite() and high[0].is_finite() and step > 0):
        return None
    if high[0] - low[0] > step * _MANY or abs(low[0].adjusted()) > 18:
        return None
    first = (low[0] / step).to_integral_value(ROUND_CEILING)
    numbers = [step * (first + index) for index in range(_MANY + 2)]
    return [number for number in numbers if number <= high[0]]


def empty(schema: Mapping[str, Any], depth: int = 0) -> bool:
    """Whether it is certain that a schema takes nothing at all."""
    if finite(schema) == [] or any(one is False for one in schema.get("allOf", ())):
        return True
    named = types(schema)
    return bool(named) and all(_is_none(schema, one, depth) for one in named or ())


def _is_none(schema: Mapping[str, Any], kind: str, depth: int) -> bool:
    """Whether there is certainly no value of one type."""
    if kind == "string":
        least, most = lengths(schema)
        if most is not None and least > most:
            return True
        return (least > 0 or most is not None or "format" in schema) and _unmatched(schema)
    if kind in ("integer", "number"):
        few = _counted({**schema, "type": kind}, kind)
        if few is not None:
            return not any(LAX.takes({**schema, "type": kind}, value) for value in few)
        low, high = lower({**schema, "type": kind}), upper({**schema, "type": kind})
        if low is None or high is None:
            return False
        return low[0] > high[0] or (low[0] == high[0] and not (low[1] and high[1]))
    if kind == "array":
        return int(schema.get("minItems", 0)) > int(schema.get("maxItems", 10**9))
    if kind == "object":
        return depth < _DEPTH and any(
            one is False or (isinstance(one, Mapping) and empty(one, depth + 1))
            for name in schema.get("required", ())
            for one in [of_name(schema, name)]
        )
    return False


def _unmatched(schema: Mapping[str, Any]) -> bool:
    least, most = lengths(schema)
    try:
        return shortest(_own(schema), least=least, most=most) is None
    except (TooComplex, ValueError):
        return False


def kinds(schema: Mapping[str, Any]) -> set[str]:
    """The kinds of value that a schema's `type` allows; `number` for integers too."""
    named = types(schema)
    if named is None:
        return set(_KINDS)
    return {"number" if one == "integer" else one for one in named}


def _implied(
    old: Mapping[str, Any], key: str, said: Any, new: Mapping[str, Any], depth: int
) -> bool:
    """Whether what a keyword of the new schema asks is certain for values of the old one."""
    kind = ABOUT.get(key)
    if kind is not None and kind not in kinds(old):
        return True
    if key in old and old[key] == said and key not in _BESIDE:
        return True
    if kind == "number":
        whole = "integer" if _integers_only(old) else "number"
        few = _counted(old, whole)
        if few is not None:
            numbers = (one for one in few if LAX.takes({**old, "type": whole}, one))
            return all(SURE.takes({key: said}, one) for one in numbers)
    proof = _PROOFS.get(key)
    if proof is not None:
        return proof(old, said, new, depth)
    return key not in _ASSERTIONS


# These say something only together with their neighbours.
_BESIDE = ("if", "additionalProperties", "additionalItems")
_ASSERTIONS = {*ABOUT, "type", "enum", "const", "allOf", "anyOf", "oneOf", "not", "if", "$ref"}

Proof = Callable[[Mapping[str, Any], Any, Mapping[str, Any], int], bool]


def _type(old: Mapping[str, Any], said: Any, _: Any, depth: int) -> bool:
    wanted = set(said if isinstance(said, list) else [said])
    named = types(old) or _KINDS
    # Steps of whole numbers are whole numbers, whatever the type says.
    in_wholes = "multipleOf" in old and is_multiple(old["multipleOf"], 1)
    return all(
        one in wanted
        or (one == "integer" and "number" in wanted)
        or (one == "number" and in_wholes and "integer" in wanted)
        or _is_none(old, one, depth)
        for one in named
    )


def _pattern(old: Mapping[str, Any], said: Any, _: Any, __: int) -> bool:
    least, most = lengths(old)
    try:
        return shortest(_own(old), pattern(said), least=least, most=most) is None
    except (TooComplex, ValueError):
        return False


def _own(schema: Mapping[str, Any]) -> list[Pattern]:
    """What every text of a schema matches."""
    texts = (schema.get("pattern"), formats.shape(schema.get("format")))
    return [pattern(text) for text in texts if text is not None]


def _short(old: Mapping[str, Any], said: Any, _: Any, __: int) -> bool:
    """Whether no text of the old schema has fewer characters."""
    least, most = lengths(old)
    if said <= least:
        return True
    shorter = int(said) - 1 if most is None else min(most, int(said) - 1)
    return _unmatched({**old, "maxLength": shorter})


def _long(old: Mapping[str, Any], said: Any, _: Any, __: int) -> bool:
    """Whether no text of the old schema has more characters."""
    least, most = lengths(old)
    if most is not None and said >= most:
        return True
    return _unmatched({**old, "minLength": max(least, int(said) + 1)})


def lengths(schema: Mapping[str, Any]) -> tuple[int, int | None]:
    """The shortest and the longest text that a schema takes."""
    most = schema.get("maxLength")
    return int(schema.get("minLength", 0)), None if most is None else int(most)


def _integers_only(schema: Mapping[str, Any]) -> bool:
    named = types(schema) or ()
    in_wholes = "multipleOf" in schema and is_multiple(schema["multipleOf"], 1)
    return ("integer" in named and "number" not in named) or in_wholes


def lower(schema: Mapping[str, Any]) -> tuple[Decimal, bool] | None:
    """The lower bound of numbers, and whether it is taken itself."""
    found = [(exact(schema["minimum"]), True)] if "minimum" in schema else []
    if "exclusiveMinimum" in schema:
        found.append((exact(schema["exclusiveMinimum"]), False))
    if not found:
        return None
    bound, taken = max(found, key=lambda one: (one[0], not one[1]))
    if _integers_only(schema) and bound.is_finite() and abs(bound.adjusted()) < 20:
        whole = bound.to_integral_value(ROUND_CEILING)
        return (whole + (1 if whole == bound and not taken else 0), True)
    return bound, taken


def upper(schema: Mapping[str, Any]) -> tuple[Decimal, bool] | None:
    """The upper bound of numbers, and whether it is taken itself."""
    found = [(exact(schema["maximum"]), True)] if "maximum" in schema else []
    if "exclusiveMaximum" in schema:
        found.append((exact(schema["exclusiveMaximum"]), False))
    if not found:
        return None
    bound, taken = min(found, key=lambda one: (one[0], one[1]))
    if _integers_only(schema) and bound.is_finite() and abs(bound.adjusted()) < 20:
        whole = bound.to_integral_value(ROUND_FLOOR)
        return (whole - (1 if whole == bound and not taken else 0), True)
    return bound, taken


def _from_below(old: Mapping[str, Any], said: Any, *, taken: bool) -> bool:
    bound = lower(old)
    wanted = exact(said)
    return bound is not None and (
        bound[0] > wanted or (bound[0] == wanted and (taken or not bound[1]))
    )


def _from_above(old: Mapping[str, Any], said: Any, *, taken: bool) -> bool:
    bound = upper(old)
    wanted = exact(said)
    return bound is not None and (
        bound[0] < wanted or (bound[0] == wanted and (taken or not bound[1]))
    )


def _multiple(old: Mapping[str, Any], said: Any, _: Any, __: int) -> bool:
    if "multipleOf" in old and is_multiple(old["multipleOf"], said):
        return True
    return _integers_only(old) and is_multiple(1, said)


def _items(old: Mapping[str, Any], said: Any, _: Any, depth: int) -> bool:
    own = old.get("items", True)
    if isinstance(said, list) or isinstance(own, list):
        return bool(own == said and "additionalItems" not in old)
    return wider(own, said, depth + 1)


def of_name(schema: Mapping[str, Any], name: str) -> Schema:
    """What a schema asks of the property of a name; None where several parts do."""
    parts = [schema["properties"][name]] if name in schema.get("properties", {}) else []
    for regex, inner in schema.get("patternProperties", {}).items():
        try:
            if pattern(regex).search(name):
                parts.append(inner)
        except (TooComplex, ValueError):
            return None
    if not parts:
        return schema.get("additionalProperties", True)
    return parts[0] if len(parts) == 1 else {"allOf": parts}


def _properties(old: Mapping[str, Any], said: Any, _: Any, depth: int) -> bool:
    return all(
        (own := of_name(old, name)) is not None and wider(own, inner, depth + 1)
        for name, inner in said.items()
    )


def _additional(old: Mapping[str, Any], said: Any, new: Mapping[str, Any], depth: int) -> bool:
    if old.get("patternProperties", {}).keys() != new.get("patternProperties", {}).keys():
        return said is True
    known = new.get("properties", {})
    gone = [inner for name, inner in old.get("properties", {}).items() if name not in known]
    if new.get("patternProperties") and gone:
        return False
    rest = old.get("additionalProperties", True)
    return all(wider(one, said, depth + 1) for one in (*gone, rest))


def _by_pattern(old: Mapping[str, Any], said: Any, _: Any, depth: int) -> bool:
    own = old.get("patternProperties", {})
    return all(regex in own and wider(own[regex], one, depth + 1) for regex, one in said.items())


def _any_of(old: Mapping[str, Any], said: Any, _: Any, depth: int) -> bool:
    if any(wider(old, one, depth + 1) for one in said):
        return True
    named = types(old)
    if named is not None and len(named) > 1 and not {"anyOf", "oneOf"} & old.keys():
        # Each type by itself.
        return all(_any_of({**old, "type": one}, said, None, depth + 1) for one in named)
    return "anyOf" in old and all(
        any(wider(mine, one, depth + 1) for one in said) for mine in old["anyOf"]
    )


def _condition(old: Mapping[str, Any], said: Any, new: Mapping[str, Any], depth: int) -> bool:
    then, otherwise = new.get("then", True), new.get("else", True)
    if old.get("if") == said and all(
        wider(old.get(key, True), wanted, depth + 1)
        for key, wanted in (("then", then), ("else", otherwise))
    ):
        return True
    return wider(old, then, depth + 1) and wider(old, otherwise, depth + 1)


def _dependencies(old: Mapping[str, Any], said: Any, _: Any, depth: int) -> bool:
    own = old.get("dependencies", {})
    for name, needs in said.items():
        mine = own.get(name)
        if isinstance(needs, list):
            held = {*old.get("required", ()), *(mine if isinstance(mine, list) else ())}
            if not set(needs) <= held:
                return False
        elif mine is None or isinstance(mine, list) or not wider(mine, needs, depth + 1):
            return False
    return True


def _at_least(key: str) -> Proof:
    return lambda old, said, _, __: said <= old.get(key, 0)


def _at_most(key: str) -> Proof:
    return lambda old, said, _, __: key in old and said >= old[key]


_PROOFS: dict[str, Proof] = {
    "type": _type,
    "pattern": _pattern,
    "format": lambda old, said, _, __: not formats.is_known(said),
    "minLength": _short,
    "maxLength": _long,
    "minItems": _at_least("minItems"),
    "maxItems": _at_most("maxItems"),
    "minProperties": lambda old, said, _, __: (
        said <= max(old.get("minProperties", 0), len(set(old.get("required", ()))))
    ),
    "maxProperties": _at_most("maxProperties"),
    "minimum": lambda old, said, _, __: _from_below(old, said, taken=True),
    "exclusiveMinimum": lambda old, said, _, __: _from_below(old, said, taken=False),
    "maximum": lambda old, said, _, __: _from_above(old, said, taken=True),
    "exclusiveMaximum": lambda old, said, _, __: _from_above(old, said, taken=False),
    "multipleOf": _multiple,
    "items": _items,
    "additionalItems": lambda old, said, new, _: (
        said is True
        or not isinstance(new.get("items"), list)
        or (old.get("items") == new["items"] and old.get("additionalItems") == said)
    ),
    "uniqueItems": lambda old, said, _, __: said is not True,
    "contains": lambda old, said, _, depth: (
        "contains" in old and wider(old["contains"], said, depth + 1)
    ),
    "properties": _properties,
    "patternProperties": _by_pattern,
    "additionalProperties": _additional,
    "propertyNames": lambda old, said, _, depth: (
        "propertyNames" in old and wider(old["propertyNames"], said, depth + 1)
    ),
    "required": lambda old, said, _, __: set(said) <= set(old.get("required", ())),
    "dependencies": _dependencies,
    "allOf": lambda old, said, _, depth: all(wider(old, one, depth + 1) for one in said),
    "anyOf": _any_of,
    "not": lambda old, said, _, depth: "not" in old and wider(said, old["not"], depth + 1),
    "if": _condition,
}
