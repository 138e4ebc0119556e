"""The data source of `segment_tracking_plans`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataTrackingPlans(SegmentDataSource):
    """The tracking plans of the workspace, or those of them that match.

    Arguments:
        slug_pattern: Only those whose slug matches: `*` is any text, `?` a letter.
        name_pattern: Only those whose name matches: `*` is any text, `?` a letter.
    """

    kind: ClassVar[str] = "tracking_plans"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        slug_pattern: str | None = None,
        name_pattern: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "slug_pattern": slug_pattern,
                "name_pattern": name_pattern,
            },
            meta,
        )

    @property
    def slug_pattern(self) -> str:
        """Only those whose slug matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("slug_pattern")

    @property
    def name_pattern(self) -> str:
        """Only those whose name matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("name_pattern")

    @property
    def ids(self) -> list[str]:
        """Ids of the tracking plans."""
        return self.get_list_attribute("ids")

    @property
    def tracking_plans(self) -> IResolvable:
        """The tracking plans."""
        return self.interpolation_for_attribute("tracking_plans")
