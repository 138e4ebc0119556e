"""What a file says about an event, and the planned event that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.tracking.planned import PlannedEvent
from segform.tracking.selection import container

DRAFT = "http://json-schema.org/draft-07/schema#"
CALLS = ("track", "page", "screen", "identify", "group", "common")
# In the order in which files are written.
KEYS = (
    "name",
    "call",
    "version",
    "description",
    "why",
    "owner",
    "destinations",
    "ignore",
    "properties",
    "traits",
    "required",
    "context",
    "json_schema",
)


def schema_of_properties(
    call: str,
    properties: Mapping[str, Any],
    required: list[str],
    description: str,
    context: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The schema of a rule from the schemas of its properties, as event classes write it.

    `context` has schemas of what the event carries in its context, by name.
    """
    where = container(call)
    inner: dict[str, Any] = {"properties": dict(properties), "type": "object"}
    schema: dict[str, Any] = {"$schema": DRAFT, "type": "object", "properties": {where: inner}}
    if context:
        schema["properties"]["context"] = {"type": "object", "properties": dict(context)}
    if required:
        inner["required"] = list(required)
        schema["required"] = [where]
    if description:
        schema["description"] = description
    return schema


def planned(form: Mapping[str, Any], place: Any = None) -> PlannedEvent:
    """The planned event of a file's content, which has been checked."""
    call = str(form.get("call", "track")).upper()
    schema = form.get("json_schema")
    if schema is None:
        values = form.get("traits" if container(call) == "traits" else "properties") or {}
        described = str(form.get("description") or "")
        needed, context = form.get("required") or [], form.get("context")
        schema = schema_of_properties(call, values, needed, described, context)
    return PlannedEvent(
        call,
        form.get("name"),
        form.get("version", 1),
        schema,
        str(form.get("why") or ""),
        str(form.get("owner") or ""),
        tuple(form.get("destinations") or ()),
        tuple(form.get("ignore") or ()),
        place,
    )


def form_of(event: PlannedEvent) -> dict[str, Any]:
    """What a file says about an event; `planned` makes the same event of it again."""
    found: dict[str, Any] = {"name": event.name, "call": event.call.lower()}
    if event.version != 1:
        found["version"] = event.version
    context = event.context
    short = schema_of_properties(
        event.call, event.properties, list(event.required), event.description, context
    )
    is_short = event.call != "COMMON" and short == event.schema
    found |= {
        "description": event.description if is_short else "",
        "why": event.why,
        "owner": event.owner,
        "destinations": list(event.destinations),
        "ignore": list(event.ignore),
    }
    if is_short:
        found[event.where] = dict(event.properties)
        found["required"] = list(event.required)
        found["context"] = dict(context)
    else:
        found["json_schema"] = event.schema
    return {
        key: found[key] for key in KEYS if key in found and (found[key] or key == "json_schema")
    }
