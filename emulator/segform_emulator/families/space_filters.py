"""Filters of a space: ten at most, in pages of ten with a number for a cursor."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import bad_request, invalid
from segform_emulator.language import check_statement
from segform_emulator.workspace import Object

from .call import Call, Handler

# Documented: so many for a space, and in a page.
MOST = 10
_FIELDS = ("enabled", "name", "description", "if", "drop")


def _space(call: Call, wanted: str) -> Object:
    """The space that an `integrationId` means, or `Fault` 404."""
    return call.workspace.one("spaces", wanted, "The space")


def _of(call: Call, space: Object) -> list[Object]:
    held = call.workspace.more["space_filters"].values()
    return [one for one in held if one["integrationId"] == space["id"]]


def _check(body: Object) -> None:
    if "name" in body and not body["name"].strip():
        raise invalid("name", '"name" is not allowed to be empty')
    if "if" in body:
        check_statement(body["if"], "if")


def create(call: Call) -> dict[str, Any]:
    """`POST /filters`."""
    space = _space(call, call.body["integrationId"])
    _check(call.body)
    if len(_of(call, space)) >= MOST:
        raise bad_request(f"A space has at most {MOST} filters.")
    now = call.clock.stamp()
    made: Object = {
        "id": call.make.ksuid(),
        "workspaceId": call.workspace.id,
        "integrationId": space["id"],
        "enabled": False,
        "drop": False,
        **{name: call.body[name] for name in _FIELDS if name in call.body},
        "createdAt": now,
        "updatedAt": now,
    }
    call.workspace.more["space_filters"][made["id"]] = made
    return {"filter": made}


def _filter(call: Call) -> Object:
    return call.workspace.one("space_filters", call.path["id"], "The filter")


def _number(given: Any, name: str, default: int, least: int, most: float) -> int:
    text = str(default if given is None or isinstance(given, bool) else given)
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        raise invalid(f"pagination.{name}", f'"pagination.{name}" is not a number that is allowed')
    return int(text[:9])


def every(call: Call) -> dict[str, Any]:
    """`GET /filters?integrationId=…`: cursors are numbers, the only ones that are (seen in SDK)."""
    mine = _of(call, _space(call, str(call.query["integrationId"])))
    wanted = call.query.get("pagination")
    wanted = wanted if isinstance(wanted, dict) else {}
    count = _number(wanted.get("count"), "count", MOST, 1, MOST)
    start = _number(wanted.get("cursor"), "cursor", 0, 0, float("inf"))
    pagination: Object = {"current": start, "totalEntries": len(mine)}
    if start + count < len(mine):
        pagination["next"] = start + count
    return {"filters": mine[start : start + count], "pagination": pagination}


def get(call: Call) -> dict[str, Any]:
    """`GET /filters/{id}`."""
    return {"filter": _filter(call)}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /filters/{id}`: `integrationId` is required, and has to be the filter's."""
    found = _filter(call)
    if call.body["integrationId"] != found["integrationId"]:
        raise invalid("integrationId", '"integrationId" is not the space of this filter')
    _check(call.body)
    found.update({name: call.body[name] for name in _FIELDS if name in call.body})
    found["updatedAt"] = call.clock.stamp()
    return {"filter": found}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /filters/{id}`: answers whether it is gone, not a status."""
    call.workspace.drop("space_filters", _filter(call)["id"])
    return {"deleted": True}


HANDLERS: dict[str, Handler] = {
    "createFilterForSpace": create,
    "listFiltersForSpace": every,
    "getFilterById": get,
    "updateFilterById": update,
    "deleteFilterById": delete,
}
