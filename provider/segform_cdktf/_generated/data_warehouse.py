"""The data source of `segment_warehouse`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
# ruff: noqa: A002 - the API's names
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable

from ._ids import WarehouseId


class DataWarehouse(SegmentDataSource):
    """A warehouse that is there, by its id.

    Arguments:
        id: Id of the warehouse.
    """

    kind: ClassVar[str] = "warehouse"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        id: str,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "id": id,
            },
            meta,
        )

    @property
    def id(self) -> WarehouseId:
        """Id of the warehouse."""
        return WarehouseId(self.get_string_attribute("id"))

    @property
    def workspace_id(self) -> str:
        """Id of the workspace that the warehouse belongs to."""
        return self.get_string_attribute("workspace_id")

    @property
    def metadata(self) -> IResolvable:
        """What kind of warehouse it is, from the catalogue; only `id` is given."""
        return self.interpolation_for_attribute("metadata")

    @property
    def name(self) -> str:
        """Name that people see."""
        return self.get_string_attribute("name")

    @property
    def enabled(self) -> IResolvable:
        """Whether sources load into it."""
        return self.get_boolean_attribute("enabled")

    @property
    def settings(self) -> str:
        """Settings as JSON, without the name. Only what is written here is managed."""
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
