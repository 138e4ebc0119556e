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
        DataDestinationMetadata,
        DataSourceMetadata,
        DataWorkspace,
        Destination,
        DestinationFilter,
        DestinationFilterAction,
        Label,
        Source,
        SourceLabel,
        SourceTrackingPlanConnection,
        SourceTrackingPlanConnectionSchemaSettings,
        TrackingPlanRule,
        TrackingPlanRulesByKey,
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
    "DataDestinationMetadata",
    "DataSourceMetadata",
    "DataWorkspace",
    "Destination",
    "DestinationFilter",
    "DestinationFilterAction",
    "Label",
    "SegmentProvider",
    "Source",
    "SourceLabel",
    "SourceTrackingPlanConnection",
    "SourceTrackingPlanConnectionSchemaSettings",
    "TrackingPlan",
    "TrackingPlanRule",
    "TrackingPlanRulesByKey",
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
