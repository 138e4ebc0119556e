"""Destination filters, below `/destination/…` in the singular."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import bad_request, invalid
from segform_emulator.language import check_statement
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler

# Documented: so many for a destination.
MOST = 10
_FIELDS = ("if", "actions", "title", "description", "enabled")


def create(call: Call) -> dict[str, Any]:
    """`POST /destination/{destinationId}/filters`."""
    destination = call.workspace.destination(call.path["destinationId"])
    body = call.body
    if body["sourceId"] != destination["sourceId"]:
        raise invalid("sourceId", '"sourceId" is not the source of this destination')
    _check(body)
    if len(call.workspace.filters_of(destination["id"])) >= MOST:
        raise bad_request(f"A destination has at most {MOST} filters.")
    now = call.clock.stamp()
    made: Object = {
        "id": call.make.base58(),
        "sourceId": body["sourceId"],
        "destinationId": destination["id"],
        **{name: body[name] for name in _FIELDS if body.get(name) is not None},
        "createdAt": now,
        "updatedAt": now,
    }
    call.workspace.filters[made["id"]] = made
    return {"filter": made}


def _check(body: Object) -> None:
    if "if" in body:
        check_statement(body["if"], "if")
    for index, action in enumerate(body.get("actions", ())):
        if action["type"] != "SAMPLE":
            continue
        if "percent" not in action:
            raise invalid(f"actions.{index}.percent", f'"actions.{index}.percent" is required')


def every(call: Call) -> dict[str, Any]:
    """`GET /destination/{destinationId}/filters`."""
    destination = call.workspace.destination(call.path["destinationId"])
    return call.page(call.workspace.filters_of(destination["id"]), "filters")


def get(call: Call) -> dict[str, Any]:
    """`GET /destination/{destinationId}/filters/{filterId}`."""
    return {"filter": call.workspace.filter(call.path["destinationId"], call.path["filterId"])}


def update(call: Call) -> dict[str, Any]:
    """`PATCH …/filters/{filterId}`: a null description clears it."""
    found = call.workspace.filter(call.path["destinationId"], call.path["filterId"])
    _check(call.body)
    for name in _FIELDS:
        if name in call.body:
            found[name] = call.body[name]
    if found.get("description") is None:
        found.pop("description", None)
    found["updatedAt"] = call.clock.stamp()
    return {"filter": found}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE …/filters/{filterId}`."""
    found = call.workspace.filter(call.path["destinationId"], call.path["filterId"])
    del call.workspace.filters[found["id"]]
    return SUCCESS


def preview(call: Call) -> dict[str, Any]:
    """`POST /destination/filters/preview`: what a filter makes of a payload; null: dropped."""
    from segform.fql import apply_filter

    wanted, payload = call.body["filter"], call.body["payload"]
    _check(wanted)
    return {"inputPayload": payload, "result": apply_filter(wanted, payload)}


HANDLERS: dict[str, Handler] = {
    "createFilterForDestination": create,
    "listFiltersFromDestination": every,
    "getFilterInDestination": get,
    "updateFilterForDestination": update,
    "removeFilterFromDestination": delete,
    "previewDestinationFilter": preview,
}
