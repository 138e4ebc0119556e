"""Warehouses: the service keeps their name among the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
