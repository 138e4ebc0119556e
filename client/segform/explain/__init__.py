"""Why an event did or did not arrive: its whole way from a source to one destination, in words.

`explain` takes an event, a destination and a snapshot of the workspace, and says step by step what
the integrations object, the schema settings, transformations, filters and mappings make of the
event, and what the documentation leaves open. No I/O, no network; what is not asked for is not
imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

from .model import Explanation, Sent, Step

if TYPE_CHECKING:
    from .surroundings import ExplainError as ExplainError
    from .way import explain as explain

__all__ = ["ExplainError", "Explanation", "Sent", "Step", "explain"]

# Public name -> its module, imported when it is first asked for (PEP 562).
_HOMES = {"ExplainError": "surroundings", "explain": "way"}

__getattr__, __dir__ = public(__name__, _HOMES)
