"""What of a workspace an event meets on its way: found in a snapshot and in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

Object = Mapping[str, Any]


class ExplainError(ValueError):
    """What was asked cannot be explained: no such destination, several of them, no event."""


class Entries(Protocol):
    """A catalogue that is asked for an entry by kind ("destination") and id."""

    def entry(self, kind: str, entry_id: str, /) -> Object | None:
        """The entry, or None."""
        ...


class Surroundings:
    """A destination, its source, and what is set up between them."""

    def __init__(
        self,
        snapshot: Object,
        destination: str,
        catalog: Entries | Mapping[str, Object] | None = None,
        source: str | None = None,
    ) -> None:
        self._workspace, self.destination = _chosen(snapshot, destination, source)
        self.source_id = str(self.destination["sourceId"])
        self.source = self._by_id("sources", self.source_id) or {"id": self.source_id}
        self.entry = _entry(catalog, str(self.destination.get("metadataId", "")))

    def _by_id(self, table: str, wanted: str) -> Object | None:
        return next((one for one in self.table(table) if one.get("id") == wanted), None)

    def table(self, name: str) -> list[Object]:
        """A table of the workspace."""
        return table(self._workspace, name)

    @property
    def filters(self) -> list[Object]:
        """The destination's filters for the source, in the order of the workspace."""
        return [
            one
            for one in self.table("filters")
            if one.get("destinationId") == self.destination["id"]
            and one.get("sourceId", self.source_id) == self.source_id
        ]

    def transformations(self, *, scoped: bool) -> list[Object]:
        """The source's transformations: those for all destinations, or for this one (`scoped`)."""
        wanted = self.destination.get("metadataId") if scoped else None
        return [
            one
            for one in self.table("transformations")
            if one.get("sourceId") == self.source_id
            and (one.get("destinationMetadataId") or None) == wanted
        ]

    @property
    def plan(self) -> Object | None:
        """The tracking plan that the source is connected to."""
        plans = self.table("trackingPlans")
        return next((one for one in plans if self.source_id in (one.get("sourceIds") or ())), None)

    @property
    def mappings(self) -> list[Object]:
        """The destination's mappings."""
        wanted = self.destination["id"]
        return [one for one in self.table("subscriptions") if one.get("destinationId") == wanted]

    def functions(self, integration: str) -> list[Object]:
        """Insert functions in front of a source or destination."""
        table = self.table("insertFunctionInstances")
        return [one for one in table if one.get("integrationId") == integration]

    def action(self, mapping: Object) -> Object | None:
        """A mapping's action as the catalogue has it."""
        actions = (self.entry or {}).get("actions") or ()
        return next((one for one in actions if one.get("id") == mapping.get("actionId")), None)


def _chosen(snapshot: Object, wanted: str, source: str | None) -> tuple[Object, Object]:
    """The workspace and the destination that a name or an id stands for."""
    several = list(_destinations(snapshot))
    found = [pair for pair in several if pair[1].get("id") == wanted]
    found = found or [pair for pair in several if pair[1].get("name") == wanted]
    if source is not None:
        found = [pair for pair in found if source in _called(*pair)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join([f"{one['id']} (source {one.get('sourceId')})" for _, one in found[:5]])
        raise ExplainError(
            f"several destinations are called {wanted!r}: {ids}. Name one by its id or its source"
        )
    warehouses = [
        one for workspace in _workspaces(snapshot) for one in table(workspace, "warehouses")
    ]
    if any(wanted in (one.get("id"), one.get("name")) for one in warehouses):
        raise ExplainError(
            f"{wanted!r} is a warehouse: filters, mappings and the integrations object do not "
            "apply to warehouses, Selective Sync does"
        )
    raise ExplainError(f"there is no destination {wanted!r}{_hint(several, wanted)}")


def _called(workspace: Object, destination: Object) -> set[Any]:
    """What the source of a destination is called."""
    wanted = destination.get("sourceId")
    source = next((one for one in table(workspace, "sources") if one.get("id") == wanted), {})
    return {wanted, source.get("slug"), source.get("name")}


def _hint(several: list[tuple[Object, Object]], wanted: str) -> str:
    import difflib

    names = [str(one.get(key)) for _, one in several for key in ("name", "id") if one.get(key)]
    close = difflib.get_close_matches(wanted, names, n=1)
    if close:
        return f". Did you mean {close[0]!r}?"
    named = list(dict.fromkeys(str(one.get("name") or one.get("id")) for _, one in several))
    more = f" and {len(named) - 8} more" if len(named) > 8 else ""
    return f". There are: {', '.join(named[:8])}{more}" if named else ": the snapshot has none"


def _workspaces(snapshot: Object) -> Iterator[Object]:
    inside = snapshot.get("workspaces")
    for one in inside if isinstance(inside, list) else [snapshot]:
        if isinstance(one, Mapping):
            yield one


def _destinations(snapshot: Object) -> Iterator[tuple[Object, Object]]:
    for workspace in _workspaces(snapshot):
        for one in table(workspace, "destinations"):
            if "id" in one and "sourceId" in one:
                yield workspace, one


def table(workspace: Object, name: str) -> list[Object]:
    """The objects of a table of a workspace; none where there is no such table."""
    found: Any = workspace.get(name)
    if not isinstance(found, Iterable) or isinstance(found, (str, Mapping)):
        return []
    return [one for one in found if isinstance(one, Mapping)]


def _entry(catalog: Entries | Mapping[str, Object] | None, metadata_id: str) -> Object | None:
    if catalog is None:
        return None
    if isinstance(catalog, Mapping):
        return catalog.get(metadata_id)
    return catalog.entry("destination", metadata_id)


def named(one: Object) -> str:
    """What an object is called."""
    for key in ("name", "title", "slug", "id"):
        if one.get(key):
            return str(one[key])
    return "without a name"
