"""Catalogue metadata as the official provider's state has it.

Only `id` is ever given (and forces replacement); the rest is what the catalogue says. How much of
it the state keeps is the provider's `catalog_in_state`: full entries weigh 26 KB each, and
Terraform's walk over them is what makes a plan of hundreds of destinations slow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .definition import BOOL, JSON, NUMBER, STRING, Attribute, Items, Nested, Type, camel, field
from .ids import NO_ENTRY


def _fact(name: str, type: Type, description: str) -> Attribute:
    return field(name, type, description, settable=False)


def _echo(name: str, type: Type, description: str) -> Attribute:
    # Git Sync writes literals here; they are echoed, never compared, never sent.
    return field(name, type, description, computed=True, echo=True)


ID = field(
    "id",
    STRING,
    "Id in the catalogue.",
    required=True,
    replace=True,
    foreign=NO_ENTRY,
    max_length=255,
)
NAME = _fact("name", STRING, "Name in the catalogue.")
SLUG = _fact("slug", STRING, "Slug in the catalogue.")
DESCRIPTION = _fact("description", STRING, "What the catalogue says it is.")
LOGOS = _fact(
    "logos",
    Nested(
        "object",
        _fact("default", STRING, "Address of the logo."),
        _fact("mark", STRING, "Address of the mark."),
        _fact("alt", STRING, "Address of the other logo."),
    ),
    "Logos.",
)
OPTIONS = _fact(
    "options",
    Nested(
        "list",
        _fact("name", STRING, "Key in `settings`."),
        _fact("type", STRING, "Type of its value."),
        _fact("required", BOOL, "Whether it must be given."),
        _fact("description", STRING, "What it does."),
        _fact("default_value", JSON, "Its default, as JSON."),
        _fact("label", STRING, "Label in the app."),
    ),
    "Options that `settings` can hold.",
)
CATEGORIES = _fact("categories", Items("list", STRING), "Categories.")

SOURCE_FACTS = (
    NAME,
    SLUG,
    DESCRIPTION,
    LOGOS,
    OPTIONS,
    CATEGORIES,
    _fact("is_cloud_event_source", BOOL, "Whether a cloud app sends its events."),
)

ACTIONS = _fact(
    "actions",
    Nested(
        "list",
        _fact("id", STRING, "Id of the action."),
        _fact("slug", STRING, "Slug of the action."),
        _fact("name", STRING, "Name of the action."),
        _fact("description", STRING, "What it does."),
        _fact("platform", STRING, "CLOUD, MOBILE or WEB."),
        _fact("hidden", BOOL, "Whether the app hides it."),
        _fact("default_trigger", STRING, "FQL that a new mapping starts with."),
        _fact(
            "fields",
            Nested(
                "list",
                _fact("id", STRING, "Id of the field."),
                _fact("sort_order", NUMBER, "Place among the fields."),
                _fact("field_key", STRING, "Key in a mapping."),
                _fact("label", STRING, "Label in the app."),
                _fact("type", STRING, "Type of its value."),
                _fact("description", STRING, "What it is."),
                _fact("placeholder", STRING, "Example shown in the app."),
                _fact("default_value", JSON, "Its default, as JSON."),
                _fact("required", BOOL, "Whether a mapping needs it."),
                _fact("multiple", BOOL, "Whether it takes several values."),
                _fact("choices", JSON, "Allowed values, as JSON."),
                _fact("dynamic", BOOL, "Whether the values are looked up."),
                _fact("allow_null", BOOL, "Whether null is allowed."),
            ),
            "Fields of the action.",
        ),
    ),
    "Actions that mappings can use.",
)

DESTINATION_FACTS = (
    NAME,
    DESCRIPTION,
    SLUG,
    LOGOS,
    OPTIONS,
    _fact("status", STRING, "Whether it is public, in beta, deprecated."),
    _fact("previous_names", Items("list", STRING), "Names it had."),
    CATEGORIES,
    _fact("website", STRING, "Its website."),
    _fact(
        "components",
        Nested(
            "list",
            _fact("type", STRING, "ANDROID, BROWSER, IOS or SERVER."),
            _fact("code", STRING, "Where its code is."),
            _fact("owner", STRING, "PARTNER or SEGMENT."),
        ),
        "Components.",
    ),
    _fact(
        "supported_features",
        Nested(
            "object",
            _fact("cloud_mode_instances", STRING, "How many instances in cloud mode."),
            _fact("device_mode_instances", STRING, "How many instances in device mode."),
            _fact("replay", BOOL, "Whether events can be replayed."),
            _fact("browser_unbundling", BOOL, "Whether it can be left out of a bundle."),
            _fact("browser_unbundling_public", BOOL, "The same, for everyone."),
        ),
        "Features.",
    ),
    _fact(
        "supported_methods",
        Nested(
            "object",
            *(
                _fact(name, BOOL, f"Whether it takes {name} calls.")
                for name in ("pageview", "identify", "alias", "track", "group")
            ),
        ),
        "Calls that it takes.",
    ),
    _fact(
        "supported_platforms",
        Nested(
            "object",
            *(
                _fact(name, BOOL, f"Whether it takes events of the {name}.")
                for name in ("browser", "server", "mobile")
            ),
        ),
        "Platforms.",
    ),
    ACTIONS,
    _fact(
        "presets",
        Nested(
            "list",
            _fact("action_id", STRING, "Id of the action."),
            _fact("name", STRING, "Name of the preset."),
            _fact("fields", JSON, "Mapping, as JSON."),
            _fact("trigger", STRING, "FQL."),
        ),
        "Ready mappings.",
    ),
)

CONTACTS = _echo(
    "contacts",
    Nested(
        "list",
        field("name", STRING, "Name.", computed=True),
        field("email", STRING, "Address.", computed=True),
        field("role", STRING, "Role.", computed=True),
        field("is_primary", BOOL, "Whether to ask this one first.", computed=True),
    ),
    "Contacts; a literal is echoed, never compared, never sent.",
)
DESTINATION_ECHOES = (
    CONTACTS,
    _echo("partner_owned", BOOL, "Whether a partner owns it; echoed as `contacts`."),
    _echo("supported_regions", Items("list", STRING), "Regions; echoed as `contacts`."),
    _echo("region_endpoints", Items("list", STRING), "Endpoints; echoed as `contacts`."),
)

SOURCE_METADATA = Nested("object", ID, *SOURCE_FACTS)
WAREHOUSE_FACTS = (NAME, SLUG, DESCRIPTION, LOGOS, OPTIONS)
WAREHOUSE_METADATA = Nested("object", ID, *WAREHOUSE_FACTS)
DESTINATION_METADATA = Nested("object", ID, *DESTINATION_FACTS, *DESTINATION_ECHOES)

# What `catalog_in_state = "light"` keeps beside `id`: what a plan's reader may want to see.
LIGHT = frozenset(
    {
        "id",
        "name",
        "slug",
        "description",
        "categories",
        "is_cloud_event_source",
        "status",
        "supported_features",
        "supported_methods",
        "supported_platforms",
        "actions",
        *(echo.name for echo in DESTINATION_ECHOES),
    }
)
LIGHT_ACTION = frozenset({"id", "slug", "name", "platform", "default_trigger"})
_LIGHT_WIRE = frozenset(map(camel, LIGHT))
_LIGHT_ACTION_WIRE = frozenset(map(camel, LIGHT_ACTION))


def of_interest(metadata: Mapping[str, Any], keep: str) -> Mapping[str, Any]:
    """The part of the API's entry that `trimmed` will keep, so that the rest is not even read."""
    if keep == "full":
        return metadata
    small = {name: metadata[name] for name in _LIGHT_WIRE if name in metadata}
    actions = small.get("actions")
    if isinstance(actions, list):
        small["actions"] = [
            {name: action[name] for name in _LIGHT_ACTION_WIRE if name in action}
            if isinstance(action, dict)
            else action
            for action in actions
        ]
    return small


def trimmed(metadata: dict[str, object] | None, keep: str) -> dict[str, object] | None:
    """Catalogue metadata as the state keeps it: `full`, `light`, or `none` but its id.

    Echoed attributes are the user's and always stay.
    """
    if metadata is None or keep == "full":
        return metadata
    kept = LIGHT if keep == "light" else {"id", *(echo.name for echo in DESTINATION_ECHOES)}
    small = {name: value if name in kept else None for name, value in metadata.items()}
    actions = small.get("actions")
    if isinstance(actions, list):
        small["actions"] = [
            {name: value if name in LIGHT_ACTION else None for name, value in action.items()}
            for action in actions
        ]
    return small
