"""Data sources of single objects: what there is of a source, a destination and others, by id.

Their attributes are those of the resource, all of them only read.
"""

from __future__ import annotations

from . import destination, source, tracking_plan, user, warehouse
from ._shared import LABELS
from .definition import (
    STRING,
    Attribute,
    DataSource,
    Kind,
    Mode,
    Nested,
    Resource,
    Type,
    attribute,
    computed,
    field,
)
from .parts import Check, Operations
from .source_tracking_plan_connection import SCHEMA_SETTINGS


def _read_only(kind: Type, mode: Mode | None = None) -> Type:
    """A type in which nothing can be given; `mode` makes another collection of it."""
    if not isinstance(kind, Nested):
        return kind
    return Nested(mode or kind.mode, *(_shown(item) for item in kind.attributes))


def _shown(item: Attribute) -> Attribute:
    return field(
        item.name,
        _read_only(item.type),
        item.description,
        settable=False,
        wire=item.wire,
        sensitive=item.sensitive,
        reference=item.reference,
    )


def _like(data_source: type[DataSource], kind: type[Resource], *without: str) -> None:
    """Give a data source the attributes of a resource that it does not have itself."""
    for name, item in kind.attributes.items():
        if name not in data_source.attributes and name not in without:
            shown = _shown(item)
            shown.flat = item.flat
            data_source.attributes[name] = shown


def _id(what: str) -> str:
    return f"Id of the {what}."


class Source(DataSource):
    """A source that is there, by its id."""

    about = Kind(
        "source",
        "A source that is there, by its id.",
        operations=Operations(read="getSource"),
        envelope="source",
        path={"sourceId": "id"},
        complete="segform.lifecycle.hooks.data:source",
    )

    id: str = attribute(STRING, _id("source"), required=True)
    labels: list[dict[str, str]] = computed(_read_only(LABELS, "list"), "Labels of the source.")
    schema_settings: dict[str, object] = computed(
        _read_only(SCHEMA_SETTINGS),
        "What happens to events that break the tracking plan; null for a source without one.",
    )


class Destination(DataSource):
    """A destination that is there, by its id."""

    about = Kind(
        "destination",
        "A destination that is there, by its id.",
        operations=Operations(read="getDestination"),
        envelope="destination",
        path={"destinationId": "id"},
    )

    id: str = attribute(STRING, _id("destination"), required=True)


class Warehouse(DataSource):
    """A warehouse that is there, by its id."""

    about = Kind(
        "warehouse",
        "A warehouse that is there, by its id.",
        operations=Operations(read="getWarehouse"),
        envelope="warehouse",
        path={"warehouseId": "id"},
        shape="segform.lifecycle.hooks.warehouse:shape",
    )

    id: str = attribute(STRING, _id("warehouse"), required=True)


RULES = Nested(
    "list",
    *(_shown(item) for item in tracking_plan.RULES.attributes),
    field("created_at", STRING, "When it was made.", settable=False),
    field("updated_at", STRING, "When it was changed.", settable=False),
    field("deprecated_at", STRING, "Since when it is deprecated.", settable=False),
)


class TrackingPlan(DataSource):
    """A tracking plan that is there, by its id, with all of its rules."""

    about = Kind(
        "tracking_plan",
        "A tracking plan that is there, by its id, with all of its rules.",
        operations=Operations(read="getTrackingPlan"),
        envelope="trackingPlan",
        path={"trackingPlanId": "id"},
        complete="segform.lifecycle.hooks.data:tracking_plan",
    )

    id: str = attribute(STRING, _id("tracking plan"), required=True)
    rules: list[dict[str, object]] = computed(RULES, "Its rules.")


class Role(DataSource):
    """A role that users and groups can be given, by its id or its name."""

    about = Kind(
        "role",
        "A role that users and groups can be given, by its id or its name.",
        operations=Operations(list="listRoles"),
        envelope="role",
        collection="roles",
        checks=(Check("pure", "segform.resources.checks:one_look_up"),),
    )

    id: str | None = attribute(
        STRING,
        "Id of the role. Give exactly one of `id` and `name`.",
        default=None,
        computed=True,
        official="wanted",
    )
    name: str | None = attribute(
        STRING,
        "Name of the role. Give exactly one of `id` and `name`.",
        default=None,
        computed=True,
        official="absent",
    )
    description: str = computed(STRING, "What it allows.")


class User(DataSource):
    """A member of the workspace, by id; an open invitation has none."""

    about = Kind(
        "user",
        "A member of the workspace, by id; an open invitation has none.",
        operations=Operations(read="getUser"),
        envelope="user",
        path={"userId": "id"},
        shape="segform.lifecycle.hooks.user:shape",
    )

    id: str = attribute(STRING, _id("user"), required=True)


_like(Source, source.Source)
_like(Destination, destination.Destination)
_like(Warehouse, warehouse.Warehouse)
_like(TrackingPlan, tracking_plan.TrackingPlan, "rules_by_key")
_like(User, user.User, "is_invite")
