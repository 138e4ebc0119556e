"""Destination filter: which events reach a destination, and what is left of them."""

from __future__ import annotations

from .definition import (
    BOOL,
    JSON,
    NUMBER,
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

ACTIONS = Nested(
    "set",
    field(
        "type",
        STRING,
        "What is done: DROP, SAMPLE, DROP_PROPERTIES or ALLOW_PROPERTIES.",
        required=True,
        one_of=("ALLOW_PROPERTIES", "DROP", "DROP_PROPERTIES", "SAMPLE"),
    ),
    field("percent", NUMBER, "Share of events kept, 0 to 1 (SAMPLE).", minimum=0, maximum=1),
    field("path", STRING, "Field whose value decides which events are kept (SAMPLE)."),
    field("fields", JSON, "JSON map: path of an object to the list of its keys."),
)


class DestinationFilter(Resource):
    """Which events reach a destination, and what is left of them."""

    about = Kind(
        "destination_filter",
        "Which events reach a destination, and what is left of them.",
        operations=Operations(
            create="createFilterForDestination",
            read="getFilterInDestination",
            update="updateFilterForDestination",
            delete="removeFilterFromDestination",
            list="listFiltersFromDestination",
        ),
        envelope="filter",
        collection="filters",
        family="filters",
        path={"destinationId": "destination_id", "filterId": "id"},
        scope=("destinationId",),
        import_id="{destination_id}:{id}",
        key=("destination_id", "title"),
        switch="enabled",
        restrains=("destination_id", "source_id"),
        checks=(Check("pure", "segform.resources.checks:destination_filter"),),
    )

    id: str = computed(STRING, "Id of the filter.")
    destination_id: Reference = attribute(
        STRING,
        "Id of the destination that it guards.",
        required=True,
        replace=True,
        create=False,
        update=False,
        reference="destination",
    )
    source_id: Reference = attribute(
        STRING,
        "Id of the source of that destination.",
        required=True,
        replace=True,
        update=False,
        reference="source",
    )
    when: str = attribute(
        STRING,
        "FQL: the events that the actions apply to; `all` for every event.",
        required=True,
        name="if",
        max_length=5120,
    )
    title: str = attribute(STRING, "Title that people see.", required=True)
    description: str | None = attribute(STRING, "Why it is there.", default=None, clear="null")
    enabled: bool = attribute(BOOL, "Whether it is applied.", required=True)
    actions: list[dict[str, object]] = attribute(ACTIONS, "What is done with them.", required=True)
