"""The data source of `segment_tracking_plan`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
# ruff: noqa: A002 - the API's names
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable

from ._ids import TrackingPlanId


class DataTrackingPlan(SegmentDataSource):
    """A tracking plan that is there, by its id, with all of its rules.

    Arguments:
        id: Id of the tracking plan.
    """

    kind: ClassVar[str] = "tracking_plan"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        id: str,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "id": id,
            },
            meta,
        )

    @property
    def id(self) -> TrackingPlanId:
        """Id of the tracking plan."""
        return TrackingPlanId(self.get_string_attribute("id"))

    @property
    def rules(self) -> IResolvable:
        """Its rules."""
        return self.interpolation_for_attribute("rules")

    @property
    def slug(self) -> str:
        """Slug that the service made."""
        return self.get_string_attribute("slug")

    @property
    def name(self) -> str:
        """Name that people see."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What the plan is for."""
        return self.get_string_attribute("description")

    @property
    def type(self) -> str:
        """LIVE for a plan that sources use; PROPERTY_LIBRARY, RULE_LIBRARY, TEMPLATE, ENGAGE."""
        return self.get_string_attribute("type")

    @property
    def created_at(self) -> str:
        """When it was made."""
        return self.get_string_attribute("created_at")

    @property
    def updated_at(self) -> str:
        """When it was last changed."""
        return self.get_string_attribute("updated_at")
