"""Who belongs to a workspace: its roles, its first user, and invitations that are accepted.

A role has one id in every workspace. The names are those that the documents of the service use;
which of them a plan has, and their ids, is not published (inferred).
"""

from __future__ import annotations

from typing import Any

from .errors import not_found
from .ids import Maker, derived
from .workspace import Object, Workspace

OWNER_ROLE = "Workspace Owner"
_ROLES = {
    OWNER_ROLE: "Everything in the workspace, people and tokens included",
    "Workspace Member": "Everything in the workspace but people, tokens and billing",
    "Minimal Workspace Access": "The workspace itself, and nothing in it",
    "Source Admin": "Everything about sources, their settings and what hangs below them",
    "Source Read-only": "Reads sources, their settings and what hangs below them",
    "Warehouse Admin": "Everything about warehouses",
    "Warehouse Read-only": "Reads warehouses",
    "Functions Admin": "Everything about functions",
    "Functions Read-only": "Reads functions",
    "Tracking Plan Admin": "Everything about tracking plans",
    "Tracking Plan Read-only": "Reads tracking plans",
    "Unify and Engage Admin": "Everything about spaces",
    "Unify and Engage Read-only": "Reads spaces",
    "Entities Admin": "Everything about entities",
    "Identity Admin": "Identity resolution of spaces",
    "PII Access": "Reads values that are hidden from others",
}
ROLES: dict[str, Object] = {
    made["id"]: made
    for made in (
        {"id": derived(f"role {name}", 27), "name": name, "description": description}
        for name, description in _ROLES.items()
    )
}
OWNER_ROLE_ID = next(iter(ROLES))


def found(workspace: Workspace) -> None:
    """Give a workspace that has no user its owner; the id follows from the workspace's."""
    if not workspace.more["users"]:
        made = founder(workspace)
        workspace.more["users"][made["id"]] = made


def founder(workspace: Workspace) -> Object:
    """The owner that a workspace starts with."""
    return {
        "id": derived(f"owner of {workspace.id}"),
        "name": f"Owner of {workspace.name}",
        "email": f"owner@{workspace.slug}.example",
        "permissions": [
            {
                "roleName": OWNER_ROLE,
                "roleId": OWNER_ROLE_ID,
                "resources": [{"id": workspace.id, "type": "WORKSPACE"}],
            }
        ],
    }


def only_founder(workspace: Workspace) -> bool:
    """Whether nobody but the owner that it started with is in a workspace."""
    made = founder(workspace)
    return workspace.more["users"] == {made["id"]: made}


def same(one: str, other: str) -> bool:
    """Whether two addresses are one: case does not count (unknown)."""
    return one.casefold() == other.casefold()


def by_email(workspace: Workspace, table: str, email: str) -> Object | None:
    """The user or the invitation with an address."""
    for one in workspace.more[table].values():
        if same(one["email"], email):
            found_one: Object = one
            return found_one
    return None


def accept(workspace: Workspace, email: str, name: str | None, make: Maker) -> Object:
    """The user that an invitation becomes; groups keep their member. Raises `Fault` 404."""
    invite = by_email(workspace, "invites", email)
    if invite is None:
        raise not_found(f"An invite of {email!r}")
    user: Object = {
        "id": make.base58(),
        "name": name or invite["email"].partition("@")[0],
        "email": invite["email"],
        "permissions": [_granted(workspace, one) for one in invite["permissions"]],
    }
    del workspace.more["invites"][invite["email"]]
    workspace.more["users"][user["id"]] = user
    return user


def _granted(workspace: Workspace, permission: Object) -> Object:
    """A permission as invited, as a user has it: on the workspace where it named no resource."""
    resources: list[Any] = permission.get("resources") or [
        {"id": workspace.id, "type": "WORKSPACE"}
    ]
    made = {
        "roleName": ROLES[permission["roleId"]]["name"],
        "roleId": permission["roleId"],
        "resources": resources,
    }
    if permission.get("labels"):
        made["labels"] = permission["labels"]
    return made
