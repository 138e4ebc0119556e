"""The catalogue: entries by id, and lists in pages."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import not_found

from .call import Call, Handler


def _get(kind: str, parameter: str, name: str) -> Handler:
    def get(call: Call) -> dict[str, Any]:
        entry_id = call.path[parameter]
        found = call.catalog.get(kind, entry_id)
        if found is None:
            raise not_found(f"The catalog entry {entry_id!r}")
        return {name: found}

    return get


def _all(kind: str, name: str) -> Handler:
    def every(call: Call) -> dict[str, Any]:
        return call.page(call.catalog.all(kind), name)

    return every


HANDLERS: dict[str, Handler] = {
    "getSourceMetadata": _get("sources", "sourceMetadataId", "sourceMetadata"),
    "getSourcesCatalog": _all("sources", "sourcesCatalog"),
    "getDestinationMetadata": _get("destinations", "destinationMetadataId", "destinationMetadata"),
    "getDestinationsCatalog": _all("destinations", "destinationsCatalog"),
    "getWarehouseMetadata": _get("warehouses", "warehouseMetadataId", "warehouseMetadata"),
    "getWarehousesCatalog": _all("warehouses", "warehousesCatalog"),
}
