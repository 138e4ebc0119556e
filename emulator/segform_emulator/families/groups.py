"""User groups: members are addresses of users and of invited people, `/group/…` in the singular."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segform_emulator.errors import invalid, not_found
from segform_emulator.people import by_email, same
from segform_emulator.workspace import Object

from . import members
from .call import SUCCESS, Call, Handler


def shown(_call: Call, group: Object) -> Object:
    """A group as the API shows it; invited members count (unknown)."""
    return {
        "id": group["id"],
        "name": group["name"],
        "memberCount": len(group["members"]),
        "permissions": group["permissions"],
    }


def _group(call: Call) -> Object:
    group_id = call.path["userGroupId"]
    if group_id not in call.workspace.more["groups"]:
        raise not_found(f"The user group {group_id!r}")
    found: Object = call.workspace.more["groups"][group_id]
    return found


def _name(call: Call) -> str:
    name: str = call.body["name"]
    if not name.strip():
        raise invalid("name", '"name" is not allowed to be empty')
    return name


def create(call: Call) -> dict[str, Any]:
    """`POST /groups`: a name and nothing else; two groups may have one name (unknown)."""
    group: Object = {
        "id": call.make.ksuid(),
        "name": _name(call),
        "permissions": [],
        "members": [],
    }
    call.workspace.more["groups"][group["id"]] = group
    return {"userGroup": shown(call, group)}


def every(call: Call) -> dict[str, Any]:
    """`GET /groups`."""
    return call.page(list(call.workspace.more["groups"].values()), "userGroups", shown)


def get(call: Call) -> dict[str, Any]:
    """`GET /groups/{userGroupId}`."""
    return {"userGroup": shown(call, _group(call))}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /groups/{userGroupId}`."""
    group = _group(call)
    group["name"] = _name(call)
    return {"userGroup": shown(call, group)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /groups/{userGroupId}`: its members stay."""
    del call.workspace.more["groups"][_group(call)["id"]]
    return SUCCESS


def add_permissions(call: Call) -> dict[str, Any]:
    """`POST /groups/{userGroupId}/permissions`."""
    group = _group(call)
    held = group["permissions"]
    for one in members.permissions(call, call.body["permissions"]):
        held = members.joined(held, one)
    members.few(held, "permissions")
    group["permissions"] = held
    return {"permissions": members.shown_permissions(held)}


def replace_permissions(call: Call) -> dict[str, Any]:
    """`PUT /groups/{userGroupId}/permissions`."""
    group = _group(call)
    group["permissions"] = members.permissions(call, call.body["permissions"])
    return {"permissions": members.shown_permissions(group["permissions"])}


def _members(call: Call, wanted: Sequence[str]) -> list[str]:
    """The addresses of people that the workspace knows. Raises `Fault` 422 (inferred)."""
    found = []
    for email in members.emails(wanted):
        known = by_email(call.workspace, "users", email) or by_email(
            call.workspace, "invites", email
        )
        if known is None:
            raise invalid("emails", f"{email} is neither a user nor invited.")
        found.append(known["email"])
    return found


def _keep(group: Object, held: list[str]) -> None:
    members.few(held, "emails")
    group["members"] = held


def add_users(call: Call) -> dict[str, Any]:
    """`POST /groups/{userGroupId}/users`: who is a member already stays one."""
    group = _group(call)
    held = group["members"]
    new = [one for one in _members(call, call.body["emails"]) if one not in held]
    _keep(group, [*held, *new])
    return {"userGroup": shown(call, group)}


def replace_users(call: Call) -> dict[str, Any]:
    """`PUT /group/{userGroupId}/users`; nobody is allowed, too."""
    group = _group(call)
    _keep(group, _members(call, call.body["emails"]))
    return {"userGroup": shown(call, group)}


def remove_users(call: Call) -> dict[str, Any]:
    """`DELETE /group/{userGroupId}/users?emails=…`: who is no member makes no error (unknown)."""
    group = _group(call)
    gone = members.emails(members.given(call, "emails"))
    _keep(group, [one for one in group["members"] if not any(same(one, e) for e in gone)])
    return SUCCESS


def users(call: Call) -> dict[str, Any]:
    """`GET /groups/{userGroupId}/users`: members who accepted."""
    held = _group(call)["members"]
    found = [by_email(call.workspace, "users", email) for email in held]
    shown_ones = [{name: user[name] for name in ("id", "name", "email")} for user in found if user]
    return call.page(shown_ones, "users")


def _email(_call: Call, invite: Object) -> Any:
    return invite["email"]


def invites(call: Call) -> dict[str, Any]:
    """`GET /groups/{userGroupId}/invites`: addresses of members who have not accepted."""
    held = _group(call)["members"]
    found = [by_email(call.workspace, "invites", email) for email in held]
    return call.page([one for one in found if one], "emails", _email)


HANDLERS: dict[str, Handler] = {
    "createUserGroup": create,
    "listUserGroups": every,
    "getUserGroup": get,
    "updateUserGroup": update,
    "deleteUserGroup": delete,
    "addPermissionsToUserGroup": add_permissions,
    "replacePermissionsForUserGroup": replace_permissions,
    "addUsersToUserGroup": add_users,
    "replaceUsersInUserGroup": replace_users,
    "removeUsersFromUserGroup": remove_users,
    "listUsersFromUserGroup": users,
    "listInvitesFromUserGroup": invites,
}
