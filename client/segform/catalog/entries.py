"""The entries of a catalogue, by kind and id, and the document that holds them.

A document is JSON: `{"format": "segform.catalog", "version": 1, "fetched": "…", "url": "…",
"sources": […], "destinations": […], "warehouses": […]}`. Only the three lists are needed, so that
the files that the emulator takes (`--catalog FILE`) are documents too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

FORMAT = "segform.catalog"
VERSION = 1
KINDS = ("source", "destination", "warehouse")

Entry: TypeAlias = Mapping[str, Any]


class Catalog:
    """Entries as the API gives them. `fetched`: when they were asked for (ISO 8601), if known."""

    def __init__(
        self,
        *,
        sources: Iterable[Entry] = (),
        destinations: Iterable[Entry] = (),
        warehouses: Iterable[Entry] = (),
        fetched: str | None = None,
        url: str | None = None,
    ) -> None:
        self._entries = {
            "source": _by_id(sources, "source"),
            "destination": _by_id(destinations, "destination"),
            "warehouse": _by_id(warehouses, "warehouse"),
        }
        self.fetched = fetched
        self.url = url

    @classmethod
    def from_document(cls, document: Any) -> Catalog:
        """The catalogue of a document. Raises ValueError that says what is wrong with it."""
        if isinstance(document, list):
            kind = "sources" if document and "isCloudEventSource" in document[0] else "destinations"
            document = {kind: document}
        if not isinstance(document, Mapping):
            raise ValueError("a catalogue is a JSON object with sources, destinations, warehouses")
        if document.get("format", FORMAT) != FORMAT or document.get("version", VERSION) != VERSION:
            raise ValueError(
                f"it is {document.get('format')!r}, version {document.get('version')!r}, and not "
                f"{FORMAT!r}, version {VERSION}"
            )
        lists = {name: document.get(name, []) for name in (f"{kind}s" for kind in KINDS)}
        if not any(name in document for name in lists):
            raise ValueError(f"it has none of {', '.join(lists)}")
        for name, entries in lists.items():
            if not isinstance(entries, list):
                raise ValueError(f"{name} is not a list")
        return cls(fetched=document.get("fetched"), url=document.get("url"), **lists)

    def document(self) -> dict[str, Any]:
        """What `from_document` takes."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "fetched": self.fetched,
            "url": self.url,
            **{f"{kind}s": list(self._entries[kind].values()) for kind in KINDS},
        }

    def entry(self, kind: str, entry_id: str) -> Entry | None:
        """One entry (`kind` is source, destination or warehouse), or None."""
        return self._entries[kind].get(entry_id)

    def entries(self, kind: str) -> list[Entry]:
        """All entries of a kind, in the order in which they came."""
        return list(self._entries[kind].values())

    def __bool__(self) -> bool:
        return any(self._entries.values())

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self._entries[kind])} {kind}s" for kind in KINDS)
        return f"<Catalog of {counts}>"


def _by_id(entries: Iterable[Entry], kind: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            raise ValueError(f"an entry of the {kind} catalogue has no id")
        found[entry["id"]] = entry
    return found


def nearest(entries: Iterable[Entry], text: str, most: int = 3) -> list[Entry]:
    """The entries whose slug, name or id looks most like `text`, the nearest first."""
    import difflib

    named: dict[str, Entry] = {}
    for entry in entries:
        for field in ("slug", "name", "id"):
            named.setdefault(str(entry.get(field, "")).lower(), entry)
    close = difflib.get_close_matches(text.lower(), named, n=most, cutoff=0.5)
    return list({named[name]["id"]: named[name] for name in close}.values())
