"""Destinations: settings with the catalogue's defaults filled in, secrets shown as a mask."""

from __future__ import annotations

import re
from typing import Any

from segform_emulator.errors import bad_request
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler

MASK = "•" * 10
# The catalogue says of some options that they are passwords; others are known by their names.
_SECRET = re.compile(r"secret|password|token|private", re.IGNORECASE)
_SINGLE = ("0", "1", "NONE", "SINGLE")


def shown(call: Call, destination: Object) -> Object:
    """A destination as the API shows it: with its whole catalogue entry, secrets masked."""
    entry = call.catalog.get("destinations", destination["metadataId"]) or {}
    made = {name: value for name, value in destination.items() if name != "metadataId"}
    made["metadata"] = entry
    made["settings"] = masked(destination["settings"], entry)
    return made


def masked(settings: Object, entry: Object) -> Object:
    """Settings with ten bullets and the last four characters in place of each secret."""
    passwords = {o["name"] for o in entry.get("options", ()) if o["type"] == "password"}
    return {
        key: f"{MASK}{value[-4:]}"
        if isinstance(value, str) and value and (key in passwords or _SECRET.search(key))
        else value
        for key, value in settings.items()
    }


def create(call: Call) -> dict[str, Any]:
    """`POST /destinations`."""
    body = call.body
    entry = call.entry("destinations", body["metadataId"])
    source = call.workspace.source(body["sourceId"])
    _room(call, entry, source["id"])
    defaults = {o["name"]: o["defaultValue"] for o in entry["options"] if "defaultValue" in o}
    destination = {
        "id": call.make.hexadecimal(),
        "name": body.get("name", entry["name"]),
        "enabled": body.get("enabled", True),
        "metadataId": entry["id"],
        "sourceId": source["id"],
        "settings": {**defaults, **body["settings"]},
    }
    call.workspace.destinations[destination["id"]] = destination
    return {"destination": shown(call, destination)}


def _room(call: Call, entry: Object, source_id: str) -> None:
    if entry["supportedFeatures"].get("cloudModeInstances") not in _SINGLE:
        return
    for other in call.workspace.destinations.values():
        if (other["sourceId"], other["metadataId"]) == (source_id, entry["id"]):
            raise bad_request("Multiple configurations of this destination type not supported.")


def every(call: Call) -> dict[str, Any]:
    """`GET /destinations`."""
    answer = call.page(list(call.workspace.destinations.values()), "destinations")
    answer["destinations"] = [shown(call, one) for one in answer["destinations"]]
    return answer


def get(call: Call) -> dict[str, Any]:
    """`GET /destinations/{destinationId}`."""
    found = call.workspace.destination(call.path["destinationId"])
    return {"destination": shown(call, found)}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /destinations/{destinationId}`: settings are merged key by key, null removes.

    A mask that is sent back is stored like any other text: the secret is lost.
    """
    destination = call.workspace.destination(call.path["destinationId"])
    if "name" in call.body:
        entry = call.catalog.get("destinations", destination["metadataId"]) or {}
        destination["name"] = call.body["name"] or entry.get("name", "")
    if "enabled" in call.body:
        destination["enabled"] = call.body["enabled"]
    settings = {**destination["settings"], **call.body.get("settings", {})}
    destination["settings"] = {k: v for k, v in settings.items() if v is not None}
    return {"destination": shown(call, destination)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /destinations/{destinationId}`: its filters go with it."""
    destination = call.workspace.destination(call.path["destinationId"])
    call.workspace.drop_destination(destination["id"])
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createDestination": create,
    "listDestinations": every,
    "getDestination": get,
    "updateDestination": update,
    "deleteDestination": delete,
}
