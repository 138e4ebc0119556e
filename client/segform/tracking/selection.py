"""Which rule of a tracking plan an event is held against.

Rules are as the API gives them (`type`, `key`, `version`, `jsonSchema`); `json_schema`, as the
definitions and the event classes call it, is taken too, as text or parsed. Events are messages as a
source gets them: `type`, `event` or `name`, `properties` or `traits`, `context`. Standard library
only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from segform.resources.exact import parsed

from .rules import TYPES, Rule

Event = Mapping[str, Any]
# What the service calls pages and screens among the events of a plan.
_AS_EVENTS = {"PAGE": "Page Viewed", "SCREEN": "Screen Viewed"}
TRAITS = ("IDENTIFY", "GROUP")


def select(rules: Iterable[Rule], event: Event) -> Rule | None:
    """The rule that an event is held against, or None for an unplanned one. Never a COMMON rule.

    A track call is matched by the exact name of its event. A page or screen call by its name, else
    by the rule of its type without a name, else by the event `Page Viewed` or `Screen Viewed`,
    which is how the service shows such calls (that order is inferred). Of several versions it is
    the one named by `context.protocols.event_version`; where that is missing, no whole number, or
    not in the plan, the oldest, which is the lowest.
    """
    places = list(_places(event))
    if not places:
        return None
    found: dict[tuple[str, str | None], list[Rule]] = {}
    for rule in rules:
        place = (rule["type"], rule.get("key") or None)
        if place in places:
            found.setdefault(place, []).append(rule)
    for place in places:
        if place in found:
            return _version(sorted(found[place], key=version), event)
    return None


class Selector:
    """`select` for many events: the rules are sorted once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.common: Rule | None = None
        self.versions: dict[tuple[str, str | None], list[Rule]] = {}
        for rule in rules:
            self.versions.setdefault((rule["type"], rule.get("key") or None), []).append(rule)
        for several in self.versions.values():
            several.sort(key=version)
        # One schema for all events has no versions that an event could name: the oldest counts.
        if ("COMMON", None) in self.versions:
            self.common = self.versions["COMMON", None][0]

    def rule(self, event: Event) -> Rule | None:
        """The rule of an event, as `select`."""
        for place in _places(event):
            several = self.versions.get(place)
            if several is not None:
                return several[0] if len(several) == 1 else _version(several, event)
        return None


def version(rule: Rule) -> Decimal:
    """A rule's version, exact."""
    return Decimal(str(rule["version"]))


def schema_of(rule: Rule) -> Any:
    """A rule's schema as a value; the schema of a rule that has none allows everything."""
    schema = rule.get("jsonSchema", rule.get("json_schema"))
    if isinstance(schema, str):
        return parsed(schema)
    return {} if schema is None else schema


def call_of(event: Event) -> str | None:
    """The type of an event as rules spell it (`TRACK`); None for what no rule can be about."""
    kind = event.get("type")
    if kind is None and "event" in event:
        return "TRACK"
    found = kind.upper() if isinstance(kind, str) else None
    return found if found in TYPES and found != "COMMON" else None


def container(kind: str) -> str:
    """Where the values of a type of call are: `properties` or `traits`."""
    return "traits" if kind in TRAITS else "properties"


def _places(event: Event) -> Iterable[tuple[str, str | None]]:
    kind = call_of(event)
    if kind is None:
        return
    if kind in TRAITS:
        yield kind, None
        return
    if kind == "TRACK":
        name = event.get("event")
        if isinstance(name, str) and name:
            yield kind, name
        return
    name = event.get("name")
    if isinstance(name, str) and name:
        yield kind, name
    yield kind, None
    yield "TRACK", _AS_EVENTS[kind]


def _version(several: list[Rule], event: Event) -> Rule:
    wanted = wanted_version(event)
    if wanted is not None:
        for rule in several:
            if version(rule) == wanted:
                return rule
    return several[0]


def wanted_version(event: Event) -> Decimal | None:
    """The version that an event names; None where it names none, or no whole number."""
    value: Any = event
    for name in ("context", "protocols", "event_version"):
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() and exact == exact.to_integral_value() else None
