"""Connection of a source to a warehouse: an edge, for which the API knows no object."""

from __future__ import annotations

from typing import Any

from segform.lifecycle.collections import SINGLE, Collection
from segform.lifecycle.run import Run


class Loading:
    """Create, read and delete of the edge, in place of the calls of an ordinary object."""

    @staticmethod
    def create(run: Run) -> dict[str, Any]:
        """Connect. Operation: `addConnectionFromSourceToWarehouse`; may be repeated."""
        pair = _pair(run.planned)
        run.request(
            "addConnectionFromSourceToWarehouse",
            path={"warehouseId": pair["warehouse_id"], "sourceId": pair["source_id"]},
        )
        return pair

    @staticmethod
    def every(run: Run) -> list[dict[str, Any]]:
        """The edges of one warehouse. Operation: `listConnectedSourcesFromWarehouse`."""
        warehouse_id = (run.prior or {})["warehouse_id"]
        shared = _shared(run, warehouse_id)
        return [{"source_id": one["id"], "warehouse_id": warehouse_id} for one in shared.all()]

    @staticmethod
    def delete(run: Run) -> None:
        """Disconnect. Operation: `removeSourceConnectionFromWarehouse`."""
        pair = _pair(run.prior or run.planned)
        run.request(
            "removeSourceConnectionFromWarehouse",
            path={"warehouseId": pair["warehouse_id"], "sourceId": pair["source_id"]},
        )

    @staticmethod
    def read(run: Run) -> dict[str, Any] | None:
        """The edge: a few by their source, many by the warehouse's list.

        Operations: `listConnectedWarehousesFromSource`, `listConnectedSourcesFromWarehouse`.
        """
        pair = _pair(run.prior or run.planned)
        source_id, warehouse_id = pair["source_id"], pair["warehouse_id"]
        if run.reader is None:
            found = _by_source(run, source_id, warehouse_id)
        else:
            found = _shared(run, warehouse_id).read(source_id)
        return None if found is None else pair


def _pair(values: dict[str, Any]) -> dict[str, Any]:
    return {"source_id": values["source_id"], "warehouse_id": values["warehouse_id"]}


def _shared(run: Run, warehouse_id: str) -> Collection:
    if run.reader is None:
        return _of_warehouse(run, warehouse_id)
    key = (run.about.name, warehouse_id)
    return run.reader.shared(key, lambda: _of_warehouse(run, warehouse_id))


def _by_source(run: Run, source_id: str, warehouse_id: str) -> dict[str, Any] | None:
    from segform.errors import NotFoundError

    try:
        there = run.pages("listConnectedWarehousesFromSource", path={"sourceId": source_id})
    except NotFoundError:
        return None
    return next((one for one in there if one.get("id") == warehouse_id), None)


def _of_warehouse(run: Run, warehouse_id: str) -> Collection:
    def every() -> list[dict[str, Any]]:
        return run.pages("listConnectedSourcesFromWarehouse", path={"warehouseId": warehouse_id})

    def one(source_id: str) -> dict[str, Any] | None:
        return _by_source(run, source_id, warehouse_id)

    few = run.reader.few if run.reader is not None else lambda: SINGLE
    return Collection(every, lambda source: str(source["id"]), one, single=few)
