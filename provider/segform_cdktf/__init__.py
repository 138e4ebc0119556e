"""CDKTF constructs for Segment workspaces, for cdktf (archived December 2025) and cdktn.

    from cdktf import App, TerraformStack
    from segform_cdktf import SegmentProvider, Source

`SegmentProvider` comes first in a stack; then one construct per object. Names are loaded when they
are used, so that `segform_cdktf.run` and `.generate` work where no CDK is installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._generated import (
        DataDestination,
        DataDestinationFilters,
        DataDestinationMetadata,
        DataDestinations,
        DataDestinationSubscriptions,
        DataFunctions,
        DataLabels,
        DataReverseEtlModels,
        DataRole,
        DataSource,
        DataSourceMetadata,
        DataSources,
        DataSourcesLabel,
        DataTrackingPlan,
        DataTrackingPlans,
        DataTransformations,
        DataUser,
        DataUserGroups,
        DataUsers,
        DataWarehouse,
        DataWarehouseMetadata,
        DataWarehouses,
        DataWorkspace,
        Destination,
        DestinationFilter,
        DestinationFilterAction,
        DestinationSubscription,
        DestinationSubscriptionReverseEtlSchedule,
        Function,
        FunctionSetting,
        InsertFunctionInstance,
        Label,
        ReverseEtlModel,
        Source,
        SourceLabel,
        SourceSchemaSettings,
        SourceTrackingPlanConnection,
        SourceTrackingPlanConnectionSchemaSettings,
        SourceWarehouseConnection,
        TrackingPlanRule,
        TrackingPlanRuleElement,
        TrackingPlanRulesByKey,
        Transformation,
        TransformationFqlDefinedProperty,
        TransformationHashPropertiesConfiguration,
        TransformationPropertyRename,
        TransformationPropertyValueTransformation,
        User,
        UserGroup,
        UserGroupPermission,
        UserGroupPermissionResource,
        UserGroupPermissionResourceLabel,
        UserPermission,
        UserPermissionResource,
        UserPermissionResourceLabel,
        Warehouse,
    )
    from .provider import SegmentProvider
    from .secrets import secret
    from .tracking_plan import TrackingPlan, common, group, identify, page, screen, track

_HOMES = {
    "SegmentProvider": "provider",
    "TrackingPlan": "tracking_plan",
    "common": "tracking_plan",
    "group": "tracking_plan",
    "identify": "tracking_plan",
    "page": "tracking_plan",
    "screen": "tracking_plan",
    "secret": "secrets",
    "track": "tracking_plan",
}

__all__ = [
    "DataDestination",
    "DataDestinationFilters",
    "DataDestinationMetadata",
    "DataDestinationSubscriptions",
    "DataDestinations",
    "DataFunctions",
    "DataLabels",
    "DataReverseEtlModels",
    "DataRole",
    "DataSource",
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
    "DataWarehouseMetadata",
    "DataWarehouses",
    "DataWorkspace",
    "Destination",
    "DestinationFilter",
    "DestinationFilterAction",
    "DestinationSubscription",
    "DestinationSubscriptionReverseEtlSchedule",
    "Function",
    "FunctionSetting",
    "InsertFunctionInstance",
    "Label",
    "ReverseEtlModel",
    "SegmentProvider",
    "Source",
    "SourceLabel",
    "SourceSchemaSettings",
    "SourceTrackingPlanConnection",
    "SourceTrackingPlanConnectionSchemaSettings",
    "SourceWarehouseConnection",
    "TrackingPlan",
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
    "common",
    "group",
    "identify",
    "page",
    "screen",
    "secret",
    "track",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, '_generated')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
