"""The construct of `segment_insert_function_instance`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, Json, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import DestinationId, FunctionId, SourceId


class InsertFunctionInstance(SegmentResource):
    """An insert function at work for one source or destination.

    Arguments:
        function_id: Id of the insert function, with or without its prefix (`ifnd_`, `ifns_`). A
            change replaces the object.
        integration_id: Id of the source or destination that it works for. A change replaces the
            object.
        name: Name that people see.
        enabled: Whether it runs.
        settings: Settings that the function asks for, as JSON. Only what is written here is
            managed. Secrets in it come from variables, see `secret()`.
        secret_settings_wo: Secret settings by their key at the top level. They are sent with the
            others and are in no plan and no state; needs Terraform 1.11. Secrets in it come from
            variables, see `secret()`.
        secret_settings_wo_version: Any text; the secret settings are sent again when it changes.
        setting_secrets_wo: Values of the function's secret settings, by the name of the setting:
            the same as `secret_settings_wo`, by the word that functions have for it. Needs
            Terraform 1.11. Secrets in it come from variables, see `secret()`.
        setting_secrets_wo_version: Any text; the secret settings are sent again when it changes.
    """

    kind: ClassVar[str] = "insert_function_instance"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function_id: FunctionId,
        integration_id: SourceId | DestinationId,
        name: str,
        enabled: Flag,
        settings: Json,
        secret_settings_wo: Mapping[str, str] | None = None,
        secret_settings_wo_version: str | None = None,
        setting_secrets_wo: Mapping[str, str] | None = None,
        setting_secrets_wo_version: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "function_id": function_id,
                "integration_id": integration_id,
                "name": name,
                "enabled": enabled,
                "settings": settings,
                "secret_settings_wo": secret_settings_wo,
                "secret_settings_wo_version": secret_settings_wo_version,
                "setting_secrets_wo": setting_secrets_wo,
                "setting_secrets_wo_version": setting_secrets_wo_version,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the instance."""
        return self.get_string_attribute("id")

    @property
    def function_id(self) -> FunctionId:
        """Id of the insert function, with or without its prefix (`ifnd_`, `ifns_`)."""
        return FunctionId(self.get_string_attribute("function_id"))

    @property
    def integration_id(self) -> str:
        """Id of the source or destination that it works for."""
        return self.get_string_attribute("integration_id")

    @property
    def name(self) -> str:
        """Name that people see."""
        return self.get_string_attribute("name")

    @property
    def enabled(self) -> IResolvable:
        """Whether it runs."""
        return self.get_boolean_attribute("enabled")

    @property
    def settings(self) -> str:
        """Settings that the function asks for, as JSON. Only what is written here is managed."""
        return self.get_string_attribute("settings")

    @property
    def secret_settings_wo(self) -> IResolvable:
        """Secret settings by their key at the top level. They are sent with the others and are in
        no plan and no state; needs Terraform 1.11."""
        return self.interpolation_for_attribute("secret_settings_wo")

    @property
    def secret_settings_wo_version(self) -> str:
        """Any text; the secret settings are sent again when it changes."""
        return self.get_string_attribute("secret_settings_wo_version")

    @property
    def setting_secrets_wo(self) -> IResolvable:
        """Values of the function's secret settings, by the name of the setting: the same as
        `secret_settings_wo`, by the word that functions have for it. Needs Terraform 1.11."""
        return self.interpolation_for_attribute("setting_secrets_wo")

    @property
    def setting_secrets_wo_version(self) -> str:
        """Any text; the secret settings are sent again when it changes."""
        return self.get_string_attribute("setting_secrets_wo_version")
