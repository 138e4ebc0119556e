"""The data source of `segment_destination_subscriptions`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataDestinationSubscriptions(SegmentDataSource):
    """The mappings of the workspace, or those of them that match.

    Arguments:
        destination_id: Id of the destination.
        name_pattern: Only those whose name matches: `*` is any text, `?` a letter.
        enabled: Only those that are, or are not, enabled.
    """

    kind: ClassVar[str] = "destination_subscriptions"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        destination_id: str,
        name_pattern: str | None = None,
        enabled: Flag | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "destination_id": destination_id,
                "name_pattern": name_pattern,
                "enabled": enabled,
            },
            meta,
        )

    @property
    def destination_id(self) -> str:
        """Id of the destination."""
        return self.get_string_attribute("destination_id")

    @property
    def name_pattern(self) -> str:
        """Only those whose name matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("name_pattern")

    @property
    def enabled(self) -> IResolvable:
        """Only those that are, or are not, enabled."""
        return self.get_boolean_attribute("enabled")

    @property
    def ids(self) -> list[str]:
        """Ids of the mappings."""
        return self.get_list_attribute("ids")

    @property
    def destination_subscriptions(self) -> IResolvable:
        """The mappings."""
        return self.interpolation_for_attribute("destination_subscriptions")
