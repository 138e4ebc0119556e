"""The data source of `segment_users`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataUsers(SegmentDataSource):
    """The users and invited people of the workspace, or those of them that match.

    Arguments:
        name_pattern: Only those whose name matches: `*` is any text, `?` a letter.
        email_pattern: Only those whose email matches: `*` is any text, `?` a letter.
    """

    kind: ClassVar[str] = "users"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name_pattern: str | None = None,
        email_pattern: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "name_pattern": name_pattern,
                "email_pattern": email_pattern,
            },
            meta,
        )

    @property
    def name_pattern(self) -> str:
        """Only those whose name matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("name_pattern")

    @property
    def email_pattern(self) -> str:
        """Only those whose email matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("email_pattern")

    @property
    def ids(self) -> list[str]:
        """Ids of the users and invited people."""
        return self.get_list_attribute("ids")

    @property
    def users(self) -> IResolvable:
        """The users and invited people."""
        return self.interpolation_for_attribute("users")
