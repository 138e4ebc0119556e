"""Whether a trigger fires, by the rules of the evaluator that Segment publishes for triggers.

It reads the clauses of a trigger as the app's form writes them, and differs from FQL as it is
documented in a few: `!contains` and `!match` need a text, `!=` with a number needs a number,
`!= true` compares texts, and `event` and `type` compare everything as a text. Where a trigger is
outside of what that evaluator reads, `check(text, trigger=True)` says so, and nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import FQLError
from .evaluation import Event
from .formatting import decimal, expression
from .parser import statement
from .syntax import And, Bool, Call, Compare, Everything, Expression, Not, Null, Number, Or, Path
from .values import NUMBERS, same_number

# Their values are texts to that evaluator, whatever they are compared with.
_TEXTS = ("type", "event")
_NAMES = (*_TEXTS, "name")


def fires(source: Any, event: Event) -> bool:
    """Whether a trigger (a text, a tree, a built condition) fires for an event.

    Raises FQLSyntaxError for what does not parse, FQLError for what triggers do not know: `in`,
    functions other than contains and match, a negated group.
    """
    tree = statement(source)
    if isinstance(tree, Everything):
        raise FQLError("`all` is known to filters only", 'Write the types of call: type = "track"')
    return _holds(tree, event)


def _holds(node: Expression, event: Event) -> bool:
    if isinstance(node, And):
        return all(_holds(item, event) for item in node.items)
    if isinstance(node, Or):
        return any(_holds(item, event) for item in node.items)
    if isinstance(node, Compare) and isinstance(node.left, Path):
        return _compared(node, _value(event, node.left), node.left.segments)
    turned = isinstance(node, Not)
    call = node.operand if isinstance(node, Not) else node
    if isinstance(call, Call) and call.name in ("contains", "match") and len(call.arguments) == 2:
        return _text(call, event, turned)
    raise FQLError(f"triggers do not know {expression(node)}", "Use a comparison or a function")


def _value(event: Event, path: Path) -> Any:
    """The value of a field; the one on the way where that is 0, false or an empty text."""
    found: Any = event
    for key in path.segments:
        if not found and not isinstance(found, (Mapping, list)):
            return found
        if isinstance(found, Mapping):
            found = found.get(key)
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found


def _compared(node: Compare, found: Any, keys: tuple[str, ...]) -> bool:
    operator, right = node.operator, node.right
    if not isinstance(right, (Null, Bool, Number)) and getattr(right, "value", None) is None:
        raise FQLError(f"triggers do not know {expression(right)} here", "Give a constant")
    if operator in ("<", "<=", ">", ">="):
        return _ordered(operator, found, right)
    if operator == "in":
        raise FQLError("triggers do not know `in`", "Join single values with `or`")
    if isinstance(right, Null) and keys[0] not in _TEXTS:
        return (found is None) is (operator == "=")
    if isinstance(right, Bool) and keys[0] not in _NAMES and operator == "=":
        return found is right.value
    if isinstance(right, Number) and len(keys) > 1:
        same = type(found) in NUMBERS and same_number(found, right.value)
        return same if operator == "=" else type(found) in NUMBERS and not same
    return (isinstance(found, str) and found == _as_text(right)) is (operator == "=")


def _as_text(node: Expression) -> str:
    if isinstance(node, Number):
        return decimal(node.value)
    if isinstance(node, Bool):
        return "true" if node.value else "false"
    return str(getattr(node, "value", "null"))


def _ordered(operator: str, found: Any, right: Expression) -> bool:
    if type(found) not in NUMBERS or not isinstance(right, Number):
        return False
    bound: Any = float(right.value) if isinstance(found, float) else right.value
    holds = {"<": found < bound, "<=": found <= bound, ">": found > bound, ">=": found >= bound}
    return bool(holds[operator])


def _text(node: Call, event: Event, turned: bool) -> bool:
    subject, sought = node.arguments
    text = getattr(sought, "value", None)
    if not isinstance(subject, Path) or not isinstance(text, str):
        raise FQLError(f"{node.name} takes a field and a text in triggers", "Write both")
    if subject.segments == ("type",):
        raise FQLError(f"triggers do not know {node.name} on `type`", "Compare it")
    found = _value(event, subject)
    if not isinstance(found, str):
        return False
    if node.name == "contains":
        holds = text in found
    elif text.endswith("*"):
        holds = found.startswith(text[:-1])
    else:
        holds = found.endswith(text[1:])
    return holds is not turned
