"""The data source of `segment_labels`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataLabels(SegmentDataSource):
    """The labels of the workspace, or those of them that match.

    It takes no arguments of its own.
    """

    kind: ClassVar[str] = "labels"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(scope, id_, {}, meta)

    @property
    def ids(self) -> list[str]:
        """Ids of the labels."""
        return self.get_list_attribute("ids")

    @property
    def labels(self) -> IResolvable:
        """The labels."""
        return self.interpolation_for_attribute("labels")
