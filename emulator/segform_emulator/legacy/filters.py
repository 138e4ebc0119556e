"""Filters of a destination: read here, written through the Public API."""

from __future__ import annotations

from segform_emulator.errors import not_found
from segform_emulator.workspace import Object

from . import destinations
from .context import Context

_PREFIX = "df_"
_TYPES = {
    "DROP": "drop_event",
    "SAMPLE": "sample_event",
    "ALLOW_PROPERTIES": "whitelist_fields",
    "DROP_PROPERTIES": "blacklist_fields",
}


def shown(context: Context, one: Object) -> Object:
    """A filter as the Config API shows it."""
    destination = context.workspace.destination(one["destinationId"])
    parent = destinations.shown(context, destination)["name"]
    return {
        "name": f"{parent}/filters/{_PREFIX}{one['id'].removeprefix(_PREFIX)}",
        "if": one["if"],
        "actions": [_action(action) for action in one["actions"]],
        "title": one["title"],
        "description": one.get("description", ""),
        "enabled": one["enabled"],
    }


def _action(action: Object) -> Object:
    made = {**action, "type": _TYPES[action["type"]]}
    if "fields" in action:
        made["fields"] = {part: {"fields": names} for part, names in action["fields"].items()}
    return made


def every(context: Context) -> Object:
    """`GET …/destinations/D/filters`."""
    mine = context.workspace.filters_of(context.destination()["id"])
    return context.page(mine, "filters", shown)


def get(context: Context) -> Object:
    """`GET …/destinations/D/filters/df_…`."""
    last = context.path["filter"]
    for one in context.workspace.filters_of(context.destination()["id"]):
        if last == _PREFIX + one["id"].removeprefix(_PREFIX):
            return shown(context, one)
    raise not_found(f"filters/{last}")
