"""Warehouses and the sources that load into them; their name is one of their settings."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from segform_emulator.errors import not_found
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler
from .destinations import is_secret, masked
from .sources import shown as source_shown

# Of these the settings come back encrypted, not masked (seen in Git Sync).
_ENCRYPTED = ("bigquery",)
_MADE = ("ciphertext", "encrypted")
_BLOB = 3072


def shown(call: Call, warehouse: Object) -> Object:
    """A warehouse as the API shows it: passwords never, other secrets as a mask."""
    entry = call.catalog.get("warehouses", warehouse["metadataId"]) or {}
    made = {name: value for name, value in warehouse.items() if name != "metadataId"}
    made["metadata"] = entry
    settings = {k: v for k, v in warehouse["settings"].items() if k != "password"}
    if entry.get("slug") in _ENCRYPTED:
        settings = _encrypted(settings)
    made["settings"] = masked(settings, entry)
    return made


def _encrypted(settings: Object) -> Object:
    """Settings whose secrets are in one blob, another one each time (seen in Git Sync)."""
    clear = {k: v for k, v in settings.items() if not is_secret(k) and "credential" not in k}
    if len(clear) < len(settings):
        blob = base64.b64encode(secrets.token_bytes(_BLOB)).decode()
        clear.update(ciphertext=blob, encrypted=True)
    return clear


def create(call: Call) -> dict[str, Any]:
    """`POST /warehouses`. Every source starts to load into it unless `disconnectAllSources`."""
    body = call.body
    entry = call.entry("warehouses", body["metadataId"])
    made: Object = {
        "id": call.make.base58(),
        "metadataId": entry["id"],
        "workspaceId": call.workspace.id,
        "enabled": body.get("enabled", True),
        "settings": given(body),
    }
    call.workspace.warehouses[made["id"]] = made
    if not body.get("disconnectAllSources"):
        for source_id in call.workspace.sources:
            call.workspace.loads[made["id"], source_id] = True
    return {"warehouse": shown(call, made)}


def every(call: Call) -> dict[str, Any]:
    """`GET /warehouses`."""
    return call.page(call.workspace.warehouses.values(), "warehouses", shown)


def get(call: Call) -> dict[str, Any]:
    """`GET /warehouses/{warehouseId}`."""
    return {"warehouse": shown(call, call.workspace.warehouse(call.path["warehouseId"]))}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /warehouses/{warehouseId}`: settings are required, whatever changes."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    change(warehouse, call.body)
    return {"warehouse": shown(call, warehouse)}


def change(warehouse: Object, body: Object) -> None:
    """What an update makes of a warehouse: settings are merged by key, null removes."""
    settings = {**warehouse["settings"], **given(body)}
    warehouse["settings"] = {key: value for key, value in settings.items() if value is not None}
    if "enabled" in body:
        warehouse["enabled"] = body["enabled"]


def given(body: Object) -> Object:
    """The settings of a body with the name among them; what the service makes is not stored."""
    settings = {key: value for key, value in body["settings"].items() if key not in _MADE}
    if body.get("name") is not None:
        settings["name"] = body["name"]
    return settings


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
    call.workspace.unload(pair)
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


def _reached(settings: Object) -> str:
    """Whether a warehouse could be reached: all but hosts below `.invalid`, which never exist."""
    hosts = [value for key, value in settings.items() if "host" in key.lower()]
    gone = any(isinstance(one, str) and one.lower().endswith(".invalid") for one in hosts)
    return "FAILED" if gone else "CONNECTED"


def state(call: Call) -> dict[str, Any]:
    """`GET /warehouses/{warehouseId}/connection-state`."""
    warehouse = call.workspace.warehouse(call.path["warehouseId"])
    return {"connectionState": _reached(warehouse["settings"])}


def validate(call: Call) -> dict[str, Any]:
    """`POST /warehouses/validation`: settings are tried and not kept."""
    call.entry("warehouses", call.body["metadataId"])
    return {"status": _reached(call.body["settings"])}


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
    "getConnectionStateFromWarehouse": state,
    "createValidationInWarehouse": validate,
}
