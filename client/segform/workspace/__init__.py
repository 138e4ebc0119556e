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

from importlib import import_module
from typing import TYPE_CHECKING, Any

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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
