"""Users: an invitation is known by its address; accepted, it becomes a user with an id.

The API makes invitations and never users, shows of an invitation nothing but the address, and
has two ways to change and to delete, one for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.lifecycle.catalog import Requests
from segform.lifecycle.collections import Collection
from segform.lifecycle.mapping import to_api
from segform.lifecycle.meaning import equal
from segform.lifecycle.run import Run
from segform.resources._permissions import PERMISSIONS

from . import permissions

_SAME = str.casefold


def shape(found: Any) -> dict[str, Any]:
    """A user, or an invitation, in one form. A create answers with a list of addresses."""
    if isinstance(found, Mapping):
        return permissions.shown({"isInvite": False, **found})
    email = found[0] if isinstance(found, list) else found
    return {"id": email, "email": email, "name": None, "isInvite": True}


def send(run: Run, body: dict[str, Any]) -> dict[str, Any]:
    """The body of `createInvites`. Labels of a resource are labels of an invited permission."""
    return {"invites": [{"email": body["email"], "permissions": invited(run)}]}


def invited(run: Run) -> list[dict[str, Any]]:
    """The permissions as an invitation takes them."""
    made = []
    for one in to_api(PERMISSIONS, run.planned["permissions"]):
        resources = one.get("resources") or []
        labels = [label for resource in resources for label in resource.get("labels") or ()]
        permission: dict[str, Any] = {
            "roleId": one["roleId"],
            "resources": [{"id": r["id"], "type": r["type"]} for r in resources],
        }
        made.append({**permission, "labels": labels} if labels else permission)
    return made


def reads(client: Requests) -> Collection:
    """Users and invitations as one collection; an address that was accepted is its user."""

    def everybody() -> list[dict[str, Any]]:
        users = [shape(one) for page in client.pages("listUsers") for one in page]
        there = {_SAME(user["email"]) for user in users}
        invites = [one for page in client.pages("listInvites") for one in page]
        return [*users, *(shape(one) for one in invites if _SAME(one) not in there)]

    def one(wanted: str) -> dict[str, Any] | None:
        from segform.errors import NotFoundError

        if _invited(wanted):
            return next((one for one in everybody() if _SAME(one["email"]) == _SAME(wanted)), None)
        try:
            return shape(client.request("getUser", path={"userId": wanted})["user"])
        except NotFoundError:
            return None

    return Collection(everybody, lambda found: str(found["id"]), one, unread=_invited)


def _invited(user_id: str) -> bool:
    """Whether an id is that of an open invitation: its address, which no single read takes."""
    return "@" in user_id


def plan(run: Run) -> None:
    """The same address in other letters is no replacement."""
    wanted, before = run.planned_value("email"), (run.prior or {}).get("email")
    if isinstance(wanted, str) and isinstance(before, str) and _SAME(wanted) == _SAME(before):
        run.planned["email"] = before


def complete(run: Run) -> None:
    """Keep the spelling of the address; an invitation does not show its permissions."""
    before = (run.prior or {}).get("email")
    if isinstance(before, str) and _SAME(before) == _SAME(str(run.live.get("email"))):
        run.values["email"] = before


def finish(run: Run) -> None:
    """Write the permissions where they differ.

    Operations: `replacePermissionsForUser`; for an open invitation, which cannot be changed,
    `deleteInvites` and `createInvites`. A create has sent them; one that was adopted has too, in
    an earlier run, with the same intent.
    """
    if run.prior is None or run.adopted:
        return
    if equal(PERMISSIONS, run.planned["permissions"], run.prior.get("permissions")):
        return
    user = _accepted(run)
    with run.step("write the permissions"):
        if user is None:
            _invite_again(run)
            return
        body = permissions.body(run.planned["permissions"])
        data = run.request("replacePermissionsForUser", path={"userId": user["id"]}, body=body)
        run.live = {**run.live, **user, "permissions": data["permissions"]}


def _invite_again(run: Run) -> None:
    """Invite anew, and put the address back into the groups that it leaves with the old one."""
    email = (run.prior or run.planned)["email"]
    groups = _groups(run, email)
    run.request("deleteInvites", path={}, query={"emails": [email]})
    body = {"invites": [{"email": email, "permissions": invited(run)}]}
    run.live = shape(run.request("createInvites", path={}, body=body)["emails"])
    for group_id in groups:
        path = {"userGroupId": group_id}
        run.request("addUsersToUserGroup", path=path, body={"emails": [email]})


def _groups(run: Run, email: str) -> list[str]:
    found = []
    for group in run.pages("listUserGroups", path={}):
        invites = run.pages("listInvitesFromUserGroup", path={"userGroupId": group["id"]})
        if any(_SAME(str(one)) == _SAME(email) for one in invites):
            found.append(group["id"])
    return found


def _accepted(run: Run) -> dict[str, Any] | None:
    """The user that the object is by now; None while the invitation is open."""
    prior = run.prior or run.planned
    wanted = str(run.live.get("id") or prior["id"])
    if "@" not in wanted:
        return {"id": wanted}
    found = reads(run.client).read_fresh(wanted)
    return None if found is None or found["isInvite"] else found


def remove(run: Run) -> None:
    """Delete the user, or take the invitation back. Op.: `deleteUsers`, `deleteInvites`."""
    user = _accepted(run)
    if user is not None:
        run.request("deleteUsers", path={}, query={"userIds": [user["id"]]})
    else:
        email = (run.prior or run.planned)["email"]
        run.request("deleteInvites", path={}, query={"emails": [email]})
