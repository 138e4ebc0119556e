"""Snapshots: what all workspaces hold, as one JSON document; dump, seed and desired state alike.

The form is described by `contract/schemas/snapshot.schema.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .errors import Fault
from .families.rules import identity, rewritten
from .workspace import Workspace

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
        workspaces = [_dumped(one) for one in self._emulator.workspaces.values()]
        return {"format": FORMAT, "version": VERSION, "workspaces": workspaces}

    def load(self, snapshot: Mapping[str, Any]) -> None:
        """Put a snapshot in place of everything. Raises `Fault` 422 for what is none."""
        if snapshot.get("format") != FORMAT or snapshot.get("version") != VERSION:
            raise Fault(
                422, "input-validation", f"A snapshot has format {FORMAT!r} and version {VERSION}."
            )
        known = list(self._emulator.workspaces.values())
        for index, raw in enumerate(snapshot["workspaces"]):
            if index >= len(known):
                raise Fault(422, "input-validation", "The emulator has two workspaces.")
            # Tokens belong to the emulator's own workspaces; they take the content over.
            loaded = _loaded(known[index], raw)
            self._emulator.workspaces[loaded.id] = loaded

    def made_up(self, sizes: Mapping[str, int]) -> None:
        """Fill the first workspace with so many sources, destinations, filters, plans, rules."""
        emulator = self._emulator
        first = next(iter(emulator.workspaces.values()))
        made = Workspace(first.id, first.slug, first.name)
        _Maker(emulator, made).make(sizes)
        emulator.workspaces[made.id] = made


def _dumped(workspace: Workspace) -> dict[str, Any]:
    plans = [
        {
            **plan,
            "rules": list(workspace.rules.get(plan_id, {}).values()),
            "sourceIds": [
                s for s, connected in workspace.connected.items() if connected == plan_id
            ],
        }
        for plan_id, plan in workspace.plans.items()
    ]
    sources = [
        {**source, "schemaSettings": workspace.schema[source_id]}
        if source_id in workspace.schema
        else dict(source)
        for source_id, source in workspace.sources.items()
    ]
    return {
        "id": workspace.id,
        "slug": workspace.slug,
        "name": workspace.name,
        "sources": sources,
        "destinations": list(workspace.destinations.values()),
        "filters": list(workspace.filters.values()),
        "trackingPlans": plans,
        "labels": list(workspace.labels.values()),
        "warehouses": list(workspace.warehouses.values()),
    }


def _loaded(known: Workspace, raw: Mapping[str, Any]) -> Workspace:
    made = Workspace(known.id, raw.get("slug", known.slug), raw.get("name", known.name))
    for source in raw.get("sources", ()):
        own = {key: value for key, value in source.items() if key != "schemaSettings"}
        made.sources[own["id"]] = {**own, "workspaceId": made.id}
        if source.get("schemaSettings"):
            made.schema[own["id"]] = dict(source["schemaSettings"])
    for name in ("destinations", "filters", "warehouses"):
        getattr(made, name).update({one["id"]: dict(one) for one in raw.get(name, ())})
    for plan in raw.get("trackingPlans", ()):
        own = {key: value for key, value in plan.items() if key not in ("rules", "sourceIds")}
        made.plans[own["id"]] = own
        made.rules[own["id"]] = {
            identity(rule): {**rule, "jsonSchema": rewritten(rule["jsonSchema"])}
            for rule in plan.get("rules", ())
        }
        made.connected.update(dict.fromkeys(plan.get("sourceIds", ()), own["id"]))
    made.labels.update({(one["key"], one["value"]): dict(one) for one in raw.get("labels", ())})
    return made


class _Maker:
    """Makes objects up, evenly spread over what they hang below."""

    def __init__(self, emulator: Emulator, workspace: Workspace) -> None:
        self.emulator = emulator
        self.workspace = workspace
        self.ids = emulator.make

    def make(self, sizes: Mapping[str, int]) -> None:
        """So many of each; what hangs below nothing is left out."""
        self.sources(sizes.get("sources", 0))
        self.destinations(sizes.get("destinations", 0))
        self.filters(sizes.get("filters", 0))
        self.plans(sizes.get("plans", 0), sizes.get("rules", 0))

    def sources(self, count: int) -> None:
        """Sources `source-0` and so on, with a label each."""
        entries = self.emulator.catalog.all("sources")
        label = {"key": "environment", "value": "seeded"}
        if count:
            self.workspace.labels["environment", "seeded"] = dict(label)
        for index in range(count):
            source_id = self.ids.base58()
            self.workspace.sources[source_id] = {
                "id": source_id,
                "slug": f"source-{index}",
                "name": f"Source {index}",
                "metadataId": entries[index % len(entries)]["id"],
                "workspaceId": self.workspace.id,
                "enabled": True,
                "writeKeys": [self.ids.write_key()],
                "settings": {},
                "labels": [dict(label)],
            }

    def destinations(self, count: int) -> None:
        """Destinations `Destination 0` and so on, in turn over sources and catalogue."""
        sources = list(self.workspace.sources)
        entries = self.emulator.catalog.all("destinations")
        for index in range(count if sources else 0):
            destination_id = self.ids.hexadecimal()
            self.workspace.destinations[destination_id] = {
                "id": destination_id,
                "name": f"Destination {index}",
                "enabled": True,
                "metadataId": entries[index // len(sources) % len(entries)]["id"],
                "sourceId": sources[index % len(sources)],
                "settings": {"seeded": index},
            }

    def filters(self, count: int) -> None:
        """Filters `Filter 0` and so on, in turn over the destinations."""
        destinations = list(self.workspace.destinations.values())
        for index in range(count if destinations else 0):
            destination = destinations[index % len(destinations)]
            filter_id = self.ids.base58()
            now = self.emulator.clock.stamp()
            self.workspace.filters[filter_id] = {
                "id": filter_id,
                "sourceId": destination["sourceId"],
                "destinationId": destination["id"],
                "if": f'event = "Event {index}"',
                "title": f"Filter {index}",
                "enabled": True,
                "actions": [{"type": "DROP"}],
                "createdAt": now,
                "updatedAt": now,
            }

    def plans(self, count: int, rules: int) -> None:
        """Plans `Plan 0` and so on, each with so many rules, connected to a source each."""
        sources = list(self.workspace.sources)
        for index in range(count):
            plan_id = self.ids.tracking_plan()
            now = self.emulator.clock.stamp()
            self.workspace.plans[plan_id] = {
                "id": plan_id,
                "name": f"Plan {index}",
                "slug": f"plan-{index}",
                "type": "LIVE",
                "createdAt": now,
                "updatedAt": now,
            }
            made = [
                {
                    "type": "TRACK",
                    "key": f"Event {number}",
                    "version": 1,
                    "jsonSchema": rewritten({"type": "object"}),
                    "createdAt": now,
                    "updatedAt": now,
                    "deprecatedAt": "0001-01-01T00:00:00.000Z",
                }
                for number in range(rules)
            ]
            self.workspace.rules[plan_id] = {identity(rule): rule for rule in made}
            if index < len(sources):
                self.workspace.connected[sources[index]] = plan_id
