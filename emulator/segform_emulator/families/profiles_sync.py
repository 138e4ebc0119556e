"""Profiles sync: warehouses of a space. There is no request that reads one: a list has it."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import conflict, invalid, not_found
from segform_emulator.workspace import Object

from . import selective_sync, warehouses
from .call import SUCCESS, Call, Handler
from .spaces import space_of

# What a profiles warehouse has however few events there were (inferred from the documents).
_COLLECTIONS = ("id_graph_updates", "external_id_mapping_updates", "profile_traits_updates")


def shown(call: Call, one: Object) -> Object:
    """A profiles warehouse as the API shows it: secrets as in a warehouse."""
    made = warehouses.shown(call, one)
    made.pop("selectiveSync", None)
    return made


def create(call: Call) -> dict[str, Any]:
    """`POST /spaces/{spaceId}/profiles-warehouses`: 201; its schema has to be new to the space."""
    space = space_of(call)
    body = call.body
    entry = call.entry("warehouses", body["metadataId"])
    made: Object = {
        "id": call.make.base58(),
        "spaceId": space["id"],
        "workspaceId": call.workspace.id,
        "metadataId": entry["id"],
        "enabled": body.get("enabled", True),
        "settings": warehouses.given(body),
        "schemaName": _schema(call, space, str(body.get("schemaName", space["slug"])), ""),
        "selectiveSync": {"enableEventTables": False, "collections": {}},
    }
    call.workspace.more["profiles_warehouses"][made["id"]] = made
    return {"profilesWarehouse": shown(call, made)}


def _schema(call: Call, space: Object, name: str, but: str) -> str:
    if not name.strip():
        raise invalid("schemaName", '"schemaName" is not allowed to be empty')
    for other in _of(call, space):
        if other["schemaName"] == name and other["id"] != but:
            raise conflict(f"The schema {name!r} already exists.")
    return name


def _of(call: Call, space: Object) -> list[Object]:
    held = call.workspace.more["profiles_warehouses"].values()
    return [one for one in held if one["spaceId"] == space["id"]]


def _one(call: Call) -> Object:
    space = space_of(call)
    wanted = call.path["warehouseId"]
    found = call.workspace.one("profiles_warehouses", wanted, "The profiles warehouse")
    if found["spaceId"] != space["id"]:
        raise not_found(f"The profiles warehouse {wanted!r}")
    return found


def every(call: Call) -> dict[str, Any]:
    """`GET /spaces/{spaceId}/profiles-warehouses`."""
    return call.page(_of(call, space_of(call)), "profilesWarehouses", shown)


def update(call: Call) -> dict[str, Any]:
    """`PATCH …/profiles-warehouses/{warehouseId}`: settings are required, merged by key."""
    found = _one(call)
    if "schemaName" in call.body:
        name = call.body["schemaName"]
        found["schemaName"] = _schema(call, space_of(call), name, found["id"])
    warehouses.change(found, call.body)
    return {"profilesWarehouse": shown(call, found)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE …/profiles-warehouses/{warehouseId}`."""
    call.workspace.drop("profiles_warehouses", _one(call)["id"])
    return SUCCESS


def syncs(call: Call) -> dict[str, Any]:
    """`GET …/profiles-warehouses/{warehouseId}/selective-syncs`."""
    found = _one(call)
    own = found["selectiveSync"]
    known = {name: {"enabled": True, "properties": {}} for name in _COLLECTIONS}
    items = [
        {"collection": name, "warehouseId": found["id"], **facts}
        for name, facts in {**known, **own["collections"]}.items()
    ]
    return {**call.page(items, "items"), "enableEventTables": own["enableEventTables"]}


def update_syncs(call: Call) -> dict[str, Any]:
    """`PATCH …/profiles-warehouses/{warehouseId}/selective-syncs`."""
    own = _one(call)["selectiveSync"]
    given: list[Object] = call.body.get("syncOverrides", [])
    for index, one in enumerate(given):
        selective_sync.check_names(one, f"syncOverrides.{index}")
    tables = call.body.get("enableEventTables", own["enableEventTables"])
    changed = tables != own["enableEventTables"]
    own["enableEventTables"] = tables
    for one in given:
        changed |= selective_sync.override(own["collections"], one)
    return {"status": "UPDATED" if changed else "UNCHANGED"}


HANDLERS: dict[str, Handler] = {
    "createProfilesWarehouse": create,
    "listProfilesWarehouseInSpace": every,
    "updateProfilesWarehouseForSpaceWarehouse": update,
    "removeProfilesWarehouseFromSpace": delete,
    "listSelectiveSyncsFromWarehouseAndSpace": syncs,
    "updateSelectiveSyncForWarehouseAndSpace": update_syncs,
}
