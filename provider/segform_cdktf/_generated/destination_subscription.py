"""The construct of `segment_destination_subscription`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, Json, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import DestinationId, ReverseEtlModelId


class DestinationSubscriptionReverseEtlSchedule(TypedDict):
    """`reverse_etl_schedule`."""

    strategy: str
    """When rows are read: PERIODIC, SPECIFIC_DAYS, CRON, DBT_CLOUD or MANUAL."""
    config: NotRequired[Json]
    """What the strategy needs, as JSON; nothing with MANUAL."""


class DestinationSubscription(SegmentResource):
    """A mapping: which action of a destination runs for which events, with which values.

    Arguments:
        destination_id: Id of the destination. A change replaces the object.
        action_id: Id of one of the destination's actions. A change replaces the object.
        name: Name that people see.
        trigger: FQL: the events that the action runs for.
        enabled: Whether it runs.
        model_id: Id of the Reverse ETL model whose rows it gets in place of events. A change
            replaces the object.
        settings: Values of the action's fields as JSON. Only what is written here is managed.
        reverse_etl_schedule: When the rows of the model are read. Left out, nothing reads them by
            itself.
    """

    kind: ClassVar[str] = "destination_subscription"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        destination_id: DestinationId,
        action_id: str,
        name: str,
        trigger: str,
        enabled: Flag,
        settings: Json,
        model_id: ReverseEtlModelId | None = None,
        reverse_etl_schedule: DestinationSubscriptionReverseEtlSchedule | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "destination_id": destination_id,
                "action_id": action_id,
                "name": name,
                "trigger": trigger,
                "enabled": enabled,
                "model_id": model_id,
                "settings": settings,
                "reverse_etl_schedule": reverse_etl_schedule,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the mapping."""
        return self.get_string_attribute("id")

    @property
    def destination_id(self) -> DestinationId:
        """Id of the destination."""
        return DestinationId(self.get_string_attribute("destination_id"))

    @property
    def action_id(self) -> str:
        """Id of one of the destination's actions."""
        return self.get_string_attribute("action_id")

    @property
    def action_slug(self) -> str:
        """Slug of the action."""
        return self.get_string_attribute("action_slug")

    @property
    def name(self) -> str:
        """Name that people see."""
        return self.get_string_attribute("name")

    @property
    def trigger(self) -> str:
        """FQL: the events that the action runs for."""
        return self.get_string_attribute("trigger")

    @property
    def enabled(self) -> IResolvable:
        """Whether it runs."""
        return self.get_boolean_attribute("enabled")

    @property
    def model_id(self) -> ReverseEtlModelId:
        """Id of the Reverse ETL model whose rows it gets in place of events."""
        return ReverseEtlModelId(self.get_string_attribute("model_id"))

    @property
    def settings(self) -> str:
        """Values of the action's fields as JSON. Only what is written here is managed."""
        return self.get_string_attribute("settings")

    @property
    def reverse_etl_schedule(self) -> IResolvable:
        """When the rows of the model are read. Left out, nothing reads them by itself."""
        return self.interpolation_for_attribute("reverse_etl_schedule")
