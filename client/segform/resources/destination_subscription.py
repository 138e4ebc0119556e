"""Destination subscription, called a mapping in the app: an action, when, with which values."""

from __future__ import annotations

from .definition import (
    BOOL,
    JSON,
    SETTINGS,
    STRING,
    Kind,
    Nested,
    Reference,
    Resource,
    attribute,
    computed,
    field,
)
from .parts import Check, Operations

SCHEDULE = Nested(
    "object",
    field(
        "strategy",
        STRING,
        "When rows are read: PERIODIC, SPECIFIC_DAYS, CRON, DBT_CLOUD or MANUAL.",
        required=True,
        one_of=("CRON", "DBT_CLOUD", "MANUAL", "PERIODIC", "SPECIFIC_DAYS"),
    ),
    field("config", JSON, "What the strategy needs, as JSON; nothing with MANUAL."),
)
MANUAL = {"strategy": "MANUAL"}


class DestinationSubscription(Resource):
    """A mapping: which action of a destination runs for which events, with which values."""

    about = Kind(
        "destination_subscription",
        "A mapping: which action of a destination runs for which events, with which values.",
        operations=Operations(
            create="createDestinationSubscription",
            read="getSubscriptionFromDestination",
            update="updateSubscriptionForDestination",
            delete="removeSubscriptionFromDestination",
            list="listSubscriptionsFromDestination",
        ),
        envelope="subscription",
        created="destinationSubscription",
        wrap_update="input",
        collection="subscriptions",
        family="subscriptions",
        action_of="destination_id",
        path={"destinationId": "destination_id", "id": "id"},
        scope=("destinationId",),
        import_id="{destination_id}:{id}",
        key=("destination_id", "action_id", "name"),
        switch="enabled",
        checks=(
            Check("pure", "segform.resources.checks:settings"),
            Check("pure", "segform.resources.kind_checks:subscription"),
            Check("live", "segform.lifecycle.catalog_checks:subscription"),
        ),
        finish="segform.lifecycle.hooks.subscription:finish",
        complete="segform.lifecycle.hooks.subscription:complete",
    )

    id: str = computed(STRING, "Id of the mapping.")
    destination_id: Reference = attribute(
        STRING,
        "Id of the destination.",
        required=True,
        replace=True,
        create=False,
        update=False,
        reference="destination",
    )
    action_id: str = attribute(
        STRING,
        "Id of one of the destination's actions.",
        required=True,
        replace=True,
        update=False,
    )
    action_slug: str = computed(STRING, "Slug of the action.")
    name: str = attribute(STRING, "Name that people see.", required=True)
    trigger: str = attribute(
        STRING, "FQL: the events that the action runs for.", required=True, max_length=5120
    )
    enabled: bool = attribute(BOOL, "Whether it runs.", required=True)
    model_id: Reference | None = attribute(
        STRING,
        "Id of the Reverse ETL model whose rows it gets in place of events.",
        default=None,
        replace=True,
        update=False,
        reference="reverse_etl_model",
    )
    settings: object = attribute(
        SETTINGS,
        "Values of the action's fields as JSON. Only what is written here is managed.",
        required=True,
    )
    reverse_etl_schedule: dict[str, object] | None = attribute(
        SCHEDULE,
        "When the rows of the model are read. Left out, nothing reads them by itself.",
        default=None,
        wire="reverseETLSchedule",
        create=False,
        # The service has no word for none, and this runs nothing by itself.
        clear=MANUAL,
    )
