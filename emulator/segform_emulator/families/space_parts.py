"""What audiences and computed traits have in common: both belong to a space and have a key."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import conflict, invalid, not_found
from segform_emulator.ids import slugified
from segform_emulator.workspace import Object

from .call import Call
from .functions import somebody
from .spaces import space_of

_CHANGED = ("name", "description", "enabled", "options")


def one(call: Call, table: str, wanted: str, what: str) -> Object:
    """An object of the space of a path, or `Fault` 404."""
    space = space_of(call)
    found = call.workspace.one(table, wanted, what)
    if found["spaceId"] != space["id"]:
        raise not_found(f"{what} {wanted!r}")
    return found


def of_space(call: Call, table: str, space: Object) -> list[Object]:
    """The objects of a space."""
    return [held for held in call.workspace.more[table].values() if held["spaceId"] == space["id"]]


def common(call: Call, space: Object) -> Object:
    """Space, people and times of a new object."""
    now, who = call.clock.stamp(), somebody(call)
    return {
        "spaceId": space["id"],
        "createdBy": who,
        "updatedBy": who,
        "createdAt": now,
        "updatedAt": now,
    }


def key(call: Call, table: str, space: Object, name: str) -> str:
    """A key made from a name, of which there is no other in the space."""
    wanted = slugified(name).replace("-", "_")
    taken = {held["key"] for held in of_space(call, table, space)}
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}_{number}"
    return found


def check_name(call: Call, table: str, space: Object, body: Object, but: str) -> None:
    """Raises `Fault` 422 for an empty name, 409 for one that is taken (inferred)."""
    if "name" not in body:
        return
    if not body["name"].strip():
        raise invalid("name", '"name" is not allowed to be empty')
    for held in of_space(call, table, space):
        if held["name"] == body["name"] and held["id"] != but:
            raise conflict(f"The name {body['name']!r} is taken in this space.")


def change(call: Call, found: Object, body: dict[str, Any]) -> None:
    """What a PATCH changes besides the definition."""
    found.update({name: body[name] for name in _CHANGED if name in body})
    found.update(updatedAt=call.clock.stamp(), updatedBy=somebody(call))
