"""Users and invitations: an invitation is known by its address, and becomes a user when accepted.

Who accepts is told by the control plane: `POST /_emulator/accept-invite`.
"""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import conflict, not_found
from segform_emulator.people import by_email, same
from segform_emulator.workspace import Object, Workspace

from . import members
from .call import SUCCESS, Call, Handler


def every(call: Call) -> dict[str, Any]:
    """`GET /users`: those who accepted."""
    return call.page(list(call.workspace.more["users"].values()), "users")


def _user(call: Call, user_id: str) -> Object:
    if user_id not in call.workspace.more["users"]:
        raise not_found(f"The user {user_id!r}")
    found: Object = call.workspace.more["users"][user_id]
    return found


def get(call: Call) -> dict[str, Any]:
    """`GET /users/{userId}`."""
    return {"user": _user(call, call.path["userId"])}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /users?userIds=…`: all or none; they leave their groups."""
    gone = [_user(call, user_id) for user_id in members.given(call, "userIds")]
    members.keep_an_owner(call.workspace, gone)
    for user in {user["id"]: user for user in gone}.values():
        del call.workspace.more["users"][user["id"]]
        leave(call.workspace, user["email"])
    return SUCCESS


def leave(workspace: Workspace, email: str) -> None:
    """Take an address out of every group."""
    for group_id, group in workspace.more["groups"].items():
        if any(same(one, email) for one in group["members"]):
            kept = [one for one in group["members"] if not same(one, email)]
            workspace.more["groups"][group_id] = {**group, "members": kept}


def groups(call: Call) -> dict[str, Any]:
    """`GET /users/{userId}/groups`."""
    user = _user(call, call.path["userId"])
    mine = [
        {"id": group["id"], "name": group["name"]}
        for group in call.workspace.more["groups"].values()
        if any(same(one, user["email"]) for one in group["members"])
    ]
    return call.page(mine, "groups")


def add_permissions(call: Call) -> dict[str, Any]:
    """`POST /users/{userId}/permissions`."""
    user = _user(call, call.path["userId"])
    held = user["permissions"]
    for one in members.permissions(call, call.body["permissions"]):
        held = members.joined(held, one)
    members.few(held, "permissions")
    user["permissions"] = held
    return {"permissions": members.shown_permissions(held)}


def replace_permissions(call: Call) -> dict[str, Any]:
    """`PUT /users/{userId}/permissions`."""
    user = _user(call, call.path["userId"])
    held = members.permissions(call, call.body["permissions"])
    if not members.is_owner(held):
        members.keep_an_owner(call.workspace, [user])
    user["permissions"] = held
    return {"permissions": members.shown_permissions(held)}


def _email(_call: Call, invite: Object) -> Any:
    return invite["email"]


def invites(call: Call) -> dict[str, Any]:
    """`GET /invites`: the addresses of those who have not accepted."""
    return call.page(list(call.workspace.more["invites"].values()), "invites", _email)


def invite(call: Call) -> dict[str, Any]:
    """`POST /invites`: all or none. Who is a user or invited already: 409 (unknown)."""
    wanted: list[Object] = call.body["invites"]
    members.few(wanted, "invites")
    emails = members.emails([one["email"] for one in wanted], "invites")
    for number, one in enumerate(wanted):
        members.few(one.get("permissions", ()), f"invites[{number}].permissions")
        for index, permission in enumerate(one.get("permissions", ())):
            members.check(call.workspace, permission, f"invites[{number}].permissions[{index}]")
        for table, what in (("users", "a user"), ("invites", "invited")):
            if by_email(call.workspace, table, one["email"]):
                raise conflict(f"{one['email']} is {what} already.")
    for one in wanted:
        if one["email"] in emails:
            call.workspace.more["invites"][one["email"]] = {
                "email": one["email"],
                "permissions": one.get("permissions", []),
            }
    return {"emails": emails}


def delete_invites(call: Call) -> dict[str, Any]:
    """`DELETE /invites?emails=…`: all or none; they leave their groups."""
    gone: list[Object] = []
    for email in members.emails(members.given(call, "emails")):
        found = by_email(call.workspace, "invites", email)
        if found is None:
            raise not_found(f"An invite of {email!r}")
        gone.append(found)
    for one in gone:
        del call.workspace.more["invites"][one["email"]]
        leave(call.workspace, one["email"])
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "listUsers": every,
    "getUser": get,
    "deleteUsers": delete,
    "listUserGroupsFromUser": groups,
    "addPermissionsToUser": add_permissions,
    "replacePermissionsForUser": replace_permissions,
    "listInvites": invites,
    "createInvites": invite,
    "deleteInvites": delete_invites,
}
