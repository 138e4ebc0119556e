"""The catalogue: a small one of its own, and files with more.

A file holds a list of entries, or an object with `sources`, `destinations` and `warehouses`. What
an entry lacks of the contract's required attributes is filled in as empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

_OWN = Path(__file__).with_name("catalog.json")
KINDS = ("sources", "destinations", "warehouses")
_METHODS = ("pageview", "identify", "alias", "track", "group")
_PLATFORMS = ("browser", "server", "mobile", "warehouse", "cloudAppObject", "linkedAudiences")

Entry = dict[str, Any]


class Catalog:
    """Entries by id, for each kind in the order in which they were loaded."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self.entries: dict[str, dict[str, Entry]] = {kind: dict(_own()[kind]) for kind in KINDS}
        for file in files:
            self.load(file)

    def load(self, file: Path) -> None:
        """Add the entries of a file. Raises ValueError for what is no catalogue."""
        for kind, entries in _read(file).items():
            self.entries[kind].update(entries)

    def get(self, kind: str, entry_id: str) -> Entry | None:
        """One entry, or None."""
        return self.entries[kind].get(entry_id)

    def lasts(self, entry: Entry) -> bool:
        """Whether an entry is one of these, which never change."""
        return any(kind.get(str(entry.get("id"))) is entry for kind in self.entries.values())

    def all(self, kind: str) -> list[Entry]:
        """All entries of a kind."""
        return list(self.entries[kind].values())


@cache
def _own() -> dict[str, dict[str, Entry]]:
    """The small one, read once: every emulator has the same entries, and changes none."""
    return _read(_OWN)


def _read(file: Path) -> dict[str, dict[str, Entry]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"{file.name} is no JSON: {problem}") from None
    if isinstance(found, list):
        found = {_kind_of(file, found): found}
    if not isinstance(found, dict) or not set(found) <= set(KINDS):
        raise ValueError(f"{file.name} is no catalogue: it has to have {', '.join(KINDS)}")
    made: dict[str, dict[str, Entry]] = {}
    for kind, entries in found.items():
        try:
            made[kind] = {entry["id"]: completed(kind, entry) for entry in entries}
        except (TypeError, KeyError, AttributeError):
            raise ValueError(
                f"{file.name} is no catalogue: an entry of {kind} lacks id, name or slug"
            ) from None
    return made


def _kind_of(file: Path, entries: list[Entry]) -> str:
    first = entries[0] if entries else {}
    if "isCloudEventSource" in first:
        return "sources"
    return "warehouses" if "warehouse" in file.name.lower() else "destinations"


def _common(entry: Entry) -> Entry:
    return {
        "id": entry["id"],
        "name": entry["name"],
        "slug": entry["slug"],
        "description": entry.get("description", ""),
        "logos": entry.get("logos") or {"default": f"https://logos.example/{entry['slug']}.svg"},
        "options": [{"required": False, **option} for option in entry.get("options", ())],
    }


def _source(entry: Entry) -> Entry:
    return {
        **_common(entry),
        "categories": entry.get("categories", []),
        "isCloudEventSource": entry.get("isCloudEventSource", False),
        "status": entry.get("status", "PUBLIC"),
        "partnerOwned": entry.get("partnerOwned", False),
    }


def _destination(entry: Entry) -> Entry:
    methods = entry.get("supportedMethods", {})
    methods = {**methods, "pageview": methods.get("pageview", methods.get("page", False))}
    platforms = entry.get("supportedPlatforms", {})
    return {
        **_common(entry),
        "status": entry.get("status", "PUBLIC"),
        "previousNames": entry.get("previousNames", []),
        "categories": entry.get("categories", []),
        "website": entry.get("website", ""),
        "components": entry.get("components", []),
        "supportedFeatures": entry.get("supportedFeatures", {}),
        "supportedMethods": {name: bool(methods.get(name, False)) for name in _METHODS},
        "supportedPlatforms": {name: bool(platforms.get(name, False)) for name in _PLATFORMS},
        "actions": [_action(action) for action in entry.get("actions", ())],
        "presets": entry.get("presets", []),
        "partnerOwned": entry.get("partnerOwned", False),
    }


def _action(action: Entry) -> Entry:
    return {"description": "", "hidden": False, "defaultTrigger": None, "fields": [], **action}


_COMPLETE = {"sources": _source, "destinations": _destination, "warehouses": _common}


def completed(kind: str, entry: Entry) -> Entry:
    """An entry with everything that the contract asks for."""
    return _COMPLETE[kind](entry)
