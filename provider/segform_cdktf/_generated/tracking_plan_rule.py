"""The construct of `segment_tracking_plan_rule`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import Json, MetaArguments, SegmentResource

from ._ids import TrackingPlanId


class TrackingPlanRule(SegmentResource):
    """One rule of a tracking plan, so that several teams can share it. The plan itself is
    declared without rules.

    Arguments:
        tracking_plan_id: Id of the plan. A change replaces the object.
        type: Call that the rule is for. One of COMMON, GROUP, IDENTIFY, PAGE, SCREEN, TRACK. A
            change replaces the object.
        key: Name of the event (TRACK), page or screen; none for IDENTIFY, GROUP and COMMON. A
            change replaces the object.
        version: Version of the rule; 1 where it is left out. A change replaces the object.
        json_schema: JSON Schema (draft 7) of the message.
    """

    kind: ClassVar[str] = "tracking_plan_rule"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        tracking_plan_id: TrackingPlanId,
        type: str,
        json_schema: Json,
        key: str | None = None,
        version: float | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "tracking_plan_id": tracking_plan_id,
                "type": type,
                "key": key,
                "version": version,
                "json_schema": json_schema,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """The plan and the rule: `tp_…:TRACK:Order Completed`, `@2` for version 2."""
        return self.get_string_attribute("id")

    @property
    def tracking_plan_id(self) -> TrackingPlanId:
        """Id of the plan."""
        return TrackingPlanId(self.get_string_attribute("tracking_plan_id"))

    @property
    def type(self) -> str:
        """Call that the rule is for."""
        return self.get_string_attribute("type")

    @property
    def key(self) -> str:
        """Name of the event (TRACK), page or screen; none for IDENTIFY, GROUP and COMMON."""
        return self.get_string_attribute("key")

    @property
    def version(self) -> float:
        """Version of the rule; 1 where it is left out."""
        return self.get_number_attribute("version")

    @property
    def json_schema(self) -> str:
        """JSON Schema (draft 7) of the message."""
        return self.get_string_attribute("json_schema")
