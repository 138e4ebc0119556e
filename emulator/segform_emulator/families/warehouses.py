"""Warehouses and the sources that load into them; their name is one of their settings."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import not_found
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler
from .destinations import masked
from .sources import shown as source_shown


def shown(call: Call, warehouse: Object) -> Object:
    """A warehouse as the API shows it: passwords never, other secrets as a mask."""
    entry = call.catalog.get("warehouses", warehouse["metadataId"]) or {}
    made = {name: value for name, value in warehouse.items() if name != "metadataId"}
    made["metadata"] = entry
    settings = {k: v for k, v in warehouse["settings"].items() if k != "password"}
    made["settings"] = masked(settings, entry)
    return made


def create(call: Call) -> dict[str, Any]:
    """`POST /warehouses`. Every source starts to load into it unless `disconnectAllSources`."""
    body = call.body
    entry = call.entry("warehouses", body["metadataId"])
    settings = dict(body["settings"])
    if body.get("name") is not None:
        settings["name"] = body["name"]
    made: Object = {
        "id": call.make.base58(),
        "metadataId": entry["id"],
        "workspaceId": call.workspace.id,
        "enabled": body.get("enabled", True),
        "settings": settings,
    }
    call.workspace.warehouses[made["id"]] = made
    if not body.get("disconnectAllSources"):
        for source_id in call.workspace.sources:
            call.workspace.loads[made["id"], source_id] = True
    return {"warehouse": shown(call, made)}


def every(call: Call) -> dict[str, Any]:
    """`GET /warehouses`."""
    return call.page(list(call.workspace.warehouses.values()), "warehouses", shown)


def get(call: Call) -> dict[str, Any]:
    """`GET /warehouses/{warehouseId}`."""
    return {"warehouse": shown(call, call.workspace.warehouse(call.path["warehouseId"]))}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /warehouses/{warehouseId}`: settings are required, whatever changes."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    settings = {**warehouse["settings"], **call.body["settings"]}
    if "name" in call.body:
        settings["name"] = call.body["name"]
    warehouse["settings"] = {key: value for key, value in settings.items() if value is not None}
    if "enabled" in call.body:
        warehouse["enabled"] = call.body["enabled"]
    return {"warehouse": shown(call, warehouse)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /warehouses/{warehouseId}`."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    call.workspace.drop_warehouse(warehouse["id"])
    return SUCCESS


def connect(call: Call) -> dict[str, Any]:
    """`POST /warehouses/{warehouseId}/connected-sources/{sourceId}`."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    source = call.workspace.source(call.path["sourceId"])
    call.workspace.loads[warehouse["id"], source["id"]] = True
    return {"status": "CONNECTED"}


def disconnect(call: Call) -> dict[str, Any]:
    """`DELETE /warehouses/{warehouseId}/connected-sources/{sourceId}`."""
    pair = (call.path["warehouseId"], call.path["sourceId"])
    if pair not in call.workspace.loads:
        raise not_found("The connection")
    del call.workspace.loads[pair]
    return SUCCESS


def sources(call: Call) -> dict[str, Any]:
    """`GET /warehouses/{warehouseId}/connected-sources`."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    mine = {pair[1] for pair in call.workspace.loads if pair[0] == warehouse["id"]}
    found = [one for source_id, one in call.workspace.sources.items() if source_id in mine]
    return call.page(found, "sources", source_shown)


def of_source(call: Call) -> dict[str, Any]:
    """`GET /sources/{sourceId}/connected-warehouses`."""
    source = call.workspace.source(call.path["sourceId"])
    mine = {pair[0] for pair in call.workspace.loads if pair[1] == source["id"]}
    found = [one for one_id, one in call.workspace.warehouses.items() if one_id in mine]
    return call.page(found, "warehouses", shown)


HANDLERS: dict[str, Handler] = {
    "createWarehouse": create,
    "listWarehouses": every,
    "getWarehouse": get,
    "updateWarehouse": update,
    "deleteWarehouse": delete,
    "addConnectionFromSourceToWarehouse": connect,
    "removeSourceConnectionFromWarehouse": disconnect,
    "listConnectedSourcesFromWarehouse": sources,
    "listConnectedWarehousesFromSource": of_source,
}
