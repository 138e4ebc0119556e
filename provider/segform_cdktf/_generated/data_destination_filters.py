"""The data source of `segment_destination_filters`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataDestinationFilters(SegmentDataSource):
    """The filters of the workspace, or those of them that match.

    Arguments:
        destination_id: Id of the destination that it guards.
        title_pattern: Only those whose title matches: `*` is any text, `?` a letter.
        enabled: Only those that are, or are not, enabled.
    """

    kind: ClassVar[str] = "destination_filters"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        destination_id: str,
        title_pattern: str | None = None,
        enabled: Flag | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "destination_id": destination_id,
                "title_pattern": title_pattern,
                "enabled": enabled,
            },
            meta,
        )

    @property
    def destination_id(self) -> str:
        """Id of the destination that it guards."""
        return self.get_string_attribute("destination_id")

    @property
    def title_pattern(self) -> str:
        """Only those whose title matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("title_pattern")

    @property
    def enabled(self) -> IResolvable:
        """Only those that are, or are not, enabled."""
        return self.get_boolean_attribute("enabled")

    @property
    def ids(self) -> list[str]:
        """Ids of the filters."""
        return self.get_list_attribute("ids")

    @property
    def destination_filters(self) -> IResolvable:
        """The filters."""
        return self.interpolation_for_attribute("destination_filters")
