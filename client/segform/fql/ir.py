"""Statements and filters in the compiled form that Segment's evaluator in browsers takes.

A field is its dotted name, a literal `{"value": ...}`, everything else a list that begins with the
operator or the function. `and` and `or` of more than two conditions are nested to the right, as the
service does it. The evaluator knows less than the language: what it does not know is refused here,
instead of failing in somebody's browser.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .errors import FQLError
from .formatting import decimal, written
from .functions import FUNCTIONS
from .parser import statement
from .syntax import (
    And,
    Bool,
    Call,
    Compare,
    Everything,
    Expression,
    List,
    Not,
    Number,
    Or,
    Path,
    String,
)

_TRANSFORMERS = {
    "DROP": "drop",
    "SAMPLE": "sample_event",
    "DROP_PROPERTIES": "drop_properties",
    "ALLOW_PROPERTIES": "allow_properties",
}


def to_ir(source: Any) -> str:
    """The compiled form as JSON text, which is how a matcher holds it (`ir`).

    Raises FQLSyntaxError for what does not parse, FQLError for what the form cannot say: `all`
    (a matcher of the type `all` has no `ir`), a dot in a key, functions unknown to the evaluator.
    """
    tree = statement(source)
    if isinstance(tree, Everything):
        raise FQLError("`all` has no compiled form", 'Use a matcher of the type "all"')
    return _json(tree)


def to_rule(
    filter: Mapping[str, Any],  # noqa: A002 - the API's word
    destination: str | None = None,
) -> dict[str, Any]:
    """The rule that browsers get for a filter (`{"if", "actions"}`) of a destination.

    `destination` is the destination's name in the source's settings; without it the rule is for
    all of them. Raises as `to_ir`.
    """
    tree = statement(filter["if"])
    whole = isinstance(tree, Everything)
    matcher: dict[str, Any] = {"type": "all" if whole else "fql", "ir": ""}
    if not whole:
        matcher |= {"ir": to_ir(tree), "config": {"expr": written(tree)}}
    rule: dict[str, Any] = {
        "scope": "destinations",
        "target_type": "workspace::project::destination::config",
        "matchers": [matcher],
        "transformers": [[_transformer(action) for action in filter["actions"]]],
    }
    return rule if destination is None else {**rule, "destinationName": destination}


def _transformer(action: Mapping[str, Any]) -> dict[str, Any]:
    kind = action["type"]
    name = _TRANSFORMERS.get(kind)
    if name is None:
        raise FQLError(f"there is no action {kind!r}", f"There are: {', '.join(_TRANSFORMERS)}")
    if kind == "DROP":
        return {"type": name}
    if kind == "SAMPLE":
        percent = action["percent"]
        sample = {"percent": float(percent) if isinstance(percent, Decimal) else percent}
        if action.get("path"):
            sample["path"] = action["path"]
        return {"type": name, "config": {"sample": sample}}
    key = "drop" if kind == "DROP_PROPERTIES" else "allow"
    return {"type": name, "config": {key: dict(action["fields"])}}


def _json(node: Expression) -> str:
    if isinstance(node, Path):
        return _path(node)
    if isinstance(node, List):
        return f'{{"value":[{",".join([_json(item) for item in node.items])}]}}'
    if isinstance(node, Compare):
        return f'["{node.operator}",{_json(node.left)},{_json(node.right)}]'
    if isinstance(node, (And, Or)):
        return _chain(node)
    if isinstance(node, Not):
        return f'["!",{_json(node.operand)}]'
    if isinstance(node, Call):
        return _call(node)
    return f'{{"value":{_literal(node)}}}'


def _literal(node: Expression) -> str:
    if isinstance(node, String):
        return json.dumps(node.value)
    if isinstance(node, Number):
        return decimal(node.value)
    if isinstance(node, Bool):
        return "true" if node.value else "false"
    return "null"


def _path(node: Path) -> str:
    for key in node.segments:
        if "." in key:
            raise FQLError(
                f"the compiled form has no way to write the key {key!r}",
                "It joins keys with dots; rename the key or keep the filter on the server",
            )
    return json.dumps(".".join(node.segments))


def _chain(node: And | Or) -> str:
    word = "and" if isinstance(node, And) else "or"
    items = [_json(item) for item in node.items]
    heads = "".join([f'["{word}",{item},' for item in items[:-1]])
    return f"{heads}{items[-1]}{']' * (len(items) - 1)}"


def _call(node: Call) -> str:
    function = FUNCTIONS.get(node.name)
    if function is None or not function.device:
        known = ", ".join(name for name, one in FUNCTIONS.items() if one.device)
        raise FQLError(f"the evaluator in browsers does not know {node.name}", f"It knows: {known}")
    if len(node.arguments) != len(function.takes):
        raise FQLError(f"{node.name} takes {len(function.takes)} arguments")
    return f'["{node.name}",{",".join([_json(item) for item in node.arguments])}]'
