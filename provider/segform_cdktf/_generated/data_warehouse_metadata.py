"""The data source of `segment_warehouse_metadata`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
# ruff: noqa: A002 - the API's names
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataWarehouseMetadata(SegmentDataSource):
    """An entry of the warehouse catalogue, by id, slug or name.

    Arguments:
        id: Id in the catalogue. Give exactly one of `id`, `slug` and `name`.
        slug: Slug in the catalogue. Give exactly one of `id`, `slug` and `name`.
        name: Name in the catalogue. Give exactly one of `id`, `slug` and `name`.
    """

    kind: ClassVar[str] = "warehouse_metadata"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        id: str | None = None,
        slug: str | None = None,
        name: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "id": id,
                "slug": slug,
                "name": name,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id in the catalogue. Give exactly one of `id`, `slug` and `name`."""
        return self.get_string_attribute("id")

    @property
    def slug(self) -> str:
        """Slug in the catalogue. Give exactly one of `id`, `slug` and `name`."""
        return self.get_string_attribute("slug")

    @property
    def name(self) -> str:
        """Name in the catalogue. Give exactly one of `id`, `slug` and `name`."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What the catalogue says it is."""
        return self.get_string_attribute("description")

    @property
    def logos(self) -> IResolvable:
        """Logos."""
        return self.interpolation_for_attribute("logos")

    @property
    def options(self) -> IResolvable:
        """Options that `settings` can hold."""
        return self.interpolation_for_attribute("options")
