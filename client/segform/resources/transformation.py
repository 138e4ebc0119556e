"""Transformation: what is changed in the events of a source, or on the way to a destination."""

from __future__ import annotations

from .definition import (
    BOOL,
    STRING,
    Items,
    Kind,
    Nested,
    Reference,
    Resource,
    attribute,
    computed,
    field,
)
from .parts import Check, Operations

RENAMES = Nested(
    "set",
    field("old_name", STRING, "Path of the property.", required=True),
    field("new_name", STRING, "Its new path.", required=True),
    identity=("old_name",),
)
VALUES = Nested(
    "set",
    field(
        "property_paths",
        Items("set", STRING),
        "Paths that get the value, at most 10.",
        required=True,
        max_items=10,
    ),
    field("property_value", STRING, "The value.", required=True),
)
BY_FQL = Nested(
    "set",
    field("fql", STRING, "FQL that gives the value.", required=True),
    field("property_name", STRING, "Property that gets it.", required=True),
    identity=("property_name",),
)
HASHING = Nested(
    "object",
    field("algorithm", STRING, "How values are hashed.", required=True),
    field("key", STRING, "Key of the hash.", sensitive=True),
    field(
        "encoding",
        STRING,
        "BASE16, BASE64, BASE64URL or HEX.",
        one_of=("BASE16", "BASE64", "BASE64URL", "HEX"),
    ),
    field("paths", Items("list", STRING), "Paths whose values are hashed.", required=True),
)


class Transformation(Resource):
    """What is changed in the events of a source, or on the way to a destination."""

    about = Kind(
        "transformation",
        "What is changed in the events of a source, or on the way to a destination.",
        operations=Operations(
            create="createTransformation",
            read="getTransformation",
            update="updateTransformation",
            delete="deleteTransformation",
            list="listTransformations",
        ),
        envelope="transformation",
        collection="transformations",
        family="transformations",
        path={"transformationId": "id"},
        key=("source_id", "name"),
        switch="enabled",
        restrains=("source_id",),
        checks=(Check("pure", "segform.resources.kind_checks:transformation"),),
    )

    id: str = computed(STRING, "Id of the transformation.")
    source_id: Reference = attribute(
        STRING, "Id of the source.", required=True, follows=True, reference="source"
    )
    destination_metadata_id: str | None = attribute(
        STRING,
        "Catalogue id of a destination, where only what is sent there is changed.",
        default=None,
        clear="empty",
    )
    name: str = attribute(STRING, "Name that people see.", required=True)
    enabled: bool = attribute(BOOL, "Whether it is applied.", required=True)
    when: str = attribute(
        STRING, "FQL: the events that are changed.", required=True, name="if", max_length=5120
    )
    drop: bool | None = attribute(
        BOOL,
        "Drop the events instead of changing them.",
        default=None,
        computed=True,
        official="absent",
    )
    new_event_name: str | None = attribute(
        STRING, "New name of the event.", default=None, clear="empty"
    )
    property_renames: list[dict[str, str]] | None = attribute(
        RENAMES, "Properties that get another name.", default=None, computed=True, official="wanted"
    )
    property_value_transformations: list[dict[str, object]] | None = attribute(
        VALUES,
        "Properties that get a value, at most 10.",
        default=None,
        computed=True,
        max_items=10,
        official="wanted",
    )
    fql_defined_properties: list[dict[str, str]] | None = attribute(
        BY_FQL,
        "A property whose value FQL gives; at most one.",
        default=None,
        computed=True,
        max_items=1,
        official="wanted",
    )
    allow_properties: list[str] | None = attribute(
        Items("set", STRING),
        "Properties that are kept; all others go.",
        default=None,
        computed=True,
        official="absent",
    )
    hash_properties_configuration: dict[str, object] | None = attribute(
        HASHING, "Properties whose values are hashed.", default=None, official="absent"
    )
