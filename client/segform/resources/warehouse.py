"""Warehouse: a database that sources load their events into."""

from __future__ import annotations

from ._metadata import WAREHOUSE_METADATA
from ._shared import NO_SECRETS_IN_CLEAR, secret_settings, secret_settings_version
from .definition import BOOL, SETTINGS, STRING, Kind, Resource, attribute, computed
from .parts import Check, Operations


class Warehouse(Resource):
    """A database that sources load their events into."""

    about = Kind(
        "warehouse",
        "A database that sources load their events into.",
        operations=Operations(
            create="createWarehouse",
            read="getWarehouse",
            update="updateWarehouse",
            delete="deleteWarehouse",
            list="listWarehouses",
        ),
        envelope="warehouse",
        collection="warehouses",
        family="warehouses",
        limited=True,
        fold="segform.lifecycle.hooks.warehouse:fold",
        unfold="segform.lifecycle.hooks.warehouse:shape",
        catalog="warehouse",
        path={"warehouseId": "id"},
        key=("metadata.id", "name"),
        # A new warehouse would otherwise be loaded by every source of the workspace.
        extra_create={"disconnectAllSources": True},
        resend=("settings",),
        omits=("password",),
        shape="segform.lifecycle.hooks.warehouse:shape",
        protected=True,
        guard="its sources stop loading into it, and its settings and schedules go with it",
        checks=(
            Check("pure", "segform.resources.checks:settings"),
            Check("pure", "segform.resources.kind_checks:warehouse"),
            Check("live", "segform.lifecycle.catalog_checks:warehouse"),
            NO_SECRETS_IN_CLEAR,
        ),
    )

    id: str = computed(STRING, "Id of the warehouse.")
    workspace_id: str = computed(
        STRING, "Id of the workspace that the warehouse belongs to.", snapshot=False
    )
    metadata: dict[str, object] = attribute(
        WAREHOUSE_METADATA,
        "What kind of warehouse it is, from the catalogue; only `id` is given.",
        required=True,
        update=False,
        flat="metadata_id",
    )
    name: str | None = attribute(
        STRING, "Name that people see.", default=None, computed=True, clear="null"
    )
    enabled: bool | None = attribute(
        BOOL, "Whether sources load into it.", default=None, computed=True
    )
    settings: object = attribute(
        SETTINGS,
        "Settings as JSON, without the name. Only what is written here is managed.",
        required=True,
        sensitive=True,
    )
    secret_settings_wo: dict[str, str] | None = secret_settings()
    secret_settings_wo_version: str | None = secret_settings_version()
