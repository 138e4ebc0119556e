"""The construct of `segment_profiles_warehouse`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, Json, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable


class ProfilesWarehouse(SegmentResource):
    """A database that a space loads its profiles into.

    Arguments:
        space_id: Id of the space, which is made in the app. A change replaces the object.
        metadata_id: What kind of warehouse it is: the id of an entry of the warehouse catalogue.
            A change replaces the object.
        name: Name that people see; it may stand among the settings instead.
        enabled: Whether the space loads into it.
        schema_name: Schema that the profiles are loaded into, new to the space; the slug of the
            space where it is left out.
        settings: Settings as JSON. Only what is written here is managed. Secrets in it come from
            variables, see `secret()`.
        secret_settings_wo: Secret settings by their key at the top level. They are sent with the
            others and are in no plan and no state; needs Terraform 1.11. Secrets in it come from
            variables, see `secret()`.
        secret_settings_wo_version: Any text; the secret settings are sent again when it changes.
    """

    kind: ClassVar[str] = "profiles_warehouse"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        space_id: str,
        metadata_id: str,
        settings: Json,
        name: str | None = None,
        enabled: Flag | None = None,
        schema_name: str | None = None,
        secret_settings_wo: Mapping[str, str] | None = None,
        secret_settings_wo_version: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "space_id": space_id,
                "metadata_id": metadata_id,
                "name": name,
                "enabled": enabled,
                "schema_name": schema_name,
                "settings": settings,
                "secret_settings_wo": secret_settings_wo,
                "secret_settings_wo_version": secret_settings_wo_version,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the profiles warehouse."""
        return self.get_string_attribute("id")

    @property
    def space_id(self) -> str:
        """Id of the space, which is made in the app."""
        return self.get_string_attribute("space_id")

    @property
    def metadata_id(self) -> str:
        """What kind of warehouse it is: the id of an entry of the warehouse catalogue."""
        return self.get_string_attribute("metadata_id")

    @property
    def name(self) -> str:
        """Name that people see; it may stand among the settings instead."""
        return self.get_string_attribute("name")

    @property
    def enabled(self) -> IResolvable:
        """Whether the space loads into it."""
        return self.get_boolean_attribute("enabled")

    @property
    def schema_name(self) -> str:
        """Schema that the profiles are loaded into, new to the space; the slug of the space where
        it is left out."""
        return self.get_string_attribute("schema_name")

    @property
    def settings(self) -> str:
        """Settings as JSON. Only what is written here is managed."""
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
