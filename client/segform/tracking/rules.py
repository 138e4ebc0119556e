"""Rules of tracking plans: keys, when two mean the same, what is wrong with them, differences.

A rule is identified by (type, key, version). Its key as text, the same everywhere (map of the
provider, reports, journal): `TRACK:Order Completed`, `TRACK:Order Completed@2` for version 2,
`IDENTIFY` for the types without a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from segform.resources.definition import Problem
from segform.resources.exact import dumps, parsed
from segform.resources.values import UNKNOWN

NAMED = ("TRACK", "PAGE", "SCREEN")
NAMELESS = ("COMMON", "GROUP", "IDENTIFY")
TYPES = (*NAMED, *NAMELESS)

# The most that one PATCH or DELETE takes, and the longest query that reaches the service.
PER_REQUEST = 200
QUERY_BYTES = 6 * 1024
# Above this a set of rules makes Terraform itself slow.
MANY = 300

# Numbers beyond that have one spelling here: 1e999999999 written out would fill the memory.
_DIGITS = 200
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")

Path = tuple[str | int, ...]
Rule = Mapping[str, Any]
Identity = tuple[str, str | None, Decimal]

_VERSION = re.compile(r"@(-?[0-9]+(?:\.[0-9]+)?)\Z")


def rule_key(kind: str, name: str | None, version: Any) -> str:
    """A rule's key as text. `parse_key` takes it apart again, whatever the event is called."""
    text = f"{kind}:{name}" if name else kind
    exact = _plain(Decimal(str(version)))
    # A name that ends like a version is told from one by spelling its own version out.
    if exact == 1 and not _VERSION.search(text):
        return text
    return f"{text}@{exact:f}"


def _plain(value: Decimal) -> Decimal:
    """The same number without zeros at its end: 1.10 and 1.1 are one version."""
    if abs(value.adjusted()) > _DIGITS:
        return value
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else Decimal(text)


def parse_key(text: str) -> tuple[str, str | None, Decimal]:
    """(type, key, version) of a rule's key. Raises ValueError that says how it is written."""
    found = _VERSION.search(text)
    version = Decimal(1)
    body = text
    if found:
        version, body = Decimal(found[1]), text[: found.start()]
    kind, colon, name = body.partition(":")
    if kind not in TYPES:
        raise ValueError(f"{text!r} does not start with a type: {', '.join(TYPES)}")
    if colon and not name:
        raise ValueError(f"{text!r} has an empty name behind the colon")
    return kind, name or None, version


def identity(rule: Rule) -> Identity:
    """What makes a rule the same one although its schema changed."""
    return str(rule["type"]), rule.get("key") or None, Decimal(str(rule["version"]))


# What the service writes into schemas for itself and what validates nothing.
NOTES = frozenset({"$schema", "labels", "eventMetadata", "id", "$id"})


def canonical(schema: Any) -> Any:
    """A JSON Schema without what the service adds, reorders and respells.

    Its own annotations go (`labels`, `eventMetadata`, `id`), one type in an array is that type,
    types and required names have no order, and what is empty and demands nothing is left out.
    """
    if isinstance(schema, list):
        return [canonical(item) for item in schema]
    if not isinstance(schema, dict):
        return _plain(schema) if isinstance(schema, Decimal) else schema
    found = {}
    for key, value in schema.items():
        if key in NOTES or (key == "description" and value == ""):
            continue
        found[key] = _keyword(key, value)
    return {key: value for key, value in found.items() if not _says_nothing(key, value)}


def _keyword(key: str, value: Any) -> Any:
    if key == "type" and isinstance(value, list):
        return value[0] if len(value) == 1 else sorted(map(str, value))
    if key == "required" and isinstance(value, list):
        return sorted(map(str, value))
    if key in ("properties", "patternProperties", "definitions", "dependencies") and isinstance(
        value, dict
    ):
        # Their keys are names, not keywords: a property called `id` stays.
        return {name: canonical(inner) for name, inner in value.items()}
    if key in ("enum", "const", "default", "examples"):
        return _value_of(value)
    return canonical(value)


def _value_of(value: Any) -> Any:
    """A value that is no schema: only its numbers have more than one spelling."""
    if isinstance(value, dict):
        return {key: _value_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_value_of(item) for item in value]
    return _plain(value) if isinstance(value, Decimal) else value


def _says_nothing(key: str, value: Any) -> bool:
    return (key == "required" and value == []) or (key == "properties" and value == {})


@lru_cache(maxsize=8192)
def _canonical_text(text: str) -> str:
    return dumps(canonical(parsed(text)))


def equal(a: str, b: str) -> bool:
    """Whether two schemas, as JSON text, mean the same."""
    if a == b:
        return True
    try:
        return _canonical_text(a) == _canonical_text(b)
    except (ValueError, TypeError):
        # What is no JSON, and NaN and Infinity, which Python takes for JSON.
        return False


class RuleChanges(NamedTuple):
    """What leads from one set of rules to another, in the API's form."""

    upserts: list[Rule]
    removals: list[Rule]
    unchanged: int


def diff(old: Iterable[Rule], new: Iterable[Rule]) -> RuleChanges:
    """The rules to write and to remove; schemas that mean the same are left alone."""
    before = {identity(rule): rule for rule in old}
    after = {identity(rule): rule for rule in new}
    upserts = [
        rule
        for key, rule in after.items()
        if key not in before or not _same_schema(before[key], rule)
    ]
    removals = [rule for key, rule in before.items() if key not in after]
    return RuleChanges(upserts, removals, len(after) - len(upserts))


def _same_schema(a: Rule, b: Rule) -> bool:
    return dumps(canonical(a.get("jsonSchema"))) == dumps(canonical(b.get("jsonSchema")))


def batches(changes: RuleChanges) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(bodies of PATCH, queries of DELETE): at most 200 rules each, and 6 KiB of query.

    A name that is longer than that by itself still gets its query.
    """
    upserts = [_named(rule, "type", "key", "version", "jsonSchema") for rule in changes.upserts]
    patches = [
        {"rules": upserts[at : at + PER_REQUEST]} for at in range(0, len(upserts), PER_REQUEST)
    ]
    return patches, [{"rules": part} for part in _queries(changes.removals)]


def _named(rule: Rule, *names: str) -> dict[str, Any]:
    """What the API takes of a rule: not the times it gave, and no key where there is none."""
    return {name: rule[name] for name in names if rule.get(name) not in (None, "")}


def _queries(removals: Sequence[Rule]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    size = 0
    for rule in removals:
        named = _named(rule, "type", "key", "version")
        length = _query_length(named)
        if part and (len(part) == PER_REQUEST or size + length > QUERY_BYTES):
            yield part
            part, size = [], 0
        part.append(named)
        size += length
    if part:
        yield part


def _query_length(named: Mapping[str, Any]) -> int:
    """Bytes of `rules[199][type]=…&…`, brackets encoded (as some proxies do)."""
    return sum(
        len(f"rules%5B{PER_REQUEST}%5D%5B{name}%5D=&") + _encoded_length(str(value))
        for name, value in named.items()
    )


def _encoded_length(text: str) -> int:
    # urllib.parse costs a third of this module's whole import.
    return sum(1 if byte in _UNRESERVED else 3 for byte in text.encode("utf-8", "surrogatepass"))


# Checks


def check(rules: Any, path: Path = ("rules",)) -> list[Problem]:
    """What is wrong with rules in Terraform's form: a list, or a map by key.

    Elements are {"type", "key", "version", "json_schema"}; unknowns are skipped.
    """
    problems: list[Problem] = []
    seen: dict[Identity, str | int] = {}
    pairs = rules.items() if isinstance(rules, Mapping) else enumerate(rules)
    for place, given in pairs:
        if given is None or given is UNKNOWN:
            continue
        here, element = (*path, place), given
        if isinstance(place, str):
            problems += _map_key(place, element, here)
            element = _completed(place, element)
        problems += _names(element, here)
        problems += _twice(element, place, seen, here)
        schema = element.get("json_schema")
        if isinstance(schema, str):
            problems += [
                Problem((*here, "json_schema"), f"{_title(element)}: {message}", mend)
                for message, mend in schema_problems(schema)
            ]
    if isinstance(rules, list) and len(rules) > MANY:
        problems.append(
            Problem(
                path,
                f"{len(rules)} rules in a set make Terraform itself slow",
                "Move them to `rules_by_key`; it is one update that sends nothing.",
                "warning",
            )
        )
    return problems


def _completed(key: str, element: Rule) -> Rule:
    """An element of the map with what its key says; what it says itself is checked apart."""
    try:
        kind, name, version = parse_key(key)
    except ValueError:
        return element
    return {**element, "type": kind, "key": name, "version": version}


def _map_key(key: str, element: Rule, here: Path) -> list[Problem]:
    try:
        parts = parse_key(key)
    except ValueError as problem:
        mend = "Write `TRACK:Order Completed`, `TRACK:Order Completed@2`, `IDENTIFY`."
        return [Problem(here, str(problem), mend)]
    if rule_key(*parts) != key:
        # Reads spell it that way; any other spelling would be drift for ever.
        short = rule_key(*parts)
        return [Problem(here, f"the key {key!r} is not in its one form", f"Write {short!r}.")]
    said = dict(zip(("type", "key", "version"), parts, strict=True))
    return [
        Problem(
            (*here, name),
            f"the key {key!r} says {name} {_shown(said[name])}, the element says {_shown(own)}",
            f"Leave `{name}` out: it is taken from the key.",
        )
        for name in said
        if (own := element.get(name)) is not None and own is not UNKNOWN and own != said[name]
    ]


def _shown(value: Any) -> str:
    return f"{_plain(value):f}" if isinstance(value, Decimal) else str(value)


def _title(element: Rule) -> str:
    if any(element.get(name) is UNKNOWN for name in ("type", "key", "version")):
        return "a rule"
    try:
        return rule_key(*identity(element))
    except (KeyError, InvalidOperation):
        return "a rule"


def _names(element: Rule, here: Path) -> list[Problem]:
    kind, name = element.get("type"), element.get("key")
    if name is UNKNOWN or not isinstance(kind, str):
        return []
    if kind == "TRACK" and not name:
        return [Problem((*here, "key"), "a TRACK rule needs the name of its event", "Give `key`.")]
    if kind in NAMELESS and name:
        return [
            Problem(
                (*here, "key"),
                f"a rule of type {kind} has no key; the service would drop {name!r}",
                "Leave it out.",
            )
        ]
    return []


def _twice(
    element: Rule, place: str | int, seen: dict[Identity, str | int], here: Path
) -> list[Problem]:
    parts = [element.get(name) for name in ("type", "key", "version")]
    if any(part is UNKNOWN for part in parts) or parts[0] is None or parts[2] is None:
        return []
    found = identity(element)
    if found not in seen:
        seen[found] = place
        return []
    return [
        Problem(
            here,
            f"the rule {rule_key(*found)} is given twice",
            "Keep one of them, or give the other another version.",
        )
    ]


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
    return tuple(_schema(schema, ""))


def schema_errors(schema: Any) -> Iterator[tuple[Path, str, str]]:
    """(path, message, mend) for each thing that makes a value no JSON Schema of draft 7."""
    for message, mend in _schema(schema, ""):
        path, rest = _led(schema, message)
        yield path, f"{path[-1] if path else 'it'}{rest.removeprefix('/')}", mend


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
