"""Statements and filters in plain words, for people who write no code.

`type = "track" and properties.total > 100` becomes: Events where the type of call is “track” and
the property “total” is greater than 100. What is negated is said as its opposite, lists of values
of one field are said once, and groups within groups stand in parentheses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard

from .fields import field, keys_of
from .formatting import decimal
from .parser import statement
from .patterns import matching
from .syntax import (
    And,
    Bool,
    Call,
    Compare,
    Everything,
    Expression,
    List,
    Not,
    Null,
    Number,
    Or,
    Path,
    Statement,
    String,
)

# A condition, and whether its opposite is meant.
_Said: TypeAlias = tuple[Expression, bool]

_ORDERS = {"<": "less than", "<=": "at most", ">": "greater than", ">=": "at least"}
_KINDS = {
    "string": "a text",
    "number": "a number",
    "bool": "true or false",
    "list": "a list",
}
_CHANGED = {
    "lowercase": "{} in lower case",
    "uppercase": "{} in upper case",
    "snakecase": "{} with underscores for blanks",
    "kebabcase": "{} with hyphens for blanks",
    "titlecase": "{} with capitalised words",
    "length": "the length of {}",
    "typeof": "the kind of value in {}",
    "bool": "{} read as true or false",
    "string": "{} read as a text",
    "number": "{} read as a number",
}
_VERSIONS = {
    "=": "is the version",
    "!=": "is another version than",
    ">": "is a later version than",
    ">=": "is at least the version",
    "<": "is an earlier version than",
    "<=": "is at most the version",
}


def describe(source: Any) -> str:
    """One sentence that says which events a statement means.

    Takes a text, a tree or a built condition. Raises FQLSyntaxError for what does not parse.
    """
    return f"{_events(statement(source))}."


def describe_filter(filter: Mapping[str, Any]) -> str:  # noqa: A002 - the API's word
    """One sentence that says what a filter (`{"if", "actions"}`) does to which events."""
    return f"{_events(statement(filter['if']))}: {actions_of(filter)}."


def actions_of(filter: Mapping[str, Any]) -> str:  # noqa: A002 - the API's word
    """What the actions of a filter do to its events, as the end of a sentence."""
    return ", then ".join([_action(action) for action in filter["actions"]]) or "nothing is done"


def condition_of(source: Any) -> str:
    """What a statement asks for, as a part of a sentence."""
    tree = statement(source)
    return "every event" if isinstance(tree, Everything) else condition(tree, False)


def _events(tree: Statement) -> str:
    if isinstance(tree, Everything) or (isinstance(tree, Bool) and tree.value):
        return "Every event"
    return f"Events where {condition(tree, False)}"


# Conditions


def condition(node: Expression, negated: bool) -> str:
    """What is true of the event, or with `negated` what is not."""
    if isinstance(node, Not):
        return condition(node.operand, not negated)
    if isinstance(node, (And, Or)):
        return _group(node, negated)
    if isinstance(node, Compare):
        return _comparison(node, negated)
    if isinstance(node, Call):
        return _call(node, negated)
    if isinstance(node, Path):
        return f"{noun(node)} is {_not(negated)}true"
    if isinstance(node, Bool):
        return "anything is so" if node.value is not negated else "nothing is so"
    outcome = "never" if not negated else "always"
    return f"{noun(node)} is {_not(negated)}true, which is {outcome} so"


def _not(negated: bool) -> str:
    return "not " if negated else ""


def _group(node: And | Or, negated: bool) -> str:
    """Conditions in a row. That not both hold is that one of them does not."""
    every = isinstance(node, And) is not negated
    parts = [_part(item, turned) for item, turned in _listed(_flat(node, negated, every), every)]
    if len(parts) == 1:
        return parts[0]
    word = "and" if every else "or"
    if len(parts) == 2 and ", " not in parts[0]:
        return f"{parts[0]} {word} {parts[1]}"
    return f", {word} ".join(parts)


def _part(item: Expression, negated: bool) -> str:
    text = condition(item, negated)
    if not isinstance(item, (And, Or)):
        return text
    every = isinstance(item, And) is not negated
    return text if len(_listed(_flat(item, negated, every), every)) == 1 else f"({text})"


def _flat(node: And | Or, negated: bool, every: bool) -> list[_Said]:
    """The conditions of a group, also of groups in it that join in the same way."""
    found: list[_Said] = []
    pending: list[_Said] = [(item, negated) for item in reversed(node.items)]
    while pending:
        item, turned = pending.pop()
        while isinstance(item, Not):
            item, turned = item.operand, not turned
        if isinstance(item, (And, Or)) and (isinstance(item, And) is not turned) is every:
            pending += [(inner, turned) for inner in reversed(item.items)]
        else:
            found.append((item, turned))
    return found


def _listed(said: list[_Said], every: bool) -> list[_Said]:
    """Several values for one field become a list: `a = 1 or a = 2` is `a in [1, 2]`."""
    values: dict[Expression, list[Any]] = {}
    for item, turned in said:
        if _single(item, turned, every):
            values.setdefault(item.left, []).append(item.right)
    found: list[_Said] = []
    for item, turned in said:
        if not _single(item, turned, every):
            found.append((item, turned))
            continue
        listed = values.pop(item.left, [])
        if len(listed) == 1:
            found.append((item, turned))
        elif listed:
            found.append((Compare("in", item.left, List(tuple(listed))), every))
    return found


def _single(item: Expression, negated: bool, every: bool) -> TypeGuard[Compare]:
    """A value that is equal to a constant, in `or`; that is not, in `and`."""
    return (
        isinstance(item, Compare)
        and item.operator == ("=" if negated is every else "!=")
        and isinstance(item.right, (String, Number))
        and not isinstance(item.left, (String, Number, Bool, Null, List))
        and not (isinstance(item.left, Call) and item.left.name in ("typeof", "length"))
    )


def _comparison(node: Compare, negated: bool) -> str:
    left, right = node.left, node.right
    operator = node.operator
    if operator == "in":
        return _among(left, right, negated)
    if operator in _ORDERS:
        special = _size(left, operator, right, negated)
        number = "a number " if negated else ""
        return (
            special or f"{noun(left)} is {_not(negated)}{number}{_ORDERS[operator]} {value(right)}"
        )
    if isinstance(left, (String, Number, Bool, Null, List)):
        left, right = right, left
    return _equality(left, right, negated is (operator == "="))


def _equality(left: Expression, right: Expression, unequal: bool) -> str:
    subject = noun(left)
    if isinstance(right, Null):
        return f"{subject} has {'a' if unequal else 'no'} value"
    if isinstance(right, Bool) and _decides(left):
        return condition(left, right.value is unequal)
    if isinstance(left, Call):
        special = _size(left, "!=" if unequal else "=", right, False) or _kind(left, right, unequal)
        if special:
            return special
    verb = f"is {_not(unequal)}"
    if isinstance(right, (String, Number, Bool)):
        return f"{subject} {verb}{value(right)}"
    if isinstance(right, List):
        return f"{subject} {verb}the list {_values(right)}"
    return f"{subject} {verb}the same as {noun(right)}"


def _decides(node: Expression) -> bool:
    """Whether a value is a condition's outcome."""
    if isinstance(node, Call):
        return len(node.arguments) == {"contains": 2, "match": 2, "semver": 3}.get(node.name)
    return isinstance(node, (And, Or, Not, Compare))


def _kind(left: Call, right: Expression, unequal: bool) -> str | None:
    """`typeof` against a type."""
    if left.name != "typeof" or len(left.arguments) != 1 or not isinstance(right, String):
        return None
    subject = noun(left.arguments[0])
    if right.value == "null":
        return f"{subject} has {'a' if unequal else 'no'} value"
    kind = _KINDS.get(right.value)
    return None if kind is None else f"{subject} is {_not(unequal)}{kind}"


def _size(left: Expression, operator: str, right: Expression, negated: bool) -> str | None:
    """`length` against nothing: whether there is something."""
    if not isinstance(left, Call) or left.name != "length" or len(left.arguments) != 1:
        return None
    if not isinstance(right, Number):
        return None
    some = {(">", 0): True, ("!=", 0): True, (">=", 1): True, ("=", 0): False, ("<", 1): False}
    found = some.get((operator, int(right.value))) if right.value in (0, 1) else None
    if found is None:
        return None
    subject = noun(left.arguments[0])
    return f"{subject} is not empty" if found is not negated else f"{subject} is empty or missing"


def _among(left: Expression, right: Expression, negated: bool) -> str:
    if not isinstance(right, List):
        has = "does not have" if negated else "has"
        return f"{noun(right)} {has} {value(left)} among its elements"
    if len(right.items) == 1:
        return _equality(left, right.items[0], negated)
    if not right.items:
        return f"{noun(left)} is {'not ' * negated}one of no values at all"
    return f"{noun(left)} is {'none' if negated else 'one'} of {_values(right)}"


def _call(node: Call, negated: bool) -> str:
    does = "does not " if negated else ""
    if not _decides(node):
        return f"{noun(node)} is {_not(negated)}true"
    if node.name == "contains":
        what = "contain" if negated else "contains"
        return f"{noun(node.arguments[0])} {does}{what} {value(node.arguments[1])}"
    if node.name == "match":
        return _match(node.arguments[0], node.arguments[1], negated)
    return _semver(node, negated)


def _match(subject: Expression, pattern: Expression, negated: bool) -> str:
    does = "does not match" if negated else "matches"
    if not isinstance(pattern, String):
        return f"{noun(subject)} {does} the pattern in {noun(pattern)}"
    return f"{noun(subject)} {matching(pattern.value, negated)}"


def _semver(node: Call, negated: bool) -> str:
    subject, operator, version = node.arguments
    relation = _VERSIONS.get(operator.value) if isinstance(operator, String) else None
    words = relation or f"compares as {value(operator)} to the version"
    start = "it is not so that " if negated else ""
    return f"{start}{noun(subject)} {words} {value(version)}"


# Values


def noun(node: Expression) -> str:
    """A value as the subject of a sentence."""
    if isinstance(node, Path):
        return field(node.segments)
    if isinstance(node, Call):
        words = _CHANGED.get(node.name)
        if words and len(node.arguments) == 1:
            return words.format(noun(node.arguments[0]))
        if _decides(node):
            return f"whether {condition(node, False)}"
        given = ", ".join([value(argument) for argument in node.arguments])
        return f"the result of {node.name} for {given}"
    if isinstance(node, String):
        return f"the text {value(node)}"
    if isinstance(node, Number):
        return f"the number {value(node)}"
    if isinstance(node, List):
        return f"the list {_values(node)}"
    if isinstance(node, (Bool, Null)):
        return value(node)
    return f"whether ({condition(node, False)})"


def value(node: Expression) -> str:
    """A value as what something is compared with."""
    if isinstance(node, String):
        return f"“{node.value}”" if node.value else "an empty text"
    if isinstance(node, Number):
        return decimal(node.value)
    if isinstance(node, Bool):
        return "true" if node.value else "false"
    return "no value" if isinstance(node, Null) else noun(node)


def _values(node: List) -> str:
    return ", ".join([value(item) for item in node.items]) or "without elements"


# Actions


def _action(action: Mapping[str, Any]) -> str:
    kind = action.get("type")
    if kind == "DROP":
        return "they are not sent"
    if kind == "SAMPLE":
        return _sample(action)
    fields = action.get("fields")
    if kind not in ("DROP_PROPERTIES", "ALLOW_PROPERTIES") or not isinstance(fields, Mapping):
        return f"the action {kind}, which this version does not know"
    word = "without" if kind == "DROP_PROPERTIES" else "with nothing but"
    return f"they are sent {word} {', '.join([_keys(*one) for one in fields.items()])}"


def _keys(path: str, keys: Any) -> str:
    names = ", ".join([f"“{key}”" for key in keys]) or "no key"
    return f"{names} in {keys_of(path)}"


def _sample(action: Mapping[str, Any]) -> str:
    percent = action.get("percent")
    share = f"{float(percent) * 100:.6g} %" if isinstance(percent, (int, float)) else None
    if share is None:
        share = f"{decimal(percent * 100)} %" if percent is not None else "a part"
    path = action.get("path")
    if not path:
        return f"{share} of them, drawn at random, are sent"
    return (
        f"{share} of them are sent, the same ones for the same {field(tuple(path.split('.')))[4:]}"
    )
