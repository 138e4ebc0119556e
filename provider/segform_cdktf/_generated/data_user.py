"""The data source of `segment_user`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
# ruff: noqa: A002 - the API's names
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataUser(SegmentDataSource):
    """A member of the workspace, by id; an open invitation has none.

    Arguments:
        id: Id of the user.
    """

    kind: ClassVar[str] = "user"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        id: str,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "id": id,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the user."""
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
    def permissions(self) -> IResolvable:
        """What the user may do."""
        return self.interpolation_for_attribute("permissions")
