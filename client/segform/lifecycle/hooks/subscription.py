"""Destination subscriptions: a schedule takes an update of its own; 5 a minute are allowed."""

from __future__ import annotations

from segform.lifecycle.mapping import to_api
from segform.lifecycle.run import Run
from segform.resources.destination_subscription import MANUAL, SCHEDULE


def finish(run: Run) -> None:
    """Set the schedule that the create does not take, where there is one.

    Operation: `updateSubscriptionForDestination`; may be repeated. An ordinary update has sent it.
    """
    planned = run.planned_value("reverse_etl_schedule")
    if planned is None or not (run.prior is None or run.adopted):
        return
    schedule = to_api(SCHEDULE, planned)
    if run.live.get("reverseETLSchedule") == schedule:
        return
    with run.step("set its schedule"):
        body = {"input": {"reverseETLSchedule": schedule}}
        data = run.request("updateSubscriptionForDestination", body=body)
        run.live = {**run.live, **data["subscription"]}


def complete(run: Run) -> None:
    """A schedule that runs nothing is none, where the state has none."""
    held = (run.prior or {}).get("reverse_etl_schedule")
    live = run.live.get("reverseETLSchedule") or {}
    if held is None and not run.importing and live.get("strategy") == MANUAL["strategy"]:
        run.values["reverse_etl_schedule"] = None
