"""The schema settings of a source, flat, under the names that the contract keeps for them."""

from __future__ import annotations

import re
from functools import cache

from segform_emulator.contract import document
from segform_emulator.families.sources import SCHEMA_DEFAULTS
from segform_emulator.workspace import Object

from . import names, reading
from .context import Context
from .errors import invalid

_PARTS = {
    "track": "TrackSourceSettingsV1",
    "identify": "IdentifySourceSettingsV1",
    "group": "GroupSourceSettingsV1",
}
_FORWARDING = {
    "forwarding_violations_to": "forwardingViolationsTo",
    "forwarding_blocked_events_to": "forwardingBlockedEventsTo",
}
# The SDK's documents and the clients of the Config API do not agree on this name: both are known.
_TWO_NAMES = {
    "allow_track_properties_on_violations": ("track", "allowPropertiesOnViolations"),
}


@cache
def fields() -> dict[str, tuple[str, str]]:
    """Names of this API -> part and name in the Public API."""
    made: dict[str, tuple[str, str]] = {}
    for part, definition in _PARTS.items():
        for name, schema in document()["$defs"][definition]["properties"].items():
            made[_snake(schema["x-config-api"])] = (part, name)
    return {**made, **_TWO_NAMES}


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()


def _shown(context: Context, source: Object) -> Object:
    public = context.public("listSchemaSettingsInSource", {"sourceId": source["id"]})["settings"]
    parent = f"{context.name}/sources/{source['slug']}"
    made: Object = {"name": f"{parent}/schema-config", "parent": parent}
    made.update({name: public[part][field] for name, (part, field) in fields().items()})
    for name, field in _FORWARDING.items():
        target = context.workspace.sources.get(public.get(field, ""))
        made[name] = target["slug"] if target else ""
    return made


def get(context: Context) -> Object:
    """`GET …/sources/S/schema-config`."""
    return _shown(context, context.source())


def update(context: Context) -> Object:
    """`PATCH …/sources/S/schema-config`: an emptied boolean is false, a choice its first."""
    source = context.source()
    wanted = reading.changes(context.body(), "schema_config", (*fields(), *_FORWARDING))
    body: Object = {}
    emptied: list[str] = []
    for name, value in wanted.items():
        if name in _FORWARDING:
            target = _target(context, name, value)
            if target:
                body[_FORWARDING[name]] = target
            else:
                emptied.append(_FORWARDING[name])
            continue
        part, field = fields()[name]
        body.setdefault(part, {})[field] = _value(name, value, SCHEMA_DEFAULTS[part][field])
    if body:
        context.public("updateSchemaSettingsInSource", {"sourceId": source["id"]}, body)
    own = dict(context.workspace.schema.get(source["id"], {}))
    if own.keys() & set(emptied):
        context.workspace.schema[source["id"]] = {
            name: value for name, value in own.items() if name not in emptied
        }
    return _shown(context, source)


def _value(name: str, value: object, default: object) -> object:
    if isinstance(default, bool):
        return reading.flag(value, f"schema_config.{name}")
    # A choice has no empty value: the first of the contract's stands for it.
    return default if value in (None, "") else value


def _target(context: Context, name: str, value: object) -> str:
    """The id of the source to forward to, given as its slug or its name; empty for none."""
    if value in (None, ""):
        return ""
    if not isinstance(value, str):
        raise invalid(f"schema_config.{name} has to be a string")
    found = names.source(context.workspace, value.removeprefix(f"{context.name}/sources/"))
    if found is None:
        raise invalid(f"schema_config.{name}: there is no source {value!r}")
    return str(found["id"])
