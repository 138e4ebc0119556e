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

from segform.resources.exact import dumps, parsed
from segform.resources.parts import Problem, short
from segform.resources.values import UNKNOWN

from .schemas import Path, schema_problems

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
        raise ValueError(f"{short(text)} does not start with a type: {', '.join(TYPES)}")
    if colon and not name:
        raise ValueError(f"{short(text)} has an empty name behind the colon")
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
