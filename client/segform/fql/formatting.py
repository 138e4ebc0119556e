"""The one canonical text of a statement.

Single blanks, double quotes, and parentheses wherever `and` and `or` meet, so that no reader and no
service has to know which binds tighter. `parse(format(x))` gives the tree of `x` again.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from .errors import FQLError
from .lexer import KEYWORDS
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
    Statement,
    String,
)

# Expressions in messages.
SHORT = 60
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_TO_ESCAPE = re.compile(r"[^A-Za-z0-9_-]")


def format_statement(source: Any) -> str:
    """The canonical text of FQL: of a text, a tree or a built condition.

    It may be longer than the text was, by blanks and parentheses, also longer than the service
    takes.

    Raises FQLSyntaxError for what does not parse, FQLError for a tree that has no text (a text
    with both kinds of quotes, which FQL cannot write).
    """
    return written(statement(source))


def written(tree: Statement) -> str:
    """The text of a tree."""
    if isinstance(tree, Everything):
        return "all"
    # Alone, the field `all` would be taken for every event.
    return r"\all" if isinstance(tree, Path) and tree.segments == ("all",) else expression(tree)


def expression(node: Expression) -> str:
    """The text of an expression, without parentheses around it."""
    if isinstance(node, Compare):
        return f"{_side(node.left)} {node.operator} {_side(node.right)}"
    if isinstance(node, And):
        return " and ".join([_within(item, (And, Or)) for item in node.items])
    if isinstance(node, Or):
        return " or ".join([_within(item, (And, Or)) for item in node.items])
    if isinstance(node, Not):
        return "!" + _within(node.operand, (And, Or, Compare))
    if isinstance(node, Call):
        return f"{node.name}({', '.join([expression(item) for item in node.arguments])})"
    return _leaf(node)


def _side(node: Expression) -> str:
    return _within(node, (And, Or, Not, Compare))


def _within(node: Expression, grouped: tuple[type[Expression], ...]) -> str:
    text = expression(node)
    return f"({text})" if isinstance(node, grouped) else text


def _leaf(node: Expression) -> str:
    if isinstance(node, Path):
        return path(node.segments)
    if isinstance(node, String):
        return quoted(node.value)
    if isinstance(node, Number):
        return decimal(node.value)
    if isinstance(node, Bool):
        return "true" if node.value else "false"
    if isinstance(node, List):
        return f"[{', '.join([_leaf(item) for item in node.items])}]"
    return "null"


def path(segments: tuple[str, ...]) -> str:
    """A field as FQL writes it, with what has to be escaped."""
    if len(segments) == 1 and segments[0] in KEYWORDS:
        return "\\" + segments[0]
    return ".".join([_segment(key) for key in segments])


def _segment(key: str) -> str:
    if _PLAIN.match(key):
        return key
    if not key:
        raise FQLError("a key of a field is empty", "FQL cannot name it")
    text = _TO_ESCAPE.sub(lambda match: "\\" + match[0], key)
    # A digit or a hyphen in front: some readers of FQL take it for a number.
    return "\\" + text if text[0] in "0123456789-" else text


def quoted(value: str) -> str:
    """A text in quotes: double ones, single ones where it has double ones in it."""
    if '"' not in value:
        return f'"{value}"'
    if "'" not in value:
        return f"'{value}'"
    raise FQLError(
        f"FQL cannot write a text with both kinds of quotes: {value[:60]!r}",
        "Use match(field, pattern) with ? in the place of one kind",
    )


def decimal(value: int | Decimal) -> str:
    """A number as FQL writes it: no exponent, no zeros at its end."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(node: Expression) -> str:
    """An expression, short enough for a message."""
    text = expression(node)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"
