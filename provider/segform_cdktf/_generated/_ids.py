"""Types of ids, so that a destination takes a source's id and no other. Generated."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from typing import NewType

DestinationId = NewType("DestinationId", str)
"""Id of a `segment_destination`; `DestinationId("…")` for one that is known."""

FunctionId = NewType("FunctionId", str)
"""Id of a `segment_function`; `FunctionId("…")` for one that is known."""

ReverseEtlModelId = NewType("ReverseEtlModelId", str)
"""Id of a `segment_reverse_etl_model`; `ReverseEtlModelId("…")` for one that is known."""

SourceId = NewType("SourceId", str)
"""Id of a `segment_source`; `SourceId("…")` for one that is known."""

TrackingPlanId = NewType("TrackingPlanId", str)
"""Id of a `segment_tracking_plan`; `TrackingPlanId("…")` for one that is known."""

WarehouseId = NewType("WarehouseId", str)
"""Id of a `segment_warehouse`; `WarehouseId("…")` for one that is known."""
