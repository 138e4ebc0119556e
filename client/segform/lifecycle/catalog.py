"""The catalogue as a process sees it: each entry decoded once, each list asked for once."""

from __future__ import annotations

import threading
from typing import Any, Protocol

from segform.resources import data_sources
from segform.resources._metadata import DESTINATION_ECHOES, of_interest, trimmed
from segform.resources.definition import Nested

from .mapping import from_api


class Requests(Protocol):
    """What the lifecycle needs of a client."""

    def request(
        self,
        operation: str,
        *,
        path: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]: ...

    def pages(
        self,
        operation: str,
        *,
        path: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        count: int = 200,
    ) -> Any: ...

    def mark(self, salt: str) -> str: ...


class Catalog:
    """Entries of the source and destination catalogue, by data source name (`source_metadata`)."""

    def __init__(self, client: Requests, *, in_state: str = "light") -> None:
        self._client = client
        self.in_state = in_state
        self._facts: dict[tuple[str, str], dict[str, Any]] = {}
        self._entries: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._lists: dict[str, list[dict[str, Any]]] = {}
        self._lock = threading.RLock()

    def facts(self, kind: Nested, metadata: dict[str, Any] | None) -> dict[str, Any] | None:
        """An object's `metadata` as its state has it: decoded once per entry, never changed."""
        if metadata is None:
            return None
        key = (str(id(kind)), str(metadata.get("id")))
        with self._lock:
            found = self._facts.get(key)
            if found is None:
                found = (
                    trimmed(from_api(kind, of_interest(metadata, self.in_state)), self.in_state)
                    or {}
                )
                # Contacts and regions change for reasons of their own and are the user's literal.
                for item in DESTINATION_ECHOES:
                    if item.name in found:
                        found[item.name] = None
                self._facts[key] = found
            return found

    def entry(self, source: str, entry_id: str) -> dict[str, Any] | None:
        """One entry by id, or None where the catalogue has none. Operation: `get…Metadata`."""
        from segform.errors import NotFoundError

        about = data_sources()[source].about
        if not about.operations.read:
            return next((e for e in self.entries(source) if e.get("id") == entry_id), None)
        with self._lock:
            if (source, entry_id) not in self._entries:
                for found in self._lists.get(source, ()):
                    if found.get("id") == entry_id:
                        return found
                [parameter] = about.path
                try:
                    data = self._client.request(
                        about.operations.read or "", path={parameter: entry_id}
                    )
                    self._entries[source, entry_id] = data[about.envelope]
                except NotFoundError:
                    self._entries[source, entry_id] = None
            return self._entries[source, entry_id]

    def entries(self, source: str) -> list[dict[str, Any]]:
        """All entries. Operation: `getSourcesCatalog` or `getDestinationsCatalog`, paged."""
        about = data_sources()[source].about
        with self._lock:
            if source not in self._lists:
                pages = self._client.pages(about.operations.list or "")
                self._lists[source] = [entry for page in pages for entry in page]
            return self._lists[source]

    def find(self, source: str, **by: str) -> list[dict[str, Any]]:
        """The entries whose `slug` or `name` is the one given."""
        [(field, value)] = by.items()
        return [entry for entry in self.entries(source) if entry.get(field) == value]

    def nearest(self, source: str, text: str) -> list[dict[str, Any]]:
        """Up to three entries whose id, slug or name looks most like `text`."""
        from segform.catalog import nearest

        return [dict(entry) for entry in nearest(self.entries(source), text)]
