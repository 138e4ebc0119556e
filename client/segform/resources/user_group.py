"""User group: members of the workspace who share permissions."""

from __future__ import annotations

from ._permissions import PERMISSIONS
from .definition import STRING, Items, Kind, Resource, attribute, computed
from .parts import Check, Operations


class UserGroup(Resource):
    """Members of the workspace, invited ones too, who share permissions."""

    about = Kind(
        "user_group",
        "Members of the workspace, invited ones too, who share permissions.",
        operations=Operations(
            create="createUserGroup",
            read="getUserGroup",
            update="updateUserGroup",
            delete="deleteUserGroup",
            list="listUserGroups",
        ),
        envelope="userGroup",
        collection="userGroups",
        family="groups",
        remains="segform.lifecycle.hooks.owners:remains",
        path={"userGroupId": "id"},
        key=("name",),
        shape="segform.lifecycle.hooks.permissions:shown",
        finish="segform.lifecycle.hooks.user_group:finish",
        each=("listUsersFromUserGroup", "listInvitesFromUserGroup"),
        complete="segform.lifecycle.hooks.user_group:complete",
        checks=(Check("pure", "segform.resources.kind_checks:user_group"),),
    )

    id: str = computed(STRING, "Id of the group.")
    name: str = attribute(STRING, "Name that people see.", required=True)
    members: list[str] | None = attribute(
        Items("set", STRING),
        "Addresses of its members, of users and of invited people.",
        default=None,
        computed=True,
        create=False,
        update=False,
        max_items=200,
        reference="user",
        names="user",
        official="wanted",
    )
    permissions: list[dict[str, object]] = attribute(
        PERMISSIONS,
        "What its members may do.",
        required=True,
        create=False,
        update=False,
        min_items=1,
        max_items=200,
    )
