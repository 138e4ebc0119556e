"""The data source of `segment_source_catalog`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataSourceCatalog(SegmentDataSource):
    """The entries of the source catalogue, or those of them that match.

    Arguments:
        search: Only those whose name or slug has this text in it, in any case.
        slug_pattern: Only those whose slug matches: `*` is any text, `?` a letter.
        name_pattern: Only those whose name matches: `*` is any text, `?` a letter.
        category: Only those of this category.
    """

    kind: ClassVar[str] = "source_catalog"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        search: str | None = None,
        slug_pattern: str | None = None,
        name_pattern: str | None = None,
        category: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "search": search,
                "slug_pattern": slug_pattern,
                "name_pattern": name_pattern,
                "category": category,
            },
            meta,
        )

    @property
    def search(self) -> str:
        """Only those whose name or slug has this text in it, in any case."""
        return self.get_string_attribute("search")

    @property
    def slug_pattern(self) -> str:
        """Only those whose slug matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("slug_pattern")

    @property
    def name_pattern(self) -> str:
        """Only those whose name matches: `*` is any text, `?` a letter."""
        return self.get_string_attribute("name_pattern")

    @property
    def category(self) -> str:
        """Only those of this category."""
        return self.get_string_attribute("category")

    @property
    def ids(self) -> list[str]:
        """Ids of the entries of the source catalogue."""
        return self.get_list_attribute("ids")

    @property
    def source_catalog(self) -> IResolvable:
        """The entries of the source catalogue."""
        return self.interpolation_for_attribute("source_catalog")
