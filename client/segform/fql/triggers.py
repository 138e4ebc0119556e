"""What triggers of mappings know of FQL, which is less than filters do.

A trigger is a list of clauses, all joined by `and` or all by `or`, some of them in one level of
parentheses. A clause compares one field with one constant.
"""

from __future__ import annotations

from collections.abc import Iterator

from .formatting import expression
from .glob import Malformed, chunks
from .known import Found
from .lexer import STRING
from .parser import Parser
from .syntax import (
    And,
    Bool,
    Call,
    Compare,
    Everything,
    Expression,
    Not,
    Null,
    Number,
    Or,
    Path,
    Statement,
    String,
)

_ALONE = ("type", "event", "name", "userId")
_WITH_KEYS = ("properties", "traits", "context")


def subset(parser: Parser, tree: Statement) -> Iterator[Found]:
    """What a trigger has that triggers do not know."""
    if isinstance(tree, Everything):
        yield _bad("`all` is known to filters only", 'Write the types of call: type = "track"', 0)
        return
    for at in parser.mixed:
        yield _bad(
            "a trigger joins the conditions of one level by `and` alone or by `or` alone",
            "Put parentheses around what belongs together",
            at,
        )
    for kind, word, at in parser.tokens:
        if kind == STRING and word[0] == "'":
            mend = f"Write {word[1:-1]!r} in double quotes"
            if '"' not in word:
                mend = f'Write "{word[1:-1]}"'
            yield _bad("single quotes become part of the text in triggers", mend, at)
    yield from _level(tree, 0)


def _bad(message: str, mend: str, at: int) -> Found:
    return "error", "trigger", message, mend, at


def _odd(message: str, mend: str, at: int) -> Found:
    return "warning", "trigger", message, mend, at


def _level(node: Expression, depth: int) -> Iterator[Found]:
    if not isinstance(node, (And, Or)):
        yield from _clause(node, depth)
        return
    if depth > 1:
        yield _odd(
            "parentheses in parentheses: triggers read one level only",
            "Write it with one level, or use two triggers",
            node.at,
        )
    for item in node.items:
        yield from _level(item, depth + 1)


def _clause(node: Expression, depth: int) -> Iterator[Found]:
    call = node.operand if isinstance(node, Not) else node
    if isinstance(call, Call):
        yield from _call(call, depth)
    elif isinstance(node, Not):
        yield _odd(
            "triggers lose the `!` before a condition",
            "Turn its operators around: != for =, `or` for `and`",
            node.at,
        )
        yield from _level(node.operand, depth + 1)
    elif isinstance(node, Compare):
        yield from _comparison(node)
    else:
        text = expression(node)
        yield _bad(f"{text} compares nothing", f"Write {text} = true", node.at)


def _comparison(node: Compare) -> Iterator[Found]:
    if not isinstance(node.left, Path):
        yield _bad("a trigger's comparison begins with a field", "Turn the sides around", node.at)
        return
    yield from _field(node.left)
    right = node.right
    if node.operator == "in":
        yield _bad(
            "triggers do not know `in`",
            "Write the values one by one and join them with `or`",
            node.at,
        )
    elif not isinstance(right, (String, Number, Bool, Null)):
        yield _bad("a trigger compares with one constant", "Give a text or a number", right.at)
    elif node.operator in ("<", "<=", ">", ">=") and not isinstance(right, Number):
        yield _bad("only numbers are ordered", "Compare with a number", right.at)
    elif node.operator == "!=" and isinstance(right, Bool):
        other = "false" if right.value else "true"
        yield _odd(
            "triggers compare this as texts, and it always holds",
            f"Write = {other}",
            node.at,
        )


def _call(node: Call, depth: int) -> Iterator[Found]:
    if node.name not in ("contains", "match") or len(node.arguments) != 2:
        yield _bad(f"triggers do not know {node.name}()", "They know contains and match", node.at)
        return
    subject, sought = node.arguments
    if not isinstance(subject, Path) or not isinstance(sought, String):
        yield _bad(f"{node.name} takes a field and a text in triggers", "Write both", node.at)
        return
    yield from _field(subject)
    if subject.segments == ("type",):
        mend = 'Compare it: type = "track"'
        yield _bad(f"triggers leave out {node.name}() on `type`, silently", mend, node.at)
    if depth > 1:
        yield _odd(
            "triggers end the parentheses at the first `)`, which is that of the function",
            "Write the function outside of the parentheses",
            node.at,
        )
    if node.name == "match" and not _simple(sought.value):
        yield _bad(
            "patterns of triggers have one *, at the end or at the beginning",
            'Write match(field, "text*") or match(field, "*text")',
            sought.at,
        )


def _simple(pattern: str) -> bool:
    """Whether it asks how a text begins or ends."""
    try:
        parts = chunks(pattern)
    except Malformed:
        return False
    plain = not any(char in pattern for char in "?[")
    return len(parts) == 2 and plain and not (parts[0] and parts[1])


def _field(node: Path) -> Iterator[Found]:
    first = node.segments[0]
    known = (
        node.segments[1:] if first in _WITH_KEYS else first in _ALONE and len(node.segments) == 1
    )
    if not known:
        yield _bad(
            f"triggers do not know the field {expression(node)}",
            f"They know {', '.join(_ALONE)}, and keys of {', '.join(_WITH_KEYS)}",
            node.at,
        )
    elif "\\" in expression(node):
        yield _odd(
            "triggers keep the backslashes in a field's name and do not find the field",
            "Use a field whose keys have letters, digits, _ and - only",
            node.at,
        )
