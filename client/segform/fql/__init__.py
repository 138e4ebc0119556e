"""FQL, the language in which destination filters and triggers say which events are meant.

`parse`, `check`, `format`, `describe` and `matches` take a text (or a tree, or what `field()` and
its friends built); `compile` gives a function for many events; `apply_filter` and
`apply_transformation` run whole filters and transformations; `fires` decides triggers; `to_ir`
gives the compiled form for browsers. `check_query` is for audiences, whose queries are another
language. No I/O, nothing but the standard library; what is not asked for is not imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import Diagnostic, FQLError, FQLSyntaxError
from .parser import parse

if TYPE_CHECKING:
    from .audience import check_query as check_query
    from .builder import Condition as Condition
    from .builder import Value as Value
    from .builder import all_of as all_of
    from .builder import any_of as any_of
    from .builder import call as call
    from .builder import field as field
    from .checks import check as check
    from .evaluation import compile_statement as compile  # noqa: A004 - the public name; nothing here uses the builtin
    from .evaluation import matches as matches
    from .filters import apply_filter as apply_filter
    from .firing import fires as fires
    from .formatting import format_statement as format  # noqa: A004 - the public name; nothing here uses the builtin
    from .ir import to_ir as to_ir
    from .ir import to_rule as to_rule
    from .transformations import apply_transformation as apply_transformation
    from .words import describe as describe
    from .words import describe_filter as describe_filter

__all__ = [
    "Condition",
    "Diagnostic",
    "FQLError",
    "FQLSyntaxError",
    "Value",
    "all_of",
    "any_of",
    "apply_filter",
    "apply_transformation",
    "call",
    "check",
    "check_query",
    "compile",
    "describe",
    "describe_filter",
    "field",
    "fires",
    "format",
    "matches",
    "parse",
    "to_ir",
    "to_rule",
]

# Public name -> its module and its name there, imported when it is first asked for (PEP 562).
_HOMES = {
    "Condition": ("builder", "Condition"),
    "Value": ("builder", "Value"),
    "all_of": ("builder", "all_of"),
    "any_of": ("builder", "any_of"),
    "apply_filter": ("filters", "apply_filter"),
    "apply_transformation": ("transformations", "apply_transformation"),
    "call": ("builder", "call"),
    "check": ("checks", "check"),
    "check_query": ("audience", "check_query"),
    "compile": ("evaluation", "compile_statement"),
    "describe": ("words", "describe"),
    "describe_filter": ("words", "describe_filter"),
    "field": ("builder", "field"),
    "fires": ("firing", "fires"),
    "format": ("formatting", "format_statement"),
    "matches": ("evaluation", "matches"),
    "to_ir": ("ir", "to_ir"),
    "to_rule": ("ir", "to_rule"),
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home[0]}"), home[1])
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
