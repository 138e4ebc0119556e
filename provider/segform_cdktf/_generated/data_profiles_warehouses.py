"""The data source of `segment_profiles_warehouses`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataProfilesWarehouses(SegmentDataSource):
    """The profiles warehouses of the workspace, or those of them that match.

    Arguments:
        space_id: Id of the space, which is made in the app.
        name_pattern: Only those whose name matches: `*` is any text, `?` a letter.
        metadata_id: Only those with this id in the catalogue.
        enabled: Only those that are, or are not, enabled.
    """

    kind: ClassVar[str] = "profiles_warehouses"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        space_id: str,
        name_pattern: str | None = None,
        metadata_id: str | None = None,
        enabled: Flag | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "space_id": space_id,
                "name_pattern": name_pattern,
                "metadata_id": metadata_id,
                "enabled": enabled,
            },
            meta,
        )

    @property
    def space_id(self) -> str:
        """Id of the space, which is made in the app."""
        return self.get_string_attribute("space_id")

    @property
    def name_pattern(self) -> str:
        """Only those whose name matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("name_pattern")

    @property
    def metadata_id(self) -> str:
        """Only those with this id in the catalogue."""
        return self.get_string_attribute("metadata_id")

    @property
    def enabled(self) -> IResolvable:
        """Only those that are, or are not, enabled."""
        return self.get_boolean_attribute("enabled")

    @property
    def ids(self) -> list[str]:
        """Ids of the profiles warehouses."""
        return self.get_list_attribute("ids")

    @property
    def profiles_warehouses(self) -> IResolvable:
        """The profiles warehouses."""
        return self.interpolation_for_attribute("profiles_warehouses")
