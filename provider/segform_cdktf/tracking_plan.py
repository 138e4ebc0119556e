"""`TrackingPlan` with `events=`: the plan's rules from a list of events.

    TrackingPlan(self, "shop", name="Shop", type="LIVE", events=[
        track("Product Viewed", "A visitor opened a product.", {"sku": {"type": "string"}}),
        identify({"email": {"type": "string", "format": "email"}}),
    ])

An event is what `track()` and its sisters make, or anything with a `rule()` that returns the
same: `{"type", "key", "version", "json_schema"}`. `events="plan"` is a folder of event files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, Unpack, cast

from constructs import Construct

from segform.resources import registry
from segform.tracking.rules import NAMELESS, rule_key

from ._generated.tracking_plan import TrackingPlan as PlainTrackingPlan
from ._generated.tracking_plan import TrackingPlanRuleElement, TrackingPlanRulesByKey
from .base import Json, MetaArguments
from .render import render

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


def _read(events: Iterable[Rule | Event] | PathLike[str] | str) -> Iterable[Rule | Event]:
    """Events, out of a folder where that is what was given."""
    if not isinstance(events, (str, PathLike)):
        return events
    from segform.tracking.files import load_folder

    return load_folder(events)


class TrackingPlan(PlainTrackingPlan):
    """Which events are valid: a plan and its rules.

    Give `events`, or `rules_by_key`, or `rules`, or none of them (then other resources, or people
    in the app, own the rules). `events` are rules and event classes, or the path of a folder with a
    file for each event. Arguments beside `events` are those of the generated class.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        type: str,
        description: str | None = None,
        events: Iterable[Rule | Event] | PathLike[str] | str | None = None,
        rules: Sequence[TrackingPlanRuleElement] | None = None,
        rules_by_key: Mapping[str, TrackingPlanRulesByKey] | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        if sum(given is not None for given in (events, rules, rules_by_key)) > 1:
            raise ValueError(f"TrackingPlan {id_!r}: give one of events, rules_by_key and rules.")
        super().__init__(
            scope,
            id_,
            name=name,
            type=type,
            description=description,
            rules=rules,
            rules_by_key=rules_by_key,
            **meta,
        )
        self._events = None if events is None else rules_of(_read(events))

    def _configured(self) -> Mapping[str, Any]:
        if self._events is None:
            return self._values
        rules = {key: {"json_schema": rule["json_schema"]} for key, rule in self._events.items()}
        item = registry()[self.kind].attributes["rules_by_key"]
        where = f"TrackingPlan {self.node.id!r}: rules_by_key"
        return {**self._values, "rules_by_key": render(item.type, rules, where)}
