"""The construct of `segment_reverse_etl_model`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, Json, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import ReverseEtlModelId, SourceId


class ReverseEtlModel(SegmentResource):
    """A query on a warehouse whose rows mappings send to destinations.

    Arguments:
        source_id: Id of the source that stands for the warehouse. A change replaces the object.
        name: Name that people see.
        description: What it is for.
        enabled: Whether it is in use.
        query: SQL that gives the rows.
        query_identifier_column: Column that tells rows apart.
        schedule_strategy: Deprecated by the API and never sent: the schedule belongs to the
            mapping.
        schedule_config: Deprecated by the API and never sent: the schedule belongs to the
            mapping.
    """

    kind: ClassVar[str] = "reverse_etl_model"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        source_id: SourceId,
        name: str,
        description: str,
        enabled: Flag,
        query: str,
        query_identifier_column: str,
        schedule_strategy: str | None = None,
        schedule_config: Json | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "source_id": source_id,
                "name": name,
                "description": description,
                "enabled": enabled,
                "query": query,
                "query_identifier_column": query_identifier_column,
                "schedule_strategy": schedule_strategy,
                "schedule_config": schedule_config,
            },
            meta,
        )

    @property
    def id(self) -> ReverseEtlModelId:
        """Id of the model."""
        return ReverseEtlModelId(self.get_string_attribute("id"))

    @property
    def source_id(self) -> SourceId:
        """Id of the source that stands for the warehouse."""
        return SourceId(self.get_string_attribute("source_id"))

    @property
    def name(self) -> str:
        """Name that people see."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What it is for."""
        return self.get_string_attribute("description")

    @property
    def enabled(self) -> IResolvable:
        """Whether it is in use."""
        return self.get_boolean_attribute("enabled")

    @property
    def query(self) -> str:
        """SQL that gives the rows."""
        return self.get_string_attribute("query")

    @property
    def query_identifier_column(self) -> str:
        """Column that tells rows apart."""
        return self.get_string_attribute("query_identifier_column")

    @property
    def schedule_strategy(self) -> str:
        """Deprecated by the API and never sent: the schedule belongs to the mapping."""
        return self.get_string_attribute("schedule_strategy")

    @property
    def schedule_config(self) -> str:
        """Deprecated by the API and never sent: the schedule belongs to the mapping."""
        return self.get_string_attribute("schedule_config")
