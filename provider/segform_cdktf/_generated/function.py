"""The construct of `segment_function`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import FunctionId


class FunctionSetting(TypedDict):
    """An element of `settings`."""

    name: str
    """Key by which the code reads it."""
    label: str
    """Label in the app."""
    description: str
    """What it is."""
    type: str
    """ARRAY, BOOLEAN, STRING or TEXT_MAP."""
    required: Flag
    """Whether it must be given."""
    sensitive: Flag
    """Whether it is a secret."""


class Function(SegmentResource):
    """Code that runs as a source, as a destination, or on the way to one.

    Arguments:
        code: Its code, JavaScript. A change of a source function's is deployed.
        display_name: Name that people see. All but source functions get the workspace's name
            appended; that is no difference.
        logo_url: Address of a logo.
        resource_type: What it runs as. One of DESTINATION, INSERT_DESTINATION, INSERT_SOURCE,
            INSERT_TRANSFORMATION, SOURCE. A change replaces the object.
        description: What it is for.
        settings: Settings that it asks for.
    """

    kind: ClassVar[str] = "function"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: str,
        resource_type: str,
        display_name: str | None = None,
        logo_url: str | None = None,
        description: str | None = None,
        settings: Sequence[FunctionSetting] | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "code": code,
                "display_name": display_name,
                "logo_url": logo_url,
                "resource_type": resource_type,
                "description": description,
                "settings": settings,
            },
            meta,
        )

    @property
    def id(self) -> FunctionId:
        """Id of the function."""
        return FunctionId(self.get_string_attribute("id"))

    @property
    def code(self) -> str:
        """Its code, JavaScript. A change of a source function's is deployed."""
        return self.get_string_attribute("code")

    @property
    def display_name(self) -> str:
        """Name that people see. All but source functions get the workspace's name appended; that
        is no difference."""
        return self.get_string_attribute("display_name")

    @property
    def logo_url(self) -> str:
        """Address of a logo."""
        return self.get_string_attribute("logo_url")

    @property
    def resource_type(self) -> str:
        """What it runs as."""
        return self.get_string_attribute("resource_type")

    @property
    def description(self) -> str:
        """What it is for."""
        return self.get_string_attribute("description")

    @property
    def preview_webhook_url(self) -> str:
        """Address to send test events to."""
        return self.get_string_attribute("preview_webhook_url")

    @property
    def catalog_id(self) -> str:
        """Its id in the catalogue."""
        return self.get_string_attribute("catalog_id")

    @property
    def settings(self) -> IResolvable:
        """Settings that it asks for."""
        return self.interpolation_for_attribute("settings")
