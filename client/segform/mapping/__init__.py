"""Mappings of destination actions: what an action is given, made of an event by directives.

`check` says what is wrong with a mapping, by the rules of its directives and by the fields that the
action has; `evaluate` makes of an event what the action would be given; `fields_of` lists the
fields of events that a mapping reads. No I/O, nothing but the standard library; what is not asked
for is not imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import Diagnostic, MappingError

if TYPE_CHECKING:
    from .checks import check as check
    from .evaluation import evaluate as evaluate
    from .reading import fields_of as fields_of

__all__ = ["Diagnostic", "MappingError", "check", "evaluate", "fields_of"]

# Public name -> its module, imported when it is first asked for (PEP 562).
_HOMES = {"check": "checks", "evaluate": "evaluation", "fields_of": "reading"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
