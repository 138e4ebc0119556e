"""What is wrong with calls: unknown functions, their arguments, and what they never give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .formatting import shown
from .functions import FUNCTIONS, SEMVER_OPERATORS, TYPE_NAMES
from .glob import Malformed, chunks
from .known import Found, near, types_of
from .syntax import Call, Compare, Expression, Path, String


def impossible(function: str, value: str) -> tuple[str, str] | None:
    """Why a function never gives a text, and the mend."""
    if function == "lowercase" and value != value.lower():
        return "lowercase gives no capitals", f'Did you mean "{value.lower()}"?'
    if function == "uppercase" and value != value.upper():
        return "uppercase gives capitals only", f'Did you mean "{value.upper()}"?'
    if function in ("snakecase", "kebabcase") and " " in value:
        return f"{function} leaves no blank", "Replace the blanks"
    if function == "typeof" and value not in TYPE_NAMES:
        meant = {"boolean": "bool", "array": "list", "undefined": "null", "integer": "number"}
        found = meant.get(value.lower()) or near(value, TYPE_NAMES)
        mend = f'Did you mean "{found}"?' if found else f"There are: {', '.join(TYPE_NAMES)}"
        return f'typeof never gives "{value}"', mend
    return None


def usage(node: Call) -> Iterator[Found]:
    """What is wrong with a call."""
    function = FUNCTIONS.get(node.name)
    if function is None:
        meant = near(node.name, FUNCTIONS)
        mend = f"Did you mean {meant}?" if meant else f"There are: {', '.join(FUNCTIONS)}"
        if node.name.lower() == "not":
            mend = "Did you mean `!(…)`?"
        yield "error", "function", f"there is no function {node.name}", mend, node.at
        return
    if len(node.arguments) != len(function.takes):
        count = len(function.takes)
        takes_words = f"{node.name} takes {count} argument{'s' * (count > 1)}"
        yield (
            "error",
            "arguments",
            f"{takes_words}, not {len(node.arguments)}",
            f"Write {node.name}({', '.join(_USAGE.get(node.name, ('field',)))})",
            node.at,
        )
        return
    for argument, takes in zip(node.arguments, function.takes, strict=True):
        if types_of(argument).isdisjoint(takes):
            wanted = "/".join(sorted(takes - {"null"}))
            yield (
                "warning",
                "type",
                f"{node.name} takes a {wanted}, and {shown(argument)} is none",
                "Give it a field or a value of that type",
                argument.at,
            )
    yield from _arguments(node)
    yield from _doubtful(node)


_USAGE = {
    "contains": ("field", '"text"'),
    "match": ("field", '"pattern*"'),
    "semver": ("field", '">="', '"1.2.0"'),
}


def _doubtful(node: Call) -> Iterator[Found]:
    function = FUNCTIONS[node.name]
    if not function.documented:
        yield (
            "warning",
            "undocumented",
            f"{node.name} is not documented; evaluators in browsers know it",
            "Try it with the filter's preview before relying on it",
            node.at,
        )
    if not function.exact:
        yield (
            "warning",
            "conversion",
            f"what exactly {node.name}() makes of a value is not documented",
            "Try it with the filter's preview before relying on it",
            node.at,
        )


def _arguments(node: Call) -> Iterator[Found]:
    """What `contains`, `match` and `semver` are given."""
    if node.name == "semver":
        operator = node.arguments[1]
        if isinstance(operator, String) and operator.value not in SEMVER_OPERATORS:
            known = ", ".join(SEMVER_OPERATORS)
            yield (
                "warning",
                "never",
                f'semver knows no operator "{operator.value}" and is false then',
                f"There are: {known}",
                operator.at,
            )
        return
    if node.name not in ("contains", "match"):
        return
    subject, sought = node.arguments
    if isinstance(subject, String) and isinstance(sought, (Path, Call)):
        swapped = shown(Call(node.name, (sought, subject)))
        yield (
            "warning",
            "swapped",
            f"{node.name} looks into its first argument, which is a constant here",
            f"Did you mean {swapped}?",
            node.at,
        )
    elif isinstance(sought, String):
        yield from _sought(node, subject, sought)


def _sought(node: Call, subject: Expression, sought: String) -> Iterator[Found]:
    value = sought.value
    if node.name == "contains" and not value:
        mend = "Write the text that is looked for"
        yield "warning", "always", "every text contains the empty one", mend, sought.at
    if node.name == "match":
        yield from _pattern(subject, sought)
    if isinstance(subject, Call) and subject.name in ("lowercase", "uppercase"):
        letters = re.sub(r"\\.", "", value) if node.name == "match" else value
        why = impossible(subject.name, letters)
        if why and "[" not in letters:
            mend = "Write the text in the same case"
            yield "warning", "never", f"it never holds: {why[0]}", mend, sought.at


def _pattern(subject: Expression, sought: String) -> Iterator[Found]:
    try:
        chunks(sought.value)
    except Malformed:
        yield (
            "warning",
            "pattern",
            f'the pattern "{sought.value}" is malformed and matches nothing',
            "Close its class, end its range, or write \\\\ for a backslash",
            sought.at,
        )
        return
    if not re.search(r"[*?\[\\]", sought.value):
        meant = shown(Compare("=", subject, sought))
        part = shown(Call("contains", (subject, sought)))
        yield (
            "warning",
            "pattern",
            f'the pattern "{sought.value}" has no * and matches only the very same text',
            f"Write {meant}, or {part} for part of a text",
            sought.at,
        )
