"""Tracking plans: rules and events, and what they say about each other.

`validate`, `select` and `unplanned` hold events against rules; `controls` tells what a source's
schema settings make of them; `diff` grades the change from one set of rules to another. What is not
asked for is not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

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

# Public name -> its module, imported when it is first asked for (PEP 562).
_HOMES = {
    "Change": "comparing.plans",
    "Effects": "effects",
    "ConnectedSource": "effects",
    "RuleError": "violations",
    "Unplanned": "violations",
    "Validator": "violations",
    "Violation": "telling",
    "affects": "usage",
    "diff": "comparing.plans",
    "lint": "linting",
    "select": "selection",
    "unplanned": "violations",
    "validate": "violations",
    "validator": "violations",
}
__all__ = list(_HOMES)

__getattr__, __dir__ = public(__name__, _HOMES)
