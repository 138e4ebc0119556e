"""The construct of `segment_source_tracking_plan_connection`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import SourceId, TrackingPlanId


class SourceTrackingPlanConnectionSchemaSettingsTrack(TypedDict):
    """`track`."""

    allow_unplanned_events: NotRequired[Flag]
    """Let events through that no rule names."""
    allow_unplanned_event_properties: NotRequired[Flag]
    """Let properties through that no rule names."""
    allow_event_on_violations: NotRequired[Flag]
    """Let events through that break their rule."""
    allow_properties_on_violations: NotRequired[Flag]
    """Let properties through that break it."""
    common_event_on_violations: NotRequired[str]
    """What the common schema's violations do: ALLOW, BLOCK or OMIT_PROPERTIES."""


class SourceTrackingPlanConnectionSchemaSettingsIdentify(TypedDict):
    """`identify`."""

    allow_unplanned_traits: NotRequired[Flag]
    """Let traits through that no rule names."""
    allow_traits_on_violations: NotRequired[Flag]
    """Let traits through that break their rule."""
    common_event_on_violations: NotRequired[str]
    """What the common schema's violations do: ALLOW, BLOCK or OMIT_TRAITS."""


class SourceTrackingPlanConnectionSchemaSettingsGroup(TypedDict):
    """`group`."""

    allow_unplanned_traits: NotRequired[Flag]
    """Let traits through that no rule names."""
    allow_traits_on_violations: NotRequired[Flag]
    """Let traits through that break their rule."""
    common_event_on_violations: NotRequired[str]
    """What the common schema's violations do: ALLOW, BLOCK or OMIT_TRAITS."""


class SourceTrackingPlanConnectionSchemaSettings(TypedDict):
    """`schema_settings`."""

    track: NotRequired[SourceTrackingPlanConnectionSchemaSettingsTrack]
    """Track calls."""
    identify: NotRequired[SourceTrackingPlanConnectionSchemaSettingsIdentify]
    """Identify calls."""
    group: NotRequired[SourceTrackingPlanConnectionSchemaSettingsGroup]
    """Group calls."""
    forwarding_violations_to: NotRequired[SourceId]
    """Id of a source that gets an event for each violation."""
    forwarding_blocked_events_to: NotRequired[SourceId]
    """Id of a source that gets the blocked events."""


class SourceTrackingPlanConnection(SegmentResource):
    """Connects a source to its tracking plan, and says what breaking it means.

    Arguments:
        source_id: Id of the source. A change replaces the object.
        tracking_plan_id: Id of the plan. A change replaces the object.
        schema_settings: What happens to events that no rule names or that break their rule.
    """

    kind: ClassVar[str] = "source_tracking_plan_connection"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        source_id: SourceId,
        tracking_plan_id: TrackingPlanId,
        schema_settings: SourceTrackingPlanConnectionSchemaSettings | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "source_id": source_id,
                "tracking_plan_id": tracking_plan_id,
                "schema_settings": schema_settings,
            },
            meta,
        )

    @property
    def source_id(self) -> SourceId:
        """Id of the source."""
        return SourceId(self.get_string_attribute("source_id"))

    @property
    def tracking_plan_id(self) -> TrackingPlanId:
        """Id of the plan."""
        return TrackingPlanId(self.get_string_attribute("tracking_plan_id"))

    @property
    def schema_settings(self) -> IResolvable:
        """What happens to events that no rule names or that break their rule."""
        return self.interpolation_for_attribute("schema_settings")
