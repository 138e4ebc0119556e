"""The data source of `segment_destination`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
# ruff: noqa: A002 - the API's names
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable

from ._ids import DestinationId, SourceId


class DataDestination(SegmentDataSource):
    """A destination that is there, by its id.

    Arguments:
        id: Id of the destination.
    """

    kind: ClassVar[str] = "destination"

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
    def id(self) -> DestinationId:
        """Id of the destination."""
        return DestinationId(self.get_string_attribute("id"))

    @property
    def name(self) -> str:
        """Name that people see."""
        return self.get_string_attribute("name")

    @property
    def enabled(self) -> IResolvable:
        """Whether events are sent."""
        return self.get_boolean_attribute("enabled")

    @property
    def source_id(self) -> SourceId:
        """Id of the source whose events it gets."""
        return SourceId(self.get_string_attribute("source_id"))

    @property
    def metadata(self) -> IResolvable:
        """Which tool it is, from the catalogue; only `id` is given."""
        return self.interpolation_for_attribute("metadata")

    @property
    def settings(self) -> str:
        """Settings as JSON. Only what is written here is managed; other keys are left alone."""
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
