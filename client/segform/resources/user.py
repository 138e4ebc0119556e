"""User: somebody who is, or is invited to be, a member of the workspace."""

from __future__ import annotations

from ._permissions import PERMISSIONS
from .definition import BOOL, STRING, Kind, Resource, attribute, computed
from .parts import Check, Operations


class User(Resource):
    """A member of the workspace, or somebody who is invited to be one."""

    about = Kind(
        "user",
        "A member of the workspace, or somebody who is invited to be one.",
        operations=Operations(
            create="createInvites", read="getUser", delete="deleteUsers", list="listUsers"
        ),
        envelope="user",
        created="emails",
        collection="users",
        family="users",
        open_family="invites",
        remains="segform.lifecycle.hooks.owners:remains",
        path={"userId": "id"},
        key=("email",),
        key_unique=True,
        # The id changes when the invitation is accepted.
        identity=("email",),
        send="segform.lifecycle.hooks.user:send",
        shape="segform.lifecycle.hooks.user:shape",
        reads="segform.lifecycle.hooks.user:reads",
        detach="segform.lifecycle.hooks.user:remove",
        plan="segform.lifecycle.hooks.user:plan",
        finish="segform.lifecycle.hooks.user:finish",
        once=("listInvites",),
        complete="segform.lifecycle.hooks.user:complete",
        checks=(Check("pure", "segform.resources.kind_checks:user"),),
    )

    id: str = computed(STRING, "Id of the user; the email while the invitation is open.")
    email: str = attribute(
        STRING,
        "Address of the user; upper and lower case are the same.",
        required=True,
        replace=True,
        pattern=r"[^\s@]+@[^\s@]+",
        update=False,
    )
    name: str = computed(STRING, "Name of the user; null while the invitation is open.")
    is_invite: bool = computed(BOOL, "Whether the invitation is still open.", snapshot=False)
    permissions: list[dict[str, object]] = attribute(
        PERMISSIONS,
        "What the user may do.",
        required=True,
        create=False,
        update=False,
        max_items=200,
    )
