"""The construct of `segment_source`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, Json, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import SourceId


class SourceLabel(TypedDict):
    """An element of `labels`."""

    key: str
    """Key of a label that exists in the workspace."""
    value: str
    """Value of the label."""


class Source(SegmentResource):
    """Where events come from: a website, an app, a server.

    Arguments:
        slug: Short name, unique in the workspace; changed in place.
        name: Name that people see. The service starts with the slug.
        enabled: Whether events are accepted.
        metadata_id: What kind of source it is, from the catalogue.
        settings: Settings as JSON. Only what is written here is managed; other keys are left
            alone. Secrets in it come from variables, see `secret()`.
        secret_settings_wo: Secret settings by their key at the top level. They are sent with the
            others and are in no plan and no state; needs Terraform 1.11. Secrets in it come from
            variables, see `secret()`.
        secret_settings_wo_version: Any text; the secret settings are sent again when it changes.
        labels: Labels of the source, at most 200. An empty set removes them all.
    """

    kind: ClassVar[str] = "source"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        slug: str,
        enabled: Flag,
        metadata_id: str,
        settings: Json,
        name: str | None = None,
        secret_settings_wo: Mapping[str, str] | None = None,
        secret_settings_wo_version: str | None = None,
        labels: Sequence[SourceLabel] | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "slug": slug,
                "name": name,
                "enabled": enabled,
                "metadata": {"id": metadata_id},
                "settings": settings,
                "secret_settings_wo": secret_settings_wo,
                "secret_settings_wo_version": secret_settings_wo_version,
                "labels": labels,
            },
            meta,
        )

    @property
    def id(self) -> SourceId:
        """Id of the source."""
        return SourceId(self.get_string_attribute("id"))

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

    @property
    def labels(self) -> IResolvable:
        """Labels of the source, at most 200. An empty set removes them all."""
        return self.interpolation_for_attribute("labels")
