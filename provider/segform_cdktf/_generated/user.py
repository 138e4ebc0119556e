"""The construct of `segment_user`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable


class UserPermissionResourceLabel(TypedDict):
    """An element of `labels`."""

    key: str
    """Key of the label."""
    value: str
    """Value of the label."""


class UserPermissionResource(TypedDict):
    """An element of `resources`."""

    id: str
    """Id of the resource."""
    type: str
    """FUNCTION, SOURCE, SPACE, WAREHOUSE or WORKSPACE."""
    labels: NotRequired[Sequence[UserPermissionResourceLabel]]
    """Only what has one of these labels; on the workspace."""


class UserPermission(TypedDict):
    """An element of `permissions`."""

    role_id: str
    """Id of the role; the data source `segment_role` names it."""
    resources: NotRequired[Sequence[UserPermissionResource]]
    """Resources that the role is for."""


class User(SegmentResource):
    """A member of the workspace, or somebody who is invited to be one.

    Arguments:
        email: Address of the user; upper and lower case are the same. A change replaces the
            object.
        permissions: What the user may do.
    """

    kind: ClassVar[str] = "user"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        email: str,
        permissions: Sequence[UserPermission],
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "email": email,
                "permissions": permissions,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the user; the email while the invitation is open."""
        return self.get_string_attribute("id")

    @property
    def email(self) -> str:
        """Address of the user; upper and lower case are the same."""
        return self.get_string_attribute("email")

    @property
    def name(self) -> str:
        """Name of the user; null while the invitation is open."""
        return self.get_string_attribute("name")

    @property
    def is_invite(self) -> IResolvable:
        """Whether the invitation is still open."""
        return self.get_boolean_attribute("is_invite")

    @property
    def permissions(self) -> IResolvable:
        """What the user may do."""
        return self.interpolation_for_attribute("permissions")
