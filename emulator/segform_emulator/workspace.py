"""What one workspace holds, as plain JSON values; the families read and write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .errors import not_found

Object = dict[str, Any]
# Kept apart from the objects that the API shows: which of them belong together.
LISTS = ("sources", "destinations", "filters", "trackingPlans", "labels", "warehouses")


class Workspace:
    """One workspace. Objects are stored as they were written: secrets whole, rules rewritten.

    * `sources`, `destinations`, `filters`, `plans`: by id, in order of creation;
    * `rules`: plan id -> rule identity -> rule; `connected`: source id -> plan id;
    * `schema`: source id -> schema settings; `labels`: (key, value) -> label.
    """

    def __init__(self, workspace_id: str, slug: str, name: str) -> None:
        self.id = workspace_id
        self.slug = slug
        self.name = name
        self.sources: dict[str, Object] = {}
        self.destinations: dict[str, Object] = {}
        self.filters: dict[str, Object] = {}
        self.plans: dict[str, Object] = {}
        self.rules: dict[str, dict[tuple[str, str | None, str], Object]] = {}
        self.connected: dict[str, str] = {}
        self.schema: dict[str, Object] = {}
        self.labels: dict[tuple[str, str], Object] = {}
        self.warehouses: dict[str, Object] = {}

    def source(self, source_id: str) -> Object:
        """A source, or `Fault` 404."""
        return _get(self.sources, source_id, "The source")

    def destination(self, destination_id: str) -> Object:
        """A destination, or `Fault` 404."""
        return _get(self.destinations, destination_id, "The destination")

    def plan(self, plan_id: str) -> Object:
        """A tracking plan, or `Fault` 404."""
        return _get(self.plans, plan_id, "The tracking plan")

    def filter(self, destination_id: str, filter_id: str) -> Object:
        """A filter of a destination, or `Fault` 404."""
        self.destination(destination_id)
        found = _get(self.filters, filter_id, "The filter")
        if found["destinationId"] != destination_id:
            raise not_found("The filter")
        return found

    def filters_of(self, destination_id: str) -> list[Object]:
        """The filters of a destination."""
        return [one for one in self.filters.values() if one["destinationId"] == destination_id]

    def drop_source(self, source_id: str) -> None:
        """Remove a source with everything that hangs below it."""
        del self.sources[source_id]
        self.connected.pop(source_id, None)
        self.schema.pop(source_id, None)
        below = [one["id"] for one in self.destinations.values() if one["sourceId"] == source_id]
        for destination_id in below:
            self.drop_destination(destination_id)

    def drop_destination(self, destination_id: str) -> None:
        """Remove a destination with its filters."""
        del self.destinations[destination_id]
        _drop(self.filters, (one["id"] for one in self.filters_of(destination_id)))

    def drop_plan(self, plan_id: str) -> None:
        """Remove a tracking plan with its rules and connections."""
        del self.plans[plan_id]
        self.rules.pop(plan_id, None)
        _drop(self.connected, [s for s, plan in self.connected.items() if plan == plan_id])


def _get(objects: dict[str, Object], wanted: str, what: str) -> Object:
    found = objects.get(wanted)
    if found is None:
        raise not_found(f"{what} {wanted!r}")
    return found


def _drop(objects: dict[str, Any], gone: Iterable[str]) -> None:
    for key in list(gone):
        del objects[key]
