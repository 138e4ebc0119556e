"""The data source of `segment_destination_metadata`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
# ruff: noqa: A002 - the API's names
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable


class DataDestinationMetadata(SegmentDataSource):
    """An entry of the destination catalogue, by id, slug or name.

    Arguments:
        id: Id in the catalogue. Give exactly one of `id`, `slug` and `name`.
        slug: Slug in the catalogue. Give exactly one of `id`, `slug` and `name`.
        name: Name in the catalogue. Give exactly one of `id`, `slug` and `name`.
    """

    kind: ClassVar[str] = "destination_metadata"

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

    @property
    def status(self) -> str:
        """Whether it is public, in beta, deprecated."""
        return self.get_string_attribute("status")

    @property
    def previous_names(self) -> list[str]:
        """Names it had."""
        return self.get_list_attribute("previous_names")

    @property
    def categories(self) -> list[str]:
        """Categories."""
        return self.get_list_attribute("categories")

    @property
    def website(self) -> str:
        """Its website."""
        return self.get_string_attribute("website")

    @property
    def components(self) -> IResolvable:
        """Components."""
        return self.interpolation_for_attribute("components")

    @property
    def supported_features(self) -> IResolvable:
        """Features."""
        return self.interpolation_for_attribute("supported_features")

    @property
    def supported_methods(self) -> IResolvable:
        """Calls that it takes."""
        return self.interpolation_for_attribute("supported_methods")

    @property
    def supported_platforms(self) -> IResolvable:
        """Platforms."""
        return self.interpolation_for_attribute("supported_platforms")

    @property
    def actions(self) -> IResolvable:
        """Actions that mappings can use."""
        return self.interpolation_for_attribute("actions")

    @property
    def presets(self) -> IResolvable:
        """Ready mappings."""
        return self.interpolation_for_attribute("presets")

    @property
    def contacts(self) -> IResolvable:
        """Contacts; a literal is echoed, never compared, never sent."""
        return self.interpolation_for_attribute("contacts")

    @property
    def partner_owned(self) -> IResolvable:
        """Whether a partner owns it; echoed as `contacts`."""
        return self.get_boolean_attribute("partner_owned")

    @property
    def supported_regions(self) -> list[str]:
        """Regions; echoed as `contacts`."""
        return self.get_list_attribute("supported_regions")

    @property
    def region_endpoints(self) -> list[str]:
        """Endpoints; echoed as `contacts`."""
        return self.get_list_attribute("region_endpoints")
