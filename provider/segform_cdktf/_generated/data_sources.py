"""The data source of `segment_sources`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataSourcesLabel(TypedDict):
    """`label`."""

    key: str
    """Key of the label."""
    value: NotRequired[str]
    """Value of the label; any where it is left out."""


class DataSources(SegmentDataSource):
    """The sources of the workspace, or those of them that match.

    Arguments:
        slug_pattern: Only those whose slug matches: `*` is any text, `?` a letter.
        name_pattern: Only those whose name matches: `*` is any text, `?` a letter.
        metadata_id: Only those with this id in the catalogue.
        enabled: Only those that are, or are not, enabled.
        label: Only those with this label.
    """

    kind: ClassVar[str] = "sources"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        slug_pattern: str | None = None,
        name_pattern: str | None = None,
        metadata_id: str | None = None,
        enabled: Flag | None = None,
        label: DataSourcesLabel | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "slug_pattern": slug_pattern,
                "name_pattern": name_pattern,
                "metadata_id": metadata_id,
                "enabled": enabled,
                "label": label,
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
    def metadata_id(self) -> str:
        """Only those with this id in the catalogue."""
        return self.get_string_attribute("metadata_id")

    @property
    def enabled(self) -> IResolvable:
        """Only those that are, or are not, enabled."""
        return self.get_boolean_attribute("enabled")

    @property
    def label(self) -> IResolvable:
        """Only those with this label."""
        return self.interpolation_for_attribute("label")

    @property
    def ids(self) -> list[str]:
        """Ids of the sources."""
        return self.get_list_attribute("ids")

    @property
    def sources(self) -> IResolvable:
        """The sources."""
        return self.interpolation_for_attribute("sources")
