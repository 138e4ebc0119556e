"""The audit trail: who did what, the newest first. Events are left in `trail`."""

from __future__ import annotations

import base64
from typing import Any

from segform_emulator.moments import moment
from segform_emulator.query import decoded
from segform_emulator.trail import events
from segform_emulator.workspace import Object

from .call import Call, Handler

_SHOWN = (
    "id",
    "timestamp",
    "type",
    "actor",
    "resourceId",
    "resourceType",
    "resourceName",
)


def _shown(_call: Call, event: Object) -> Object:
    return {name: event[name] for name in _SHOWN}


def _plain(kind: str) -> str:
    """A type of resource however it is written: `Tracking Plans`, `tracking_plan`, …"""
    return kind.replace(" ", "").replace("_", "").replace("-", "").casefold().removesuffix("s")


def every(call: Call) -> dict[str, Any]:
    """`GET /audit-events`.

    A cursor stands for an event and not for a place in the list, so that what happens between two
    pages shifts nothing (the documents say that a cursor holds an end time).
    """
    wanted = call.query.get("pagination")
    cursor = wanted.get("cursor") if isinstance(wanted, dict) else None
    bound = decoded(cursor) if cursor else float("inf")
    found = [one for one in events(call.workspace) if _number(one) <= bound]
    for name, fits in (("resourceId", str), ("resourceType", _plain)):
        given = call.query.get(name)
        if given is not None:
            found = [one for one in found if fits(one[name]) == fits(str(given))]
    found = call.role.visible(call.workspace, _between(call, found))
    if isinstance(wanted, dict):
        call.query = {**call.query, "pagination": {**wanted, "cursor": None}}
    answer = call.page(found, "events", _shown)
    count = len(answer["events"])
    pagination = {"current": cursor or _cursor(found[0] if found else None)}
    if "next" in answer["pagination"]:
        pagination["next"] = _cursor(found[count])
    return {"events": answer["events"], "pagination": pagination}


def _between(call: Call, found: list[Object]) -> list[Object]:
    for name, after in (("startTime", True), ("endTime", False)):
        given = call.query.get(name)
        if given is not None:
            limit = moment(given, name)
            times = [moment(one["timestamp"], name) for one in found]
            found = [
                one
                for one, at in zip(found, times, strict=True)
                if (at > limit if after else at < limit)
            ]
    return found


def _number(event: Object) -> int:
    return int(event["id"].partition("/")[2])


def _cursor(event: Object | None) -> str:
    return base64.b64encode(str(_number(event) if event else 0).encode()).decode()


HANDLERS: dict[str, Handler] = {"listAuditEvents": every}
