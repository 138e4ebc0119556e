"""Computed traits of a space. What they come to is never computed here."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import invalid
from segform_emulator.workspace import Object

from . import space_parts
from .call import SUCCESS, Call, Handler
from .spaces import space_of


def _trait(call: Call) -> Object:
    return space_parts.one(call, "computed_traits", call.path["id"], "The computed trait")


def _check(call: Call, space: Object, but: str) -> None:
    body = call.body
    space_parts.check_name(call, "computed_traits", space, body, but)
    if "definition" in body and not body["definition"]["query"].strip():
        raise invalid("definition.query", '"definition.query" is not allowed to be empty')


def _shown(_call: Call, one: Object) -> Object:
    return {**one, "status": "Live" if one["enabled"] else "Disabled"}


def create(call: Call) -> dict[str, Any]:
    """`POST /spaces/{spaceId}/computed-traits`."""
    space = space_of(call)
    _check(call, space, "")
    body = call.body
    made: Object = {
        "id": f"ct_{call.make.base58()}",
        **space_parts.common(call, space),
        "name": body["name"],
        "description": body.get("description", ""),
        "key": space_parts.key(call, "computed_traits", space, body["name"]),
        "enabled": body.get("enabled", True),
        "definition": body["definition"],
        "options": body.get("options", {}),
    }
    call.workspace.more["computed_traits"][made["id"]] = made
    return {"computedTrait": _shown(call, made)}


def every(call: Call) -> dict[str, Any]:
    """`GET /spaces/{spaceId}/computed-traits`."""
    mine = space_parts.of_space(call, "computed_traits", space_of(call))
    return call.page(mine, "computedTraits", _shown)


def get(call: Call) -> dict[str, Any]:
    """`GET /spaces/{spaceId}/computed-traits/{id}`."""
    return {"computedTrait": _shown(call, _trait(call))}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /spaces/{spaceId}/computed-traits/{id}`: what is left out stays."""
    found = _trait(call)
    _check(call, space_of(call), found["id"])
    if "definition" in call.body:
        found["definition"] = call.body["definition"]
    space_parts.change(call, found, call.body)
    return {"computedTrait": _shown(call, found)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /spaces/{spaceId}/computed-traits/{id}`."""
    call.workspace.drop("computed_traits", _trait(call)["id"])
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createComputedTrait": create,
    "listComputedTraits": every,
    "getComputedTrait": get,
    "updateComputedTraitForSpace": update,
    "removeComputedTraitFromSpace": delete,
}
