"""What was probably meant where a text stops being FQL. Loaded with the first mistake."""

from __future__ import annotations

from typing import TypeAlias

from .errors import position
from .functions import FUNCTIONS
from .lexer import BAD, END, IN, KEYWORDS, PATH, STRING, Token
from .parser import OTHERS
from .syntax import Compare, Expression, Path

# message, mend, offset, kind of mistake
Explained: TypeAlias = tuple[str, str, int, str]

_CURLY = dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"') | dict.fromkeys(
    "\u2018\u2019\u00b4`", "'"
)
_CLOSERS = {")": "(", "]": "["}
_WORDS = {
    "NOT": ("!", "negation"),
    "Not": ("!", "negation"),
    "not": ("!", "negation"),
    "NULL": ("null", "null"),
    "Null": ("null", "null"),
    "nil": ("null", "null"),
    "None": ("null", "null"),
    "TRUE": ("true", "true"),
    "True": ("true", "true"),
    "FALSE": ("false", "false"),
    "False": ("false", "false"),
    "is": ("=", "equality"),
    "IS": ("=", "equality"),
    "eq": ("=", "equality"),
    "equals": ("=", "equality"),
}


def explain(
    text: str, tokens: list[Token], place: int, after: Expression | None, opened: int
) -> Explained:
    """Why the token at `place` cannot stand there.

    `after`: the complete expression before it, None where an expression was due; `opened`: offset
    of the bracket that is still open, -1 for none.
    """
    kind, word, at = tokens[place]
    if kind == BAD:
        return _bad(text, tokens, place)
    if word in OTHERS and (after is not None or kind != PATH):
        return (f"FQL has no `{word}`", f"Did you mean `{OTHERS[word]}`?", at, "operator")
    if kind == END and opened >= 0:
        return (f"{text[opened]} is not closed", "Close it", opened, "bracket")
    if kind in _CLOSERS and opened < 0 and (after is not None or not _open(tokens, place)):
        return (f"{word} closes nothing", f"Remove it or open {_CLOSERS[word]}", at, "bracket")
    if after is None:
        return _value_due(tokens, place)
    in_list = opened >= 0 and text[opened] == "[" and kind not in _CLOSERS
    return _operator_due(text, tokens, place, after, in_list)


def _open(tokens: list[Token], place: int) -> bool:
    """Whether a bracket is open before a token."""
    level = 0
    for kind, _, _ in tokens[:place]:
        level += (kind in ("(", "[")) - (kind in _CLOSERS)
    return level > 0


def _bad(text: str, tokens: list[Token], place: int) -> Explained:
    _, word, at = tokens[place]
    if word in "\"'":
        return _quote(text, tokens, place)
    if word in _CURLY:
        straight = _CURLY[word]
        return (
            f"{word} is a typographic quote",
            f"Did you mean {straight} ? Quotes in FQL are straight",
            at,
            "quote",
        )
    if word.isdigit() or word in "+-":
        mend = (
            "Numbers are written like 12 or -0.5, with nothing behind them; a field that begins "
            "with a digit or a hyphen has a backslash before it"
        )
        return ("this is neither a number nor a field", mend, at, "number")
    if word == ".":
        behind = text[at + 1 : at + 2]
        joined = place > 0 and tokens[place - 1][2] + len(tokens[place - 1][1]) == at
        if joined and behind and not behind.isspace() and behind not in "\"'.=<>!()[],":
            return _foreign(behind, at + 1)
        return (
            "a dot joins two keys of a field, without blanks: properties.price",
            "Give the key behind the dot, or remove the dot; a number has digits on both sides",
            at,
            "dot",
        )
    if word == "\\":
        return ("the backslash escapes nothing", "Remove it", at, "escape")
    if word.isalpha() or word in "$@#:/%{}~*?;|&^":
        return _foreign(word, at)
    name = f"character U+{ord(word):04X}"
    shown = word if word.isprintable() and not word.isspace() else name
    return (f"{shown} has no meaning here", "Remove it; texts stand in quotes", at, "character")


def _foreign(word: str, at: int) -> Explained:
    """A character that stands in texts and, escaped, in the names of fields only."""
    meant = {"~": "match(…)", "&": "and", "|": "or"}.get(word)
    mend = f"Did you mean `{meant}`?" if meant else f"In a field's name write \\{word}"
    return (f"{word} has no meaning here", f"{mend}; texts stand in quotes", at, "character")


def _quote(text: str, tokens: list[Token], place: int) -> Explained:
    """A quote that opens and does not close. The missing one may be the one before."""
    _, quote, at = tokens[place]
    before = tokens[place - 1] if place else None
    if before is not None and before[0] == PATH and before[2] + len(before[1]) == at:
        mend = f"Did you mean {quote}{before[1]}{quote} ?"
        return (f"the quote {quote} is not closed", mend, at, "quote")
    rest = text[at + 1 :].strip()
    shown = rest if 0 < len(rest) <= 40 and "\n" not in rest and quote not in rest else "…"
    mend = f"Close it: did you mean {quote}{shown}{quote} ?"
    return (f"the quote {quote} is not closed", mend, at, "quote")


def _value_due(tokens: list[Token], place: int) -> Explained:
    kind, word, at = tokens[place]
    before = tokens[place - 1][1] if place else ""
    if kind == END:
        if not place:
            return ("it is empty", "Write `all` for every event, or a condition", 0, "empty")
        return (f"it ends behind `{before}`", "Give what follows, or remove it", at, "end")
    if kind == "=" and before in ("=", "!", "<", ">"):
        return ("`=` is written once", "Did you mean `=`?", at, "operator")
    if kind == "=" and before in ("<=", ">=", "!="):
        return (f"`{before}=` is no operator", f"Did you mean `{before}`?", at, "operator")
    if before == "<" and kind == ">":
        return ("`<>` is no operator", "Did you mean `!=`?", at, "operator")
    if before == "=" and kind in ("<", ">"):
        return (f"`={word}` is no operator", f"Did you mean `{word}=`?", at, "operator")
    if before == "(" and kind == ")":
        return ("the parentheses are empty", "Give what belongs between them", at, "empty")
    if before == "," and kind in ("]", ")"):
        return ("a comma stands before the end", "Remove the comma", tokens[place - 1][2], "comma")
    if kind in KEYWORDS:
        return (
            f"`{word}` stands where a value was expected",
            f"Give the condition before it; a field that is called so is written \\{word}",
            at,
            "operand",
        )
    if before in ("[", ",") and kind in ("[", "(", "!"):
        return (f"`{word}` cannot stand in a list", "Lists hold values and fields", at, "list")
    return (
        f"`{word}` stands where a value was expected",
        "Give a field, a text in quotes, a number, true, false, null or a condition",
        at,
        "operand",
    )


def _operator_due(
    text: str, tokens: list[Token], place: int, after: Expression, in_list: bool
) -> Explained:
    kind, word, at = tokens[place]
    before = tokens[place - 1]
    if before[0] == PATH and before[1].lower() == "not":
        return (f"FQL has no `{before[1]}`", "Did you mean `!`?", before[2], "operator")
    if in_list:
        return (f"a comma is missing before {word}", "Put one between two values", at, "comma")
    if kind == PATH:
        return _word(text, tokens, place, after)
    if kind == ",":
        return ("a comma does not join conditions", "Did you mean `and`?", at, "operator")
    if kind in ("=", "!=", "<", "<=", ">", ">=", IN):
        return (
            "comparisons are not chained",
            "Compare twice and join with `and`: 1 < properties.x and properties.x < 5",
            at,
            "chain",
        )
    if kind == "(":
        return ("the parenthesis follows a value", "Put `and` or `or` between them", at, "operand")
    if kind == "!":
        return ("`!` stands before a condition", "Did you mean `!=`?", at, "operator")
    if isinstance(after, Path) and kind not in (BAD, END, ")", "]"):
        return (f"an operator is missing before {word}", "Did you mean `=`?", at, "operator")
    if kind in _CLOSERS:
        other = ")" if kind == "]" else "]"
        return (f"{word} closes what {_CLOSERS[other]} opened", f"Write {other}", at, "bracket")
    return (
        f"{word} follows a complete condition",
        f"Put `and` or `or` between them{_suspect(text, tokens, place)}",
        at,
        "operand",
    )


def _word(text: str, tokens: list[Token], place: int, after: Expression) -> Explained:
    """A word behind a complete expression."""
    _, word, at = tokens[place]
    if word in ("not", "NOT", "Not") and tokens[place + 1][1].lower() == "in":
        return ("FQL has no `not in`", "Did you mean !(field in [...]) ?", at, "operator")
    if word in _WORDS:
        return (f"FQL has no `{word}`", f"Did you mean `{_WORDS[word][0]}`?", at, "operator")
    if word in FUNCTIONS and tokens[place + 1][0] != "(":
        return (f"`{word}` is a function", f"Did you mean {word}(field, text) ?", at, "operator")
    if word.lower() in ("like", "regex", "matches", "startswith", "endswith"):
        return (f"FQL has no `{word}`", 'Did you mean match(field, "pattern*") ?', at, "operator")
    quote = _suspect(text, tokens, place)
    if isinstance(after, Compare) and isinstance(after.right, Path) and not quote:
        said = " ".join((*after.right.segments, word))
        return (f"{word} follows a complete condition", f'Did you mean "{said}" ?', at, "quote")
    return (
        f"{word} follows a complete condition",
        f"Put `and` or `or` between them, or texts in quotes{quote}",
        at,
        "operand",
    )


def _suspect(text: str, tokens: list[Token], place: int) -> str:
    """A word on the string before, if a quote further on is left over."""
    left_over = next((t for t in tokens[place:] if t[0] == BAD and t[1] in "\"'"), None)
    before = next((t for t in reversed(tokens[:place]) if t[0] == STRING), None)
    if left_over is None or before is None:
        return ""
    line, column = position(text, before[2])
    return f". Is a quote missing in the text that starts at line {line}, column {column}?"
