"""What users and groups may do: roles, on resources, some of them by label."""

from __future__ import annotations

from .definition import STRING, Nested, field

PERMISSIONS = Nested(
    "set",
    field(
        "role_id", STRING, "Id of the role; the data source `segment_role` names it.", required=True
    ),
    field(
        "resources",
        Nested(
            "set",
            field("id", STRING, "Id of the resource.", required=True),
            field(
                "type",
                STRING,
                "FUNCTION, SOURCE, SPACE, WAREHOUSE or WORKSPACE.",
                required=True,
                one_of=("FUNCTION", "SOURCE", "SPACE", "WAREHOUSE", "WORKSPACE"),
            ),
            field(
                "labels",
                Nested(
                    "set",
                    field("key", STRING, "Key of the label.", required=True),
                    field("value", STRING, "Value of the label.", required=True),
                    identity=("key", "value"),
                ),
                "Only what has one of these labels; on the workspace.",
                max_items=200,
                official="wanted",
            ),
            identity=("type", "id"),
        ),
        "Resources that the role is for.",
        max_items=200,
        official="wanted",
    ),
)
