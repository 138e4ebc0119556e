"""What users, invitations and groups share: addresses, permissions and their limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from segform_emulator.errors import bad_request, invalid
from segform_emulator.people import OWNER_ROLE_ID, ROLES, same
from segform_emulator.query import listed
from segform_emulator.workspace import Object, Workspace

from .call import Call

# Documented for every list of people and permissions in a request.
MOST = 200
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\Z")


def few(given: Sequence[Any], field: str) -> None:
    """Raises `Fault` 422 for more than 200."""
    if len(given) > MOST:
        raise invalid(field, f'"{field}" must contain less than or equal to {MOST} items')


def given(call: Call, field: str) -> list[str]:
    """The texts that a query lists, at least one. Raises `Fault` 422."""
    found = [str(one) for one in listed(call.query.get(field))]
    few(found, field)
    for index, one in enumerate(found):
        if not one:
            raise invalid(field, f'"{field}[{index}]" is not allowed to be empty')
    return found


def emails(wanted: Sequence[str], field: str = "emails") -> list[str]:
    """Addresses, each once. Raises `Fault` 422 for what is none."""
    few(wanted, field)
    found: list[str] = []
    for index, one in enumerate(wanted):
        if not _EMAIL.match(one):
            raise invalid(field, f'"{field}[{index}]" must be a valid email')
        if not any(same(one, other) for other in found):
            found.append(one)
    return found


def permissions(call: Call, wanted: Sequence[Object]) -> list[Object]:
    """Permissions of a body as they are kept: with the name of their role. Raises `Fault` 422."""
    few(wanted, "permissions")
    made: list[Object] = []
    for number, one in enumerate(wanted):
        field = f"permissions[{number}]"
        check(call.workspace, one, field)
        made = joined(
            made,
            {
                "roleName": ROLES[one["roleId"]]["name"],
                "roleId": one["roleId"],
                "resources": [_resource(resource) for resource in one["resources"]],
            },
        )
    return made


def joined(held: Sequence[Object], one: Object) -> list[Object]:
    """Permissions with one more; a role that is there already gets its resources (unknown)."""
    made = [dict(permission) for permission in held]
    for permission in made:
        if permission["roleId"] == one["roleId"]:
            new = {(resource["type"], resource["id"]) for resource in one["resources"]}
            kept = [r for r in permission["resources"] if (r["type"], r["id"]) not in new]
            permission["resources"] = [*kept, *one["resources"]]
            return made
    return [*made, one]


def check(workspace: Workspace, permission: Object, field: str) -> None:
    """Raises `Fault` 422 for a role or a resource that does not exist (inferred)."""
    if permission["roleId"] not in ROLES:
        raise invalid(f"{field}.roleId", f'"{field}.roleId" is not the id of a role')
    resources = permission.get("resources", ())
    few(resources, f"{field}.resources")
    for number, resource in enumerate(resources):
        where = f"{field}.resources[{number}]"
        if not _exists(workspace, resource["type"], resource["id"]):
            kind = resource["type"].lower()
            raise invalid(f"{where}.id", f'"{where}.id" is not the id of a {kind}')
        if resource.get("labels") and resource["type"] != "WORKSPACE":
            raise invalid(f"{where}.labels", f'"{where}.labels" is for the workspace only')


def _exists(workspace: Workspace, kind: str, wanted: str) -> bool:
    if kind == "WORKSPACE":
        return wanted == workspace.id
    tables: dict[str, Any] = {
        "SOURCE": workspace.sources,
        "WAREHOUSE": workspace.warehouses,
        "SPACE": workspace.more["spaces"],
        "FUNCTION": workspace.more["functions"],
    }
    return wanted in tables[kind]


def _resource(given_one: Object) -> Object:
    return {name: given_one[name] for name in ("id", "type", "labels") if name in given_one}


def keep_an_owner(workspace: Workspace, changed: Sequence[Object]) -> None:
    """Raises `Fault` 400 where nobody but these users is an owner (inferred)."""
    gone = {one["id"] for one in changed}
    for user in workspace.more["users"].values():
        if user["id"] not in gone and is_owner(user["permissions"]):
            return
    raise bad_request("A workspace needs an owner.")


def is_owner(held: Sequence[Object]) -> bool:
    """Whether permissions make an owner."""
    return any(one["roleId"] == OWNER_ROLE_ID for one in held)


def shown_permissions(held: Sequence[Object]) -> list[Object]:
    """Permissions as the writes of permissions answer them: with no labels beside the resources."""
    return [{n: one[n] for n in ("roleId", "roleName", "resources")} for one in held]
