"""Profiles warehouse: a database that a space loads its profiles into."""

from __future__ import annotations

from ._shared import NO_SECRETS_IN_CLEAR, secret_settings, secret_settings_version
from .definition import BOOL, SETTINGS, STRING, Kind, Resource, attribute, computed
from .ids import NO_ENTRY
from .parts import Check, Operations


class ProfilesWarehouse(Resource):
    """A database that a space loads its profiles into."""

    about = Kind(
        "profiles_warehouse",
        "A database that a space loads its profiles into.",
        operations=Operations(
            create="createProfilesWarehouse",
            update="updateProfilesWarehouseForSpaceWarehouse",
            delete="removeProfilesWarehouseFromSpace",
            list="listProfilesWarehouseInSpace",
        ),
        envelope="profilesWarehouse",
        collection="profilesWarehouses",
        family="profilesWarehouses",
        fold="segform.lifecycle.hooks.warehouse:fold",
        unfold="segform.lifecycle.hooks.warehouse:shape",
        catalog="warehouse",
        path={"spaceId": "space_id", "warehouseId": "id"},
        scope=("spaceId",),
        # Spaces are made in the app; the API lists them.
        above=("listSpaces", "spaces"),
        import_id="{space_id}:{id}",
        synced=False,
        # A schema has to be new to its space, also the one that is left to the service.
        key=("space_id", "schema_name"),
        key_unique=True,
        # There is no operation that reads one, so absence is confirmed by a second list.
        confirm_by_list=True,
        resend=("settings",),
        omits=("password",),
        shape="segform.lifecycle.hooks.warehouse:profiles",
        plan="segform.lifecycle.hooks.warehouse:plan",
        guard="the space stops loading its profiles into it, and its settings go with it",
        checks=(
            Check("pure", "segform.resources.checks:settings"),
            Check("pure", "segform.resources.kind_checks:profiles_warehouse"),
            Check("live", "segform.lifecycle.catalog_checks:warehouse"),
            NO_SECRETS_IN_CLEAR,
        ),
    )

    id: str = computed(STRING, "Id of the profiles warehouse.")
    space_id: str = attribute(
        STRING,
        "Id of the space, which is made in the app.",
        required=True,
        max_length=255,
        replace=True,
        create=False,
        update=False,
    )
    metadata_id: str = attribute(
        STRING,
        "What kind of warehouse it is: the id of an entry of the warehouse catalogue.",
        required=True,
        foreign=NO_ENTRY,
        max_length=255,
        replace=True,
        update=False,
    )
    name: str | None = attribute(
        STRING,
        "Name that people see; it may stand among the settings instead.",
        default=None,
        computed=True,
    )
    enabled: bool | None = attribute(
        BOOL, "Whether the space loads into it.", default=None, computed=True
    )
    schema_name: str | None = attribute(
        STRING,
        "Schema that the profiles are loaded into, new to the space; the slug of the space where "
        "it is left out.",
        default=None,
        computed=True,
    )
    settings: object = attribute(
        SETTINGS,
        "Settings as JSON. Only what is written here is managed.",
        required=True,
        sensitive=True,
    )
    secret_settings_wo: dict[str, str] | None = secret_settings()
    secret_settings_wo_version: str | None = secret_settings_version()
