"""The constructs, one module per kind. Generated from the definitions."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from segform_cdktf._names import NAMES

if TYPE_CHECKING:
    from ._ids import (
        DestinationId,
        FunctionId,
        ReverseEtlModelId,
        SourceId,
        TrackingPlanId,
        WarehouseId,
    )
    from .data_destination import DataDestination
    from .data_destination_catalog import DataDestinationCatalog
    from .data_destination_filters import DataDestinationFilters
    from .data_destination_metadata import DataDestinationMetadata
    from .data_destination_subscriptions import DataDestinationSubscriptions
    from .data_destinations import DataDestinations
    from .data_functions import DataFunctions
    from .data_labels import DataLabels
    from .data_profiles_warehouses import DataProfilesWarehouses
    from .data_reverse_etl_models import DataReverseEtlModels
    from .data_role import DataRole
    from .data_roles import DataRoles
    from .data_source import DataSource
    from .data_source_catalog import DataSourceCatalog
    from .data_source_metadata import DataSourceMetadata
    from .data_sources import DataSources, DataSourcesLabel
    from .data_tracking_plan import DataTrackingPlan
    from .data_tracking_plans import DataTrackingPlans
    from .data_transformations import DataTransformations
    from .data_user import DataUser
    from .data_user_groups import DataUserGroups
    from .data_users import DataUsers
    from .data_warehouse import DataWarehouse
    from .data_warehouse_catalog import DataWarehouseCatalog
    from .data_warehouse_metadata import DataWarehouseMetadata
    from .data_warehouses import DataWarehouses
    from .data_workspace import DataWorkspace
    from .destination import Destination
    from .destination_filter import DestinationFilter, DestinationFilterAction
    from .destination_subscription import (
        DestinationSubscription,
        DestinationSubscriptionReverseEtlSchedule,
    )
    from .function import Function, FunctionSetting
    from .insert_function_instance import InsertFunctionInstance
    from .label import Label
    from .profiles_warehouse import ProfilesWarehouse
    from .reverse_etl_model import ReverseEtlModel
    from .source import Source, SourceLabel
    from .source_schema_settings import (
        SourceSchemaSettings,
        SourceSchemaSettingsGroup,
        SourceSchemaSettingsIdentify,
        SourceSchemaSettingsTrack,
    )
    from .source_tracking_plan_connection import (
        SourceTrackingPlanConnection,
        SourceTrackingPlanConnectionSchemaSettings,
        SourceTrackingPlanConnectionSchemaSettingsGroup,
        SourceTrackingPlanConnectionSchemaSettingsIdentify,
        SourceTrackingPlanConnectionSchemaSettingsTrack,
    )
    from .source_warehouse_connection import SourceWarehouseConnection
    from .tracking_plan import TrackingPlanRuleElement, TrackingPlanRulesByKey
    from .tracking_plan_rule import TrackingPlanRule
    from .transformation import (
        Transformation,
        TransformationFqlDefinedProperty,
        TransformationHashPropertiesConfiguration,
        TransformationPropertyRename,
        TransformationPropertyValueTransformation,
    )
    from .user import User, UserPermission, UserPermissionResource, UserPermissionResourceLabel
    from .user_group import (
        UserGroup,
        UserGroupPermission,
        UserGroupPermissionResource,
        UserGroupPermissionResourceLabel,
    )
    from .warehouse import Warehouse

__all__ = [
    "DataDestination",
    "DataDestinationCatalog",
    "DataDestinationFilters",
    "DataDestinationMetadata",
    "DataDestinationSubscriptions",
    "DataDestinations",
    "DataFunctions",
    "DataLabels",
    "DataProfilesWarehouses",
    "DataReverseEtlModels",
    "DataRole",
    "DataRoles",
    "DataSource",
    "DataSourceCatalog",
    "DataSourceMetadata",
    "DataSources",
    "DataSourcesLabel",
    "DataTrackingPlan",
    "DataTrackingPlans",
    "DataTransformations",
    "DataUser",
    "DataUserGroups",
    "DataUsers",
    "DataWarehouse",
    "DataWarehouseCatalog",
    "DataWarehouseMetadata",
    "DataWarehouses",
    "DataWorkspace",
    "Destination",
    "DestinationFilter",
    "DestinationFilterAction",
    "DestinationId",
    "DestinationSubscription",
    "DestinationSubscriptionReverseEtlSchedule",
    "Function",
    "FunctionId",
    "FunctionSetting",
    "InsertFunctionInstance",
    "Label",
    "ProfilesWarehouse",
    "ReverseEtlModel",
    "ReverseEtlModelId",
    "Source",
    "SourceId",
    "SourceLabel",
    "SourceSchemaSettings",
    "SourceSchemaSettingsGroup",
    "SourceSchemaSettingsIdentify",
    "SourceSchemaSettingsTrack",
    "SourceTrackingPlanConnection",
    "SourceTrackingPlanConnectionSchemaSettings",
    "SourceTrackingPlanConnectionSchemaSettingsGroup",
    "SourceTrackingPlanConnectionSchemaSettingsIdentify",
    "SourceTrackingPlanConnectionSchemaSettingsTrack",
    "SourceWarehouseConnection",
    "TrackingPlanId",
    "TrackingPlanRule",
    "TrackingPlanRuleElement",
    "TrackingPlanRulesByKey",
    "Transformation",
    "TransformationFqlDefinedProperty",
    "TransformationHashPropertiesConfiguration",
    "TransformationPropertyRename",
    "TransformationPropertyValueTransformation",
    "User",
    "UserGroup",
    "UserGroupPermission",
    "UserGroupPermissionResource",
    "UserGroupPermissionResourceLabel",
    "UserPermission",
    "UserPermissionResource",
    "UserPermissionResourceLabel",
    "Warehouse",
    "WarehouseId",
]


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{NAMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
