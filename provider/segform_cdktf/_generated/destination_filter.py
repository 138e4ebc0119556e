"""The construct of `segment_destination_filter`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, Json, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import DestinationId, SourceId


class DestinationFilterAction(TypedDict):
    """An element of `actions`."""

    type: str
    """What is done: DROP, SAMPLE, DROP_PROPERTIES or ALLOW_PROPERTIES."""
    percent: NotRequired[float]
    """Share of events kept, 0 to 1 (SAMPLE)."""
    path: NotRequired[str]
    """Field whose value decides which events are kept (SAMPLE)."""
    fields: NotRequired[Json]
    """JSON map: path of an object to the list of its keys."""


class DestinationFilter(SegmentResource):
    """Which events reach a destination, and what is left of them.

    Arguments:
        destination_id: Id of the destination that it guards. A change replaces the object.
        source_id: Id of the source of that destination. A change replaces the object.
        when: FQL: the events that the actions apply to; `all` for every event.
        title: Title that people see.
        description: Why it is there.
        enabled: Whether it is applied.
        actions: What is done with them.
    """

    kind: ClassVar[str] = "destination_filter"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        destination_id: DestinationId,
        source_id: SourceId,
        when: str,
        title: str,
        enabled: Flag,
        actions: Sequence[DestinationFilterAction],
        description: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "destination_id": destination_id,
                "source_id": source_id,
                "if": when,
                "title": title,
                "description": description,
                "enabled": enabled,
                "actions": actions,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the filter."""
        return self.get_string_attribute("id")

    @property
    def destination_id(self) -> DestinationId:
        """Id of the destination that it guards."""
        return DestinationId(self.get_string_attribute("destination_id"))

    @property
    def source_id(self) -> SourceId:
        """Id of the source of that destination."""
        return SourceId(self.get_string_attribute("source_id"))

    @property
    def when(self) -> str:
        """FQL: the events that the actions apply to; `all` for every event."""
        return self.get_string_attribute("if")

    @property
    def title(self) -> str:
        """Title that people see."""
        return self.get_string_attribute("title")

    @property
    def description(self) -> str:
        """Why it is there."""
        return self.get_string_attribute("description")

    @property
    def enabled(self) -> IResolvable:
        """Whether it is applied."""
        return self.get_boolean_attribute("enabled")

    @property
    def actions(self) -> IResolvable:
        """What is done with them."""
        return self.interpolation_for_attribute("actions")
