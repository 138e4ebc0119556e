"""Connection of a source to its tracking plan, with what happens to events that break it."""

from __future__ import annotations

from .definition import BOOL, STRING, Attribute, Kind, Nested, Reference, Resource, attribute, field
from .parts import Check, Operations


def _flag(name: str, description: str) -> Attribute:
    return field(name, BOOL, description, computed=True)


def _common(what: str) -> Attribute:
    return field(
        "common_event_on_violations",
        STRING,
        f"What the common schema's violations do: ALLOW, BLOCK or OMIT_{what}.",
        computed=True,
        one_of=("ALLOW", "BLOCK", f"OMIT_{what}"),
    )


_TRAITS = Nested(
    "object",
    _flag("allow_unplanned_traits", "Let traits through that no rule names."),
    _flag("allow_traits_on_violations", "Let traits through that break their rule."),
    _common("TRAITS"),
)

SCHEMA_SETTINGS = Nested(
    "object",
    field(
        "track",
        Nested(
            "object",
            _flag("allow_unplanned_events", "Let events through that no rule names."),
            _flag("allow_unplanned_event_properties", "Let properties through that no rule names."),
            _flag("allow_event_on_violations", "Let events through that break their rule."),
            _flag("allow_properties_on_violations", "Let properties through that break it."),
            _common("PROPERTIES"),
        ),
        "Track calls.",
        computed=True,
    ),
    field("identify", _TRAITS, "Identify calls.", computed=True),
    field("group", _TRAITS, "Group calls.", computed=True),
    field(
        "forwarding_violations_to",
        STRING,
        "Id of a source that gets an event for each violation.",
        computed=True,
        reference="source",
    ),
    field(
        "forwarding_blocked_events_to",
        STRING,
        "Id of a source that gets the blocked events.",
        computed=True,
        reference="source",
    ),
)


class SourceTrackingPlanConnection(Resource):
    """Connects a source to its tracking plan. A source has at most one plan."""

    about = Kind(
        "source_tracking_plan_connection",
        "Connects a source to its tracking plan, and says what breaking it means.",
        operations=Operations(
            create="addSourceToTrackingPlan",
            delete="removeSourceFromTrackingPlan",
            list="listSourcesFromTrackingPlan",
        ),
        collection="sources",
        path={"trackingPlanId": "tracking_plan_id", "sourceId": "source_id"},
        scope=("trackingPlanId",),
        import_id="{source_id}:{tracking_plan_id}",
        key=("source_id", "tracking_plan_id"),
        key_unique=True,
        exclusive=("source_id",),
        links=("source_id", "tracking_plan_id"),
        restrains=("source_id",),
        synced=False,
        checks=(Check("live", "segform.lifecycle.checks:one_plan_per_source"),),
        attach="segform.lifecycle.hooks.connection:Connection",
        plan="segform.lifecycle.hooks.connection:plan",
        finish="segform.lifecycle.hooks.connection:finish",
        each=("listSchemaSettingsInSource",),
        complete="segform.lifecycle.hooks.connection:complete",
    )

    source_id: Reference = attribute(
        STRING, "Id of the source.", required=True, replace=True, reference="source"
    )
    tracking_plan_id: Reference = attribute(
        STRING, "Id of the plan.", required=True, replace=True, reference="tracking_plan"
    )
    schema_settings: dict[str, object] | None = attribute(
        SCHEMA_SETTINGS,
        "What happens to events that no rule names or that break their rule.",
        default=None,
        computed=True,
        lies_in="source_id",
    )
