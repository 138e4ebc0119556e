"""The data source of `segment_workspace`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource


class DataWorkspace(SegmentDataSource):
    """The workspace that the token belongs to.

    It takes no arguments of its own.
    """

    kind: ClassVar[str] = "workspace"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(scope, id_, {}, meta)

    @property
    def id(self) -> str:
        """Id of the workspace."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """Its name."""
        return self.get_string_attribute("name")

    @property
    def slug(self) -> str:
        """Its slug."""
        return self.get_string_attribute("slug")
