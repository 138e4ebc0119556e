"""Audiences of a space, their schedules and previews. Who is in one is never computed here.

An audience is locked while it computes: for a while after it was made or its definition was
changed, another change of the definition is refused (the lock is documented, its length and the
409 are not). The clock ends it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from segform_emulator.errors import bad_request, conflict, invalid, not_found
from segform_emulator.moments import moment, stamp
from segform_emulator.workspace import Object

from . import schedules, space_parts
from .call import SUCCESS, Call, Handler
from .spaces import space_of

COMPUTES = dt.timedelta(seconds=30)
PREVIEW_RUNS = dt.timedelta(seconds=10)
_LARGEST_PAGE = 200
_HIDDEN = ("lockedUntil", "locked")


def _audience(call: Call, parameter: str = "id") -> Object:
    """The audience of a path, or `Fault` 404."""
    return space_parts.one(call, "audiences", call.path[parameter], "The audience")


def _computing(call: Call, one: Object) -> bool:
    return call.clock.now() < moment(one["lockedUntil"], "lockedUntil")


def _shown(call: Call, one: Object) -> Object:
    made = {name: value for name, value in one.items() if name not in _HIDDEN}
    made["status"] = "Disabled" if not one["enabled"] else "Live"
    if one["enabled"] and _computing(call, one):
        made["status"] = "Computing"
    return made


def _long(call: Call, one: Object) -> Object:
    """The longer form, of single reads and lists."""
    made = _shown(call, one)
    kind = {"USERS": "USERS", "ACCOUNTS": "ACCOUNTS", "LINKED": "USERS"}[one["audienceType"]]
    made["computeCadence"] = {"type": "BATCH" if one["audienceType"] == "LINKED" else "REALTIME"}
    made["size"] = {"count": 0, "type": kind}
    made["options"] = {"filterByExternalIds": [], **one.get("options", {})}
    if call.query.get("include") == "schedules":
        made["schedules"] = [_shown_schedule(call, each) for each in _schedules(call, one)]
    return made


def create(call: Call) -> dict[str, Any]:
    """`POST /spaces/{spaceId}/audiences`. Keys and names are unique in a space (inferred)."""
    space = space_of(call)
    body = call.body
    _check(call, space, body, "")
    made: Object = {
        "id": f"aud_{call.make.base58()}",
        **space_parts.common(call, space),
        "name": body["name"],
        "description": body.get("description", ""),
        "key": space_parts.key(call, "audiences", space, body["name"]),
        "enabled": body.get("enabled", True),
        "definition": body["definition"],
        "audienceType": body["audienceType"],
        "options": body.get("options", {}),
        "lockedUntil": stamp(call.clock.now() + COMPUTES),
    }
    call.workspace.more["audiences"][made["id"]] = made
    return {"audience": _shown(call, made)}


def _check(call: Call, space: Object, body: Object, but: str) -> None:
    space_parts.check_name(call, "audiences", space, body, but)
    if "definition" in body and not body["definition"]["query"].strip():
        raise invalid("definition.query", '"definition.query" is not allowed to be empty')


def _paged(call: Call) -> None:
    """A page holds at most 200 audiences, not the 1,000 of other lists."""
    wanted = call.query.get("pagination")
    count = wanted.get("count") if isinstance(wanted, dict) else None
    if isinstance(count, (int, str)) and str(count).isdecimal() and int(count) > _LARGEST_PAGE:
        raise invalid(
            "pagination.count", f'"pagination.count" has to be between 1 and {_LARGEST_PAGE}'
        )


def every(call: Call) -> dict[str, Any]:
    """`GET /spaces/{spaceId}/audiences`."""
    space = space_of(call)
    _paged(call)
    search = call.query.get("search")
    wanted = str(search.get("query", "")) if isinstance(search, dict) else ""
    held = call.workspace.more["audiences"].values()
    mine = [
        one
        for one in held
        if one["spaceId"] == space["id"] and wanted.casefold() in one["name"].casefold()
    ]
    return call.page(mine, "audiences", _long)


def get(call: Call) -> dict[str, Any]:
    """`GET /spaces/{spaceId}/audiences/{id}`."""
    return {"audience": _long(call, _audience(call))}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /spaces/{spaceId}/audiences/{id}`: what is left out stays."""
    found = _audience(call)
    body = call.body
    _check(call, space_of(call), body, found["id"])
    definition = {**found["definition"], **body.get("definition", {})}
    if definition != found["definition"]:
        if found["enabled"] and _computing(call, found):
            raise conflict("The audience is computing; it can be changed when that is done.")
        found["definition"] = definition
        found["lockedUntil"] = stamp(call.clock.now() + COMPUTES)
    space_parts.change(call, found, body)
    return {"audience": _shown(call, found)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /spaces/{spaceId}/audiences/{id}`: its schedules go with it."""
    call.workspace.drop("audiences", _audience(call)["id"])
    return SUCCESS


def _schedules(call: Call, audience: Object) -> list[Object]:
    held = call.workspace.more["audience_schedules"].values()
    return [one for one in held if one["audienceId"] == audience["id"]]


def _shown_schedule(_call: Call, one: Object) -> Object:
    return {name: value for name, value in one.items() if name != "audienceId"}


def _schedule(call: Call) -> Object:
    audience, wanted = _audience(call), call.path["scheduleId"]
    found = call.workspace.one("audience_schedules", wanted, "The schedule")
    if found["audienceId"] != audience["id"]:
        raise not_found(f"The schedule {wanted!r}")
    return found


def add_schedule(call: Call) -> dict[str, Any]:
    """`POST …/audiences/{id}/schedules`: linked audiences only (documented)."""
    audience = _audience(call)
    if audience["audienceType"] != "LINKED":
        raise bad_request("Schedules are for audiences of the type LINKED.")
    schedules.check(call.body, "")
    made: Object = {
        "id": call.make.ksuid(),
        "audienceId": audience["id"],
        "strategy": call.body["strategy"],
        "config": call.body["config"],
    }
    call.workspace.more["audience_schedules"][made["id"]] = made
    return {"audienceSchedule": _shown_schedule(call, made)}


def list_schedules(call: Call) -> dict[str, Any]:
    """`GET …/audiences/{id}/schedules`: all of them, without pages."""
    found = _schedules(call, _audience(call))
    return {"audienceSchedules": [_shown_schedule(call, one) for one in found]}


def get_schedule(call: Call) -> dict[str, Any]:
    """`GET …/schedules/{scheduleId}`."""
    return {"audienceSchedule": _shown_schedule(call, _schedule(call))}


def update_schedule(call: Call) -> dict[str, Any]:
    """`PATCH …/schedules/{scheduleId}`: strategy and configuration are both replaced."""
    found = _schedule(call)
    schedules.check(call.body, "")
    found.update(strategy=call.body["strategy"], config=call.body["config"])
    return {"audienceSchedule": _shown_schedule(call, found)}


def remove_schedule(call: Call) -> dict[str, Any]:
    """`DELETE …/schedules/{scheduleId}`."""
    call.workspace.drop("audience_schedules", _schedule(call)["id"])
    return SUCCESS


def preview(call: Call) -> dict[str, Any]:
    """`POST …/audiences/previews`: asynchronous; here it completes with nobody in it."""
    space = space_of(call)
    _check(call, space, call.body, "")
    made: Object = {
        "id": call.make.ksuid(),
        "spaceId": space["id"],
        "audienceType": call.body["audienceType"],
        "definition": call.body["definition"],
        "options": {"filterByExternalIds": [], **call.body.get("options", {})},
        "doneAt": stamp(call.clock.now() + PREVIEW_RUNS),
    }
    call.workspace.more["audience_previews"][made["id"]] = made
    return {"audiencePreview": {"id": made["id"]}}


def get_preview(call: Call) -> dict[str, Any]:
    """`GET …/audiences/previews/{id}`: RUNNING until the clock has moved on, then COMPLETED."""
    found = space_parts.one(call, "audience_previews", call.path["id"], "The preview")
    kept = ("id", "audienceType", "definition", "options")
    made: Object = {name: found[name] for name in kept}
    if call.clock.now() < moment(found["doneAt"], "doneAt"):
        return {"audiencePreview": {**made, "status": "RUNNING"}}
    kind = "USERS" if found["audienceType"] == "LINKED" else found["audienceType"]
    size = {"count": 0, "type": kind}
    return {"audiencePreview": {**made, "status": "COMPLETED", "results": [], "size": size}}


HANDLERS: dict[str, Handler] = {
    "createAudience": create,
    "listAudiences": every,
    "getAudience": get,
    "updateAudienceForSpace": update,
    "removeAudienceFromSpace": delete,
    "addAudienceScheduleToAudience": add_schedule,
    "listAudienceSchedulesFromSpaceAndAudience": list_schedules,
    "getAudienceScheduleFromSpaceAndAudience": get_schedule,
    "updateAudienceScheduleForAudience": update_schedule,
    "removeAudienceScheduleFromAudience": remove_schedule,
    "createAudiencePreview": preview,
    "getAudiencePreview": get_preview,
}
