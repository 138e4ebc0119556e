"""Destinations of a source, one of each kind; their settings are a list of options."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from segform_emulator.errors import conflict
from segform_emulator.families.destinations import masked
from segform_emulator.workspace import Object

from . import names, reading
from .context import NO_TIME, Context
from .errors import invalid

_MODES = ("UNSPECIFIED", "CLOUD", "DEVICE")
_FIELDS = ("display_name", "enabled", "connection_mode", "config")
# How an option's type is called here, where the catalogue calls it otherwise.
_TYPES = {"array": "list", "text-map": "map"}
_VALUES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "password": str,
    "color": str,
    "boolean": bool,
    "number": (int, Decimal),
    "map": dict,
    "list": list,
}


def shown(context: Context, one: Object) -> Object:
    """A destination as the Config API shows it, with every option of its kind."""
    source = context.workspace.source(one["sourceId"])
    entry = context.catalog.get("destinations", one["metadataId"]) or {}
    parent = f"{context.name}/sources/{source['slug']}"
    name = f"{parent}/destinations/{names.last_of(context, one)}"
    facts = context.facts(one["id"])
    return {
        "name": name,
        "parent": parent,
        "display_name": one.get("name", entry.get("name", "")),
        "enabled": one["enabled"],
        "connection_mode": facts.get("connectionMode", _MODES[0]),
        "config": _config(name, masked(one["settings"], entry), entry),
        "create_time": facts.get("createTime", NO_TIME),
        "update_time": facts.get("updateTime", NO_TIME),
    }


def _config(name: str, settings: Object, entry: Object) -> list[Object]:
    options = {option["name"]: option for option in entry.get("options", ())}
    made = []
    for key, value in sorted(settings.items()):
        option = options.get(key, {})
        made.append(
            {
                "name": f"{name}/config/{key}",
                "display_name": option.get("label", key),
                "value": value,
                "type": option_type(option) if option else _type_of(value),
            }
        )
    return made


def option_type(option: Object) -> str:
    """The type of a catalogue option, in the words of this API."""
    return str(_TYPES.get(option["type"], option["type"]))


def _type_of(value: Any) -> str:
    for name in ("string", "boolean", "number", "map", "list"):
        if isinstance(value, _VALUES[name]):
            return name
    return "mixed"


def _settings(given: Any, name: str) -> Object:
    """Settings by option from `config`; None for options that come without a value."""
    if given is None:
        return {}
    if not isinstance(given, list):
        raise invalid("destination.config has to be a list")
    made: Object = {}
    for one in given:
        if not isinstance(one, dict):
            raise invalid("destination.config has to be a list of objects")
        key = names.below(one.get("name"), f"{name}/config", "destination.config.name")
        kind = reading.text(one, "type", "destination.config")
        value = one.get("value")
        if value is not None and not _fits(value, kind):
            raise invalid(f"{one['name']}: the value has to be a {kind}")
        made[key] = value
    return made


def _fits(value: Any, kind: str) -> bool:
    """Whether a value is of a type that is told with it; of a type unknown here, anything is."""
    if kind not in _VALUES:
        return True
    return isinstance(value, _VALUES[kind]) and isinstance(value, bool) == (kind == "boolean")


def _mode(given: Any) -> str:
    if given is None or given == "":
        return _MODES[0]
    if not isinstance(given, str) or given.upper() not in _MODES:
        raise invalid(f"destination.connection_mode is one of {', '.join(_MODES)}")
    return given.upper()


def create(context: Context) -> Object:
    """`POST …/sources/S/destinations`: not enabled unless the request says so."""
    source = context.source()
    given = reading.wrapped(context.body(), "destination")
    parent = f"{context.name}/sources/{source['slug']}/destinations"
    slug = names.below(given.get("name"), parent, "destination.name")
    entry = names.entry(context, "destinations", slug)
    if entry is None:
        raise invalid(f"destination.name: there is no catalog/destinations/{slug}")
    if names.destination(context, source["id"], slug) is not None:
        raise conflict(f"{parent}/{slug} already exists.")
    settings = _settings(given.get("config"), f"{parent}/{slug}")
    mode = _mode(given.get("connection_mode"))
    body: Object = {
        "sourceId": source["id"],
        "metadataId": entry["id"],
        "enabled": reading.flag(given.get("enabled"), "destination.enabled"),
        "settings": settings,
    }
    called = reading.text(given, "display_name", "destination")
    if called:
        body["name"] = called
    made = context.public("createDestination", body=body)["destination"]
    now = context.clock.stamp()
    context.note(made["id"], createTime=now, updateTime=now, connectionMode=mode)
    return shown(context, context.workspace.destination(made["id"]))


def every(context: Context) -> Object:
    """`GET …/sources/S/destinations`."""
    mine = names.of_source(context.workspace, context.source()["id"])
    return context.page(mine, "destinations", shown)


def get(context: Context) -> Object:
    """`GET …/destinations/D`."""
    return shown(context, context.destination())


def update(context: Context) -> Object:
    """`PATCH …/destinations/D`: options that are given change, others stay.

    An empty `config` in the mask sets every option back.
    """
    one = context.destination()
    name = shown(context, one)["name"]
    wanted = reading.changes(context.body(), "destination", _FIELDS)
    called = reading.text(wanted, "display_name", "destination")
    mode = _mode(wanted.get("connection_mode"))
    body: Object = {}
    if "enabled" in wanted:
        body["enabled"] = reading.flag(wanted["enabled"], "destination.enabled")
    if "config" in wanted:
        body["settings"] = _settings(wanted["config"], name) or dict.fromkeys(one["settings"])
    if wanted:
        context.public("updateDestination", {"destinationId": one["id"]}, body)
        context.note(one["id"], updateTime=context.clock.stamp())
    if "display_name" in wanted:
        # Empty stays empty here; the Public API would take the catalogue's name.
        one["name"] = called
    if "connection_mode" in wanted:
        context.note(one["id"], connectionMode=mode)
    return shown(context, one)


def delete(context: Context) -> Object:
    """`DELETE …/destinations/D`."""
    context.public("deleteDestination", {"destinationId": context.destination()["id"]})
    context.forget()
    return {}
