"""A workspace as events meet it: sources with their plan, destinations with filters and mappings.

Objects are as the API gives them. They come from a snapshot, or from what a plan leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from segform.catalog import Catalog

Object = Mapping[str, Any]
_FAMILIES = ("sources", "destinations", "filters", "subscriptions", "trackingPlans")


class World:
    """What one or more workspaces hold, looked up the way events travel.

    `catalog`: what destinations and their actions take, where it is at hand.
    """

    def __init__(self, workspaces: Iterable[Object], catalog: Catalog | None = None) -> None:
        self.snapshot: Object = {"workspaces": list(workspaces)}
        self.catalog = catalog
        self._rows: dict[str, list[Object]] = {family: [] for family in _FAMILIES}
        for workspace in self.snapshot["workspaces"]:
            for family in _FAMILIES:
                rows = workspace.get(family)
                if isinstance(rows, list):
                    self._rows[family] += [one for one in rows if isinstance(one, Mapping)]

    @property
    def sources(self) -> list[Object]:
        """All sources."""
        return self._rows["sources"]

    def source(self, named: str | None) -> Object | None:
        """The source of that id, slug or name; of None the only one there is."""
        if named is None:
            return self.sources[0] if len(self.sources) == 1 else None
        for field in ("id", "slug", "name"):
            for one in self.sources:
                if one.get(field) == named:
                    return one
        return None

    def rules(self, source: Object) -> list[Object] | None:
        """The rules of the plan that a source is connected to; None where it has no plan."""
        for plan in self._rows["trackingPlans"]:
            if source.get("id") in (plan.get("sourceIds") or ()):
                return [one for one in plan.get("rules") or () if isinstance(one, Mapping)]
        return None

    def settings(self, source: Object) -> Object:
        """The schema settings of a source; what is not said lets through."""
        found = source.get("schemaSettings")
        return found if isinstance(found, Mapping) else {}

    def destinations(self, source: Object) -> list[Object]:
        """The destinations of a source."""
        return [
            one for one in self._rows["destinations"] if one.get("sourceId") == source.get("id")
        ]

    def named_filters(self, title: str, source: Object | None) -> list[Object]:
        """Filters of that title, of a source where one is given."""
        return [
            one
            for one in self._rows["filters"]
            if one.get("title") == title
            and (source is None or one.get("sourceId") == source.get("id"))
        ]

    def subscriptions(self, destination: Object) -> list[Object]:
        """The mappings of a destination that are switched on."""
        return [
            one
            for one in self._rows["subscriptions"]
            if one.get("destinationId") == destination.get("id") and one.get("enabled") is not False
        ]
