"""What is wrong with an FQL text, beyond its grammar.

Errors are what the service cannot carry out: text that does not parse, unknown functions, a wrong
number of arguments; with `trigger`, what triggers of mappings do not know. Warnings are statements
that can be carried out but hardly say what was meant: a comparison that never holds, types that do
not meet, `and` beside `or`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .calls import impossible, usage
from .conflicts import conflicts
from .errors import Diagnostic, FQLSyntaxError, position
from .formatting import expression, shown
from .known import CALLS, FIELDS, Found, near, types_of
from .lexer import STRING
from .parser import OTHERS, Parser
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

_ORDERS = ("<", "<=", ">", ">=")


def check(text: str, *, trigger: bool = False, lenient: bool = False) -> list[Diagnostic]:
    """What is wrong with an FQL text, in the order of the text; an empty list for a sound one.

    `trigger`: judge it as the trigger of a mapping, which knows less. `lenient`: take `AND`, `OR`,
    `&&`, `||` and `==`, which the service has stored for others, for a warning, not for an error.
    Never raises for any text; a text over 5 KB gets that one answer.
    """
    try:
        parser = Parser(text, lenient)
        tree = parser.statement()
    except FQLSyntaxError as bad:
        return [
            Diagnostic("error", bad.kind, bad.message, bad.mend, bad.line, bad.column),
        ]
    found = [*_written(parser), *problems(tree)]
    if trigger:
        from .triggers import subset

        found += subset(parser, tree)
    found.sort(key=lambda one: one[4])
    return [
        Diagnostic(severity, code, message, mend, *position(text, max(at, 0)))
        for severity, code, message, mend, at in dict.fromkeys(found)
    ]


def _written(parser: Parser) -> Iterator[Found]:
    """What only the text shows, not the tree."""
    for _, word, at in parser.others:
        yield (
            "warning",
            "operator",
            f"FQL has no `{word}`; it is taken for `{OTHERS[word]}`",
            f"Write `{OTHERS[word]}`: what the service makes of `{word}` is not documented",
            at,
        )
    for at in parser.mixed:
        yield (
            "warning",
            "mixed",
            "`and` and `or` meet without parentheses, and which binds tighter is not documented",
            "Put parentheses around what belongs together (here `and` is taken to bind tighter)",
            at,
        )
    text = parser.text
    for kind, word, at in parser.tokens:
        behind = text[at + len(word) : at + len(word) + 1]
        if kind == STRING and behind and behind not in " \t\r\n,])":
            yield (
                "warning",
                "blank",
                "no blank follows the closing quote, which some readers of FQL stumble over",
                "Put a blank behind it",
                at + len(word),
            )


def problems(tree: Statement) -> Iterator[Found]:
    """What is wrong with a tree."""
    if isinstance(tree, Everything):
        return
    yield from _truth(tree, "the statement")
    pending = [tree]
    while pending:
        node = pending.pop()
        yield from _node(node)
        pending += below(node)


def below(node: Expression) -> tuple[Expression, ...]:
    """The expressions that one is made of."""
    if isinstance(node, (And, Or, List)):
        return tuple(node.items)
    if isinstance(node, Compare):
        return (node.left, node.right)
    if isinstance(node, Not):
        return (node.operand,)
    return node.arguments if isinstance(node, Call) else ()


def _node(node: Expression) -> Iterator[Found]:
    if isinstance(node, Compare):
        yield from _comparison(node)
    elif isinstance(node, Call):
        yield from usage(node)
    elif isinstance(node, Path):
        yield from _path(node)
    elif isinstance(node, Not):
        yield from _truth(node.operand, "what `!` turns around")
    elif isinstance(node, (And, Or)):
        for item in node.items:
            yield from _truth(item, "a condition")
        yield from conflicts(node)


def _truth(node: Expression, what: str) -> Iterator[Found]:
    """Where true or false is asked for, another type is never true."""
    types = types_of(node)
    if types.isdisjoint(("bool", "null")) or isinstance(node, Null):
        kind = "/".join(sorted(types))
        yield (
            "warning",
            "never",
            f"{what} is {shown(node)}, a {kind}, which is never true",
            "Compare it with something",
            node.at,
        )
    elif types == {"string", "null"}:
        yield (
            "warning",
            "never",
            f"{what} is {shown(node)}, which is a text or null and never true",
            f"Compare it: {shown(node)} != null asks whether there is one",
            node.at,
        )


# Fields


def _path(node: Path) -> Iterator[Found]:
    first = node.segments[0]
    if first in FIELDS:
        return
    if node.segments == ("all",):
        yield (
            "warning",
            "field",
            "`all` means every event only where it stands alone; here it is a field",
            'Write `all` alone, or "all" in quotes for the text',
            node.at,
        )
        return
    meant = near(first, FIELDS) if len(first) > 3 else None
    if meant:
        rest = expression(Path((meant, *node.segments[1:])))
        yield (
            "warning",
            "field",
            f"events have no field {first} of their own",
            f"Did you mean {rest}?",
            node.at,
        )


# Comparisons


def _comparison(node: Compare) -> Iterator[Found]:
    left, right = types_of(node.left), types_of(node.right)
    if isinstance(node.left, (Path, Call, And, Or, Not, Compare)) or isinstance(
        node.right, (Path, Call)
    ):
        if node.operator == "in":
            yield from _among(node)
        elif node.operator in _ORDERS:
            yield from _ordered(node)
        elif left.isdisjoint(right):
            yield _settled(node, f"{_a(node.left)} and {_a(node.right)} are never equal")
        else:
            yield from _equality(node)
    elif node.operator != "in" or not isinstance(node.right, List) or not _fields(node.right):
        yield (
            "warning",
            "constant",
            f"{shown(node)} compares two constants: it is the same for every event",
            "Compare with a field; texts in quotes are no fields",
            node.at,
        )


def _fields(node: List) -> bool:
    return any(isinstance(item, Path) for item in node.items)


def _a(node: Expression) -> str:
    """An expression with its type, as the subject of a sentence."""
    types = types_of(node) - {"null"} or types_of(node)
    return f"{shown(node)} ({'/'.join(sorted(types))})"


def _settled(node: Compare, why: str, mend: str = "") -> Found:
    """A comparison whose outcome is known."""
    outcome = ("always", "always holds") if node.operator == "!=" else ("never", "never holds")
    return (
        "warning",
        outcome[0],
        f"`{shown(node)}` {outcome[1]}: {why}",
        mend or "Compare values of the same type: 1 is not '1', and `true` is not 'true'",
        node.at,
    )


def _ordered(node: Compare) -> Iterator[Found]:
    # A constant says more about what was meant than a field does.
    for side in (node.right, node.left):
        if "number" in types_of(side):
            continue
        if isinstance(side, String) and re.match(r"[0-9]{4}-[0-9]{2}", side.value):
            mend = "FQL has no dates: compare numbers, or match(field, pattern) a part of the text"
        elif isinstance(side, String) and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", side.value):
            mend = f"Did you mean {side.value}, without quotes?"
        else:
            mend = "Compare numbers"
        why = f"only numbers are ordered, and {shown(side)} is none"
        yield _settled(node, why, mend)
        return
    bound = node.right
    if isinstance(node.left, Call) and node.left.name == "length" and isinstance(bound, Number):
        if (node.operator == "<" and bound.value <= 0) or (
            node.operator == "<=" and bound.value < 0
        ):
            yield _settled(node, "no length is less than 0", "Compare with a larger number")
        elif (node.operator == ">=" and bound.value <= 0) or (
            node.operator == ">" and bound.value < 0
        ):
            yield (
                "warning",
                "always",
                f"`{shown(node)}` always holds: the length of nothing is 0",
                "Write > 0 for what is not empty",
                node.at,
            )


def _among(node: Compare) -> Iterator[Found]:
    right = node.right
    if "list" not in types_of(right):
        mend = "Write a list: in [...]"
        if isinstance(right, String):
            mend = f"For part of a text write contains(field, {shown(right)}); a list is in [...]"
        yield _settled(node, f"{shown(right)} is not a list", mend)
    elif types_of(node.left) == {"list"}:
        yield _settled(node, "a list is never an element of a list", "Ask for one element")
    elif isinstance(right, List):
        if not right.items:
            yield _settled(node, "the list is empty", "Give it elements")
        for item in right.items:
            yield from _equality(Compare("=", node.left, item, item.at))
            if types_of(node.left).isdisjoint(types_of(item)):
                yield _settled(
                    Compare("=", node.left, item, item.at),
                    f"{_a(node.left)} and {_a(item)} are never equal",
                )


def _equality(node: Compare) -> Iterator[Found]:
    left, right = node.left, node.right
    if isinstance(left, (String, Number, Bool)):
        left, right = right, left
    if isinstance(right, Path) and len(right.segments) == 1 and right.segments[0] not in FIELDS:
        yield (
            "warning",
            "quote",
            f"{shown(right)} is a field of the event here, not a text",
            f'Did you mean "{right.segments[0]}", in quotes?',
            right.at,
        )
    if isinstance(right, String):
        yield from _text(node, left, right.value)
    elif isinstance(left, Call) and left.name == "length" and _no_length(right):
        yield _settled(node, "lengths are whole numbers from 0", "Compare with one")


def _no_length(node: Expression) -> bool:
    return isinstance(node, Number) and (node.value < 0 or not isinstance(node.value, int))


def _text(node: Compare, left: Expression, value: str) -> Iterator[Found]:
    if isinstance(left, Path) and left.segments == ("type",) and value not in CALLS:
        meant = near(value, CALLS)
        mend = f'Did you mean "{meant}"?' if meant else f"There are: {', '.join(CALLS)}"
        yield _settled(node, f'there is no call of the type "{value}"', mend)
    if isinstance(left, Call):
        why = impossible(left.name, value)
        if why:
            yield _settled(node, *why)
