"""The rules of a plan as one object, to and from the rules that the Public API keeps.

`global` is the COMMON rule, `identify` and `group` the rules of those names, each a JSON Schema;
`events` are the TRACK rules, with name, version and description beside the schema. Rules of pages
and screens have no place in it: they are neither shown nor touched.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from segform_emulator.families.rules import MOST, identity
from segform_emulator.workspace import Object, Workspace

from . import reading
from .context import Context, check
from .errors import invalid

_SINGLE = {"global": "COMMON", "identify": "IDENTIFY", "group": "GROUP"}
_TYPES = {**_SINGLE, "events": "TRACK"}
PARTS = tuple(_TYPES)

Wanted = dict[str, list[Object]]


def shown(workspace: Workspace, plan_id: str) -> Object:
    """The rules object of a plan; of several versions of a single rule, the latest."""
    made: Object = {}
    for part, kind in _SINGLE.items():
        latest = _latest(workspace, plan_id, kind)
        if latest is not None:
            made[part] = latest["jsonSchema"]
    stored = workspace.rules.get(plan_id, {}).values()
    made["events"] = [_event(rule) for rule in stored if rule["type"] == "TRACK"]
    return made


def _latest(workspace: Workspace, plan_id: str, kind: str) -> Object | None:
    found = [one for one in workspace.rules.get(plan_id, {}).values() if one["type"] == kind]
    return max(found, key=lambda one: Decimal(str(one["version"])), default=None)


def _event(rule: Object) -> Object:
    schema = dict(rule["jsonSchema"])
    return {
        "name": rule.get("key", ""),
        "description": schema.pop("description", ""),
        "version": rule["version"],
        "rules": schema,
    }


def wanted(plan: Object, fields: list[str]) -> Wanted:
    """The rules that a request wants, for each part that it names: `rules`, `rules.events`, …

    Raises `Fault` 400 before anything has changed.
    """
    given = reading.wrapped(plan, "rules") if any(one.startswith("rules") for one in fields) else {}
    made: Wanted = {}
    for part in PARTS:
        if "rules" in fields or f"rules.{part}" in fields:
            made[part] = _events(given) if part == "events" else _single(given, part)
    for found in made.values():
        for batch in _batches(found):
            check("updateRulesInTrackingPlan", {"rules": batch})
    return made


def _single(given: Object, part: str) -> list[Object]:
    schema = reading.wrapped(given, part)
    return [{"type": _SINGLE[part], "version": 1, "jsonSchema": schema}] if schema else []


def _events(given: Object) -> list[Object]:
    events = given.get("events")
    if events is None:
        return []
    if not isinstance(events, list):
        raise invalid("tracking_plan.rules.events has to be a list")
    return [_rule(one) for one in events]


def _rule(event: Any) -> Object:
    if not isinstance(event, dict):
        raise invalid("tracking_plan.rules.events has to be a list of objects")
    name = reading.text(event, "name", "event")
    if not name:
        raise invalid("event.name is required")
    schema = dict(reading.wrapped(event, "rules"))
    description = reading.text(event, "description", "event")
    if description:
        schema["description"] = description
    version = event.get("version")
    return {
        "type": "TRACK",
        "key": name,
        "version": 1 if version is None else version,
        "jsonSchema": schema,
    }


def replace(context: Context, plan_id: str, parts: Wanted) -> None:
    """Put rules in the place of all that a plan has of these parts."""
    if not parts:
        return
    held = context.workspace
    rules = [_versioned(held, plan_id, one) for found in parts.values() for one in found]
    kinds = {_TYPES[part] for part in parts}
    kept = {identity(rule) for rule in rules}
    there = held.rules[plan_id]
    gone = [there[key] for key in there if key[0] in kinds and key not in kept]
    path = {"trackingPlanId": plan_id}
    for batch in _batches(gone):
        context.public("removeRulesFromTrackingPlan", path, query={"rules": batch})
    for batch in _batches(rules):
        context.public("updateRulesInTrackingPlan", path, {"rules": batch})
    held.plan(plan_id)["updatedAt"] = context.clock.stamp()


def _batches(rules: list[Object]) -> list[list[Object]]:
    """As many at a time as the Public API takes."""
    return [rules[start : start + MOST] for start in range(0, len(rules), MOST)]


def _versioned(workspace: Workspace, plan_id: str, rule: Object) -> Object:
    """A single rule takes the place of the latest, under its version: this API has none for it."""
    latest = None if rule["type"] == "TRACK" else _latest(workspace, plan_id, rule["type"])
    return {**rule, "version": latest["version"]} if latest else rule
