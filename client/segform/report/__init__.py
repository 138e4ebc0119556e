"""A change set for the people who review it: in words, the dangerous first.

`load` reads a plan of ours (`contract/schemas/plan.schema.json`) or what `terraform show -json`
prints of a plan; `review` says what it means; `render` writes that as Markdown (a comment on a pull
request), text or JSON. No I/O. Secrets are hidden when a plan is loaded, and names are other
people's: `segform.inert` makes them harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

if TYPE_CHECKING:
    from .model import ChangeSet as ChangeSet
    from .model import PlanError as PlanError
    from .reading import load as load
    from .rendering import render as render
    from .reviewing import Review as Review
    from .reviewing import review as review

__all__ = ["ChangeSet", "PlanError", "Review", "load", "render", "review"]

# Public name -> its module, imported when it is first asked for (PEP 562).
_HOMES = {
    "ChangeSet": "model",
    "PlanError": "model",
    "Review": "reviewing",
    "load": "reading",
    "render": "rendering",
    "review": "reviewing",
}

__getattr__, __dir__ = public(__name__, _HOMES)
