"""The data source of `segment_functions`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataFunctions(SegmentDataSource):
    """The functions of the workspace, or those of them that match.

    Arguments:
        resource_type: What it runs as. One of DESTINATION, INSERT_DESTINATION, INSERT_SOURCE,
            INSERT_TRANSFORMATION, SOURCE.
        display_name_pattern: Only those whose display_name matches: `*` is any text, `?` a
            letter.
    """

    kind: ClassVar[str] = "functions"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        resource_type: str,
        display_name_pattern: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "resource_type": resource_type,
                "display_name_pattern": display_name_pattern,
            },
            meta,
        )

    @property
    def resource_type(self) -> str:
        """What it runs as."""
        return self.get_string_attribute("resource_type")

    @property
    def display_name_pattern(self) -> str:
        """Only those whose display_name matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("display_name_pattern")

    @property
    def ids(self) -> list[str]:
        """Ids of the functions."""
        return self.get_list_attribute("ids")

    @property
    def functions(self) -> IResolvable:
        """The functions."""
        return self.interpolation_for_attribute("functions")
