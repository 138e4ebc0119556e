"""Rules of tracking plans between the legacy Config API's form and the Public API's; no I/O.

There, a plan has one object: `global`, `identify`, `group` and `events`, each with a JSON Schema;
here, a list of rules that (type, key, version) identify.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

# Part of the legacy object -> type of the rule.
PARTS: Final = {"global": "COMMON", "identify": "IDENTIFY", "group": "GROUP"}
_TYPES: Final = {kind: part for part, kind in PARTS.items()}
_EVENTS: Final = "events"
_EVENT_FIELDS: Final = frozenset({"name", "description", "version", "rules"})


class Remark(NamedTuple):
    """Something of a plan's rules that has no counterpart, or not a whole one.

    * `field`: where it stood, such as `rules.events[3].description`; `value`: what stood there.
    """

    field: str
    text: str
    value: Any = None


def to_public(rules: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[Remark]]:
    """The rules of a legacy plan as the Public API has them, and what was left behind.

    Versions are exact; an event without one is version 1. Of two events with one name and version
    the first counts. An event's description is its schema's, where that has none.
    """
    remarks: list[Remark] = []
    made = []
    for part, kind in PARTS.items():
        schema = rules.get(part)
        if isinstance(schema, Mapping) and schema:
            made.append({"type": kind, "version": 1, "jsonSchema": dict(schema)})
        elif schema:
            remarks.append(Remark(f"rules.{part}", "is no JSON Schema and was left out", schema))
    made.extend(_events(rules.get(_EVENTS), remarks))
    remarks.extend(
        Remark(f"rules.{part}", "has no counterpart", value)
        for part, value in rules.items()
        if part not in PARTS and part != _EVENTS and value
    )
    return made, remarks


def _events(events: Any, remarks: list[Remark]) -> list[dict[str, Any]]:
    if events is None:
        return []
    if not isinstance(events, list):
        remarks.append(Remark("rules.events", "is no list and was left out", events))
        return []
    made: dict[tuple[str, Decimal], dict[str, Any]] = {}
    for index, event in enumerate(events):
        field = f"rules.events[{index}]"
        if not isinstance(event, Mapping) or not isinstance(event.get("name"), str):
            remarks.append(Remark(field, "is an event without a name and was left out", event))
            continue
        rule = _event(event, field, remarks)
        key = (rule["key"], Decimal(str(rule["version"])))
        if key in made:
            text = f"is a second {rule['key']!r} of version {rule['version']} and was left out"
            remarks.append(Remark(field, text, event))
        made.setdefault(key, rule)
    return list(made.values())


def _event(event: Mapping[str, Any], field: str, remarks: list[Remark]) -> dict[str, Any]:
    schema = event.get("rules")
    if not isinstance(schema, Mapping):
        if schema is not None:
            remarks.append(Remark(f"{field}.rules", "is no JSON Schema and was left out", schema))
        schema = {}
    told, own = event.get("description"), schema.get("description")
    if told and not own:
        schema = {**schema, "description": told}
    elif told and told != own:
        text = "differs from the description in the schema, which counts"
        remarks.append(Remark(f"{field}.description", text, told))
    remarks.extend(
        Remark(f"{field}.{name}", "has no counterpart", value)
        for name, value in event.items()
        if name not in _EVENT_FIELDS and value
    )
    return {
        "type": "TRACK",
        "key": event["name"],
        "version": _version(event.get("version"), field, remarks),
        "jsonSchema": dict(schema),
    }


def _version(given: Any, field: str, remarks: list[Remark]) -> int | Decimal:
    if given is None:
        return 1
    if isinstance(given, (int, Decimal)) and not isinstance(given, bool):
        return given
    remarks.append(Remark(f"{field}.version", "is no number; version 1 was taken", given))
    return 1


def from_public(
    rules: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """The legacy object of a plan's rules, for `tracking_plans.create` and `.update`.

    Also the rules it has no place for: those of pages and screens, and further versions of
    COMMON, IDENTIFY and GROUP.
    """
    made: dict[str, Any] = {}
    events: list[dict[str, Any]] = []
    left: list[Mapping[str, Any]] = []
    for rule in rules:
        schema = dict(rule["jsonSchema"])
        part = _TYPES.get(rule["type"])
        if rule["type"] == "TRACK" and rule.get("key"):
            event = {"name": rule["key"], "version": rule["version"], "rules": schema}
            if isinstance(schema.get("description"), str):
                event["description"] = schema["description"]
            events.append(event)
        elif part is not None and part not in made and rule["version"] == 1 and schema:
            made[part] = schema
        else:
            left.append(rule)
    made[_EVENTS] = events
    return made, left
