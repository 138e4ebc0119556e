"""What a source's schema settings make of an event: let through, thinned out, or blocked.

The settings of a source say what becomes of events that its plan does not know, and of those
that violate it. First the standard controls are asked, with the plan's rule of the event, then the
COMMON rule with what is left. What the documentation leaves open is taken so: page and screen calls
follow the settings of track calls; a missing property cannot be omitted, so that a violation of
that kind passes where properties are only omitted; a nested property is named by its path below the
properties. Device-mode destinations see little of this (`DEVICE_MODE`).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .rules import Rule
from .selection import Event, call_of, container
from .violations import Validator, Violation

DEVICE_MODE = (
    "Properties are omitted, and events that violate the plan blocked, for cloud-mode destinations "
    "only; unplanned events are also kept from device-mode destinations of analytics.js."
)

Settings = Mapping[str, Any]
Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one event.

    `event` is what goes on to the destinations, with `context.protocols` as the service writes it;
    None for a blocked event. `blocked` says why it is: `unplanned`, `violation`, `common` or None.
    `omitted` and `omitted_on_violation` are names below the properties (traits). The two
    `forwarded` are the ids of sources that get a copy of the blocked event, or of each violation.
    """

    event: dict[str, Any] | None
    blocked: str | None = None
    unplanned: bool = False
    omitted: tuple[str, ...] = ()
    omitted_on_violation: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()
    forwarded_blocked: str | None = None
    forwarded_violations: str | None = None
    # Each step in words, in the order in which it is taken.
    steps: tuple[str, ...] = field(default=(), compare=False)

    @property
    def word(self) -> str:
        """`dropped`, `thinned out`, `flagged` (it passes, and shows as a violation), `passes`."""
        if self.event is None:
            return "dropped"
        if self.omitted or self.omitted_on_violation:
            return "thinned out"
        return "flagged" if self.violations or self.unplanned else "passes"


# Setting of identify and group calls -> that of track calls for the same thing.
_NAMES = {
    "track": (
        "allowUnplannedEventProperties",
        "allowEventOnViolations",
        "allowPropertiesOnViolations",
    ),
    "identify": ("allowUnplannedTraits", None, "allowTraitsOnViolations"),
    "group": ("allowUnplannedTraits", None, "allowTraitsOnViolations"),
}


def apply(rules: Iterable[Rule] | Validator, settings: Settings, event: Event) -> Outcome:
    """What the schema settings of a source (as `GET /sources/{id}/settings`) make of an event.

    A setting that is not there allows. For many events give a `validator(rules)`.
    """
    plan = rules if isinstance(rules, Validator) else Validator(rules)
    kind = call_of(event)
    if kind is None:
        return Outcome(dict(event), steps=("no plan is asked about calls of this type",))
    own = _Controls(settings, "track" if container(kind) == "properties" else kind.lower())
    return _Way(plan, own, container(kind), event).outcome()


class _Controls:
    """The settings for one type of call."""

    def __init__(self, settings: Settings, call: str) -> None:
        found = settings.get(call)
        self._own: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
        extra, whole, values = _NAMES[call]
        self.events = call != "track" or self._allows("allowUnplannedEvents")
        self.extra = self._allows(extra)
        self.violating = whole is None or self._allows(whole)
        self.values = self._allows(values)
        said = self._own.get("commonEventOnViolations") or "ALLOW"
        self.common = "OMIT" if str(said).startswith("OMIT") else str(said)
        self.blocked_to = _source(settings, "forwardingBlockedEventsTo")
        self.violations_to = _source(settings, "forwardingViolationsTo")

    def _allows(self, name: str | None) -> bool:
        return name is None or self._own.get(name) is not False


def _source(settings: Settings, name: str) -> str | None:
    found = settings.get(name)
    return found if isinstance(found, str) and found else None


class _Way:
    """One event's way through the controls."""

    def __init__(self, plan: Validator, controls: _Controls, where: str, event: Event) -> None:
        self._plan, self._controls, self._where = plan, controls, where
        self._event: dict[str, Any] = copy.deepcopy(dict(event))
        self._steps: list[str] = []
        self._violations: list[Violation] = []
        self._omitted: list[str] = []
        self._on_violation: list[str] = []
        self._unplanned = False

    def outcome(self) -> Outcome:
        blocked = self._standard() or self._common()
        controls = self._controls
        passed = None if blocked else self._told()
        return Outcome(
            passed,
            blocked,
            self._unplanned,
            tuple(self._omitted),
            tuple(self._on_violation),
            tuple(self._violations),
            controls.blocked_to if blocked else None,
            controls.violations_to if self._violations else None,
            tuple(self._steps),
        )

    def _standard(self) -> str | None:
        controls, plan = self._controls, self._plan
        missing = plan.unplanned(self._event)
        self._unplanned = missing.event
        if missing.event:
            self._steps.append("no rule of the plan is about this event: it is unplanned")
            if not controls.events:
                self._steps.append("unplanned events are blocked")
                return "unplanned"
        found = plan.of_rule(self._event)
        self._violations += found
        if missing.properties and not controls.extra:
            self._omit(plan.unplanned_paths(self._event), self._omitted)
            self._steps.append(f"unplanned {self._where} are omitted: {_names(self._omitted)}")
        if found:
            self._steps.append(f"it violates its rule: {_shown(found)}")
            if not controls.violating:
                self._steps.append("events that violate the plan are blocked")
                return "violation"
            if not controls.values:
                self._omit(plan.violating_paths(self._event), self._on_violation)
                self._steps.append(f"what violates is omitted: {_names(self._on_violation)}")
        return None

    def _common(self) -> str | None:
        found = self._plan.of_common(self._event)
        if not found:
            return None
        self._violations += [one for one in found if one not in self._violations]
        self._steps.append(f"it violates the common schema: {_shown(found)}")
        if self._controls.common == "BLOCK":
            self._steps.append("events that violate the common schema are blocked")
            return "common"
        if self._controls.common == "OMIT":
            self._omit(self._plan.violating_paths(self._event, common=True), self._on_violation)
            self._steps.append(f"what violates is omitted: {_names(self._on_violation)}")
        return None

    def _omit(self, paths: Iterable[Steps], into: list[str]) -> None:
        # From behind, so that places in lists stay what they were.
        ordered = sorted(set(paths), key=_order, reverse=True)
        gone = [
            ".".join(map(str, path[1:]))
            for path in ordered
            if path[:1] == (self._where,) and len(path) > 1 and _removed(self._event, path)
        ]
        into += reversed(gone)

    def _told(self) -> dict[str, Any]:
        """The event with what the service writes into `context.protocols`."""
        said: dict[str, Any] = {}
        if self._omitted:
            said["omitted"] = list(self._omitted)
        if self._on_violation:
            said["omitted_on_violation"] = list(self._on_violation)
        if self._violations:
            said["violations"] = [
                {"type": one.type, "field": one.field, "description": one.message}
                for one in self._violations
            ]
        if said:
            context = self._event.get("context")
            context = dict(context) if isinstance(context, Mapping) else {}
            before = context.get("protocols")
            kept = before if isinstance(before, Mapping) else {}
            self._event["context"] = {**context, "protocols": {**kept, **said}}
        return self._event


def _order(path: Steps) -> list[tuple[bool, str | int]]:
    return [(isinstance(step, str), step) for step in path]


def _removed(event: Any, path: Steps) -> bool:
    """Take out what is at a path; whether there was something."""
    holder = event
    for step in path[:-1]:
        try:
            holder = holder[step]
        except (KeyError, IndexError, TypeError):
            return False
    try:
        del holder[path[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _names(several: list[str]) -> str:
    return ", ".join(several) or "nothing that is there"


def _shown(found: list[Violation]) -> str:
    return "; ".join(f"{one.field} ({one.type})" for one in found)
