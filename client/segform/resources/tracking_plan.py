"""Tracking plan: which events are valid, as rules with a JSON Schema each."""

from __future__ import annotations

from .definition import (
    NUMBER,
    RULE_SCHEMA,
    STRING,
    Kind,
    Nested,
    Resource,
    attribute,
    computed,
    field,
)
from .parts import Check, Operations

TYPES = ("COMMON", "GROUP", "IDENTIFY", "PAGE", "SCREEN", "TRACK")
_KEY = "Name of the event (TRACK), page or screen; none for IDENTIFY, GROUP and COMMON."

RULES = Nested(
    "set",
    field("type", STRING, "Call that the rule is for.", required=True, one_of=TYPES),
    field("key", STRING, _KEY),
    field("version", NUMBER, "Version of the rule; 1 is the first.", required=True),
    field("json_schema", RULE_SCHEMA, "JSON Schema (draft 7) of the message.", required=True),
    identity=("type", "key", "version"),
)

RULES_BY_KEY = Nested(
    "map",
    field("type", STRING, "Call; taken from the map's key.", computed=True, one_of=TYPES),
    field("key", STRING, "Name; taken from the map's key.", computed=True),
    field("version", NUMBER, "Version; taken from the map's key.", computed=True),
    field("json_schema", RULE_SCHEMA, "JSON Schema (draft 7) of the message.", required=True),
)


class TrackingPlan(Resource):
    """Which events are valid: a plan and, in one of two forms, its rules."""

    about = Kind(
        "tracking_plan",
        "Which events are valid, as rules with a JSON Schema each.",
        operations=Operations(
            create="createTrackingPlan",
            read="getTrackingPlan",
            update="updateTrackingPlan",
            delete="deleteTrackingPlan",
            list="listTrackingPlans",
        ),
        envelope="trackingPlan",
        collection="trackingPlans",
        family="trackingPlans",
        fold="segform.lifecycle.hooks.tracking_plan:fold",
        unfold="segform.lifecycle.hooks.tracking_plan:unfold",
        path={"trackingPlanId": "id"},
        key=("name",),
        protected=True,
        guard=(
            "it is connected to sources: without their plan their events are no longer checked, "
            "and what was blocked starts to flow"
        ),
        guard_when="segform.lifecycle.hooks.tracking_plan:is_connected",
        checks=(Check("pure", "segform.tracking.checks:tracking_plan"),),
        plan="segform.lifecycle.hooks.tracking_plan:plan",
        finish="segform.lifecycle.hooks.tracking_plan:finish",
        each=("listRulesFromTrackingPlan",),
        complete="segform.lifecycle.hooks.tracking_plan:complete",
        adopt={"owns": "rules_by_key"},
        import_forms={"rules": "", "rules_by_key": "#rules_by_key", "": "#unmanaged"},
        import_hook="segform.lifecycle.hooks.tracking_plan:import_id",
    )

    id: str = computed(STRING, "Id of the plan (`tp_…`).")
    slug: str = computed(STRING, "Slug that the service made.")
    name: str = attribute(STRING, "Name that people see.", required=True)
    description: str | None = attribute(
        STRING, "What the plan is for.", default=None, computed=True, clear="empty"
    )
    type: str = attribute(
        STRING,
        "LIVE for a plan that sources use; PROPERTY_LIBRARY, RULE_LIBRARY, TEMPLATE, ENGAGE.",
        required=True,
        replace=True,
        update=False,
        one_of=("ENGAGE", "LIVE", "PROPERTY_LIBRARY", "RULE_LIBRARY", "TEMPLATE"),
    )
    created_at: str = computed(STRING, "When it was made.")
    updated_at: str = computed(STRING, "When it was last changed.", keep=False)
    rules: list[dict[str, object]] | None = attribute(
        RULES,
        "Rules as a set, as the official provider has them. Above 300 rules use `rules_by_key`.",
        default=None,
        computed=True,
        create=False,
        update=False,
        snapshot=False,
        official="wanted",
    )
    rules_by_key: dict[str, dict[str, object]] | None = attribute(
        RULES_BY_KEY,
        "Rules by key: `TRACK:Order Completed`, `@2` behind it for version 2, `IDENTIFY`.",
        default=None,
        computed=True,
        create=False,
        update=False,
        snapshot=False,
        official="absent",
    )
