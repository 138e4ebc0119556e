"""The construct of `segment_source_warehouse_connection`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import ClassVar, Unpack

from constructs import Construct

from segform_cdktf.base import MetaArguments, SegmentResource

from ._ids import SourceId, WarehouseId


class SourceWarehouseConnection(SegmentResource):
    """Connects a source to a warehouse that its events are loaded into.

    Arguments:
        source_id: Id of the source. A change replaces the object.
        warehouse_id: Id of the warehouse. A change replaces the object.
    """

    kind: ClassVar[str] = "source_warehouse_connection"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        source_id: SourceId,
        warehouse_id: WarehouseId,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "source_id": source_id,
                "warehouse_id": warehouse_id,
            },
            meta,
        )

    @property
    def source_id(self) -> SourceId:
        """Id of the source."""
        return SourceId(self.get_string_attribute("source_id"))

    @property
    def warehouse_id(self) -> WarehouseId:
        """Id of the warehouse."""
        return WarehouseId(self.get_string_attribute("warehouse_id"))
