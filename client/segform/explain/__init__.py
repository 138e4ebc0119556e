"""Why an event did or did not arrive: its whole way from a source to one destination, in words.

`explain` takes an event, a destination and a snapshot of the workspace, and says step by step what
the integrations object, the schema settings, transformations, filters and mappings make of the
event, and what the documentation leaves open. No I/O, no network; what is not asked for is not
imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .model import Explanation, Sent, Step

if TYPE_CHECKING:
    from .surroundings import ExplainError as ExplainError
    from .way import explain as explain

__all__ = ["ExplainError", "Explanation", "Sent", "Step", "explain"]

# Public name -> its module, imported when it is first asked for (PEP 562).
_HOMES = {"ExplainError": "surroundings", "explain": "way"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
