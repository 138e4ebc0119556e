"""The construct of `segment_tracking_plan`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Json, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import TrackingPlanId


class TrackingPlanRuleElement(TypedDict):
    """An element of `rules`."""

    type: str
    """Call that the rule is for."""
    key: NotRequired[str]
    """Name of the event (TRACK), page or screen; none for IDENTIFY, GROUP and COMMON."""
    version: float
    """Version of the rule; 1 is the first."""
    json_schema: Json
    """JSON Schema (draft 7) of the message."""


class TrackingPlanRulesByKey(TypedDict):
    """An element of `rules_by_key`."""

    type: NotRequired[str]
    """Call; taken from the map's key."""
    key: NotRequired[str]
    """Name; taken from the map's key."""
    version: NotRequired[float]
    """Version; taken from the map's key."""
    json_schema: Json
    """JSON Schema (draft 7) of the message."""


class TrackingPlan(SegmentResource):
    """Which events are valid, as rules with a JSON Schema each.

    Arguments:
        name: Name that people see.
        description: What the plan is for.
        type: LIVE for a plan that sources use; PROPERTY_LIBRARY, RULE_LIBRARY, TEMPLATE, ENGAGE.
            A change replaces the object.
        rules: Rules as a set, as the official provider has them. Above 300 rules use
            `rules_by_key`.
        rules_by_key: Rules by key: `TRACK:Order Completed`, `@2` behind it for version 2,
            `IDENTIFY`.
    """

    kind: ClassVar[str] = "tracking_plan"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        type: str,
        description: str | None = None,
        rules: Sequence[TrackingPlanRuleElement] | None = None,
        rules_by_key: Mapping[str, TrackingPlanRulesByKey] | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "name": name,
                "description": description,
                "type": type,
                "rules": rules,
                "rules_by_key": rules_by_key,
            },
            meta,
        )

    @property
    def id(self) -> TrackingPlanId:
        """Id of the plan (`tp_…`)."""
        return TrackingPlanId(self.get_string_attribute("id"))

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

    @property
    def rules(self) -> IResolvable:
        """Rules as a set, as the official provider has them. Above 300 rules use
        `rules_by_key`."""
        return self.interpolation_for_attribute("rules")

    @property
    def rules_by_key(self) -> IResolvable:
        """Rules by key: `TRACK:Order Completed`, `@2` behind it for version 2, `IDENTIFY`."""
        return self.interpolation_for_attribute("rules_by_key")
