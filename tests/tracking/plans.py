"""Rules and events that several tests share."""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
INTEGER: dict[str, Any] = {"type": "integer"}


def rule(
    name: str | None = "Order Completed",
    properties: dict[str, Any] | None = None,
    required: tuple[str, ...] = (),
    *,
    type: str = "TRACK",
    version: Any = 1,
    **inside: Any,
) -> dict[str, Any]:
    """A rule as the API gives it."""
    where = "traits" if type in ("IDENTIFY", "GROUP") else "properties"
    inner: dict[str, Any] = {"type": "object", "properties": properties or {}, **inside}
    schema: dict[str, Any] = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {where: inner},
    }
    if required:
        inner["required"] = list(required)
        schema["required"] = [where]
    return {"type": type, "key": name, "version": version, "jsonSchema": schema}


def common(schema: dict[str, Any], version: Any = 1) -> dict[str, Any]:
    return {"type": "COMMON", "key": None, "version": version, "jsonSchema": schema}


def track(name: str = "Order Completed", version: Any = None, **properties: Any) -> dict[str, Any]:
    """A track call."""
    made: dict[str, Any] = {
        "type": "track",
        "event": name,
        "userId": "u1",
        "properties": properties,
    }
    if version is not None:
        made["context"] = {"protocols": {"event_version": version}}
    return made
