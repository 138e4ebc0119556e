"""Event volumes: how many valid events arrived, by step of time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from segform_emulator.moments import moment, stamp
from segform_emulator.query import listed
from segform_emulator.traffic import (
    DAY,
    HOUR,
    Group,
    Hit,
    Reach,
    fed,
    grouped,
    grouping,
    passing,
    window,
)
from segform_emulator.workspace import Object

from .call import Call, Handler

REACHES = {
    "MINUTE": Reach(4 * HOUR, 48 * HOUR),
    "HOUR": Reach(7 * DAY, 7 * DAY),
    "DAY": Reach(14 * DAY, 14 * DAY),
}
# Documented: no more entries are answered.
MOST = 5_000
_GROUPS = ("eventName", "eventType", "source")
_FILTERS = ("sourceId", "eventName", "eventType", "appVersion")


def volume(call: Call) -> dict[str, Any]:
    """`GET /events/volume`."""
    within = window(call, REACHES)
    by = grouping(call, _GROUPS)
    filters = {n: [str(one) for one in listed(call.query.get(n))] for n in _FILTERS}
    hits = passing((hit(row) for row in fed(call) if row["result"] != "failed"), filters)
    found = grouped(hits, within, ["sourceId" if one == "source" else one for one in by])
    steps = within.steps()
    entries = [_entry(call, group, steps) for group in found[:MOST]]
    asked = {name: values for name, values in {"groupBy": by, **filters}.items() if values}
    return {
        "path": "/events/volume",
        "query": {
            "workspaceId": call.workspace.id,
            "granularity": call.query["granularity"],
            "startTime": stamp(within.start),
            "endTime": stamp(within.end),
            **asked,
        },
        **call.page(entries, "result"),
    }


def hit(row: Object) -> Hit:
    """What was fed, for counting."""
    return Hit(moment(row["at"], "timestamp"), row["count"], row)


def _entry(call: Call, group: Group, steps: list[dt.datetime]) -> Object:
    """A series has a point for every step, those without events too (inferred)."""
    made: Object = {name: v for name, v in group.facts.items() if name != "sourceId"}
    if "sourceId" in group.facts:
        source = call.workspace.sources.get(group.facts["sourceId"]) or {}
        known = {name: source[name] for name in ("name", "slug") if name in source}
        made["source"] = {"id": group.facts["sourceId"], **known}
    series = [{"time": stamp(step), "count": group.counts.get(step, 0)} for step in steps]
    return {**made, "total": group.total, "series": series}


HANDLERS: dict[str, Handler] = {"getEventsVolumeFromWorkspace": volume}
