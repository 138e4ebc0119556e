"""The catalogue, by slug."""

from __future__ import annotations

from segform_emulator.errors import not_found
from segform_emulator.workspace import Object

from . import names
from .context import Context
from .destinations import option_type


def _source(_context: Context, entry: Object) -> Object:
    return {
        "name": f"catalog/sources/{entry['slug']}",
        "display_name": entry["name"],
        "description": entry["description"],
        "categories": entry["categories"],
    }


def _destination(_context: Context, entry: Object) -> Object:
    name = f"catalog/destinations/{entry['slug']}"
    return {
        "name": name,
        "display_name": entry["name"],
        "description": entry["description"],
        "type": "STREAMING",
        "status": entry["status"],
        "website": entry["website"],
        "categories": entry["categories"],
        "components": [{"type": one["type"]} for one in entry["components"] if "type" in one],
        "logos": entry["logos"],
        "methods": entry["supportedMethods"],
        "platforms": entry["supportedPlatforms"],
        "settings": [
            {
                "name": f"{name}/settings/{option['name']}",
                "display_name": option.get("label", option["name"]),
                "description": option.get("description", ""),
                "type": option_type(option),
                "required": option["required"],
            }
            for option in entry["options"]
        ],
    }


def sources(context: Context) -> Object:
    """`GET catalog/sources`."""
    return context.page(context.catalog.all("sources"), "sources", _source)


def source(context: Context) -> Object:
    """`GET catalog/sources/{slug}`."""
    return _source(context, _entry(context, "sources"))


def destinations(context: Context) -> Object:
    """`GET catalog/destinations`."""
    return context.page(context.catalog.all("destinations"), "destinations", _destination)


def destination(context: Context) -> Object:
    """`GET catalog/destinations/{slug}`."""
    return _destination(context, _entry(context, "destinations"))


def _entry(context: Context, kind: str) -> Object:
    found = names.entry(context, kind, context.path["slug"])
    if found is None:
        raise not_found(f"catalog/{kind}/{context.path['slug']}")
    return found
