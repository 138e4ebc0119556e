"""The data source of `segment_user_groups`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataUserGroups(SegmentDataSource):
    """The user groups of the workspace, or those of them that match.

    Arguments:
        name_pattern: Only those whose name matches: `*` is any text, `?` a letter.
    """

    kind: ClassVar[str] = "user_groups"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name_pattern: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "name_pattern": name_pattern,
            },
            meta,
        )

    @property
    def name_pattern(self) -> str:
        """Only those whose name matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("name_pattern")

    @property
    def ids(self) -> list[str]:
        """Ids of the user groups."""
        return self.get_list_attribute("ids")

    @property
    def user_groups(self) -> IResolvable:
        """The user groups."""
        return self.interpolation_for_attribute("user_groups")
