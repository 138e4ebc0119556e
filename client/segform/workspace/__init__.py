"""The workspace engine: what is wanted against what is there, planned and applied.

    from segform import Segment
    from segform.workspace import Workspace

    with Segment() as client:
        workspace = Workspace(client)
        snapshot = workspace.pull()
        plan = workspace.plan(snapshot)
        workspace.apply(plan)

The same definitions as the Terraform provider, with no Terraform and no state file: a bindings file
says which address is which object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

if TYPE_CHECKING:
    from .bindings import Bindings as Bindings
    from .desired import Desired as Desired
    from .desired import Ref as Ref
    from .engine import Applied as Applied
    from .engine import Workspace as Workspace
    from .plan import Change as Change
    from .plan import Plan as Plan
    from .plan import Refused as Refused
    from .plan import StalePlan as StalePlan

# Public name -> its module, imported when it is first asked for (PEP 562).
_HOMES = {
    "Applied": "engine",
    "Bindings": "bindings",
    "Change": "plan",
    "Desired": "desired",
    "Plan": "plan",
    "Ref": "desired",
    "Refused": "plan",
    "StalePlan": "plan",
    "Workspace": "engine",
}
__all__ = [
    "Applied",
    "Bindings",
    "Change",
    "Desired",
    "Plan",
    "Ref",
    "Refused",
    "StalePlan",
    "Workspace",
]

__getattr__, __dir__ = public(__name__, _HOMES)
