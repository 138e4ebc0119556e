"""The operations that keep state, a module per family; `HANDLERS` has them by operation id."""

from __future__ import annotations

from . import (
    audit_trail,
    catalog,
    delivery,
    destinations,
    events,
    filters,
    functions,
    groups,
    insert_instances,
    labels,
    regulations,
    reverse_etl,
    roles,
    rules,
    sources,
    subscriptions,
    testing,
    tracking_plans,
    transformations,
    usage,
    users,
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
    **users.HANDLERS,
    **groups.HANDLERS,
    **roles.HANDLERS,
    **audit_trail.HANDLERS,
    **events.HANDLERS,
    **delivery.HANDLERS,
    **usage.HANDLERS,
    **regulations.HANDLERS,
    **functions.HANDLERS,
    **insert_instances.HANDLERS,
    **reverse_etl.HANDLERS,
    **subscriptions.HANDLERS,
    **transformations.HANDLERS,
}

__all__ = ["HANDLERS", "Call", "Handler"]
