"""The operations that keep state, a module per family; `HANDLERS` has them by operation id."""

from __future__ import annotations

from . import (
    catalog,
    destinations,
    filters,
    labels,
    rules,
    sources,
    testing,
    tracking_plans,
    warehouses,
    workspaces,
)
from .call import Call, Handler

HANDLERS: dict[str, Handler] = {
    **workspaces.HANDLERS,
    **sources.HANDLERS,
    **destinations.HANDLERS,
    **filters.HANDLERS,
    **tracking_plans.HANDLERS,
    **rules.HANDLERS,
    **labels.HANDLERS,
    **catalog.HANDLERS,
    **warehouses.HANDLERS,
    **testing.HANDLERS,
}

__all__ = ["HANDLERS", "Call", "Handler"]
