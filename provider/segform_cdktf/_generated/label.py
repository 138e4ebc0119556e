"""The construct of `segment_label`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentResource


class Label(SegmentResource):
    """A key and a value that sources and permissions are marked with.

    Arguments:
        key: Key: starts with a letter; letters, digits, hyphens and dashes. A change replaces the
            object.
        value: Value: starts with a letter; letters, digits, hyphens and dashes. A change replaces
            the object.
        description: What it is for. A change replaces the object.
    """

    kind: ClassVar[str] = "label"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: str,
        value: str,
        description: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "key": key,
                "value": value,
                "description": description,
            },
            meta,
        )

    @property
    def key(self) -> str:
        """Key: starts with a letter; letters, digits, hyphens and dashes."""
        return self.get_string_attribute("key")

    @property
    def value(self) -> str:
        """Value: starts with a letter; letters, digits, hyphens and dashes."""
        return self.get_string_attribute("value")

    @property
    def description(self) -> str:
        """What it is for."""
        return self.get_string_attribute("description")
