"""Checks that ask the workspace, at plan time: nothing is written when one of them fails.

Each takes the lifecycle and a `Run` with the planned values, and gives problems. They are skipped
while the API is out of reach and nothing changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.resources.parts import Problem

from .keys import key_of
from .run import Run

if TYPE_CHECKING:
    from .service import Lifecycle


def named_function(_life: Lifecycle, run: Run) -> list[Problem]:
    """A new function has a name; one that is there may be left to have its own."""
    if run.prior is not None or run.config.get("display_name") is not None:
        return []
    return [Problem(("display_name",), "the service makes no function without a name", "Give one.")]


def no_namesake(life: Lifecycle, run: Run) -> list[Problem]:
    """No object with this key is there that somebody else made. Operation: the kind's list."""
    from .creating import namesake

    if run.prior is not None or run.about.attach:
        return []
    found = namesake(life, run)
    if found is None:
        return []
    return [Problem((run.about.key[-1].split(".")[0],), str(found).removesuffix("."))]


def no_rival(life: Lifecycle, run: Run) -> list[Problem]:
    """No two objects of one configuration want what only one can have. Asks nobody.

    Called for every planned object, also unchanged ones, in whatever order Terraform plans them;
    the second of two rivals is told.
    """
    about = run.about
    values = [run.planned_value(name) for name in about.exclusive]
    if not values or any(value is None for value in values):
        return []
    claim = (about.name, *map(str, values))
    mine = str((run.prior or {}).get("id") or (key_of(run) if run.prior else f"new:{key_of(run)}"))
    with life.lock:
        theirs = life.claims.setdefault(claim, mine)
    if theirs == mine and run.prior is not None:
        return []
    if theirs == mine and not life.claimed_twice(claim):
        return []
    words = about.words
    shared = ", ".join(f"{n} {v!r}" for n, v in zip(about.exclusive, values, strict=True))
    return [
        Problem(
            (about.exclusive[-1],),
            f"two resources of this configuration are a {words} with the {shared}; the service "
            "takes one",
            "Keep one of them.",
        )
    ]


def one_plan_per_source(life: Lifecycle, run: Run) -> list[Problem]:
    """A source has at most one tracking plan. Operation: `getSource`."""
    from segform.errors import NotFoundError

    source_id, plan_id = run.planned_value("source_id"), run.planned_value("tracking_plan_id")
    if run.prior is not None or source_id is None or plan_id is None or source_id in life.created:
        return []
    if life.passed.recently(run.about.name, source_id, plan_id):
        return []
    try:
        data = life.client.request("getSource", path={"sourceId": source_id})
    except NotFoundError:
        return [
            Problem(
                ("source_id",),
                f"the workspace has no source {source_id!r}",
                "Give the `id` of a source, not its slug.",
            )
        ]
    there = data.get("trackingPlanId")
    # A plan in the way whose connection this state holds may be on its way out; whether it is,
    # `no_rival` sees.
    held = (run.about.name, f"{source_id}:{there}")
    if not there or there == plan_id or held in life.met:
        life.passed.note(run.about.name, source_id, plan_id)
        return []
    return [
        Problem(
            ("source_id",),
            f"the source {source_id} has the tracking plan {there}; a source has one plan",
            f"Remove that connection first, or import it: `{source_id}:{there}`.",
        )
    ]
