"""The workspace that a plan leads to, in the form of a snapshot: what events meet after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from segform.lifecycle.mapping import put, wire_name
from segform.resources import registry
from segform.resources.definition import Attribute, Nested, camel
from segform.workspace.families import FAMILIES, LINKS

from .model import LATER, ChangeSet, Hidden, Lookup, PlanError, Subject
from .reading import load
from .rules import rules


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
    objects = {
        one.address: _object(one, lookup)
        for one in changes.subjects
        if one.after is not None and one.kind in FAMILIES
    }
    made: dict[str, Any] = {family: [] for family in FAMILIES.values()}
    for one in changes.subjects:
        if one.address in objects:
            made[FAMILIES[one.kind]].append(objects[one.address])
    for kind, link in LINKS.items():
        for owner in made[link.owner.family]:
            owner[link.ids] = []
        for one in _there(changes, kind):
            member, owned = (
                lookup.target(one, end.attribute, end.kind) for end in (link.member, link.owner)
            )
            if member is not None and owned is not None and owned.address in objects:
                objects[owned.address][link.ids].append(identity(member))
        for item, place in link.parts:
            for one, value in _parts(changes, kind, item):
                holder = lookup.target(one, place.attribute, place.kind)
                if holder is not None and holder.address in objects and isinstance(value, Mapping):
                    objects[holder.address].setdefault(wire_name(item), _wired(value))
    return made


def _there(changes: ChangeSet, kind: str) -> list[Subject]:
    return [one for one in changes.of(kind) if one.after is not None]


def _parts(changes: ChangeSet, kind: str, item: Attribute) -> Iterator[tuple[Subject, Any]]:
    """A part of a link, from objects that are this part by themselves before the links."""
    for name, apart in registry().items():
        if apart.about.part_of == (kind, item.name) and isinstance(item.type, Nested):
            for one in _there(changes, name):
                yield one, {inner.name: one.value(inner.name) for inner in item.type.attributes}
    for one in _there(changes, kind):
        yield one, one.value(item.name)


def identity(subject: Subject) -> str:
    """What an object goes by: its id, or its address while it has none."""
    found = subject.value("id")
    return found if isinstance(found, str) else subject.address


def _object(subject: Subject, lookup: Lookup) -> dict[str, Any]:
    """An object in the API's form; what it refers to goes by its identity."""
    attributes = registry()[subject.kind].attributes
    made: dict[str, Any] = {}
    for name, value in (subject.after or {}).items():
        item, plain = attributes.get(name), _plain(value)
        target = lookup.target(subject, name, item.reference) if item and item.reference else None
        if target is not None:
            plain = identity(target)
        try:
            # What it holds inside has the API's names too, and JSON is no text there.
            put(made, attributes[name], plain)
        except (AttributeError, KeyError, TypeError, ValueError):
            # Not as the definition has it: its own check tells so.
            made[camel(name)] = plain
    if {"rules", "rules_by_key"} & attributes.keys():
        made["rules"] = rules(subject.after) or rules(subject.before) or []
    return {**made, "id": identity(subject)}


def _plain(value: Any) -> Any:
    """A value without what is hidden or not known yet."""
    if value is LATER or isinstance(value, Hidden):
        return None
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _wired(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        camel(name): _wired(one) if isinstance(one, Mapping) else one
        for name, one in value.items()
        if one is not None and one is not LATER
    }
