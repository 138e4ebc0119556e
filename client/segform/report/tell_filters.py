"""Filters, mappings and transformations: what their FQL means in words, and what it matches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .context import Context, Item, Level
from .model import Subject
from .words import Name, Said, Sentence, count, sentence


def destination_filter(subject: Subject, context: Context) -> Iterator[Item]:
    """A filter, before and after, with how many of the example events it matches."""
    destination = context.lookup.target(subject, "destination_id", "destination")
    destination = destination or context.lookup.target(
        subject, "destination_id", "destination", old=True
    )
    old, new = _filter(subject.before), _filter(subject.after)
    if subject.action == "update" and old == new:
        return
    owners = context.owners(
        subject, destination, context.source_of(subject), context.source_of(subject, old=True)
    )
    where = () if destination is None else sentence(" in front of ", Name(destination.name))
    head = sentence("The filter ", Name(subject.name), where)
    level, weight, more = _weight(old, new, context)
    notes = list(_told(old, new, "events"))
    counted = _counted(old, new, context)
    if counted:
        notes.append(counted)
    notes += more
    said = sentence(head, _done(subject, old, new))
    yield Item(level, said, subject.address, owners, tuple(notes), weight)


def _filter(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What of a filter decides about events; None for none, and for one that is switched off."""
    if values is None or values.get("enabled") is False or not isinstance(values.get("if"), str):
        return None
    actions = values.get("actions")
    found = [
        {key: one for key, one in action.items() if one is not None}
        for action in (actions if isinstance(actions, list) else ())
        if isinstance(action, Mapping)
    ]
    for action in found:
        fields = action.get("fields")
        if isinstance(fields, str):
            try:
                action["fields"] = json.loads(fields)
            except ValueError:
                action.pop("fields")
    return {"if": values["if"], "actions": sorted(found, key=repr)}


def _done(subject: Subject, old: Any, new: Any) -> str:
    if subject.action == "create":
        return " is new." if new else " is new, and switched off."
    if subject.action == "delete":
        return " is deleted." if old else " is deleted; it was switched off."
    if old is None:
        return " is switched on."
    if new is None:
        return " is switched off."
    return " changes."


def _weight(old: Any, new: Any, context: Context) -> tuple[Level, int, list[Sentence]]:
    """A filter that drops everything is what breaks most."""
    if new is not None and _drops(new) and _is_everything(new["if"]):
        dropped = old is not None and _drops(old) and _is_everything(old["if"])
        return ("behaviour" if dropped else "breaking", 15, [("It drops every event.",)])
    if new is not None and _drops(new) and context.events:
        matched = context.matched(new["if"])
        was = None if old is None else context.matched(old["if"])
        if matched == len(context.events) and was != matched:
            return "breaking", 14, [("It drops every example event.",)]
    return "behaviour", 3, []


def _drops(found: Mapping[str, Any]) -> bool:
    return any(one.get("type") == "DROP" for one in found["actions"])


def _is_everything(text: str) -> bool:
    return text.strip() in ("all", "true")


def _told(old: Any, new: Any, what: str) -> Iterator[Sentence]:
    """Before and after in words."""
    if old is not None:
        yield sentence("Before: " if new is not None else "Until now: ", in_words(old))
    if new is not None:
        yield sentence("After: " if old is not None else "", in_words(new))


def in_words(found: Mapping[str, Any]) -> Sentence:
    """A filter in one sentence; what cannot be read is not shown, but said."""
    from segform.fql import FQLError, describe_filter

    try:
        return (Said(describe_filter(found)),)
    except (FQLError, KeyError, TypeError, ValueError):
        return ("Its condition cannot be read as FQL; see the details below.",)


def _counted(old: Any, new: Any, context: Context) -> Sentence:
    before = context.matched(old["if"]) if old is not None else None
    after = context.matched(new["if"]) if new is not None else None
    if not context.events or (before is None and after is None):
        return ()
    total = count(len(context.events), "example event")
    if before is None:
        return (f"Of {total}, it matches {after}.",)
    if after is None:
        return (f"Of {total}, it matched {before}.",)
    return (f"Of {total}, it matched {before} before and matches {after} after.",)


def subscription(subject: Subject, context: Context) -> Iterator[Item]:
    """A mapping: when it fires."""
    yield from _conditional(subject, context, "mapping", "trigger")


def transformation(subject: Subject, context: Context) -> Iterator[Item]:
    """A transformation: which events it changes."""
    yield from _conditional(subject, context, "transformation", "if")


def _conditional(subject: Subject, context: Context, word: str, name: str) -> Iterator[Item]:
    owner = context.lookup.target(subject, "destination_id", "destination")
    owners = context.owners(subject, owner, context.source_of(subject))
    where = () if owner is None else sentence(" of ", Name(owner.name))
    old = (subject.before or {}).get(name) if subject.action != "create" else None
    new = (subject.after or {}).get(name) if subject.action != "delete" else None
    notes: list[Sentence] = []
    for label, text in (("Before: ", old), ("After: ", new)):
        if isinstance(text, str) and (old != new or label == "After: "):
            notes.append(
                sentence(label if old is not None and new is not None else "", _condition(text))
            )
    verb = {"create": "is new.", "delete": "is deleted.", "replace": "is made anew."}
    done = verb.get(subject.action, "changes.")
    if subject.action == "update" and subject.changed("enabled"):
        done = "is switched on." if subject.value("enabled") else "is switched off."
    said = sentence(f"The {word} ", Name(subject.name), where, f" {done}")
    yield Item("behaviour", said, subject.address, owners, tuple(notes), 2)


def _condition(text: str) -> Sentence:
    from segform.fql import FQLError, describe

    try:
        return (Said(describe(text)),)
    except FQLError:
        return ("Its condition cannot be read as FQL; see the details below.",)
