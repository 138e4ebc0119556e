"""A workspace keeps somebody who may do everything: its last owner does not go by accident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from segform.errors import PermissionDeniedError
from segform.lifecycle.catalog import Requests
from segform.resources.parts import Problem

_OWNER = "Workspace Owner"

Objects = Mapping[str, Iterable[Mapping[str, Any]]]


def remains(client: Requests, before: Objects, after: Objects) -> Problem | None:
    """What to say where a change leaves the workspace without an owner; None where it does not.

    `before` and `after` are the values of users and groups, by kind. Operation: `listRoles`.
    """
    try:
        roles = {
            str(role["id"])
            for page in client.pages("listRoles")
            for role in page
            if str(role.get("name", "")).casefold() == _OWNER.casefold()
        }
    except PermissionDeniedError:
        return None
    gone = _owners(before, roles) - _owners(after, roles)
    if not gone or _owners(after, roles):
        return None
    names = ", ".join(sorted(gone))
    return Problem(
        (),
        f"the workspace would be left without an owner ({names}): nobody could manage tokens and "
        "people any more",
        "Give another user the role Workspace Owner first, and let that be accepted",
    )


def _owners(people: Objects, roles: set[str]) -> set[str]:
    """The addresses of those who own the workspace, by themselves or by a group."""
    users = list(people.get("user", ()))
    here = {str(one["email"]).casefold() for one in users if not one.get("is_invite")}
    found = {str(one["email"]).casefold() for one in users if _owns(one, roles)}
    for group in people.get("user_group", ()):
        if _owns(group, roles):
            found |= {str(email).casefold() for email in group.get("members") or ()}
    return found & here


def _owns(one: Mapping[str, Any], roles: set[str]) -> bool:
    permissions = one.get("permissions")
    return any(
        permission.get("role_id") in roles
        for permission in (permissions if isinstance(permissions, list) else ())
    )
