"""Whether an event is let onto its way: source and destination on, integrations object, methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import Step
from .surroundings import Object, Surroundings, named

# The calls that the integrations object is documented for.
_ROUTED = ("track", "page", "screen", "identify", "group")
# Type of call -> its name among the methods of a catalogue entry.
_METHODS = {"page": ("pageview", "page"), "screen": ("screen",)}


def connection(around: Surroundings, event: Object) -> Step:
    """Whether the source takes in events and the destination is sent any."""
    source, destination = around.source, around.destination
    for what, one in (("source", source), ("destination", destination)):
        if one.get("enabled") is False:
            words = f"the {what} {named(one)} is off"
            return Step("connection", "dropped", words)
    details = [f"the source is {named(source)}", f"the destination is {named(destination)}"]
    if "slug" not in source:
        details[0] = f"the source {around.source_id} is not in the snapshot"
    open_ = []
    if around.entry is None:
        open_.append(
            "the destination's catalogue entry is not at hand: its name in the integrations "
            "object, its methods and the fields of its actions are not known"
        )
    words = "source and destination are on"
    return Step("connection", "passes", words, details=details, open_=open_, event=event)


def integrations(around: Surroundings, event: Object) -> Step:
    """What the event's own `integrations` object says about the destination."""
    given = event.get("integrations")
    open_ = [
        (
            "integration filters, which are set in the app for single events of a source, are not "
            "in the API and cannot be seen here"
        )
    ]

    def step(outcome: Any, words: str, warnings: list[str] | None = None) -> Step:
        kept = event if outcome != "dropped" else None
        return Step(
            "integrations", outcome, words, warnings=warnings or (), open_=open_, event=kept
        )

    if not isinstance(given, Mapping) or not given:
        return step("passes", "the event has no integrations object, which allows all")
    if given.get("Segment.io") is False:
        open_.append("“Segment.io”: false makes Analytics.js drop the event before it is sent")
    if event.get("type", "track") not in _ROUTED:
        open_.append(f"the object is not documented for calls of the type {event.get('type')}")
    names = _names(around)
    own = [name for name in names if name in given]
    warnings = _misspelt(given, names)
    if own:
        said = given[own[0]]
        if said is False:
            return step("dropped", f"“{own[0]}” is false in the integrations object", warnings)
        if isinstance(said, Mapping):
            return step("passes", f"“{own[0]}” has options, which counts as true", warnings)
        return step("passes", f"“{own[0]}” is in the integrations object, and not false", warnings)
    if not names and [key for key in given if key != "All"]:
        words = "the object names destinations, and the name of this one is not known here"
        return step("unknown", words, warnings)
    if given.get("All") is False:
        return step("dropped", "“All” is false, and this destination is not named", warnings)
    return step("passes", "the object does not name this destination", warnings)


def _names(around: Surroundings) -> list[str]:
    """The names under which the integrations object may know the destination."""
    entry = around.entry
    if entry is None:
        return []
    return [str(name) for name in (entry.get("name"), *(entry.get("previousNames") or ())) if name]


def _misspelt(given: Mapping[str, Any], names: list[str]) -> list[str]:
    by_case = {name.lower(): name for name in names}
    return [
        f"“{key}” in the integrations object is not read: names are case-sensitive, and this "
        f"destination is called “{by_case[key.lower()]}”"
        for key in given
        if isinstance(key, str) and key.lower() in by_case and key not in names
    ]


def methods(around: Surroundings, event: Object) -> Step:
    """Whether the destination takes calls of this type at all; mappings decide that otherwise."""
    entry = around.entry
    kind = str(event.get("type", "track"))
    if around.mappings or (entry and entry.get("actions")):
        words = "mappings decide which calls are taken"
        return Step("methods", "passes", words, event=event)
    known = (entry or {}).get("supportedMethods")
    if not isinstance(known, Mapping):
        words = "which types of call the destination takes is not known here"
        return Step("methods", "passes", words, event=event)
    said = [known[name] for name in _METHODS.get(kind, (kind,)) if name in known]
    if said and not any(said):
        return Step(
            "methods",
            "dropped",
            f"the destination takes no {kind} calls, which is looked at before its filters",
        )
    words = (
        f"the destination takes {kind} calls" if said else f"{kind} calls are not in the catalogue"
    )
    return Step("methods", "passes", words, event=event)
