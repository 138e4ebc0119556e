"""Tracking plans: rules and events, and what they say about each other.

`validate`, `select` and `unplanned` hold events against rules; `controls` tells what a source's
schema settings make of them; `diff` grades the change from one set of rules to another. What is not
asked for is not imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .comparing.plans import Change as Change
    from .comparing.plans import diff as diff
    from .effects import ConnectedSource as ConnectedSource
    from .effects import Effects as Effects
    from .linting import lint as lint
    from .selection import select as select
    from .telling import Violation as Violation
    from .usage import affects as affects
    from .violations import RuleError as RuleError
    from .violations import Unplanned as Unplanned
    from .violations import Validator as Validator
    from .violations import unplanned as unplanned
    from .violations import validate as validate
    from .violations import validator as validator

# Public name -> its module and its name there, imported when it is first asked for (PEP 562).
_HOMES = {
    "Change": ("comparing.plans", "Change"),
    "Effects": ("effects", "Effects"),
    "ConnectedSource": ("effects", "ConnectedSource"),
    "RuleError": ("violations", "RuleError"),
    "Unplanned": ("violations", "Unplanned"),
    "Validator": ("violations", "Validator"),
    "Violation": ("telling", "Violation"),
    "affects": ("usage", "affects"),
    "diff": ("comparing.plans", "diff"),
    "lint": ("linting", "lint"),
    "select": ("selection", "select"),
    "unplanned": ("violations", "unplanned"),
    "validate": ("violations", "validate"),
    "validator": ("violations", "validator"),
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home[0]}"), home[1])
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
