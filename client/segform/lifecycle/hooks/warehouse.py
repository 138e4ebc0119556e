"""Warehouses: the service keeps their name among the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def shape(found: Mapping[str, Any]) -> dict[str, Any]:
    """A warehouse with its name beside the settings."""
    settings = dict(found.get("settings") or {})
    name = settings.pop("name", None)
    return {**found, "settings": settings, "name": name}
