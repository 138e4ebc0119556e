"""Mappings of destination actions: what an action is given, made of an event by directives.

`check` says what is wrong with a mapping, by the rules of its directives and by the fields that the
action has; `evaluate` makes of an event what the action would be given; `fields_of` lists the
fields of events that a mapping reads. No I/O, nothing but the standard library; what is not asked
for is not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

from .errors import Diagnostic, MappingError

if TYPE_CHECKING:
    from .checks import check as check
    from .evaluation import evaluate as evaluate
    from .reading import fields_of as fields_of

__all__ = ["Diagnostic", "MappingError", "check", "evaluate", "fields_of"]

# Public name -> its module, imported when it is first asked for (PEP 562).
_HOMES = {"check": "checks", "evaluate": "evaluation", "fields_of": "reading"}

__getattr__, __dir__ = public(__name__, _HOMES)
