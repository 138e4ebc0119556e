"""Objects of the legacy Config API as a segform snapshot has them, and what is left behind.

No I/O. Every value that has no place in a snapshot becomes a note with that value: nothing is
dropped without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from segform.errors import ConfigurationError
from segform.transport.encode import MASKED

from . import names, rules
from .lookup import Lookup, looked_up

# What Go writes where it knows no time.
_NO_TIME: Final = "0001-01-01T00:00:00"
_DROPPED: Final = "has no counterpart in the Public API and is left out"
_TIME: Final = f"{_DROPPED}; nothing depends on it"
# What to do about values that are left out, by field; the others say no more than that.
_MENDS: Final = {
    "library_config": "look at the source's settings in the app, and set there what is missing",
    "function_config": "set the function's settings of this source anew in the app",
    "connection_mode": "look at the destination in the app: its mode is chosen there",
    "labels": "add them with `segform.Segment().sources.labels.add`",
}


class Note(NamedTuple):
    """One thing that the snapshot does not tell as the legacy API did.

    * `name`: the legacy resource name it is about; `field`: of the object, empty for all of it;
    * `kind`: `dropped` (no counterpart), `made` (made up here), `kept` (told as it was, with a
      catch), `assumed` (the legacy API does not tell), `unreadable` (could not be read),
      `unknown` (found in no catalogue);
    * `text`: in words; `value`: what the legacy API told. It may be secret and is not shown.
    """

    name: str
    field: str
    kind: str
    text: str
    value: Any = None

    def __str__(self) -> str:
        place = f"{self.name}: {self.field}" if self.field else self.name
        return f"{place}: {self.text}"

    def __repr__(self) -> str:
        return f"Note({self.kind}: {self})"


class Mapper:
    """Maps objects one by one; keeps the `notes`, and the `ids` by legacy name.

    * `lookup`: from names of the legacy catalogue to the Public API's ids.
    """

    def __init__(self, lookup: Lookup | None = None) -> None:
        self.notes: list[Note] = []
        self.ids: dict[str, str] = {}
        self._lookup = lookup

    def note(self, name: str, field: str, kind: str, text: str, value: Any = None) -> None:
        """Keep a note."""
        self.notes.append(Note(name, field, kind, text, value))

    def source(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A source of a snapshot, without its schema settings."""
        name = names.parse(raw["name"], "source")
        made: dict[str, Any] = {
            "id": self._id(str(name)),
            "slug": name.last,
            "name": _text(raw.get("display_name")) or name.last,
            "metadataId": self._metadata(name, _text(raw.get("catalog_name"))),
            "enabled": True,
            "settings": {},
        }
        given = raw.get("write_keys")
        keys = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
        if keys:
            made["writeKeys"] = keys
            text = "are in the snapshot; a source that is made anew gets others, and then whatever "
            text += "sends to it needs the new one"
            self.note(str(name), "write_keys", "kept", text)
        else:
            text = "were not told; read them with a token that may see them, or in the app"
            self.note(str(name), "write_keys", "unreadable", text)
        text = "is not told and taken as true; disable the source if it is not"
        self.note(str(name), "enabled", "assumed", text)
        self._times(str(name), raw, "create_time")
        known = "name parent slug display_name catalog_name write_keys create_time"
        self._rest(str(name), raw, known)
        return made

    def destination(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A destination of a snapshot; its options become a mapping."""
        name = names.parse(raw["name"], "destination")
        entry = names.catalog_destination(name.last)
        made = {
            "id": self._id(str(name)),
            "name": _text(raw.get("display_name")) or name.last,
            "metadataId": self._metadata(name, entry),
            "sourceId": self.ids[str(name.parent)],
            "enabled": raw.get("enabled") is True,
            "settings": self._settings(name, raw.get("config")),
        }
        mode = raw.get("connection_mode")
        if mode != "UNSPECIFIED":
            self._drop(str(name), "connection_mode", mode)
        self._times(str(name), raw, "create_time", "update_time")
        known = "name parent slug display_name enabled connection_mode config"
        self._rest(str(name), raw, f"{known} create_time update_time")
        return made

    def _settings(self, name: names.Name, config: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for entry in _objects(config):
            full = _text(entry.get("name"))
            key = full.removeprefix(f"{name}/config/")
            value = entry.get("value")
            field = f"config.{key}"
            if not key:
                text = "has an option without a name, which is left out"
                self.note(str(name), "config", "dropped", text, entry)
            elif key in made:
                self.note(str(name), field, "dropped", "came twice; the first counts", value)
            elif _masked(value):
                text = "is a secret, of which only a mask is told; set it anew"
                self.note(str(name), field, "unreadable", text)
            elif value is not None:
                made[key] = value
        return made

    def filter(self, raw: Mapping[str, Any], destination: Mapping[str, Any]) -> dict[str, Any]:
        """A filter of a snapshot; `destination`: the mapped one it belongs to."""
        name = str(names.parse(raw["name"], "destination filter"))
        made = {
            "id": self._id(name),
            "sourceId": destination["sourceId"],
            "destinationId": destination["id"],
            "if": _text(raw.get("if")),
            "actions": [self._action(name, one) for one in _objects(raw.get("actions"))],
            "title": _text(raw.get("title")),
            "enabled": raw.get("enabled") is True,
        }
        if _text(raw.get("description")):
            made["description"] = raw["description"]
        self._times(name, raw, "create_time", "update_time")
        known = "name parent if actions title description enabled create_time update_time"
        self._rest(name, raw, known)
        return made

    def _action(self, name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        told = _text(raw.get("type"))
        kind = ACTIONS.get(told.lower())
        if kind is None:
            text = f"have one of an unknown type, {told!r}, kept as it is; put in the Public API's"
            self.note(name, "actions", "unknown", text, raw)
        made: dict[str, Any] = {"type": kind or told}
        if isinstance(raw.get("fields"), Mapping):
            made["fields"] = self._fields(name, raw["fields"])
        if raw.get("percent") is not None:
            made["percent"] = raw["percent"]  # 0 is a percentage too
        if _text(raw.get("path")):
            made["path"] = raw["path"]
        self._rest(name, raw, "type fields percent path", "actions.")
        return {"type": kind} if kind == "DROP" else made

    def _fields(self, name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """`{"properties": {"fields": […]}}` there, `{"properties": […]}` here."""
        made: dict[str, Any] = {}
        for part, given in raw.items():
            found = given.get("fields") if isinstance(given, Mapping) else given
            if part in _FIELDS and isinstance(found, list):
                if found:
                    made[part] = found
            elif found:
                self.note(name, f"actions.fields.{part}", "dropped", _DROPPED, given)
        return made

    def plan(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A tracking plan of a snapshot, without its sources."""
        name = names.parse(raw["name"], "tracking plan")
        given = raw.get("rules")
        made_rules, remarks = rules.to_public(given if isinstance(given, Mapping) else {})
        made: dict[str, Any] = {
            "id": self._id(str(name)),
            "name": _text(raw.get("display_name")) or name.last,
            "type": "LIVE",
            "rules": made_rules,
        }
        for old, new in (("create_time", "createdAt"), ("update_time", "updatedAt")):
            if _time(raw.get(old)):
                made[new] = raw[old]
        text = "is not told and taken as LIVE; change it where the plan is a library or a template"
        self.note(str(name), "type", "assumed", text)
        for remark in remarks:
            self.note(str(name), remark.field, "dropped", remark.text, remark.value)
        self._rest(str(name), raw, "name parent display_name rules create_time update_time")
        return made

    def schema(self, source: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The schema settings of a source that differ from what a source starts with.

        * `source`: the source's name. All sources have to be mapped before.
        """
        made: dict[str, Any] = {}
        for old, (part, new, start) in SCHEMA.items():
            value = raw.get(old, start)
            if value != start and value not in (None, ""):
                made.setdefault(part, {})[new] = value
        for old, new in FORWARDING.items():
            target = raw.get(old)
            if not target:
                continue
            found = self._source_id(source, target)
            if found:
                made[new] = found
            else:
                text = "names no source that was listed; choose one anew"
                self.note(source, f"schema_config.{old}", "dropped", text, target)
        known = " ".join(("name parent", *SCHEMA, *FORWARDING))
        self._rest(source, raw, known, "schema_config.")
        return made

    def _source_id(self, beside: str, told: Any) -> str | None:
        """The id of a source told by its slug or name; None where there is none."""
        workspace = names.parse(beside, "source").workspace
        try:
            return self.ids.get(str(names.resolve(_text(told), "source", workspace)))
        except ConfigurationError:
            return None

    def _id(self, name: str) -> str:
        made = self.ids.get(name)
        if made is None:
            made = self.ids[name] = made_id(name)
            self.note(name, "id", "made", f"{made} stands in its place; the service gives its own")
        return made

    def _metadata(self, name: names.Name, entry: str) -> str:
        found = looked_up(self._lookup, entry) if entry else None
        if found:
            return found
        text = f"{entry or 'it'} is in no catalogue that was given; put in the id of its entry, or "
        text += "give `catalog=`"
        self.note(str(name), "metadataId", "unknown", text, entry)
        return entry or "unknown"

    def _times(self, name: str, raw: Mapping[str, Any], *fields: str) -> None:
        for field in fields:
            if _time(raw.get(field)):
                self.note(name, field, "dropped", f"{raw[field]} {_TIME}", raw[field])

    def _rest(self, name: str, raw: Mapping[str, Any], known: str, prefix: str = "") -> None:
        """A note for every field that nobody knows, or that is not of its form, and says something.

        What stands in a list of objects and is none is told as well.
        """
        for field in sorted(set(raw) - set(known.split())):
            self._drop(name, field, raw[field], prefix)
        for field in sorted(set(raw) & set(known.split()) & set(_FORMS)):
            form, word = _FORMS[field]
            for one in filter(_says_something, _odd(raw[field], form, field in _OBJECTS)):
                text = f"has {word} here, and something else was told; it is left out"
                self.note(name, f"{prefix}{field}", "dropped", text, one)

    def _drop(self, name: str, field: str, value: Any, prefix: str = "") -> None:
        """A note for a value that has no place, unless it says nothing."""
        if _says_something(value):
            mend = _MENDS.get(field)
            text = f"{_DROPPED}; {mend}" if mend else _DROPPED
            self.note(name, f"{prefix}{field}", "dropped", text, value)


# Field -> of what form it is, wherever it stands, and how that is called.
_FORMS: Final[dict[str, tuple[type[Any], str]]] = {
    **dict.fromkeys(
        ("display_name", "catalog_name", "if", "title", "description", "type", "path"),
        (str, "a text"),
    ),
    **dict.fromkeys(("config", "actions"), (list, "objects")),
    "write_keys": (list, "a list"),
    "enabled": (bool, "a boolean"),
    "rules": (Mapping, "an object"),
    "fields": (Mapping, "an object"),
}
_OBJECTS: Final = ("config", "actions")
ACTIONS: Final = {
    "drop_event": "DROP",
    "sample_event": "SAMPLE",
    "whitelist_fields": "ALLOW_PROPERTIES",
    "blacklist_fields": "DROP_PROPERTIES",
}
# Legacy name -> part and name in the Public API, and what a source starts with.
SCHEMA: Final[dict[str, tuple[str, str, Any]]] = {
    "allow_unplanned_track_events": ("track", "allowUnplannedEvents", True),
    "allow_unplanned_track_event_properties": ("track", "allowUnplannedEventProperties", True),
    "allow_track_event_on_violations": ("track", "allowEventOnViolations", True),
    # Public clients of the API and the Public API's map of names call it differently.
    "allow_track_properties_on_violations": ("track", "allowPropertiesOnViolations", True),
    "allow_track_event_properties_on_violations": ("track", "allowPropertiesOnViolations", True),
    "common_track_event_on_violations": ("track", "commonEventOnViolations", "ALLOW"),
    "allow_unplanned_identify_traits": ("identify", "allowUnplannedTraits", True),
    "allow_identify_traits_on_violations": ("identify", "allowTraitsOnViolations", True),
    "common_identify_event_on_violations": ("identify", "commonEventOnViolations", "ALLOW"),
    "allow_unplanned_group_traits": ("group", "allowUnplannedTraits", True),
    "allow_group_traits_on_violations": ("group", "allowTraitsOnViolations", True),
    "common_group_event_on_violations": ("group", "commonEventOnViolations", "ALLOW"),
}
FORWARDING: Final = {
    "forwarding_violations_to": "forwardingViolationsTo",
    "forwarding_blocked_events_to": "forwardingBlockedEventsTo",
}
# What an action of a filter can name fields of.
_FIELDS: Final = ("context", "properties", "traits")
_PREFIXES: Final = {"tracking-plans": "tp_", "filters": "df_"}


def made_id(name: str) -> str:
    """An id for a legacy resource name: always the same, and of no other name."""
    collection = name.split("/")[-2]
    return _PREFIXES.get(collection, "") + sha256(name.encode()).hexdigest()[:24]


def _time(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and not value.startswith(_NO_TIME)


def _masked(value: Any) -> bool:
    if isinstance(value, str):
        return MASKED in value
    items: Iterable[Any] = ()
    if isinstance(value, Mapping):
        items = value.values()
    elif isinstance(value, list):
        items = value
    return any(map(_masked, items))


def _odd(value: Any, form: type[Any], objects: bool) -> list[Any]:
    """What is not of its form: the value itself, or those of a list of `objects` that are none."""
    if not isinstance(value, form):
        return [value]
    return [one for one in value if not isinstance(one, Mapping)] if objects else []


def _says_something(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_says_something, value.values()))
    return value not in (None, "", [], False)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
