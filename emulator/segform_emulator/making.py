"""Objects made up in numbers, evenly spread over what they hang below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .families.destinations import completed
from .families.rules import NEVER, identity, rewritten
from .ids import Clock, Maker
from .workspace import Workspace

if TYPE_CHECKING:
    from .core import Emulator

# When everything that is made up was made.
_THEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PARTS = (
    "sources",
    "destinations",
    "filters",
    "plans",
    "rules",
    "warehouses",
    "functions",
    "transformations",
    "subscriptions",
    "models",
    "groups",
    "invites",
    "spaces",
    "audiences",
    "credentials",
)


def make(emulator: Emulator, workspace: Workspace, sizes: Mapping[str, int], ids: int = 0) -> None:
    """So many of each; what would hang below nothing is left out.

    The same sizes and `ids` give the same objects, ids and times included, over one catalogue.
    """
    maker = _Maker(emulator, workspace, ids)
    maker.warehouses(sizes.get("warehouses", 0))
    maker.sources(sizes.get("sources", 0))
    maker.destinations(sizes.get("destinations", 0))
    maker.filters(sizes.get("filters", 0))
    maker.plans(sizes.get("plans", 0), sizes.get("rules", 0))
    further = {name: count for name, count in sizes.items() if count}
    if further:
        from .making_more import make_more

        make_more(emulator, workspace, further, maker.ids, maker.clock)


class _Maker:
    def __init__(self, emulator: Emulator, workspace: Workspace, ids: int) -> None:
        self.emulator = emulator
        self.workspace = workspace
        # Apart from the ids that requests make, whatever number those begin with.
        self.ids = Maker(f"seed {ids}")
        self.clock = Clock(_THEN)

    def warehouses(self, count: int) -> None:
        """Warehouses `Warehouse 0` and so on."""
        entries = self.emulator.catalog.all("warehouses")
        for index in range(count):
            warehouse_id = self.ids.base58()
            self.workspace.warehouses[warehouse_id] = {
                "id": warehouse_id,
                "metadataId": entries[index % len(entries)]["id"],
                "workspaceId": self.workspace.id,
                "enabled": True,
                "settings": {"name": f"Warehouse {index}"},
            }

    def sources(self, count: int) -> None:
        """Sources `source-0` and so on, with a label each, loading into every warehouse."""
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
            for warehouse_id in self.workspace.warehouses:
                self.workspace.loads[warehouse_id, source_id] = True

    def destinations(self, count: int) -> None:
        """Destinations `Destination 0` and so on, in turn over sources and catalogue."""
        sources = list(self.workspace.sources)
        entries = self.emulator.catalog.all("destinations")
        for index in range(count if sources else 0):
            destination_id = self.ids.hexadecimal()
            entry = entries[(index // len(sources) + index) % len(entries)]
            self.workspace.destinations[destination_id] = {
                "id": destination_id,
                "name": f"Destination {index}",
                "enabled": True,
                "metadataId": entry["id"],
                "sourceId": sources[index % len(sources)],
                "settings": completed({}, entry),
            }

    def filters(self, count: int) -> None:
        """Filters `Filter 0` and so on, in turn over the destinations."""
        destinations = list(self.workspace.destinations.values())
        for index in range(count if destinations else 0):
            destination = destinations[index % len(destinations)]
            filter_id = self.ids.base58()
            now = self.clock.stamp()
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
        schema = {
            "type": "object",
            "properties": {
                "properties": {"type": "object", "properties": {"total": {"type": "number"}}}
            },
        }
        for index in range(count):
            plan_id = self.ids.tracking_plan()
            now = self.clock.stamp()
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
                    "jsonSchema": rewritten(schema),
                    "createdAt": now,
                    "updatedAt": now,
                    "deprecatedAt": NEVER,
                }
                for number in range(rules)
            ]
            self.workspace.rules[plan_id] = {identity(rule): rule for rule in made}
            if index < len(sources):
                self.workspace.connected[sources[index]] = plan_id
