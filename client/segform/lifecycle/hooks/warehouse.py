"""Warehouses: the service keeps their name among the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.lifecycle.run import Run
from segform.resources.exact import parsed
from segform.resources.values import UNKNOWN


def shape(found: Mapping[str, Any]) -> dict[str, Any]:
    """A warehouse with its name beside the settings."""
    settings = dict(found.get("settings") or {})
    name = settings.pop("name", None)
    return {**found, "settings": settings, "name": name}


def fold(body: dict[str, Any], _values: Mapping[str, Any]) -> dict[str, Any]:
    """A warehouse as the API has it: its name among the settings."""
    if "name" not in body:
        return body
    name = body.pop("name")
    return {**body, "settings": {**body.get("settings", {}), "name": name}}


def profiles(found: Mapping[str, Any]) -> dict[str, Any]:
    """A profiles warehouse with its name and the id of its catalogue entry beside the settings.

    The name stays among the settings too, where states of the official provider have it.
    """
    made = dict(found)
    metadata = found.get("metadata")
    if isinstance(metadata, Mapping):
        made["metadataId"] = metadata.get("id")
    made["name"] = (found.get("settings") or {}).get("name")
    return made


def plan(run: Run) -> None:
    """A name that is given among the settings alone is the name."""
    text = run.config.get("settings")
    if run.config.get("name") is not None:
        return
    if text is UNKNOWN:
        run.planned["name"] = UNKNOWN
    if not isinstance(text, str):
        return
    try:
        found = parsed(text)
    except ValueError:
        return
    name = found.get("name") if isinstance(found, Mapping) else None
    if isinstance(name, str):
        run.planned["name"] = name
