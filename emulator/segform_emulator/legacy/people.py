"""Who may do what: users, roles, policies and invites, listed here, written by the Public API.

Public clients show that the lists are there and that their entries have names; how the names of
roles, policies and invites end is not known. What is answered beyond names is left to the Public
API, so that nobody builds on an invention.
"""

from __future__ import annotations

from segform_emulator.people import ROLES
from segform_emulator.workspace import Object

from .context import Context


def users(context: Context) -> Object:
    """`GET workspaces/W/users`: those who accepted."""
    return context.page(list(context.workspace.more["users"].values()), "users", _user)


def _user(_context: Context, one: Object) -> Object:
    return {"name": f"users/{one['id']}", "email": one["email"]}


def roles(context: Context) -> Object:
    """`GET workspaces/W/roles`: the same for every workspace."""
    return context.page(list(ROLES.values()), "roles", _role)


def _role(context: Context, one: Object) -> Object:
    return {"name": f"{context.name}/roles/{one['id']}"}


def policies(context: Context) -> Object:
    """`GET workspaces/W/roles/-/policies`: one for each role that a user was given."""
    given = [
        {"role": permission["roleId"], "user": user["id"]}
        for user in context.workspace.more["users"].values()
        for permission in user["permissions"]
    ]
    return context.page(given, "policies", _policy)


def _policy(context: Context, one: Object) -> Object:
    return {"name": f"{context.name}/roles/{one['role']}/policies/{one['user']}"}


def invites(context: Context) -> Object:
    """`GET workspaces/W/invites`: those that nobody accepted yet."""
    return context.page(list(context.workspace.more["invites"].values()), "invites", _invite)


def _invite(context: Context, one: Object) -> Object:
    return {"name": f"{context.name}/invites/{one['email']}"}
