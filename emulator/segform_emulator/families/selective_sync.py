"""Selective sync: which collections of a source load into a warehouse, and at which hours.

Everything loads until somebody says otherwise. Which collections a source has follows from the
events that were fed (`POST /_emulator/events`) and from what was overridden; the shape of
`properties` and the reports of syncs, one for each hour in which events arrived, are not published
(unknown).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from segform_emulator.errors import invalid, not_found
from segform_emulator.moments import moment, stamp
from segform_emulator.traffic import HOUR
from segform_emulator.workspace import Object, Workspace

from .call import Call, Handler

# What the calls other than track load into.
_TABLES = {
    "alias": "aliases",
    "group": "groups",
    "identify": "identifies",
    "page": "pages",
    "screen": "screens",
}
_TOOK = dt.timedelta(minutes=1)


def collection_of(row: Object) -> str:
    """The collection that an event loads into."""
    kind = row["eventType"]
    if kind != "track":
        return _TABLES[kind]
    name = re.sub(r"[^a-z0-9]+", "_", row.get("eventName", "track").lower()).strip("_")
    return name or "tracks"


def override(held: Object, given: Object) -> bool:
    """Apply one override to `{collection: {"enabled", "properties"}}`; whether it changed it."""
    name = given["collection"]
    known = held.setdefault(name, {"enabled": True, "properties": {}})
    if given.get("property") is None:
        changed = known["enabled"] != given["enabled"]
        known["enabled"] = given["enabled"]
        return bool(changed)
    before = known["properties"].get(given["property"], {"enabled": True})
    known["properties"][given["property"]] = {"enabled": given["enabled"]}
    return bool(before["enabled"] != given["enabled"])


def check_names(given: Object, where: str) -> None:
    """Raises `Fault` 422 for empty names, and a property without its collection."""
    for name in ("collection", "property"):
        if given.get(name) == "":
            raise invalid(f"{where}.{name}", f'"{where}.{name}" is not allowed to be empty')
    if "property" in given and "collection" not in given:
        raise invalid(f"{where}.collection", f'"{where}.collection" is required')


def _pair(call: Call) -> tuple[str, str]:
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    source = call.workspace.source(call.path["sourceId"])
    pair = (warehouse["id"], source["id"])
    if pair not in call.workspace.loads:
        raise not_found("The connection")
    return pair


def _collections(workspace: Workspace, pair: tuple[str, str]) -> Object:
    """The collections of a source as they load into a warehouse."""
    own = workspace.more["selective_syncs"].get(pair, {})
    everything = own.get("enabled", True)
    rows = workspace.more["volumes"].values()
    names = {collection_of(row) for row in rows if row["sourceId"] == pair[1]}
    fed = {name: {"enabled": everything, "properties": {}} for name in sorted(names)}
    return {**fed, **own.get("collections", {})}


def every(call: Call) -> dict[str, Any]:
    """`GET /warehouses/{warehouseId}/connected-sources/{sourceId}/selective-syncs`."""
    warehouse_id, source_id = pair = _pair(call)
    items = [
        {"sourceId": source_id, "collection": name, "warehouseId": warehouse_id, **facts}
        for name, facts in _collections(call.workspace, pair).items()
    ]
    return call.page(items, "items")


def update(call: Call) -> dict[str, Any]:
    """`PATCH /warehouses/{warehouseId}/selective-sync`: all overrides or none.

    Unconnected sources are told as warnings and left alone (unknown).
    """
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    given: list[Object] = call.body["syncOverrides"]
    for index, one in enumerate(given):
        check_names(one, f"syncOverrides.{index}")
        call.workspace.source(one["sourceId"])
    warnings: list[str] = []
    changed = False
    for one in given:
        pair = (warehouse["id"], one["sourceId"])
        if pair not in call.workspace.loads:
            warnings.append(f"The source {pair[1]} is not connected to the warehouse.")
            continue
        changed |= _apply(call.workspace, pair, one)
    return {"status": "UPDATED" if changed else "UNCHANGED", "warnings": warnings}


def _apply(workspace: Workspace, pair: tuple[str, str], one: Object) -> bool:
    table = workspace.more["selective_syncs"]
    if pair not in table:
        table[pair] = {"enabled": True, "collections": {}}
    own = table[pair]
    if "collection" in one:
        fresh = {"enabled": own["enabled"], "properties": {}}
        own["collections"].setdefault(one["collection"], fresh)
        return override(own["collections"], one)
    held = [own, *own["collections"].values()]
    changed = any(part["enabled"] != one["enabled"] for part in held)
    for part in held:
        part["enabled"] = one["enabled"]
    return changed


def schedule(call: Call) -> dict[str, Any]:
    """`GET /warehouses/{warehouseId}/advanced-sync-schedule`: off until one is given."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    found: Object = call.workspace.more["sync_schedules"].get(warehouse["id"], {"enabled": False})
    return dict(found)


def replace_schedule(call: Call) -> dict[str, Any]:
    """`PUT /warehouses/{warehouseId}/advanced-sync-schedule`: what is left out is gone."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    given = call.body.get("schedule")
    if given is None and call.body["enabled"]:
        raise invalid("schedule", '"schedule" is required')
    if given is not None:
        _check_schedule(given)
    made = {name: call.body[name] for name in ("enabled", "schedule") if name in call.body}
    call.workspace.more["sync_schedules"][warehouse["id"]] = made
    return dict(made)


def _check_schedule(given: Object) -> None:
    hours = [one["hourOfDay"] for one in given["times"]]
    if len(set(hours)) != len(hours) or any(hour != int(hour) for hour in hours):
        raise invalid("schedule.times", '"schedule.times" has to hold whole hours, each once')
    check_timezone(given["timezone"], "schedule.timezone")


def check_timezone(name: str, field: str) -> None:
    """Raises `Fault` 422 for what is no time zone (inferred)."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(field, f'"{field}" has to be a time zone such as Europe/Berlin') from None


def _reports(call: Call, source_ids: set[str]) -> list[Object]:
    """A report for each source and hour in which events arrived, the newest first."""
    counts: Counter[tuple[dt.datetime, str]] = Counter()
    for row in call.workspace.more["volumes"].values():
        if row["sourceId"] in source_ids and row["result"] == "received":
            at = moment(row["at"], "timestamp").replace(minute=0, second=0, microsecond=0)
            counts[at, row["sourceId"]] += row["count"]
    return [
        {
            "sourceId": source_id,
            "start": stamp(at + HOUR),
            "end": stamp(at + HOUR + _TOOK),
            "status": "SUCCESS",
            "duration": int(_TOOK.total_seconds()),
            "humanDuration": "1 minute",
            "count": counts[at, source_id],
            "notices": [],
        }
        for at, source_id in sorted(counts, reverse=True)
        if at + HOUR + _TOOK <= call.clock.now()
    ]


def syncs(call: Call) -> dict[str, Any]:
    """`GET /warehouses/{warehouseId}/syncs`."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    mine = {pair[1] for pair in call.workspace.loads if pair[0] == warehouse["id"]}
    return call.page(_reports(call, mine), "reports")


def syncs_of_source(call: Call) -> dict[str, Any]:
    """`GET /warehouses/{warehouseId}/connected-sources/{sourceId}/syncs`."""
    return call.page(_reports(call, {_pair(call)[1]}), "reports")


HANDLERS: dict[str, Handler] = {
    "listSelectiveSyncsFromWarehouseAndSource": every,
    "updateSelectiveSyncForWarehouse": update,
    "getAdvancedSyncScheduleFromWarehouse": schedule,
    "replaceAdvancedSyncScheduleForWarehouse": replace_schedule,
    "listSyncsFromWarehouse": syncs,
    "listSyncsFromWarehouseAndSource": syncs_of_source,
}
