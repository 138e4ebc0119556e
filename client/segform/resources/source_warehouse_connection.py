"""Connection of a source to a warehouse: that its events are loaded there."""

from __future__ import annotations

from .definition import STRING, Kind, Reference, Resource, attribute
from .parts import Operations


class SourceWarehouseConnection(Resource):
    """Connects a source to a warehouse that its events are loaded into."""

    about = Kind(
        "source_warehouse_connection",
        "Connects a source to a warehouse that its events are loaded into.",
        operations=Operations(
            create="addConnectionFromSourceToWarehouse",
            delete="removeSourceConnectionFromWarehouse",
            list="listConnectedSourcesFromWarehouse",
        ),
        collection="sources",
        path={"warehouseId": "warehouse_id", "sourceId": "source_id"},
        scope=("warehouseId",),
        import_id="{source_id}:{warehouse_id}",
        synced=False,
        key=("source_id", "warehouse_id"),
        key_unique=True,
        links=("source_id", "warehouse_id"),
        attach="segform.lifecycle.hooks.loading:Loading",
    )

    source_id: Reference = attribute(
        STRING, "Id of the source.", required=True, replace=True, reference="source"
    )
    warehouse_id: Reference = attribute(
        STRING, "Id of the warehouse.", required=True, replace=True, reference="warehouse"
    )
