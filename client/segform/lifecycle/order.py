"""What Terraform's order lets through for a moment, told while it is a plan.

Terraform carries out an object before those that refer to it. So it switches a destination on, and
makes its filter afterwards; between the two everything goes through. A provider cannot turn that
round; `segform apply` does (`segform.workspace.flow`). What can be done is to say so beforehand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segform.errors import SegformError
from segform.resources import registry
from segform.resources.definition import Kind
from segform.resources.values import UNKNOWN

from .run import Run

if TYPE_CHECKING:
    from .service import Lifecycle


def let_through(life: Lifecycle, run: Run) -> tuple[str, str] | None:
    """A warning about a restraint that comes too late; None where nothing is let through.

    Called for each object that a plan makes or changes, after those that it refers to. Below a
    source that the plan makes nothing flows yet. Operation: `getSource`, of a source that is there
    and gets both a destination and what restrains it, from the lists of the refresh where it is in
    them.
    """
    about = run.about
    at_work = not about.switch or run.planned_value(about.switch) is True
    was = bool(run.prior) and (not about.switch or (run.prior or {}).get(about.switch) is True)
    if not about.restrains:
        if about.switch:
            _note(life, run, at_work, was)
        return None
    if not at_work or was:
        return None
    found, done = _loose(life, run), "switches the {} on"
    if found is None:
        found, done = _made_below(life, run), "makes the {} switched on"
    if found is None:
        return None
    words = about.words
    return (
        f"Events get through before this {words} is at work",
        (
            f"Terraform {done.format(found)} before it makes what refers to it. To let nothing "
            f"through in between, leave that switched off (`enabled = false`) until this {words} "
            "has been applied, and switch it on with the next apply."
        ),
    )


def _note(life: Lifecycle, run: Run, on: bool, was: bool) -> None:
    """Remember what this plan switches on, and what it makes below what is there."""
    with life.lock:
        if run.prior is not None:
            if on and not was:
                life.let_loose[str(run.prior.get("id"))] = _named(run.about, run.prior)
            return
        for name, item in run.kind.attributes.items():
            parent = run.planned_value(name)
            if item.reference and isinstance(parent, str):
                made = life.made_below.setdefault((run.about.name, parent), {})
                made[_named(run.about, run.planned)] = on


def _loose(life: Lifecycle, run: Run) -> str | None:
    with life.lock:
        loose = [life.let_loose.get(str(run.planned_value(name))) for name in run.about.restrains]
    return next((one for one in loose if one), None)


def _made_below(life: Lifecycle, run: Run) -> str | None:
    """What the plan makes switched on, and this is for; None where that is not sure."""
    narrow, *wider = run.about.restrains
    kind = run.kind.attributes[narrow].reference
    if run.planned.get(narrow) is not UNKNOWN or kind is None:
        return None
    for name in wider:
        parent, above = run.planned_value(name), run.kind.attributes[name].reference
        with life.lock:
            made = dict(life.made_below.get((kind, str(parent)), {}))
        # Which of several it is for is not known yet: then all of them have to be on.
        if made and all(made.values()) and above and _sends(life, above, str(parent)):
            return " or the ".join(made)
    return None


def _sends(life: Lifecycle, kind: str, own_id: str) -> bool:
    switch = registry()[kind].about.switch
    try:
        live = life.live(life.run(kind, prior={"id": own_id})) or {}
    except SegformError:
        return False
    return bool(switch and live.get(switch) is True)


def _named(about: Kind, values: Any) -> str:
    # What the service names itself has no name while it is a plan.
    known = (values.get(key) for key in ("name", "slug", "id"))
    name = next((one for one in known if isinstance(one, str) and one), None)
    return f"new {about.words}" if name is None else f"{about.words} {name!r}"
