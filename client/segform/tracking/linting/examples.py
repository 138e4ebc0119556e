"""Short forms for the examples of lint rules."""

from __future__ import annotations

from typing import Any

from segform.tracking.files.form import schema_of_properties
from segform.tracking.planned import PlannedEvent

TEXT = {"type": "string", "description": "A text."}
NUMBER = {"type": "number", "description": "A number."}


def track(
    name: str,
    properties: dict[str, Any] | None = None,
    *,
    description: str = "Something happened.",
    version: Any = 1,
    call: str = "TRACK",
    required: tuple[str, ...] = (),
) -> dict[str, Any]:
    """A rule as the API gives it."""
    schema = schema_of_properties(call, properties or {}, list(required), description)
    return {"type": call, "key": name or None, "version": version, "jsonSchema": schema}


def told(name: str, **answers: Any) -> PlannedEvent:
    """An event with the answers to the four questions."""
    schema = track(name)["jsonSchema"]
    given: dict[str, Any] = {"why": "Revenue.", "owner": "growth", "destinations": ("ga4",)}
    return PlannedEvent("TRACK", name, 1, schema, **{**given, **answers})
