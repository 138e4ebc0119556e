"""Profiles warehouse: a database that the profiles of a space are synced into."""

from __future__ import annotations

from ._shared import secret_settings, secret_settings_version
from .definition import BOOL, SETTINGS, STRING, Kind, Resource, attribute, computed
from .parts import Check, Operations


class ProfilesWarehouse(Resource):
    """A database that the profiles of a space are synced into."""

    about = Kind(
        "profiles_warehouse",
        "A database that the profiles of a space are synced into.",
        operations=Operations(
            create="createProfilesWarehouse",
            update="updateProfilesWarehouseForSpaceWarehouse",
            delete="removeProfilesWarehouseFromSpace",
            list="listProfilesWarehouseInSpace",
        ),
        envelope="profilesWarehouse",
        collection="profilesWarehouses",
        path={"spaceId": "space_id", "warehouseId": "id"},
        scope=("spaceId",),
        import_id="{space_id}:{id}",
        key=("space_id", "metadata_id", "name"),
        # There is no operation that reads one, so absence is confirmed by a second list.
        confirm_by_list=True,
        resend=("settings",),
        omits=("password",),
        shape="segform.lifecycle.hooks.warehouse:profiles_shape",
        guard="profiles stop being synced into it, and its settings go with it",
        checks=(Check("pure", "segform.resources.checks:settings"),),
    )

    id: str = computed(STRING, "Id of the warehouse.")
    space_id: str = attribute(
        STRING,
        "Id of the space whose profiles it gets.",
        required=True,
        replace=True,
        create=False,
        update=False,
    )
    metadata_id: str = attribute(
        STRING,
        "Id of the kind of warehouse in the catalogue.",
        required=True,
        replace=True,
        update=False,
    )
    name: str | None = attribute(STRING, "Name that people see.", default=None, computed=True)
    enabled: bool | None = attribute(
        BOOL,
        "Whether profiles are synced. The service starts with true.",
        default=None,
        computed=True,
    )
    schema_name: str | None = attribute(
        STRING, "Schema that the tables are made in.", default=None, computed=True
    )
    settings: object = attribute(
        SETTINGS,
        "Settings as JSON. Only what is written here is managed; other keys are left alone.",
        required=True,
        sensitive=True,
    )
    secret_settings_wo: dict[str, str] | None = secret_settings()
    secret_settings_wo_version: str | None = secret_settings_version()
