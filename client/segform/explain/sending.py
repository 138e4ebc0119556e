"""What the destination's mappings make of the event: which fire, and what each sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.fql.checks import check as check_trigger
from segform.fql.errors import FQLError
from segform.fql.evaluation import matches
from segform.fql.firing import fires
from segform.fql.words import condition_of
from segform.mapping.checks import check as check_mapping
from segform.mapping.errors import MappingError
from segform.mapping.evaluation import evaluate

from .model import Sent, Step
from .surroundings import Object, Surroundings, named

_OPEN = (
    "what the destination itself makes of a request, and what it refuses, is not known here",
    (
        "triggers are decided by the evaluator that Segment publishes for them; FQL as documented "
        "differs in a few cases"
    ),
)


def mappings(around: Surroundings, event: Object) -> tuple[Step, list[Sent]]:
    """The step, and what is sent."""
    several = around.mappings
    if not several:
        return _without(around, event), []
    details: list[str] = []
    warnings: list[str] = []
    sent: list[Sent] = []
    for one in several:
        name = named(one)
        if one.get("modelId"):
            details.append(f"“{name}” is for a Reverse ETL model")
        elif one.get("enabled") is False:
            details.append(f"“{name}” is off")
        elif _fires(one, event, details, warnings):
            found = _sent(around, one, event)
            sent.append(found)
            details.append(f"“{name}” fires: {_told(one)}")
            details += [f"“{name}”: {found.problem}"] if found.problem else []
            warnings += _doubts(around, one)
    arriving = [one for one in sent if one.problem is None]
    if arriving:
        count = len(arriving)
        words = f"{count} mapping{'s' * (count > 1)} send{'s' * (count == 1)} it"
        return Step(
            "mappings",
            "passes",
            words,
            details=details,
            warnings=warnings,
            open_=_OPEN,
            event=event,
        ), sent
    words = "no mapping is for it"
    if sent:
        words = f"its mappings cannot send it: {sent[0].problem}"
    return Step("mappings", "dropped", words, details=details, warnings=warnings, open_=_OPEN), sent


def _without(around: Surroundings, event: Object) -> Step:
    if around.entry and around.entry.get("actions"):
        words = "the destination works by mappings, and has none"
        return Step("mappings", "dropped", words, open_=_OPEN)
    words = "the destination's own code maps the event, which is not known here"
    return Step("mappings", "skipped", words, event=event)


def _told(one: Object) -> str:
    return condition_of(one["trigger"])


def _fires(one: Object, event: Object, details: list[str], warnings: list[str]) -> bool:
    """Whether a mapping's trigger fires; what was found goes to the two lists."""
    name, trigger = named(one), one.get("trigger", "")
    try:
        found = fires(trigger, event)
    except (FQLError, TypeError) as problem:
        details.append(f"“{name}” never fires: its trigger cannot be read: {problem}")
        return False
    doubts = [note for note in check_trigger(trigger, trigger=True) if note.code == "trigger"]
    warnings += [f"the trigger of “{name}”: {note.message}. {note.mend}" for note in doubts]
    if matches(trigger, event) is not found:
        warnings.append(
            f"the trigger of “{name}” {'fires' if found else 'does not fire'} by Segment's "
            "evaluator of triggers, and FQL as documented says the opposite"
        )
    if not found:
        details.append(f"“{name}” is for other events ({_told(one)})")
    return found


def _sent(around: Surroundings, one: Object, event: Object) -> Sent:
    action = around.action(one)
    slug = str(one.get("actionSlug") or (action or {}).get("slug") or one.get("actionId"))
    settings = one.get("settings")
    try:
        payload = evaluate(settings if isinstance(settings, Mapping) else {}, event)
    except MappingError as problem:
        return Sent(named(one), slug, None, f"it fails: {problem}")
    missing = [name for name in _required(action) if _empty(payload, name)]
    if missing:
        problem_ = f"the action needs {', '.join(missing)}, which this event does not have"
        return Sent(named(one), slug, payload, problem_)
    return Sent(named(one), slug, payload)


def _required(action: Object | None) -> list[str]:
    fields = (action or {}).get("fields") or ()
    return [str(one["fieldKey"]) for one in fields if one.get("required") is True]


def _empty(payload: Any, name: str) -> bool:
    value = payload.get(name) if isinstance(payload, Mapping) else None
    return value is None or value == ""


def _doubts(around: Surroundings, one: Object) -> list[str]:
    found = check_mapping(one.get("settings") or {}, around.action(one))
    return [f"“{named(one)}”, {note.path}: {note.message}" for note in found]
