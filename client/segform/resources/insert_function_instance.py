"""Insert function instance: an insert function at work for one source or destination."""

from __future__ import annotations

from ._shared import NO_SECRETS_IN_CLEAR, secret_settings, secret_settings_version
from .definition import BOOL, SETTINGS, STRING, Kind, Reference, Resource, attribute, computed
from .parts import Check, Operations


class InsertFunctionInstance(Resource):
    """An insert function at work for one source or destination."""

    about = Kind(
        "insert_function_instance",
        "An insert function at work for one source or destination.",
        operations=Operations(
            create="createInsertFunctionInstance",
            read="getInsertFunctionInstance",
            update="updateInsertFunctionInstance",
            delete="deleteInsertFunctionInstance",
            list="listInsertFunctionInstances",
        ),
        envelope="insertFunctionInstance",
        collection="instances",
        family="insertFunctionInstances",
        path={"instanceId": "id"},
        query={"functionId": "function_id"},
        childless=("resource_type", ("DESTINATION", "SOURCE")),
        key=("function_id", "integration_id", "name"),
        switch="enabled",
        restrains=("integration_id",),
        synced=False,
        resend=("settings",),
        send="segform.lifecycle.hooks.insert_instance:send",
        plan="segform.lifecycle.hooks.insert_instance:plan",
        complete="segform.lifecycle.hooks.insert_instance:complete",
        checks=(Check("pure", "segform.resources.checks:settings"), NO_SECRETS_IN_CLEAR),
    )

    id: str = computed(STRING, "Id of the instance.")
    function_id: Reference = attribute(
        STRING,
        "Id of the insert function, with or without its prefix (`ifnd_`, `ifns_`).",
        required=True,
        replace=True,
        update=False,
        reference="function",
    )
    integration_id: Reference = attribute(
        STRING,
        "Id of the source or destination that it works for.",
        required=True,
        replace=True,
        update=False,
        either=("source", "destination"),
    )
    name: str = attribute(STRING, "Name that people see.", required=True)
    enabled: bool = attribute(BOOL, "Whether it runs.", required=True)
    settings: object = attribute(
        SETTINGS,
        "Settings that the function asks for, as JSON. Only what is written here is managed.",
        required=True,
        sensitive=True,
    )
    secret_settings_wo: dict[str, str] | None = secret_settings()
    secret_settings_wo_version: str | None = secret_settings_version()
    setting_secrets_wo: dict[str, str] | None = secret_settings(
        "Values of the function's secret settings, by the name of the setting: the same as "
        "`secret_settings_wo`, by the word that functions have for it. Needs Terraform 1.11."
    )
    setting_secrets_wo_version: str | None = secret_settings_version()
