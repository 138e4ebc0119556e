"""Destination subscriptions, called mappings in the app: an action, when, and with which values."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import invalid, not_found
from segform_emulator.language import check_trigger
from segform_emulator.workspace import Object

from . import schedules
from .call import SUCCESS, Call, Handler
from .destinations import hidden
from .sources import merged


def shown(call: Call, subscription: Object) -> Object:
    """A subscription as the API shows it; literal values of password fields masked (inferred)."""
    action = _action(call, subscription["destinationId"], subscription["actionId"]) or {}
    secret = {f["fieldKey"] for f in action.get("fields", ()) if f.get("type") == "PASSWORD"}
    settings = {
        key: hidden(value) if key in secret and isinstance(value, str) else value
        for key, value in subscription["settings"].items()
    }
    return {**subscription, "settings": settings}


def _action(call: Call, destination_id: str, action_id: str) -> Object | None:
    # `get` of a table does not mark the destination as touched.
    destination = call.workspace.destinations.get(destination_id) or {}
    entry = call.catalog.get("destinations", destination.get("metadataId", "")) or {}
    for action in entry.get("actions", ()):
        if action["id"] == action_id:
            found: Object = action
            return found
    return None


def create(call: Call) -> dict[str, Any]:
    """`POST /destinations/{destinationId}/subscriptions`: a schedule takes an update."""
    destination = call.workspace.destination(call.path["destinationId"])
    body = call.body
    action = _action(call, destination["id"], body["actionId"])
    if action is None:
        raise invalid("actionId", '"actionId" is none of the destination\'s actions')
    _check(body, "", _proposed(call, destination))
    made: Object = {
        "id": call.make.base58(),
        "name": body["name"],
        "actionId": action["id"],
        "actionSlug": action["slug"],
        "destinationId": destination["id"],
        "enabled": body["enabled"],
        "settings": merged({}, body.get("settings", {})),
        "trigger": body["trigger"],
    }
    if body.get("modelId"):
        made["modelId"] = _model(call, body["modelId"])["id"]
    call.workspace.more["subscriptions"][made["id"]] = made
    return {"destinationSubscription": shown(call, made)}


def _proposed(call: Call, destination: Object) -> set[str]:
    """The triggers that the catalogue proposes for a destination's actions."""
    entry = call.catalog.get("destinations", destination["metadataId"]) or {}
    found = [one.get("trigger") for one in entry.get("presets", ())]
    found += [one.get("defaultTrigger") for one in entry.get("actions", ())]
    return {one for one in found if one}


def _check(body: Object, where: str, proposed: set[str]) -> None:
    if "name" in body and not body["name"].strip():
        raise invalid(f"{where}name", f'"{where}name" is not allowed to be empty')
    if "trigger" in body:
        check_trigger(body["trigger"], f"{where}trigger", proposed)


def _model(call: Call, wanted: str) -> Object:
    return call.workspace.one("models", wanted, "The reverse ETL model")


def _subscription(call: Call) -> Object:
    """The subscription of a path, or `Fault` 404."""
    destination = call.workspace.destination(call.path["destinationId"])
    found = call.workspace.one("subscriptions", call.path["id"], "The subscription")
    if found["destinationId"] != destination["id"]:
        raise not_found(f"The subscription {call.path['id']!r}")
    return found


def every(call: Call) -> dict[str, Any]:
    """`GET /destinations/{destinationId}/subscriptions`."""
    destination = call.workspace.destination(call.path["destinationId"])
    held = call.workspace.more["subscriptions"].values()
    mine = [one for one in held if one["destinationId"] == destination["id"]]
    return call.page(mine, "subscriptions", shown)


def get(call: Call) -> dict[str, Any]:
    """`GET /destinations/{destinationId}/subscriptions/{id}`."""
    return {"subscription": shown(call, _subscription(call))}


def update(call: Call) -> dict[str, Any]:
    """`PATCH …/subscriptions/{id}`: everything is in `input`.

    Settings are merged by key, null removes (inferred). A schedule needs a model (inferred).
    """
    found = _subscription(call)
    given: Object = call.body["input"]
    destination = call.workspace.destination(call.path["destinationId"])
    _check(given, "input.", _proposed(call, destination))
    model_id = found.get("modelId")
    if given.get("reverseETLModelId"):
        model_id = _model(call, given["reverseETLModelId"])["id"]
    if "reverseETLSchedule" in given:
        if model_id is None:
            field = f"input.{schedules.FIELD}"
            raise invalid(field, f'"{field}" is for subscriptions with a model')
        schedules.check(given["reverseETLSchedule"])
        found["reverseETLSchedule"] = given["reverseETLSchedule"]
    if model_id is not None:
        found["modelId"] = model_id
    for name in ("name", "trigger", "enabled"):
        if name in given:
            found[name] = given[name]
    found["settings"] = merged(found["settings"], given.get("settings", {}))
    return {"subscription": shown(call, found)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /destinations/{destinationId}/subscriptions/{id}`."""
    call.workspace.drop("subscriptions", _subscription(call)["id"])
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createDestinationSubscription": create,
    "listSubscriptionsFromDestination": every,
    "getSubscriptionFromDestination": get,
    "updateSubscriptionForDestination": update,
    "removeSubscriptionFromDestination": delete,
}
