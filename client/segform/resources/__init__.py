"""The managed kinds and data sources: one file each, and this one line per file.

`registry()` and `data_sources()` give name -> class in a stable order. A kind is imported when it
is first asked for; `segform.resources` itself stays cheap enough for the provider's start.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from .definition import Attribute, DataSource, Items, Kind, Nested, Resource
from .parts import Problem
from .values import UNKNOWN, Unknown, is_known

# What is referred to comes before what refers to it.
KINDS = {
    "label": "label:Label",
    "source": "source:Source",
    "destination": "destination:Destination",
    "destination_filter": "destination_filter:DestinationFilter",
    "tracking_plan": "tracking_plan:TrackingPlan",
    "source_tracking_plan_connection": (
        "source_tracking_plan_connection:SourceTrackingPlanConnection"
    ),
    "tracking_plan_rule": "tracking_plan_rule:TrackingPlanRule",
    "source_schema_settings": "source_schema_settings:SourceSchemaSettings",
    "reverse_etl_model": "reverse_etl_model:ReverseEtlModel",
    "destination_subscription": "destination_subscription:DestinationSubscription",
    "transformation": "transformation:Transformation",
    "warehouse": "warehouse:Warehouse",
    "source_warehouse_connection": "source_warehouse_connection:SourceWarehouseConnection",
    "profiles_warehouse": "profiles_warehouse:ProfilesWarehouse",
    "function": "function:Function",
    "insert_function_instance": "insert_function_instance:InsertFunctionInstance",
    "user": "user:User",
    "user_group": "user_group:UserGroup",
}

DATA_SOURCES = {
    "workspace": "data:Workspace",
    "source_metadata": "data:SourceMetadata",
    "destination_metadata": "data:DestinationMetadata",
    "warehouse_metadata": "data:WarehouseMetadata",
    "source": "data_objects:Source",
    "destination": "data_objects:Destination",
    "warehouse": "data_objects:Warehouse",
    "tracking_plan": "data_objects:TrackingPlan",
    "role": "data_objects:Role",
    "user": "data_objects:User",
    "sources": "data_lists:Sources",
    "destinations": "data_lists:Destinations",
    "destination_filters": "data_lists:DestinationFilters",
    "destination_subscriptions": "data_lists:DestinationSubscriptions",
    "tracking_plans": "data_lists:TrackingPlans",
    "warehouses": "data_lists:Warehouses",
    "functions": "data_lists:Functions",
    "transformations": "data_lists:Transformations",
    "reverse_etl_models": "data_lists:ReverseEtlModels",
    "users": "data_lists:Users",
    "user_groups": "data_lists:UserGroups",
    "labels": "data_lists:Labels",
    "profiles_warehouses": "data_lists:ProfilesWarehouses",
    "source_catalog": "data_catalog:SourceCatalog",
    "destination_catalog": "data_catalog:DestinationCatalog",
    "warehouse_catalog": "data_catalog:WarehouseCatalog",
    "roles": "data_catalog:Roles",
}


@cache
def registry() -> dict[str, type[Resource]]:
    """Every managed kind by its name, in the order of `KINDS`."""
    return {name: _load(where) for name, where in KINDS.items()}


@cache
def data_sources() -> dict[str, type[DataSource]]:
    """Every data source by its name, in the order of `DATA_SOURCES`."""
    return {name: _load(where) for name, where in DATA_SOURCES.items()}


def kinds_of(names: Iterable[str]) -> frozenset[str]:
    """Kinds by their names. Raises ValueError for one that is none."""
    found = frozenset(names)
    unknown = sorted(found - set(KINDS))
    if unknown:
        raise ValueError(f"there is no kind {unknown[0]!r}; there are: {', '.join(KINDS)}")
    return found


def protected() -> tuple[str, ...]:
    """The kinds that are not deleted or replaced unless a workspace says otherwise."""
    return tuple(name for name, kind in registry().items() if kind.about.protected)


def _load(where: str) -> type:
    module, _, name = where.partition(":")
    found: type = getattr(import_module(f"{__name__}.{module}"), name)
    return found


__all__ = [
    "UNKNOWN",
    "Attribute",
    "DataSource",
    "Items",
    "Kind",
    "Nested",
    "Problem",
    "Resource",
    "Unknown",
    "data_sources",
    "is_known",
    "kinds_of",
    "protected",
    "registry",
]
