"""Reverse ETL models: two attributes that the API gave up and that configurations still have."""

from __future__ import annotations

from segform.lifecycle.run import Run
from segform.resources.values import UNKNOWN

# What is written where there is no schedule.
_NOTHING = {"schedule_strategy": "", "schedule_config": "{}"}


def plan(run: Run) -> None:
    """What is not configured is nothing, and never unknown."""
    for name, nothing in _NOTHING.items():
        if run.planned.get(name) is UNKNOWN and run.config.get(name) is None:
            run.planned[name] = nothing


def complete(run: Run) -> None:
    """The state keeps what it has; after an import there is nothing."""
    for name, nothing in _NOTHING.items():
        before = (run.prior or {}).get(name)
        run.values[name] = nothing if before is None and run.importing else before
