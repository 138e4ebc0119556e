"""Tracking plan rule: one rule of a plan by itself, so that teams can share a plan."""

from __future__ import annotations

from .definition import NUMBER, RULE_SCHEMA, STRING, Kind, Reference, Resource, attribute, computed
from .parts import Check, Operations
from .tracking_plan import _KEY, TYPES


class TrackingPlanRule(Resource):
    """One rule of a tracking plan whose other rules are somebody else's."""

    about = Kind(
        "tracking_plan_rule",
        "One rule of a tracking plan, so that several teams can share it. The plan itself is "
        "declared without rules.",
        official=False,
        operations=Operations(
            create="updateRulesInTrackingPlan",
            update="updateRulesInTrackingPlan",
            delete="removeRulesFromTrackingPlan",
            list="listRulesFromTrackingPlan",
        ),
        collection="rules",
        path={"trackingPlanId": "tracking_plan_id"},
        scope=("trackingPlanId",),
        import_id="{id}",
        key=("tracking_plan_id", "type", "key", "version"),
        key_unique=True,
        part_of=("tracking_plan", "rules_by_key"),
        attach="segform.lifecycle.hooks.rule:OneRule",
        plan="segform.lifecycle.hooks.rule:plan",
        finish="segform.lifecycle.hooks.rule:finish",
        import_hook="segform.lifecycle.hooks.rule:import_id",
        checks=(Check("pure", "segform.tracking.checks:one_rule"),),
    )

    id: str = computed(
        STRING, "The plan and the rule: `tp_…:TRACK:Order Completed`, `@2` for version 2."
    )
    tracking_plan_id: Reference = attribute(
        STRING,
        "Id of the plan.",
        required=True,
        replace=True,
        create=False,
        update=False,
        reference="tracking_plan",
    )
    type: str = attribute(
        STRING,
        "Call that the rule is for.",
        required=True,
        replace=True,
        update=False,
        one_of=TYPES,
    )
    key: str | None = attribute(STRING, _KEY, default=None, replace=True, update=False)
    version: object = attribute(
        NUMBER,
        "Version of the rule; 1 where it is left out.",
        default=None,
        computed=True,
        replace=True,
        update=False,
    )
    json_schema: object = attribute(
        RULE_SCHEMA, "JSON Schema (draft 7) of the message.", required=True, update=False
    )
