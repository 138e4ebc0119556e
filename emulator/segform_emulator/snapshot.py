"""Snapshots: what all workspaces hold, as one JSON document; dump, seed and desired state alike.

The form is described by `contract/schemas/snapshot.schema.json`. Objects are as in the API, but a
catalogue entry is its id (`metadataId`), secrets are whole, and what belongs to an object is in
it: rules and `sourceIds` in a plan, `schemaSettings` in a source, `sourceIds` in a warehouse. The
further tables are in `tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from . import tables
from .classes import OwnCatalog
from .errors import bad_request
from .families.rules import NEVER, identity, rewritten
from .workspace import Object, Workspace

if TYPE_CHECKING:
    from .core import Emulator

FORMAT = "segform.snapshot"
VERSION = 1


class Snapshots:
    """Writes, reads and makes up snapshots of an emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def dump(self) -> dict[str, Any]:
        """Everything, with secrets as they are: an emulator has none that matter."""
        with self._emulator.lock:
            workspaces = [_dumped(one) for one in self._emulator.workspaces]
            for workspace in self._emulator.workspaces:
                workspace.forget_touched()
        return {"format": FORMAT, "version": VERSION, "workspaces": workspaces}

    def load(self, snapshot: Mapping[str, Any]) -> None:
        """Put a snapshot in place of everything; a workspace it does not have becomes empty.

        The tokens that opened the first workspace open the snapshot's first, and so on. Raises
        `Fault` 400 for what is no snapshot, and changes nothing then.
        """
        if snapshot.get("format") != FORMAT or snapshot.get("version") != VERSION:
            raise bad_request(f"A snapshot has format {FORMAT!r} and version {VERSION}.")
        raws = snapshot.get("workspaces")
        known = self._emulator.workspaces
        if not isinstance(raws, list) or len(raws) > len(known):
            raise bad_request(f"A snapshot has a list of at most {len(known)} workspaces.")
        try:
            loaded = [
                _Loader(self._emulator, old, raw).load()
                for old, raw in zip(known, raws, strict=False)
            ]
        except (KeyError, TypeError, AttributeError, ValueError) as problem:
            raise bad_request(
                f"The snapshot cannot be read: {type(problem).__name__} {problem}"
            ) from None
        emptied = [Workspace(w.id, w.slug, w.name, w.region) for w in known[len(raws) :]]
        self._emulator.workspaces = [*loaded, *emptied]
        self._emulator.keep_all()

    def made_up(self, sizes: Mapping[str, int]) -> None:
        """Fill the first workspace with so many of each of `making.PARTS`, and nothing else.

        `rules` are in each plan. The same sizes make the same objects; `ids`, a number, others.
        """
        from .making import PARTS, make

        ids = sizes.get("ids", 0)
        sizes = {name: count for name, count in sizes.items() if name != "ids"}
        unknown = set(sizes) - set(PARTS)
        if unknown:
            raise bad_request(f"A seed has {', '.join(PARTS)}, not {', '.join(sorted(unknown))}.")
        emulator = self._emulator
        first = emulator.workspaces[0]
        made = Workspace(first.id, first.slug, first.name, first.region)
        make(emulator, made, sizes, ids)
        emulator.workspaces[0] = made
        emulator.keep_all()


def _dumped(workspace: Workspace) -> dict[str, Any]:
    plans = [
        {
            **plan,
            "rules": list(workspace.rules[plan_id].values()),
            "sourceIds": [s for s, p in workspace.connected.items() if p == plan_id],
        }
        for plan_id, plan in workspace.plans.items()
    ]
    sources = [
        {**source, "schemaSettings": workspace.schema[source_id]}
        if source_id in workspace.schema
        else dict(source)
        for source_id, source in workspace.sources.items()
    ]
    warehouses = [
        {**warehouse, "sourceIds": [pair[1] for pair in workspace.loads if pair[0] == one]}
        for one, warehouse in workspace.warehouses.items()
    ]
    return {
        "id": workspace.id,
        "slug": workspace.slug,
        "name": workspace.name,
        "region": workspace.region,
        "labels": list(workspace.labels.values()),
        "sources": sources,
        "destinations": list(workspace.destinations.values()),
        "filters": list(workspace.filters.values()),
        "trackingPlans": plans,
        "warehouses": warehouses,
        **tables.dumped(workspace),
    }


class _Loader:
    """Reads one workspace of a snapshot; what the service would have made is made."""

    def __init__(self, emulator: Emulator, known: Workspace, raw: Mapping[str, Any]) -> None:
        self._emulator = emulator
        self._raw = raw
        self._made = Workspace(
            raw.get("id", known.id),
            raw.get("slug", known.slug),
            raw.get("name", known.name),
            raw.get("region", known.region),
        )
        self._catalog = OwnCatalog(emulator.catalog, self._made)

    def load(self) -> Workspace:
        """The workspace."""
        made = self._made
        # They are in the catalogue of the workspace, by which the rest is checked.
        tables.load_first(self._emulator, made, self._raw)
        for label in self._list("labels"):
            made.labels[label["key"], label["value"]] = dict(label)
        for source in self._list("sources"):
            self._source(dict(source))
        for one in self._list("destinations"):
            self._destination(dict(one))
        for one in self._list("filters"):
            self._known(made.destinations, one["destinationId"], "destination")
            made.filters[one["id"]] = self._stamped(dict(one))
        for plan in self._list("trackingPlans"):
            self._plan(dict(plan))
        for warehouse in self._list("warehouses"):
            self._warehouse(dict(warehouse))
        tables.load(self._emulator, made, self._raw)
        return made

    def _list(self, name: str) -> Iterable[Mapping[str, Any]]:
        found: Iterable[Mapping[str, Any]] = self._raw.get(name, ())
        return found

    def _entry(self, kind: str, one: Object) -> None:
        if self._catalog.get(kind, one["metadataId"]) is None:
            raise ValueError(f"metadataId {one['metadataId']!r} is not in the catalog")

    def _known(self, table: Mapping[str, Any], wanted: str, what: str) -> None:
        if wanted not in table:
            raise ValueError(f"there is no {what} {wanted!r}")

    def _source(self, source: Object) -> None:
        self._entry("sources", source)
        schema = source.pop("schemaSettings", None)
        defaults: dict[str, Callable[[], Any]] = {
            "name": lambda: source["slug"],
            "enabled": lambda: True,
            "writeKeys": lambda: [self._emulator.make.write_key()],
            "settings": dict,
            "labels": list,
        }
        for name, default in defaults.items():
            if name not in source:
                source[name] = default()
        source["workspaceId"] = self._made.id
        self._made.sources[source["id"]] = source
        if schema is not None:
            self._made.schema[source["id"]] = dict(schema)

    def _destination(self, one: Object) -> None:
        self._entry("destinations", one)
        self._known(self._made.sources, one["sourceId"], "source")
        one.setdefault("enabled", True)
        one.setdefault("settings", {})
        self._made.destinations[one["id"]] = one

    def _plan(self, plan: Object) -> None:
        rules, sources = plan.pop("rules", ()), plan.pop("sourceIds", ())
        self._made.plans[plan["id"]] = self._stamped(plan)
        self._made.rules[plan["id"]] = {identity(rule): self._rule(dict(rule)) for rule in rules}
        for source_id in sources:
            self._known(self._made.sources, source_id, "source")
            self._made.connected[source_id] = plan["id"]

    def _rule(self, rule: Object) -> Object:
        rule["jsonSchema"] = rewritten(rule["jsonSchema"])
        rule = self._stamped(rule)
        rule.setdefault("deprecatedAt", NEVER)
        return rule

    def _warehouse(self, warehouse: Object) -> None:
        self._entry("warehouses", warehouse)
        for source_id in warehouse.pop("sourceIds", ()):
            self._known(self._made.sources, source_id, "source")
            self._made.loads[warehouse["id"], source_id] = True
        warehouse["workspaceId"] = self._made.id
        warehouse.setdefault("enabled", True)
        warehouse.setdefault("settings", {})
        self._made.warehouses[warehouse["id"]] = warehouse

    def _stamped(self, one: Object) -> Object:
        if "createdAt" not in one or "updatedAt" not in one:
            now = self._emulator.clock.stamp()
            one = {**one, "createdAt": one.get("createdAt", now), "updatedAt": now}
        return one
