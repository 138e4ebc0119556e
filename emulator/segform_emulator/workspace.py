"""What one workspace holds, as plain JSON values; the families read and write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from .errors import not_found
from .views import Views

Object = dict[str, Any]
K = TypeVar("K")
V = TypeVar("V")


class Table(dict[K, V]):
    """A dict that remembers which keys were asked for or written since it was last kept.

    Objects are changed in place, so that whatever was handed out by key may have changed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.touched: dict[K, None] = {}
        self.views = Views()

    def _touch(self, key: K) -> None:
        self.touched[key] = None
        self.views.forget(key)

    def __getitem__(self, key: K) -> V:
        self._touch(key)
        return super().__getitem__(key)

    def __setitem__(self, key: K, value: V) -> None:
        self._touch(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        self._touch(key)
        super().__delitem__(key)


class Sources(Table[str, Object]):
    """Sources by id; their slugs are known, so that another one need not look through them all."""

    def __init__(self) -> None:
        super().__init__()
        self._slugs: dict[str, str] = {}

    def __setitem__(self, key: str, value: Object) -> None:
        super().__setitem__(key, value)
        self._slugs[value["slug"]] = key

    def __delitem__(self, key: str) -> None:
        slug = self[key]["slug"]
        super().__delitem__(key)
        if self._slugs.get(slug) == key:
            del self._slugs[slug]

    def with_slug(self, slug: str) -> Object | None:
        """The source with a slug."""
        key = self._slugs.get(slug)
        return None if key is None else self[key]

    def rename(self, key: str, slug: str) -> None:
        """Give a source another slug, which is free."""
        source = self[key]
        del self._slugs[source["slug"]]
        source["slug"] = slug
        self._slugs[slug] = key


# What goes when an object goes: its table -> the tables below it, and the attribute that names it.
BELOW: dict[str, tuple[tuple[str, str], ...]] = {
    "sources": (
        ("transformations", "sourceId"),
        ("models", "sourceId"),
        ("insert_instances", "integrationId"),
    ),
    "destinations": (("subscriptions", "destinationId"), ("insert_instances", "integrationId")),
    "functions": (("function_versions", "functionId"), ("insert_instances", "functionId")),
    "models": (("subscriptions", "modelId"), ("syncs", "modelId")),
    "subscriptions": (("syncs", "subscriptionId"),),
    "spaces": (
        ("audiences", "spaceId"),
        ("audience_previews", "spaceId"),
        ("computed_traits", "spaceId"),
        ("profiles_warehouses", "spaceId"),
        ("space_filters", "integrationId"),
    ),
    "audiences": (("audience_schedules", "audienceId"),),
}


class Workspace:
    """One workspace. Objects are stored as they were written: secrets whole, rules rewritten.

    * `sources`, `destinations`, `filters`, `plans`, `warehouses`: by id, in order of creation;
    * `rules`: plan id -> rule identity -> rule; `connected`: source id -> plan id;
    * `schema`: source id -> schema settings; `labels`: (key, value) -> label;
    * `loads`: (warehouse id, source id) -> True, for sources that load into a warehouse.
    """

    TABLES = (
        "sources",
        "destinations",
        "filters",
        "plans",
        "rules",
        "connected",
        "schema",
        "labels",
        "warehouses",
        "loads",
    )
    # Tables of the families whose objects nothing else hangs on, by name in `more`.
    MORE = (
        "functions",
        "function_versions",
        "insert_instances",
        "transformations",
        "subscriptions",
        "models",
        "syncs",
        "users",
        "invites",
        "groups",
        "credentials",
        "spaces",
        "audiences",
        "audience_schedules",
        "audience_previews",
        "computed_traits",
        "activations",
        "space_filters",
        "profiles_warehouses",
        "selective_syncs",
        "sync_schedules",
        "regulations",
        "regulation_quotas",
        "suppressions",
        "audit_events",
        "volumes",
        "workspace_settings",
        "legacy",
    )

    def __init__(self, workspace_id: str, slug: str, name: str, region: str = "us") -> None:
        self.id = workspace_id
        self.slug = slug
        self.name = name
        self.region = region
        self.sources = Sources()
        self.destinations: Table[str, Object] = Table()
        self.filters: Table[str, Object] = Table()
        self.plans: Table[str, Object] = Table()
        self.rules: Table[str, dict[tuple[str, str | None, str], Object]] = Table()
        self.connected: Table[str, str] = Table()
        self.schema: Table[str, Object] = Table()
        self.labels: Table[tuple[str, str], Object] = Table()
        self.warehouses: Table[str, Object] = Table()
        self.loads: Table[tuple[str, str], bool] = Table()
        self.more: dict[str, Table[Any, Any]] = {name: Table() for name in self.MORE}
        self._tables: dict[str, Table[Any, Any]] = {
            **{name: getattr(self, name) for name in self.TABLES},
            **self.more,
        }

    def tables(self) -> dict[str, Table[Any, Any]]:
        """All tables by name."""
        return self._tables

    def forget_touched(self) -> None:
        """What was touched is kept, or was only read."""
        for table in self._tables.values():
            if table.touched:
                table.touched.clear()

    def source(self, source_id: str) -> Object:
        """A source, or `Fault` 404."""
        return _get(self.sources, source_id, "The source")

    def destination(self, destination_id: str) -> Object:
        """A destination, or `Fault` 404."""
        return _get(self.destinations, destination_id, "The destination")

    def plan(self, plan_id: str) -> Object:
        """A tracking plan, or `Fault` 404."""
        return _get(self.plans, plan_id, "The tracking plan")

    def warehouse(self, warehouse_id: str) -> Object:
        """A warehouse, or `Fault` 404."""
        return _get(self.warehouses, warehouse_id, "The warehouse")

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
        _drop(self.connected, [source_id])
        _drop(self.schema, [source_id])
        for pair in [pair for pair in self.loads if pair[1] == source_id]:
            self.unload(pair)
        below = [one["id"] for one in self.destinations.values() if one["sourceId"] == source_id]
        for destination_id in below:
            self.drop_destination(destination_id)
        self._drop_below("sources", source_id)

    def drop_destination(self, destination_id: str) -> None:
        """Remove a destination with its filters."""
        del self.destinations[destination_id]
        _drop(self.filters, [one["id"] for one in self.filters_of(destination_id)])
        self._drop_below("destinations", destination_id)

    def drop_plan(self, plan_id: str) -> None:
        """Remove a tracking plan with its rules and connections."""
        del self.plans[plan_id]
        _drop(self.rules, [plan_id])
        _drop(self.connected, [s for s, plan in self.connected.items() if plan == plan_id])

    def drop_warehouse(self, warehouse_id: str) -> None:
        """Remove a warehouse with its connections."""
        del self.warehouses[warehouse_id]
        _drop(self.more["sync_schedules"], [warehouse_id])
        for pair in [pair for pair in self.loads if pair[0] == warehouse_id]:
            self.unload(pair)

    def unload(self, pair: tuple[str, str]) -> None:
        """Disconnect a warehouse from a source, with what was chosen to load."""
        del self.loads[pair]
        _drop(self.more["selective_syncs"], [pair])

    def one(self, table: str, wanted: str, what: str) -> Object:
        """An object of a table in `more`, or `Fault` 404."""
        return _get(self.more[table], wanted, what)

    def drop(self, table: str, key: Any) -> None:
        """Remove an object of a table in `more` with everything that hangs below it."""
        del self.more[table][key]
        self._drop_below(table, key)

    def _drop_below(self, table: str, key: Any) -> None:
        for below, field in BELOW.get(table, ()):
            held = self.more[below]
            for gone in [own for own, one in held.items() if one.get(field) == key]:
                if gone in held:
                    self.drop(below, gone)


def _get(objects: Table[str, Object], wanted: str, what: str) -> Object:
    if wanted not in objects:
        raise not_found(f"{what} {wanted!r}")
    return objects[wanted]


def _drop(objects: Table[Any, Any], gone: Iterable[Any]) -> None:
    for key in gone:
        if key in objects:
            del objects[key]
