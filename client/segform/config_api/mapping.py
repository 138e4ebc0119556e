"""Objects of the legacy Config API as a segform snapshot has them, and what is left behind.

No I/O. Every value that has no place in a snapshot becomes a note with that value: nothing is
dropped without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from segform.transport.encode import MASKED

from . import names, rules
from .lookup import Lookup, looked_up

# What Go writes where it knows no time.
_NO_TIME: Final = "0001-01-01T00:00:00"
_DROPPED: Final = "has no counterpart in the Public API"


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
            "id": self._id(name),
            "slug": name.last,
            "name": raw.get("display_name") or name.last,
            "metadataId": self._metadata(name, str(raw.get("catalog_name") or "")),
            "enabled": True,
            "settings": {},
        }
        keys = raw.get("write_keys")
        if keys:
            made["writeKeys"] = list(keys)
            text = "are kept as they are; a source that is made anew gets others"
            self.note(str(name), "write_keys", "kept", text)
        else:
            text = "were not told; the token may not see them"
            self.note(str(name), "write_keys", "unreadable", text)
        self.note(str(name), "enabled", "assumed", "is not told; taken as enabled")
        library = raw.get("library_config")
        if isinstance(library, Mapping) and any(library.values()):
            self.note(str(name), "library_config", "dropped", _DROPPED, library)
        self._times(name, raw, "create_time")
        self._rest(
            name,
            raw,
            "name parent slug display_name catalog_name write_keys library_config create_time "
            "library_source_config",
        )
        return made

    def destination(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A destination of a snapshot; its options become a mapping."""
        name = names.parse(raw["name"], "destination")
        entry = names.catalog_destination(name.last)
        made = {
            "id": self._id(name),
            "name": raw.get("display_name") or name.last,
            "metadataId": self._metadata(name, entry),
            "sourceId": self.ids[str(name.parent)],
            "enabled": bool(raw.get("enabled", False)),
            "settings": self._settings(name, raw.get("config")),
        }
        mode = raw.get("connection_mode")
        if mode and mode != "UNSPECIFIED":
            self.note(str(name), "connection_mode", "dropped", f"{mode!r} {_DROPPED}", mode)
        self._times(name, raw, "create_time", "update_time")
        known = "name parent slug display_name enabled connection_mode config"
        self._rest(name, raw, f"{known} create_time update_time")
        return made

    def _settings(self, name: names.Name, config: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for entry in config if isinstance(config, list) else []:
            full = str(entry.get("name", ""))
            key = full.removeprefix(f"{name}/config/")
            value = entry.get("value")
            field = f"config.{key}"
            if not key:
                self.note(str(name), "config", "dropped", "an option without a name", entry)
            elif key in made:
                self.note(str(name), field, "dropped", "came twice; the first counts", value)
            elif _masked(value):
                text = "is a mask of the secret behind it; it has to be set anew"
                self.note(str(name), field, "unreadable", text)
            elif value is not None:
                made[key] = value
        return made

    def filter(self, raw: Mapping[str, Any], destination: Mapping[str, Any]) -> dict[str, Any]:
        """A filter of a snapshot; `destination`: the mapped one it belongs to."""
        name = names.parse(raw["name"], "destination filter")
        made = {
            "id": self._id(name),
            "sourceId": destination["sourceId"],
            "destinationId": destination["id"],
            "if": str(raw.get("if", "")),
            "actions": [self._action(name, one) for one in raw.get("actions") or []],
            "title": str(raw.get("title", "")),
            "enabled": bool(raw.get("enabled", False)),
        }
        if raw.get("description"):
            made["description"] = raw["description"]
        self._times(name, raw, "create_time", "update_time")
        known = "name parent if actions title description enabled create_time update_time"
        self._rest(name, raw, known)
        return made

    def _action(self, name: names.Name, raw: Mapping[str, Any]) -> dict[str, Any]:
        kind = ACTIONS.get(str(raw.get("type", "")).lower())
        if kind is None:
            kind = str(raw.get("type", ""))
            self.note(str(name), "actions", "unknown", f"the action {kind!r} is not known", raw)
        found = {key: raw[key] for key in ("fields", "percent", "path") if raw.get(key)}
        if "percent" in raw:
            found["percent"] = raw["percent"]  # 0 is a percentage too
        if kind == "DROP":
            found = {}
        self._rest(name, raw, "type fields percent path", "actions.")
        return {"type": kind, **found}

    def plan(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A tracking plan of a snapshot, without its sources."""
        name = names.parse(raw["name"], "tracking plan")
        given = raw.get("rules")
        made_rules, remarks = rules.to_public(given if isinstance(given, Mapping) else {})
        made: dict[str, Any] = {
            "id": self._id(name),
            "name": raw.get("display_name") or name.last,
            "type": "LIVE",
            "rules": made_rules,
        }
        for old, new in (("create_time", "createdAt"), ("update_time", "updatedAt")):
            if _time(raw.get(old)):
                made[new] = raw[old]
        self.note(str(name), "type", "assumed", "is not told; taken as LIVE")
        for remark in remarks:
            self.note(str(name), remark.field, "dropped", remark.text, remark.value)
        self._rest(name, raw, "name parent display_name rules create_time update_time")
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
            workspace = str(names.parse(source, "source").workspace)
            found = self.ids.get(str(names.resolve(str(target), "source", workspace)))
            if found:
                made[new] = found
            else:
                self.note(source, f"schema_config.{old}", "dropped", "names no source", target)
        known = " ".join(("name parent", *SCHEMA, *FORWARDING))
        self._rest(names.parse(source), raw, known, "schema_config.")
        return made

    def _id(self, name: names.Name) -> str:
        text = str(name)
        made = self.ids.get(text)
        if made is None:
            made = self.ids[text] = made_id(text)
            self.note(text, "id", "made", f"{made}; the Public API gives its own")
        return made

    def _metadata(self, name: names.Name, entry: str) -> str:
        found = looked_up(self._lookup, entry) if entry else None
        if found:
            return found
        text = f"{entry or 'it'} is in no catalogue that was given; its id has to be put in"
        self.note(str(name), "metadataId", "unknown", text, entry)
        return entry or "unknown"

    def _times(self, name: names.Name, raw: Mapping[str, Any], *fields: str) -> None:
        for field in fields:
            if _time(raw.get(field)):
                text = f"{raw[field]} {_DROPPED}"
                self.note(str(name), field, "dropped", text, raw[field])

    def _rest(self, name: names.Name, raw: Mapping[str, Any], known: str, prefix: str = "") -> None:
        """A note for every field that nobody knows and that holds something."""
        for field in sorted(set(raw) - set(known.split())):
            if raw[field] not in (None, "", [], {}, False):
                self.note(str(name), f"{prefix}{field}", "dropped", _DROPPED, raw[field])


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
