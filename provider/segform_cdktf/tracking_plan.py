"""`TrackingPlan` with `events=`: the plan's rules from a list of events.

    TrackingPlan(self, "shop", name="Shop", type="LIVE", events=[
        track("Product Viewed", "A visitor opened a product.", {"sku": {"type": "string"}}),
        identify({"email": {"type": "string", "format": "email"}}),
    ])

An event is what `track()` and its sisters make, or anything with a `rule()` that returns the
same: `{"type", "key", "version", "json_schema"}`. `events="plan"` is a folder of event files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, Unpack

from constructs import Construct

from segform.resources import registry
from segform.tracking.declaring import Event, Rule, common, group, identify, page, screen, track
from segform.tracking.declaring import rules_by_key as by_key

from ._generated.tracking_plan import TrackingPlan as PlainTrackingPlan
from ._generated.tracking_plan import TrackingPlanRuleElement, TrackingPlanRulesByKey
from .base import MetaArguments
from .render import render

__all__ = [
    "Event",
    "Rule",
    "TrackingPlan",
    "common",
    "group",
    "identify",
    "page",
    "screen",
    "track",
]


def _read(events: Iterable[Rule | Event] | PathLike[str] | str) -> Iterable[Rule | Event]:
    """Events, out of a folder where that is what was given."""
    if not isinstance(events, (str, PathLike)):
        return events
    from segform.tracking.files import load_folder

    return load_folder(events)


class TrackingPlan(PlainTrackingPlan):
    """Which events are valid: a plan and its rules.

    Give `events`, or `rules_by_key`, or `rules`, or none of them (then other resources, or people
    in the app, own the rules). `events` are rules and event classes, or the path of a folder with a
    file for each event. Arguments beside `events` are those of the generated class.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        type: str,
        description: str | None = None,
        events: Iterable[Rule | Event] | PathLike[str] | str | None = None,
        rules: Sequence[TrackingPlanRuleElement] | None = None,
        rules_by_key: Mapping[str, TrackingPlanRulesByKey] | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        if sum(given is not None for given in (events, rules, rules_by_key)) > 1:
            raise ValueError(f"TrackingPlan {id_!r}: give one of events, rules_by_key and rules.")
        super().__init__(
            scope,
            id_,
            name=name,
            type=type,
            description=description,
            rules=rules,
            rules_by_key=rules_by_key,
            **meta,
        )
        self._events = None if events is None else by_key(_read(events))

    def _configured(self) -> Mapping[str, Any]:
        if self._events is None:
            return self._values
        item = registry()[self.kind].attributes["rules_by_key"]
        where = f"TrackingPlan {self.node.id!r}: rules_by_key"
        return {**self._values, "rules_by_key": render(item.type, self._events, where)}
