"""The six kinds of a shop alone: what `shop` has of them, one object each."""

from __future__ import annotations

from typing import Any

from . import shop as whole
from .core import Config

SIX = (
    "segment_label.prod",
    "segment_source.web",
    "segment_destination.hook",
    "segment_destination_filter.sample",
    "segment_tracking_plan.shop",
    "segment_source_tracking_plan_connection.web",
)


def six(**changes: Any) -> Config:
    """Their configuration; `source={"name": …}` changes the source."""
    found = whole.shop(**changes)
    return {address: found[address] for address in SIX}
