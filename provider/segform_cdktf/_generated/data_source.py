"""The data source of `segment_source`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
# ruff: noqa: A002 - the API's names
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource
from segform_cdktf.framework import IResolvable

from ._ids import SourceId


class DataSource(SegmentDataSource):
    """A source that is there, by its id.

    Arguments:
        id: Id of the source.
    """

    kind: ClassVar[str] = "source"

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
    def id(self) -> SourceId:
        """Id of the source."""
        return SourceId(self.get_string_attribute("id"))

    @property
    def labels(self) -> IResolvable:
        """Labels of the source."""
        return self.interpolation_for_attribute("labels")

    @property
    def schema_settings(self) -> IResolvable:
        """What happens to events that break the tracking plan; null for a source without one."""
        return self.interpolation_for_attribute("schema_settings")

    @property
    def workspace_id(self) -> str:
        """Id of the workspace that the source belongs to."""
        return self.get_string_attribute("workspace_id")

    @property
    def slug(self) -> str:
        """Short name, unique in the workspace; changed in place."""
        return self.get_string_attribute("slug")

    @property
    def name(self) -> str:
        """Name that people see. The service starts with the slug."""
        return self.get_string_attribute("name")

    @property
    def enabled(self) -> IResolvable:
        """Whether events are accepted."""
        return self.get_boolean_attribute("enabled")

    @property
    def metadata(self) -> IResolvable:
        """What kind of source it is, from the catalogue; only `id` is given."""
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

    @property
    def write_keys(self) -> list[str]:
        """Keys with which events are sent. Empty for a token without source admin."""
        return self.get_list_attribute("write_keys")
