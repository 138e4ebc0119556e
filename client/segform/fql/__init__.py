"""FQL, the language in which destination filters and triggers say which events are meant.

`parse`, `check`, `format`, `describe` and `matches` take a text (or a tree, or what `field()` and
its friends built); `compile` gives a function for many events; `apply_filter` and
`apply_transformation` run whole filters and transformations; `fires` decides triggers; `to_ir`
gives the compiled form for browsers. `check_query` is for audiences, whose queries are another
language. No I/O, nothing but the standard library; what is not asked for is not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

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

# Public name -> its module (and its name there), imported when it is first asked for (PEP 562).
_HOMES = {
    "Condition": "builder",
    "Value": "builder",
    "all_of": "builder",
    "any_of": "builder",
    "apply_filter": "filters",
    "apply_transformation": "transformations",
    "call": "builder",
    "check": "checks",
    "check_query": "audience",
    "compile": "evaluation:compile_statement",
    "describe": "words",
    "describe_filter": "words",
    "field": "builder",
    "fires": "firing",
    "format": "formatting:format_statement",
    "matches": "evaluation",
    "to_ir": "ir",
    "to_rule": "ir",
}

__getattr__, __dir__ = public(__name__, _HOMES)
