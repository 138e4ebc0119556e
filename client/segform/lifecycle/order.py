"""What Terraform's order lets through for a moment, told while it is a plan.

Terraform carries out an object before those that refer to it. So it switches a destination on, and
makes its filter afterwards; between the two everything goes through. A provider cannot turn that
round; `segform apply` does (`segform.workspace.flow`). What can be done is to say so beforehand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .run import Run

if TYPE_CHECKING:
    from .service import Lifecycle


def let_through(life: Lifecycle, run: Run) -> tuple[str, str] | None:
    """A warning about a restraint that comes too late; None where nothing is let through.

    Called for each object that a plan makes or changes, after those that it refers to. What is
    made itself is not known by its id yet, and nothing is said of it. Asks nobody.
    """
    about = run.about
    turned_on = bool(about.switch) and run.planned_value(about.switch) is True
    was_on = bool(run.prior) and bool(about.switch) and (run.prior or {}).get(about.switch) is True
    if not about.restrains:
        if turned_on and run.prior and not was_on:
            with life.lock:
                life.let_loose[str(run.prior.get("id"))] = _named(about.name, run.prior)
        return None
    if (about.switch and not turned_on) or (run.prior and (was_on or not about.switch)):
        return None
    with life.lock:
        loose = [life.let_loose.get(str(run.planned_value(name))) for name in about.restrains]
    found = next((one for one in loose if one), None)
    if found is None:
        return None
    words = about.name.replace("_", " ")
    return (
        f"Events get through before this {words} is at work",
        (
            f"Terraform switches the {found} on before it makes what refers to it. To let nothing "
            f"through in between, leave that switched off (`enabled = false`) until this {words} "
            "has been applied, and switch it on with the next apply."
        ),
    )


def _named(kind: str, values: Any) -> str:
    name = values.get("name") or values.get("slug") or values.get("id")
    return f"{kind.replace('_', ' ')} {name!r}"
