"""The workspace that a plan leads to, in the form of a snapshot: what events meet after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.resources.definition import camel

from .model import LATER, ChangeSet, Hidden, Lookup, PlanError, Subject
from .reading import load
from .tell_plans import rules


def workspace_of(document: Any) -> dict[str, Any]:
    """A workspace from a plan. Raises PlanError (a ValueError) for what is no plan.

    An object that is yet to be made goes by its address in place of its id.
    """
    changes = load(document)
    if changes.source == "segform":
        raise PlanError(
            "a plan of segform tells only what changes: name what is wanted, the snapshot that it "
            "was made from"
        )
    return workspace_after(changes)


def workspace_after(changes: ChangeSet) -> dict[str, Any]:
    """The same from a change set."""
    lookup = Lookup(changes.subjects)
    there = [one for one in changes.subjects if one.after is not None]

    def family(kind: str, *references: tuple[str, str]) -> list[dict[str, Any]]:
        return [_object(one, lookup, references) for one in there if one.kind == kind]

    sources = family("source")
    for source, subject in zip(
        sources, (one for one in there if one.kind == "source"), strict=True
    ):
        settings = _settings(subject, changes, lookup)
        if settings:
            source["schemaSettings"] = settings
    plans = []
    for subject in (one for one in there if one.kind == "tracking_plan"):
        links = [
            lookup.target(one, "source_id", "source")
            for one in there
            if one.kind == "source_tracking_plan_connection"
            and lookup.target(one, "tracking_plan_id", "tracking_plan") is subject
        ]
        plan = _object(subject, lookup, ())
        plan["rules"] = rules(subject.after) or rules(subject.before) or []
        plan["sourceIds"] = [identity(one) for one in links if one is not None]
        plans.append(plan)
    return {
        "sources": sources,
        "destinations": family("destination", ("source_id", "source")),
        "filters": family(
            "destination_filter", ("source_id", "source"), ("destination_id", "destination")
        ),
        "subscriptions": family("destination_subscription", ("destination_id", "destination")),
        "transformations": family("transformation", ("source_id", "source")),
        "trackingPlans": plans,
    }


def identity(subject: Subject) -> str:
    """What an object goes by: its id, or its address while it has none."""
    found = subject.value("id")
    return found if isinstance(found, str) else subject.address


def _object(
    subject: Subject, lookup: Lookup, references: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    made = {camel(name): _plain(value) for name, value in (subject.after or {}).items()}
    for name, kind in references:
        target = lookup.target(subject, name, kind)
        if target is not None:
            made[camel(name)] = identity(target)
    made["id"] = identity(subject)
    actions = made.get("actions")
    if isinstance(actions, list):
        made["actions"] = [_action(one) for one in actions if isinstance(one, Mapping)]
    return made


def _action(action: Mapping[str, Any]) -> dict[str, Any]:
    import json

    made = {key: value for key, value in action.items() if value is not None}
    if isinstance(made.get("fields"), str):
        made["fields"] = json.loads(made["fields"])
    return made


def _plain(value: Any) -> Any:
    """A value without what is hidden or not known yet."""
    if value is LATER or isinstance(value, Hidden):
        return None
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _settings(source: Subject, changes: ChangeSet, lookup: Lookup) -> dict[str, Any]:
    """The schema settings of a source, from its connection or from an object of their own."""
    for one in changes.subjects:
        if one.after is None or lookup.target(one, "source_id", "source") is not source:
            continue
        if one.kind == "source_tracking_plan_connection":
            found = one.value("schema_settings")
            if isinstance(found, Mapping):
                return _wired(found)
        if one.kind == "source_schema_settings":
            return _wired({name: one.value(name) for name in ("track", "identify", "group")})
    return {}


def _wired(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        camel(name): _wired(one) if isinstance(one, Mapping) else one
        for name, one in value.items()
        if one is not None and one is not LATER
    }
