"""The construct of `segment_user_group`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable


class UserGroupPermissionResourceLabel(TypedDict):
    """An element of `labels`."""

    key: str
    """Key of the label."""
    value: str
    """Value of the label."""


class UserGroupPermissionResource(TypedDict):
    """An element of `resources`."""

    id: str
    """Id of the resource."""
    type: str
    """FUNCTION, SOURCE, SPACE, WAREHOUSE or WORKSPACE."""
    labels: NotRequired[Sequence[UserGroupPermissionResourceLabel]]
    """Only what has one of these labels; on the workspace."""


class UserGroupPermission(TypedDict):
    """An element of `permissions`."""

    role_id: str
    """Id of the role; the data source `segment_role` names it."""
    resources: NotRequired[Sequence[UserGroupPermissionResource]]
    """Resources that the role is for."""


class UserGroup(SegmentResource):
    """Members of the workspace, invited ones too, who share permissions.

    Arguments:
        name: Name that people see.
        members: Addresses of its members, of users and of invited people.
        permissions: What its members may do.
    """

    kind: ClassVar[str] = "user_group"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        permissions: Sequence[UserGroupPermission],
        members: Sequence[str] | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "name": name,
                "members": members,
                "permissions": permissions,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the group."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """Name that people see."""
        return self.get_string_attribute("name")

    @property
    def members(self) -> list[str]:
        """Addresses of its members, of users and of invited people."""
        return self.get_list_attribute("members")

    @property
    def permissions(self) -> IResolvable:
        """What its members may do."""
        return self.interpolation_for_attribute("permissions")
