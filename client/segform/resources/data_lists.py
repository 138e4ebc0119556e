"""Data sources of many objects: `segment_sources`, `segment_destinations` and their like.

Each lists one kind, filtered by what is given, in the order of the service. Elements have the
plain attributes of the resource; settings and secrets are left to the data source of one object.
"""

from __future__ import annotations

from typing import Any

from . import registry
from ._shared import LABELS
from .definition import (
    BOOL,
    STRING,
    Attribute,
    DataSource,
    Items,
    Kind,
    Nested,
    Resource,
    attribute,
    computed,
    field,
)
from .parts import Operations

_PLAIN = ("string", "bool", "number")
_LABELS = Nested(
    "list", *(field(x.name, x.type, x.description, settable=False) for x in LABELS.attributes)
)


def _element(kind: type[Resource]) -> Nested:
    """What a list tells of each object."""
    thin = kind.about.list_fields
    shown: list[Attribute] = []
    for name, item in kind.attributes.items():
        if item.sensitive or item.write_only or (thin and name not in thin):
            continue
        if item.flat:
            shown.append(field(item.flat, STRING, item.description, settable=False))
        elif item.type in _PLAIN and not name.startswith("schedule_"):
            shown.append(field(name, item.type, item.description, settable=False, wire=item.wire))
        elif item.type is LABELS:
            shown.append(field(name, _LABELS, item.description, settable=False))
    return Nested("list", *shown)


def patterns(names: set[str]) -> dict[str, Any]:
    """A filter by pattern for each attribute that people call an object by."""
    return {
        f"{name}_pattern": attribute(
            STRING, f"Only those whose {name} matches: `*` is any text, `?` a letter.", default=None
        )
        for name in ("slug", "name", "title", "email", "display_name")
        if name in names
    }


def _filters(element: Nested) -> dict[str, Attribute]:
    """The filters that make sense for what is shown."""
    names = {item.name for item in element.attributes}
    found = patterns(names)
    if "metadata_id" in names:
        found["metadata_id"] = attribute(
            STRING, "Only those with this id in the catalogue.", default=None
        )
    if "enabled" in names:
        found["enabled"] = attribute(
            BOOL, "Only those that are, or are not, enabled.", default=None
        )
    if "labels" in names:
        found["label"] = attribute(
            Nested(
                "object",
                field("key", STRING, "Key of the label.", required=True),
                field("value", STRING, "Value of the label; any where it is left out."),
            ),
            "Only those with this label.",
            default=None,
        )
    return found


def _list_of(name: str, plural: str, words: str) -> type[DataSource]:
    kind = registry()[name]
    about = kind.about
    element = _element(kind)
    parents = {p: n for p, n in about.path.items() if p in about.scope}
    given = {n: kind.attributes[n] for n in (*parents.values(), *about.query.values())}
    members: dict[str, Any] = {
        n: attribute(item.type, item.description, required=True, one_of=item.one_of)
        for n, item in given.items()
    }
    members |= _filters(element)
    members["ids"] = computed(Items("list", STRING), f"Ids of the {words}.")
    members[plural] = computed(element, f"The {words}.")
    summary = f"The {words} of the workspace, or those of them that match."
    members["about"] = Kind(
        plural,
        summary,
        operations=Operations(list=about.operations.list),
        collection=about.collection,
        path=parents,
        query=about.query,
        lists=name,
    )
    members["__doc__"] = summary
    members["__module__"] = __name__
    for attribute_name, item in members.items():
        if isinstance(item, Attribute):
            item.name = attribute_name
    return type("".join(part.capitalize() for part in plural.split("_")), (DataSource,), members)


Sources = _list_of("source", "sources", "sources")
Destinations = _list_of("destination", "destinations", "destinations")
DestinationFilters = _list_of("destination_filter", "destination_filters", "filters")
DestinationSubscriptions = _list_of(
    "destination_subscription", "destination_subscriptions", "mappings"
)
TrackingPlans = _list_of("tracking_plan", "tracking_plans", "tracking plans")
Warehouses = _list_of("warehouse", "warehouses", "warehouses")
Functions = _list_of("function", "functions", "functions")
Transformations = _list_of("transformation", "transformations", "transformations")
ReverseEtlModels = _list_of("reverse_etl_model", "reverse_etl_models", "Reverse ETL models")
Users = _list_of("user", "users", "users and invited people")
UserGroups = _list_of("user_group", "user_groups", "user groups")
Labels = _list_of("label", "labels", "labels")
ProfilesWarehouses = _list_of("profiles_warehouse", "profiles_warehouses", "profiles warehouses")
