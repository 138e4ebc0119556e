"""Data sources that search the catalogue, and that list the roles.

The catalogue is asked for once a process; what is searched for is looked for here, whatever the
case, because the API filters nothing.
"""

from __future__ import annotations

from typing import Any

from .data import DestinationMetadata, SourceMetadata, WarehouseMetadata
from .data_lists import patterns
from .data_objects import Role
from .definition import (
    STRING,
    Attribute,
    DataSource,
    Items,
    Kind,
    Nested,
    attribute,
    computed,
    field,
)
from .parts import Operations

_SHOWN = ("id", "slug", "name", "description", "categories", "status")


def _list_of(kind: type[DataSource], plural: str, words: str) -> type[DataSource]:
    """A data source of many entries of another one's collection."""
    element = Nested(
        "list",
        *(
            field(name, item.type, item.description.partition(" Give exactly")[0], settable=False)
            for name in _SHOWN
            if (item := kind.attributes.get(name)) is not None
        ),
    )
    names = {item.name for item in element.attributes}
    members: dict[str, Any] = {
        "search": attribute(
            STRING,
            "Only those whose "
            + ("name or slug" if "slug" in names else "name")
            + " has this text in it, in any case.",
            default=None,
        )
    }
    members |= patterns(names)
    if "categories" in names:
        members["category"] = attribute(STRING, "Only those of this category.", default=None)
    members["ids"] = computed(Items("list", STRING), f"Ids of the {words}.")
    members[plural] = computed(element, f"The {words}.")
    summary = f"The {words}, or those of them that match."
    members["about"] = Kind(
        plural,
        summary,
        operations=Operations(list=kind.about.operations.list),
        collection=kind.about.collection,
        lists=kind.about.name,
    )
    members["__doc__"] = summary
    members["__module__"] = __name__
    for attribute_name, item in members.items():
        if isinstance(item, Attribute):
            item.name = attribute_name
    return type("".join(part.capitalize() for part in plural.split("_")), (DataSource,), members)


SourceCatalog = _list_of(SourceMetadata, "source_catalog", "entries of the source catalogue")
DestinationCatalog = _list_of(
    DestinationMetadata, "destination_catalog", "entries of the destination catalogue"
)
WarehouseCatalog = _list_of(
    WarehouseMetadata, "warehouse_catalog", "entries of the warehouse catalogue"
)
Roles = _list_of(Role, "roles", "roles of the workspace")
