"""What a source does with events that do not fit their plan any more, in words.

What happens is decided by `segform.tracking.controls`, on the event that bears witness to a change,
with the schema settings that the source will have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from segform.resources.definition import camel

from .model import LATER

Effect = Literal["dropped", "blocked", "removed", "flagged", "unknown"]

# How bad it is for those who wait for the data.
WEIGHT: dict[Effect, int] = {"dropped": 4, "blocked": 4, "removed": 3, "unknown": 2, "flagged": 1}


class Judge:
    """What a source makes of events under the rules of a plan: `segform.tracking.controls`."""

    def __init__(self, rules: Sequence[Mapping[str, Any]]) -> None:
        self._rules = rules
        self._validator: Any = None

    def effect(self, settings: Mapping[str, Any] | None, event: Mapping[str, Any] | None) -> Effect:
        """What becomes of an event that does not fit any more; `settings` by attribute name."""
        if settings is None or event is None:
            return "unknown"
        try:
            from segform.tracking.controls import apply
            from segform.tracking.violations import validator
        except ImportError:
            return "unknown"
        try:
            if self._validator is None:
                self._validator = validator(self._rules)
            found = apply(self._validator, _wired(settings), event)
        except ValueError:
            # A schema that is none; the plan's own check says so.
            return "unknown"
        if found.event is None:
            return "dropped" if found.blocked == "unplanned" else "blocked"
        return "removed" if found.omitted or found.omitted_on_violation else "flagged"


def _wired(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Schema settings as the API has them."""
    return {
        camel(name): _wired(value) if isinstance(value, Mapping) else value
        for name, value in settings.items()
        if value is not None and value is not LATER
    }


_WHOLE = {
    "dropped": "such events are dropped",
    "blocked": "such events are blocked",
    "removed": "the property is removed and the event goes on",
    "flagged": "such events go on and are only flagged",
    "unknown": "what happens then is up to schema settings, which are not shown here",
}


def words(found: Effect, *, unplanned: bool) -> str:
    """The effect as the end of a sentence that begins with `on NAME`."""
    if found == "flagged" and unplanned:
        return "they go on as unplanned"
    return _WHOLE[found]


# (block, flag) -> what it says when it is on, and when it is off.
SETTINGS_IN_WORDS: dict[tuple[str, str], tuple[str, str]] = {
    ("track", "allow_unplanned_events"): (
        "events that no rule names are let through",
        "events that no rule names are dropped",
    ),
    ("track", "allow_unplanned_event_properties"): (
        "properties that no rule names are let through",
        "properties that no rule names are removed",
    ),
    ("track", "allow_event_on_violations"): (
        "events that break their rule are let through",
        "events that break their rule are blocked",
    ),
    ("track", "allow_properties_on_violations"): (
        "properties that break their rule are let through",
        "properties that break their rule are removed",
    ),
    ("identify", "allow_unplanned_traits"): (
        "identify traits that no rule names are let through",
        "identify traits that no rule names are removed",
    ),
    ("identify", "allow_traits_on_violations"): (
        "identify traits that break their rule are let through",
        "identify traits that break their rule are removed",
    ),
    ("group", "allow_unplanned_traits"): (
        "group traits that no rule names are let through",
        "group traits that no rule names are removed",
    ),
    ("group", "allow_traits_on_violations"): (
        "group traits that break their rule are let through",
        "group traits that break their rule are removed",
    ),
}
_CALLS = {"track": "track calls", "identify": "identify calls", "group": "group calls"}
_COMMON = {
    "ALLOW": "{} that break the rule for all events are let through",
    "BLOCK": "{} that break the rule for all events are blocked",
    "OMIT_PROPERTIES": "{} that break the rule for all events lose what breaks it",
    "OMIT_TRAITS": "{} that break the rule for all events lose what breaks it",
}


def in_words(block: str, flag: str, value: Any) -> str | None:
    """One schema setting as a clause; None for one that is not known here."""
    if flag == "common_event_on_violations":
        said = _COMMON.get(str(value))
        return said.format(_CALLS[block]) if said and block in _CALLS else None
    both = SETTINGS_IN_WORDS.get((block, flag))
    if both is None or not isinstance(value, bool):
        return None
    return both[0] if value else both[1]


def loosens(flag: str, value: Any) -> bool:
    """Whether a value lets more through."""
    return value is True or (flag == "common_event_on_violations" and value == "ALLOW")
