"""User groups: a create takes a name; permissions and members go after it."""

from __future__ import annotations

from segform.lifecycle.meaning import equal
from segform.lifecycle.run import Run
from segform.resources._permissions import PERMISSIONS

from . import permissions


def finish(run: Run) -> None:
    """Write the permissions and the members where they differ.

    Operations: `replacePermissionsForUserGroup`, `replaceUsersInUserGroup`; may be repeated.
    """
    fresh = run.prior is None or run.adopted
    before = {} if fresh else run.prior or {}
    wanted = run.planned["permissions"]
    if not equal(PERMISSIONS, wanted, before.get("permissions")):
        with run.step("write its permissions"):
            data = run.request("replacePermissionsForUserGroup", body=permissions.body(wanted))
            run.live = {**run.live, "permissions": data["permissions"]}
    members = run.planned_value("members")
    if members is None:
        return
    known = before.get("members") or []
    if _folded(members) != _folded(known):
        with run.step("write its members"):
            data = run.request("replaceUsersInUserGroup", body={"emails": list(members)})
            run.live = {**data["userGroup"], **run.live}
    run.values["members"] = members


def complete(run: Run) -> None:
    """Read the members. Op.: `listUsersFromUserGroup`, `listInvitesFromUserGroup`."""
    before = {one.casefold(): one for one in (run.prior or {}).get("members") or ()}
    found = [user["email"] for user in run.pages("listUsersFromUserGroup")]
    found += map(str, run.pages("listInvitesFromUserGroup"))
    spelled = [before.get(one.casefold(), one) for one in found]
    unchanged = _folded(spelled) == set(before)
    run.values["members"] = list(before.values()) if unchanged else spelled


def _folded(addresses: list[str]) -> set[str]:
    return {one.casefold() for one in addresses}
