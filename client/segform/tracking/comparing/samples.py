"""Values of a schema, chosen to fall between it and another one.

Values come first that people would write. Nothing here is certain: whoever asks tests each value
with `instances`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from . import formats
from .instances import LAX, SURE, exact, types
from .merging import flat
from .patterns import pattern, shortest
from .proofs import lengths, lower, upper
from .regex import TooComplex

Schema = Any
_DEPTH = 7
_VALUES = 80
_INNER = 7
_LONG = 5000
_WORDS = ("abc", "A1", "ann@shop.example", "2026-01-31", "https://shop.example/a", "EUR", "", " ")
_KINDS = ("string", "integer", "boolean", "object", "array", "null", "number")
_MISSING = object()


def between(old: Schema, new: Schema) -> tuple[Any] | None:
    """A value that `old` surely takes and `new` surely refuses, in a tuple; None if not found."""
    for value in islice(values(old, (new,)), 400):
        if SURE.takes(old, value) and not LAX.takes(new, value):
            return (value,)
    return None


def instance(schema: Schema) -> tuple[Any] | None:
    """A value that a schema surely takes, in a tuple; None where none is found."""
    for value in islice(values(schema, ()), 200):
        if SURE.takes(schema, value):
            return (value,)
    return None


def values(schema: Schema, hints: Sequence[Schema], depth: int = 0) -> Iterator[Any]:
    """Values that a schema may take, at the edges of the hints first seen."""
    if schema is False or depth > _DEPTH:
        return
    hinted = [one for hint in hints for one in flat(hint)]
    for hint in hints:
        if isinstance(hint, Mapping) and "not" in hint:
            yield from islice(values(hint["not"], (), depth + 1), _INNER)
    for one in flat(schema):
        yield from islice(_of_flat(one, hinted, depth), _VALUES)


def _of_flat(schema: Mapping[str, Any], hints: list[Any], depth: int) -> Iterator[Any]:
    if "const" in schema:
        yield schema["const"]
        return
    if isinstance(schema.get("enum"), list):
        yield from schema["enum"]
        return
    for key in ("examples", "default"):
        said = schema.get(key, _MISSING)
        if said is not _MISSING:
            yield from said if key == "examples" and isinstance(said, list) else [said]
    named = types(schema)
    kinds = _KINDS if named is None else named
    several = [_MAKERS[kind](schema, hints, depth) for kind in kinds if kind in _MAKERS]
    # One of each type, then the rest: a hint may refuse only the last of them.
    for maker in several:
        yield from islice(maker, 1)
    yield from chain.from_iterable(several)


def _nulls(_: Any, __: Any, ___: int) -> Iterator[Any]:
    yield None


def _booleans(_: Any, __: Any, ___: int) -> Iterator[Any]:
    yield from (True, False)


def _integers(schema: Mapping[str, Any], hints: list[Any], _: int) -> Iterator[Any]:
    for number in _numbers(schema, hints):
        if number == number.to_integral_value() and abs(number) < 10**18:
            yield int(number)


def _reals(schema: Mapping[str, Any], hints: list[Any], _: int) -> Iterator[Any]:
    whole = set()
    for number in _numbers(schema, hints):
        if abs(number.adjusted()) > 18:
            continue
        if number == number.to_integral_value():
            whole.add(int(number))
        else:
            yield float(number)
    yield from sorted(whole, key=abs)


def _numbers(schema: Mapping[str, Any], hints: list[Any]) -> Iterator[Decimal]:
    found: dict[Decimal, None] = {}
    steps = [
        exact(one["multipleOf"]) for one in (schema, *hints) if one.get("multipleOf") is not None
    ]
    edges = [bound[0] for one in (schema, *hints) for bound in (lower(one), upper(one)) if bound]
    listed = [
        exact(value)
        for one in hints
        for value in (*_listed(one), *([one["const"]] if "const" in one else []))
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    ]
    for edge in (*edges, Decimal(1), Decimal(0), *listed):
        if not edge.is_finite() or abs(edge.adjusted()) > 18:
            continue
        for step in (Decimal(0), Decimal(1), Decimal("0.5"), *steps, *(one / 2 for one in steps)):
            for number in (edge + step, edge - step):
                found[number] = None
                for one in steps:
                    if abs(number.adjusted() - one.adjusted()) < 20:
                        found[number - number % one] = None
                        found[number - number % one + one] = None
        whole = edge.to_integral_value()
        found.update(dict.fromkeys((whole, whole + 1, whole - 1)))
    yield from found


def _listed(schema: Mapping[str, Any]) -> list[Any]:
    said = schema.get("enum")
    return said if isinstance(said, list) else []


def _strings(schema: Mapping[str, Any], hints: list[Any], _: int) -> Iterator[Any]:
    yield from formats.EXAMPLES.get(schema.get("format", ""), ())
    for hint in hints:
        yield from _apart(schema, hint)
    yield from _apart(schema, {})
    yield from _WORDS
    for hint in hints:
        yield from (one for one in (*_listed(hint), hint.get("const")) if isinstance(one, str))


def _apart(schema: Mapping[str, Any], hint: Mapping[str, Any]) -> Iterator[str]:
    """The shortest texts that keep to the schema and not to the hint."""
    least, most = lengths(schema)
    try:
        own = [pattern(schema["pattern"])] if "pattern" in schema else []
    except (TooComplex, ValueError):
        return
    low, high = lengths(hint)
    sizes: list[tuple[int, int | None]] = []
    if low > least:
        sizes.append((least, low - 1 if most is None else min(most, low - 1)))
    if high is not None and (most is None or most > high):
        sizes.append((max(least, high + 1), most))
    for size in sizes:
        yield from _shortest(own, None, *size)
    if "pattern" in hint:
        try:
            yield from _shortest(own, pattern(hint["pattern"]), least, most)
        except (TooComplex, ValueError):
            return
    yield from _shortest(own, None, least, most)


def _shortest(own: Any, refuses: Any, least: int, most: int | None) -> Iterator[str]:
    if not own and refuses is None:
        if least <= _LONG:
            yield "a" * least if least else "a" if most != 0 else ""
        return
    try:
        found = shortest(own, refuses, least=least, most=most)
    except TooComplex:
        return
    if found is not None:
        yield found


def _arrays(schema: Mapping[str, Any], hints: list[Any], depth: int) -> Iterator[Any]:
    items = schema.get("items", True)
    if isinstance(items, list):
        yield from _tuples(schema, items, hints, depth)
        return
    inner = [hint["items"] for hint in hints if isinstance(hint.get("items"), (dict, bool))]
    inner += [{"not": hint["contains"]} for hint in hints if "contains" in hint]
    wanted = schema.get("contains")
    elements = list(islice(values(items, inner, depth + 1), _INNER))
    if wanted is not None:
        elements = [*islice(values(wanted, (), depth + 1), 2), *elements]
    least = max(int(schema.get("minItems", 0)), int(wanted is not None))
    if least > _LONG:
        return
    yield _cycled(elements, least)
    for element in elements:
        yield [element, *_cycled(elements, least)[1:]]
    for hint in hints:
        for size in (int(hint.get("minItems", 0)) - 1, int(hint.get("maxItems", -2)) + 1):
            if 0 <= size <= _LONG:
                yield _cycled(elements, max(size, least))
    if elements:
        yield [elements[0]] * max(least, 2)
    yield []


def _cycled(elements: list[Any], size: int) -> list[Any]:
    """So many elements, as different as they can be."""
    if elements and size > len(elements) and all(type(one) is int for one in elements):
        return [elements[0] + index for index in range(min(size, _LONG))]
    return (
        [elements[index % len(elements)] for index in range(min(size, _LONG))] if elements else []
    )


def _tuples(
    schema: Mapping[str, Any], items: list[Any], hints: list[Any], depth: int
) -> Iterator[Any]:
    firsts = [next(values(one, (), depth + 1), None) for one in items]
    yield firsts
    yield []
    for at in range(len(items)):
        inner = [
            h["items"][at]
            for h in hints
            if isinstance(h.get("items"), list) and at < len(h["items"])
        ]
        for value in islice(values(items[at], inner, depth + 1), _INNER):
            yield [*firsts[:at], value, *firsts[at + 1 :]]
    more = schema.get("additionalItems", True)
    for value in islice(values(more, (), depth + 1), 3):
        yield [*firsts, value]


def _objects(schema: Mapping[str, Any], hints: list[Any], depth: int) -> Iterator[Any]:
    props: Mapping[str, Any] = schema.get("properties", {})
    needed = [name for name in schema.get("required", ()) if isinstance(name, str)]
    least: dict[str, Any] = {}
    for name in needed:
        found = _first(props.get(name, schema.get("additionalProperties", True)), depth)
        if found is _MISSING:
            return
        least[name] = found
    _filled(least, schema, depth)
    yield dict(least)
    named = list(dict.fromkeys([*props, *_names(hints)]))[:60]
    full = dict(least)
    for name in named:
        sub = props.get(name, schema.get("additionalProperties", True))
        inner = [h["properties"][name] for h in hints if name in h.get("properties", {})]
        inner += [
            h["additionalProperties"] for h in hints if "additionalProperties" in h and not inner
        ]
        for value in islice(values(sub, inner, depth + 1), _INNER if depth < 3 else 3):
            full.setdefault(name, value)
            yield {**least, name: value}
    yield dict(full)
    for name in named:
        yield {key: value for key, value in full.items() if key != name}
    rest = schema.get("additionalProperties", True)
    for regex, sub in schema.get("patternProperties", {}).items():
        yield from (
            {**least, name: v}
            for name in _matching(regex)
            for v in islice(values(sub, (), depth + 1), 4)
        )
    if rest is not False:
        inner = [h["additionalProperties"] for h in hints if "additionalProperties" in h]
        for value in islice(values(rest, inner, depth + 1), _INNER):
            yield {**least, "something_else": value}
            yield {**full, "something_else": value}
        for hint in hints:
            size = int(hint.get("maxProperties", -2)) + 1
            if len(full) < size <= _LONG:
                yield {**full, **{f"extra_{index}": 1 for index in range(size - len(full))}}
            yield from ({**least, n: 1} for n in _odd_names(hint))


def _filled(least: dict[str, Any], schema: Mapping[str, Any], depth: int) -> None:
    """As many properties as the schema asks for."""
    wanted = min(int(schema.get("minProperties", 0)), _LONG)
    for name, sub in schema.get("properties", {}).items():
        if len(least) < wanted and name not in least:
            found = _first(sub, depth)
            if found is not _MISSING:
                least[name] = found
    for index in range(wanted - len(least)):
        least[f"extra_{index}"] = 1


def _first(schema: Any, depth: int) -> Any:
    for value in islice(values(schema, (), depth + 1), 40):
        if SURE.takes(schema, value):
            return value
    return _MISSING


def _names(hints: list[Any]) -> Iterator[str]:
    for hint in hints:
        yield from hint.get("properties", {})
        for name, needs in hint.get("dependencies", {}).items():
            yield name
            yield from needs if isinstance(needs, list) else ()
        for regex in hint.get("patternProperties", {}):
            yield from _matching(regex)


def _matching(regex: str) -> Iterator[str]:
    try:
        found = shortest([pattern(regex)], least=1)
    except (TooComplex, ValueError):
        return
    if found is not None:
        yield found


def _odd_names(hint: Mapping[str, Any]) -> Iterator[str]:
    """Names that `propertyNames` of a hint refuses."""
    said = hint.get("propertyNames")
    if isinstance(said, Mapping):
        found = between({"type": "string"}, said)
        if found is not None:
            yield found[0]


_MAKERS = {
    "null": _nulls,
    "boolean": _booleans,
    "integer": _integers,
    "number": _reals,
    "string": _strings,
    "array": _arrays,
    "object": _objects,
}
