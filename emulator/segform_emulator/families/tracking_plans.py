"""Tracking plans and the sources that use them. Updates answer a status, not the plan."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import bad_request, invalid, not_found
from segform_emulator.ids import slugified
from segform_emulator.query import listed
from segform_emulator.workspace import Object

from . import consent
from .call import SUCCESS, Call, Handler
from .sources import shown as source_shown


def create(call: Call) -> dict[str, Any]:
    """`POST /tracking-plans`. Two plans may have one name."""
    now = call.clock.stamp()
    made: Object = {
        "id": call.make.tracking_plan(),
        "name": call.body["name"],
        "slug": _slug(call, call.body["name"]),
        "type": call.body["type"],
        "createdAt": now,
        "updatedAt": now,
    }
    if call.body.get("description") is not None:
        made["description"] = call.body["description"]
    call.workspace.plans[made["id"]] = made
    call.workspace.rules[made["id"]] = {}
    consent.keep(call.workspace, made["id"], call.clock)
    return {"trackingPlan": made}


def _slug(call: Call, name: str) -> str:
    wanted = slugified(name)
    taken = {plan["slug"] for plan in call.workspace.plans.values()}
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def every(call: Call) -> dict[str, Any]:
    """`GET /tracking-plans`, all or those of one type."""
    wanted = set(listed(call.query.get("type")))
    plans = [p for p in call.workspace.plans.values() if not wanted or p["type"] in wanted]
    return call.page(plans, "trackingPlans")


def get(call: Call) -> dict[str, Any]:
    """`GET /tracking-plans/{trackingPlanId}`."""
    return {"trackingPlan": call.workspace.plan(call.path["trackingPlanId"])}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /tracking-plans/{trackingPlanId}`."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    for name in ("name", "description"):
        if name in call.body:
            plan[name] = call.body[name]
    plan["updatedAt"] = call.clock.stamp()
    return SUCCESS


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /tracking-plans/{trackingPlanId}`."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    call.workspace.drop_plan(plan["id"])
    return SUCCESS


def sources(call: Call) -> dict[str, Any]:
    """`GET /tracking-plans/{trackingPlanId}/sources`."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    mine = {s for s, connected in call.workspace.connected.items() if connected == plan["id"]}
    found = [source for source_id, source in call.workspace.sources.items() if source_id in mine]
    return call.page(found, "sources", source_shown)


def add_source(call: Call) -> dict[str, Any]:
    """`POST /tracking-plans/{trackingPlanId}/sources`: a source has at most one plan."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    source = call.workspace.source(call.body["sourceId"])
    there = call.workspace.connected.get(source["id"])
    if there not in (None, plan["id"]):
        raise bad_request(f"The source is already connected to the tracking plan {there}.")
    call.workspace.connected[source["id"]] = plan["id"]
    return SUCCESS


def remove_source(call: Call) -> dict[str, Any]:
    """`DELETE /tracking-plans/{trackingPlanId}/sources?sourceId=…`."""
    plan = call.workspace.plan(call.path["trackingPlanId"])
    source_id = call.query.get("sourceId")
    if not isinstance(source_id, str):
        raise invalid("sourceId", '"sourceId" is required')
    if call.workspace.connected.get(source_id) != plan["id"]:
        raise not_found(f"A connection of the source {source_id!r} to this plan")
    del call.workspace.connected[source_id]
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createTrackingPlan": create,
    "listTrackingPlans": every,
    "getTrackingPlan": get,
    "updateTrackingPlan": update,
    "deleteTrackingPlan": delete,
    "listSourcesFromTrackingPlan": sources,
    "addSourceToTrackingPlan": add_source,
    "removeSourceFromTrackingPlan": remove_source,
}
