"""The construct of `segment_source_schema_settings`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import SourceId


class SourceSchemaSettingsTrack(TypedDict):
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


class SourceSchemaSettingsIdentify(TypedDict):
    """`identify`."""

    allow_unplanned_traits: NotRequired[Flag]
    """Let traits through that no rule names."""
    allow_traits_on_violations: NotRequired[Flag]
    """Let traits through that break their rule."""
    common_event_on_violations: NotRequired[str]
    """What the common schema's violations do: ALLOW, BLOCK or OMIT_TRAITS."""


class SourceSchemaSettingsGroup(TypedDict):
    """`group`."""

    allow_unplanned_traits: NotRequired[Flag]
    """Let traits through that no rule names."""
    allow_traits_on_violations: NotRequired[Flag]
    """Let traits through that break their rule."""
    common_event_on_violations: NotRequired[str]
    """What the common schema's violations do: ALLOW, BLOCK or OMIT_TRAITS."""


class SourceSchemaSettings(SegmentResource):
    """What happens to events of a source that no rule names or that break their rule. Use it
    where somebody else connects the plan; `segment_source_tracking_plan_connection` has the same
    settings. Deleting it leaves the settings as they are.

    Arguments:
        source_id: Id of the source; it has to be connected to a tracking plan. A change replaces
            the object.
        track: Track calls.
        identify: Identify calls.
        group: Group calls.
        forwarding_violations_to: Id of a source that gets an event for each violation.
        forwarding_blocked_events_to: Id of a source that gets the blocked events.
    """

    kind: ClassVar[str] = "source_schema_settings"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        source_id: SourceId,
        track: SourceSchemaSettingsTrack | None = None,
        identify: SourceSchemaSettingsIdentify | None = None,
        group: SourceSchemaSettingsGroup | None = None,
        forwarding_violations_to: SourceId | None = None,
        forwarding_blocked_events_to: SourceId | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "source_id": source_id,
                "track": track,
                "identify": identify,
                "group": group,
                "forwarding_violations_to": forwarding_violations_to,
                "forwarding_blocked_events_to": forwarding_blocked_events_to,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the source."""
        return self.get_string_attribute("id")

    @property
    def source_id(self) -> SourceId:
        """Id of the source; it has to be connected to a tracking plan."""
        return SourceId(self.get_string_attribute("source_id"))

    @property
    def track(self) -> IResolvable:
        """Track calls."""
        return self.interpolation_for_attribute("track")

    @property
    def identify(self) -> IResolvable:
        """Identify calls."""
        return self.interpolation_for_attribute("identify")

    @property
    def group(self) -> IResolvable:
        """Group calls."""
        return self.interpolation_for_attribute("group")

    @property
    def forwarding_violations_to(self) -> SourceId:
        """Id of a source that gets an event for each violation."""
        return SourceId(self.get_string_attribute("forwarding_violations_to"))

    @property
    def forwarding_blocked_events_to(self) -> SourceId:
        """Id of a source that gets the blocked events."""
        return SourceId(self.get_string_attribute("forwarding_blocked_events_to"))
