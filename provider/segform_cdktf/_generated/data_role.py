"""The data source of `segment_role`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
# ruff: noqa: A002 - the API's names
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentDataSource


class DataRole(SegmentDataSource):
    """A role that users and groups can be given, by its id or its name.

    Arguments:
        id: Id of the role. Give exactly one of `id` and `name`.
        name: Name of the role. Give exactly one of `id` and `name`.
    """

    kind: ClassVar[str] = "role"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        id: str | None = None,
        name: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "id": id,
                "name": name,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the role. Give exactly one of `id` and `name`."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """Name of the role. Give exactly one of `id` and `name`."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What it allows."""
        return self.get_string_attribute("description")
