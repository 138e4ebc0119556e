"""Function: code that runs as a source, as a destination, or on the way to one."""

from __future__ import annotations

from .definition import BOOL, STRING, Kind, Nested, Resource, attribute, computed, field
from .parts import Check, Operations

FUNCTION_SETTINGS = Nested(
    "set",
    field("name", STRING, "Key by which the code reads it.", required=True),
    field("label", STRING, "Label in the app.", required=True, blank=True),
    field("description", STRING, "What it is.", required=True, blank=True),
    field(
        "type",
        STRING,
        "ARRAY, BOOLEAN, STRING or TEXT_MAP.",
        required=True,
        one_of=("ARRAY", "BOOLEAN", "STRING", "TEXT_MAP"),
    ),
    field("required", BOOL, "Whether it must be given.", required=True),
    field("sensitive", BOOL, "Whether it is a secret.", required=True),
    identity=("name",),
)


class Function(Resource):
    """Code that runs as a source, as a destination, or on the way to one."""

    about = Kind(
        "function",
        "Code that runs as a source, as a destination, or on the way to one.",
        operations=Operations(
            create="createFunction",
            read="getFunction",
            update="updateFunction",
            delete="deleteFunction",
            list="listFunctions",
        ),
        envelope="function",
        collection="functions",
        family="functions",
        limited=True,
        path={"functionId": "id"},
        query={"resourceType": "resource_type"},
        key=("resource_type", "display_name"),
        list_fields=("id", "resource_type", "display_name", "description", "logo_url"),
        plan="segform.lifecycle.hooks.function:plan",
        finish="segform.lifecycle.hooks.function:finish",
        complete="segform.lifecycle.hooks.function:complete",
        protected=True,
        guard="its versions and instances go with it, and what runs it stops",
        checks=(
            Check("pure", "segform.resources.kind_checks:function"),
            Check("live", "segform.lifecycle.checks:named_function"),
        ),
    )

    id: str = computed(STRING, "Id of the function.")
    code: str = attribute(
        STRING,
        "Its code, JavaScript. A change of a source function's is deployed.",
        required=True,
        file="js",
    )
    display_name: str | None = attribute(
        STRING,
        "Name that people see. All but source functions get the workspace's name appended; that "
        "is no difference.",
        default=None,
        computed=True,
        suffixed=True,
    )
    logo_url: str | None = attribute(STRING, "Address of a logo.", default=None, clear="empty")
    resource_type: str = attribute(
        STRING,
        "What it runs as.",
        required=True,
        replace=True,
        update=False,
        one_of=(
            "DESTINATION",
            "INSERT_DESTINATION",
            "INSERT_SOURCE",
            "INSERT_TRANSFORMATION",
            "SOURCE",
        ),
    )
    description: str | None = attribute(STRING, "What it is for.", default=None, clear="empty")
    preview_webhook_url: str = computed(STRING, "Address to send test events to.")
    catalog_id: str = computed(STRING, "Its id in the catalogue.")
    settings: list[dict[str, object]] | None = attribute(
        FUNCTION_SETTINGS,
        "Settings that it asks for.",
        default=None,
        computed=True,
        official="wanted",
    )
