"""Data sources: the workspace, and the catalogue by id, slug or name."""

from __future__ import annotations

from ._metadata import DESTINATION_ECHOES, DESTINATION_FACTS, SOURCE_FACTS, WAREHOUSE_FACTS
from .definition import STRING, Attribute, DataSource, Kind, attribute, computed
from .parts import Check, Operations


def _by(what: str) -> str:
    return f"{what} in the catalogue. Give exactly one of `id`, `slug` and `name`."


class Workspace(DataSource):
    """The workspace that the token belongs to."""

    about = Kind(
        "workspace",
        "The workspace that the token belongs to.",
        operations=Operations(read="getWorkspace"),
        envelope="workspace",
    )

    id: str = computed(STRING, "Id of the workspace.")
    name: str = computed(STRING, "Its name.")
    slug: str = computed(STRING, "Its slug.")


class SourceMetadata(DataSource):
    """An entry of the source catalogue, by id, slug or name."""

    about = Kind(
        "source_metadata",
        "An entry of the source catalogue, by id, slug or name.",
        operations=Operations(read="getSourceMetadata", list="getSourcesCatalog"),
        envelope="sourceMetadata",
        collection="sourcesCatalog",
        path={"sourceMetadataId": "id"},
        checks=(Check("pure", "segform.resources.checks:one_look_up"),),
    )

    id: str | None = attribute(STRING, _by("Id"), default=None, computed=True, official="wanted")
    slug: str | None = attribute(
        STRING, _by("Slug"), default=None, computed=True, official="absent"
    )
    name: str | None = attribute(
        STRING, _by("Name"), default=None, computed=True, official="absent"
    )


class DestinationMetadata(DataSource):
    """An entry of the destination catalogue, by id, slug or name."""

    about = Kind(
        "destination_metadata",
        "An entry of the destination catalogue, by id, slug or name.",
        operations=Operations(read="getDestinationMetadata", list="getDestinationsCatalog"),
        envelope="destinationMetadata",
        collection="destinationsCatalog",
        path={"destinationMetadataId": "id"},
        checks=(Check("pure", "segform.resources.checks:one_look_up"),),
    )

    id: str | None = attribute(STRING, _by("Id"), default=None, computed=True, official="wanted")
    slug: str | None = attribute(
        STRING, _by("Slug"), default=None, computed=True, official="absent"
    )
    name: str | None = attribute(
        STRING, _by("Name"), default=None, computed=True, official="absent"
    )


class WarehouseMetadata(DataSource):
    """An entry of the warehouse catalogue, by id, slug or name."""

    about = Kind(
        "warehouse_metadata",
        "An entry of the warehouse catalogue, by id, slug or name.",
        operations=Operations(read="getWarehouseMetadata", list="getWarehousesCatalog"),
        envelope="warehouseMetadata",
        collection="warehousesCatalog",
        path={"warehouseMetadataId": "id"},
        checks=(Check("pure", "segform.resources.checks:one_look_up"),),
    )

    id: str | None = attribute(STRING, _by("Id"), default=None, computed=True, official="wanted")
    slug: str | None = attribute(
        STRING, _by("Slug"), default=None, computed=True, official="absent"
    )
    name: str | None = attribute(
        STRING, _by("Name"), default=None, computed=True, official="absent"
    )


def _add(kind: type[DataSource], facts: tuple[Attribute, ...]) -> None:
    """Give a data source the catalogue's facts beside what it is looked up by."""
    for item in facts:
        if item.name not in kind.attributes:
            kind.attributes[item.name] = item


_add(SourceMetadata, SOURCE_FACTS)
_add(WarehouseMetadata, WAREHOUSE_FACTS)
_add(DestinationMetadata, (*DESTINATION_FACTS, *DESTINATION_ECHOES))
