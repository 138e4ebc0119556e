"""The constructs, one module per kind. Generated from the definitions."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from .data_destination_metadata import DataDestinationMetadata
from .data_source_metadata import DataSourceMetadata
from .data_workspace import DataWorkspace
from .destination import Destination
from .destination_filter import DestinationFilter, DestinationFilterAction
from .label import Label
from .source import Source, SourceLabel
from .source_tracking_plan_connection import (
    SourceTrackingPlanConnection,
    SourceTrackingPlanConnectionSchemaSettings,
    SourceTrackingPlanConnectionSchemaSettingsGroup,
    SourceTrackingPlanConnectionSchemaSettingsIdentify,
    SourceTrackingPlanConnectionSchemaSettingsTrack,
)
from .tracking_plan import TrackingPlan, TrackingPlanRule, TrackingPlanRulesByKey

__all__ = [
    "DataDestinationMetadata",
    "DataSourceMetadata",
    "DataWorkspace",
    "Destination",
    "DestinationFilter",
    "DestinationFilterAction",
    "Label",
    "Source",
    "SourceLabel",
    "SourceTrackingPlanConnection",
    "SourceTrackingPlanConnectionSchemaSettings",
    "SourceTrackingPlanConnectionSchemaSettingsGroup",
    "SourceTrackingPlanConnectionSchemaSettingsIdentify",
    "SourceTrackingPlanConnectionSchemaSettingsTrack",
    "TrackingPlan",
    "TrackingPlanRule",
    "TrackingPlanRulesByKey",
]
