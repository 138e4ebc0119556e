"""Rules of a tracking plan as they are written in Python, without classes.

    track("Product Viewed", "A visitor opened a product.", {"sku": {"type": "string"}})
    identify({"email": {"type": "string", "format": "email"}})

`rules_by_key` brings them, and event classes beside them, into the form of a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, cast

from .rules import NAMELESS, rule_key

# A JSON Schema, as a document or as its text.
Json: TypeAlias = Mapping[str, Any] | Sequence[Any] | str
Call: TypeAlias = Literal["COMMON", "GROUP", "IDENTIFY", "PAGE", "SCREEN", "TRACK"]
_DRAFT = "http://json-schema.org/draft-07/schema#"


class Rule(TypedDict):
    """One rule of a tracking plan. `key` is the event's name; None where the call has none."""

    type: Call
    key: str | None
    version: float
    json_schema: Json


class Event(Protocol):
    """An event class (`segform.tracking.events.Event`), or anything that knows its rule."""

    def rule(self) -> Mapping[str, Any]:
        """The rule that says what a valid event is: `type`, `key`, `version`, `json_schema`."""
        ...


def track(
    name: str,
    description: str = "",
    properties: Mapping[str, Json] | None = None,
    *,
    required: Sequence[str] = (),
    version: float = 1,
) -> Rule:
    """The rule of a track call: `properties` are JSON Schemas by name."""
    return _rule("TRACK", name, description, properties, required, version)


def page(
    name: str,
    description: str = "",
    properties: Mapping[str, Json] | None = None,
    *,
    required: Sequence[str] = (),
    version: float = 1,
) -> Rule:
    """The rule of a page call of that name."""
    return _rule("PAGE", name, description, properties, required, version)


def screen(
    name: str,
    description: str = "",
    properties: Mapping[str, Json] | None = None,
    *,
    required: Sequence[str] = (),
    version: float = 1,
) -> Rule:
    """The rule of a screen call of that name."""
    return _rule("SCREEN", name, description, properties, required, version)


def identify(traits: Mapping[str, Json], *, required: Sequence[str] = ()) -> Rule:
    """The rule of identify calls: `traits` are JSON Schemas by name."""
    return _rule("IDENTIFY", None, "", traits, required, 1)


def group(traits: Mapping[str, Json], *, required: Sequence[str] = ()) -> Rule:
    """The rule of group calls."""
    return _rule("GROUP", None, "", traits, required, 1)


def common(json_schema: Json) -> Rule:
    """The rule of all calls: a JSON Schema of the whole message."""
    return Rule(type="COMMON", key=None, version=1, json_schema=json_schema)


def _rule(
    call: Call,
    key: str | None,
    description: str,
    values: Mapping[str, Json] | None,
    required: Sequence[str],
    version: float,
) -> Rule:
    unknown = sorted(set(required) - set(values or {}))
    if unknown:
        raise ValueError(f"{key or call}: required names {unknown[0]!r}, which is not described.")
    where = "traits" if call in ("IDENTIFY", "GROUP") else "properties"
    inner: dict[str, Any] = {"type": "object", "properties": dict(values or {})}
    schema: dict[str, Any] = {"$schema": _DRAFT, "type": "object", "properties": {where: inner}}
    if required:
        inner["required"] = sorted(required)
        schema["required"] = [where]
    if description:
        schema["description"] = description
    return Rule(type=call, key=key, version=version, json_schema=schema)


def rules_of(events: Iterable[Rule | Event]) -> dict[str, Rule]:
    """Rules by their key (`TRACK:Order Completed`, `@2` behind it for version 2).

    Raises `ValueError` for an event that is there twice and for a name that a call cannot have.
    """
    found: dict[str, Rule] = {}
    for event in events:
        rule = cast(Rule, event if isinstance(event, dict) else event.rule())
        key = key_of(rule)
        if key in found:
            raise ValueError(f"the event {key} is there twice")
        found[key] = rule
    return found


def key_of(rule: Rule) -> str:
    """The key of a rule in `rules_by_key`. Raises `ValueError` for a name that it cannot have."""
    name, call = rule["key"], rule["type"]
    if (call in NAMELESS) == bool(name):
        needs = "has no name" if call in NAMELESS else "needs a name"
        raise ValueError(f"a rule for {call} {needs} (given: {name!r})")
    return rule_key(call, name, rule["version"])


def rules_by_key(events: Iterable[Rule | Event]) -> dict[str, dict[str, object]]:
    """The same in the form of a plan's `rules_by_key`. Raises as `rules_of` does."""
    found = rules_of(events).items()
    return {key: {"json_schema": rule["json_schema"]} for key, rule in found}
