"""Tokens to a syntax tree: recursive descent, one method for each level of binding.

`or` binds weakest, then `and`, then `!`, then one comparison. Where sources are silent on what
binds tighter, `mixed` tells that a text mixes `and` and `or` on one level.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NoReturn, cast

from .errors import MAX_BYTES, MAX_DEPTH, FQLError, FQLSyntaxError, position
from .lexer import (
    AND,
    END,
    FALSE,
    IN,
    NULL,
    NUMBER,
    OR,
    PATH,
    STRING,
    TRUE,
    Token,
    segments,
    tokens,
)
from .syntax import (
    And,
    Bool,
    Call,
    Compare,
    Everything,
    Expression,
    Item,
    List,
    Not,
    Null,
    Number,
    Operator,
    Or,
    Path,
    Statement,
    String,
    number,
)

_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">=", IN))
# What other languages write, and what it is here; taken for it by `lenient`.
OTHERS = {"==": "=", "&&": AND, "||": OR, "AND": AND, "And": AND, "OR": OR, "Or": OR, "IN": IN}


def parse(text: str, *, lenient: bool = False) -> Statement:
    """The syntax tree of an FQL text; `Everything()` for `all`.

    `lenient` takes `AND`, `OR`, `IN`, `&&`, `||` and `==` for what was surely meant. Raises
    FQLSyntaxError (`.line`, `.column`, `.message`, `.mend`), also for texts over 5 KB and for
    conditions nested deeper than 64 levels.
    """
    return Parser(text, lenient).statement()


@lru_cache(maxsize=1024)
def parsed(text: str) -> Statement:
    """`parse` for those who ask for the same text again and again."""
    return Parser(text).statement()


def statement(source: Any) -> Statement:
    """The tree of whatever is taken for FQL: a text, a tree, or something built by `field()`."""
    if isinstance(source, str):
        return parsed(source)
    if isinstance(source, (Expression, Everything)):
        return source
    tree = getattr(source, "tree", None)
    if isinstance(tree, (Expression, Everything)):
        return tree
    raise TypeError(f"FQL is a text or a condition built by `field()`, not {type(source).__name__}")


class Parser:
    """One text, its tokens, and the place in them. `mixed`: offsets of `or` beside a bare `and`."""

    def __init__(self, text: str, lenient: bool = False) -> None:
        check_size(text)
        self.text = text
        self.tokens = tokens(text)
        self.next = 0
        self.depth = 0
        self.bare = False
        self.mixed: list[int] = []
        self.others: list[Token] = []
        if lenient:
            self._take_others()

    def _take_others(self) -> None:
        for place, (_, word, at) in enumerate(self.tokens):
            meant = OTHERS.get(word)
            if meant is not None:
                self.others.append(self.tokens[place])
                self.tokens[place] = (meant, meant, at)

    def statement(self) -> Statement:
        """The whole text."""
        if len(self.tokens) == 2 and self.tokens[0][1] == "all":
            return Everything()
        try:
            tree = self.either()
        except FQLError as problem:
            if isinstance(problem, FQLSyntaxError):
                raise
            self.refuse(
                problem.message, problem.mend, self.tokens[max(self.next - 1, 0)][2], "deep"
            )
        if self.tokens[self.next][0] != END:
            self.unexpected(after=tree)
        return tree

    def either(self) -> Expression:
        """Conditions joined by `or`."""
        first = self.both()
        if self.tokens[self.next][0] != OR:
            return first
        at = self.tokens[self.next][2]
        items = [first]
        mixed = self.bare
        while self.tokens[self.next][0] == OR:
            self.next += 1
            items.append(self.both())
            mixed = mixed or self.bare
        if mixed:
            self.mixed.append(at)
        self.bare = False
        return Or(tuple(items), first.at)

    def both(self) -> Expression:
        """Conditions joined by `and`."""
        first = self.single()
        if self.tokens[self.next][0] != AND:
            self.bare = False
            return first
        items = [first]
        while self.tokens[self.next][0] == AND:
            self.next += 1
            items.append(self.single())
        self.bare = True
        return And(tuple(items), first.at)

    def single(self) -> Expression:
        """One condition: a comparison or a value, with any number of `!` before it."""
        if self.tokens[self.next][0] == "!":
            return self.negated()
        left = self.value()
        kind = self.tokens[self.next][0]
        if kind not in _COMPARISONS:
            return left
        self.next += 1
        return Compare(cast("Operator", kind), left, self.value(), left.at)

    def negated(self) -> Expression:
        """One or more `!` and the condition."""
        places = []
        while self.tokens[self.next][0] == "!":
            places.append(self.tokens[self.next][2])
            self.next += 1
        tree = self.single()
        for at in reversed(places):
            tree = Not(tree, at)
        return tree

    def value(self) -> Expression:
        """A literal, a field, a function's result, or a group in parentheses."""
        kind, word, at = self.tokens[self.next]
        if kind == PATH:
            if self.tokens[self.next + 1][0] == "(":
                return self.call()
            self.next += 1
            return Path(segments(word), at)
        if kind == STRING:
            self.next += 1
            return String(word[1:-1], at)
        if kind == "(":
            self.enter()
            tree = self.either()
            if self.tokens[self.next][0] != ")":
                self.unexpected(after=tree, opened=at)
            self.next += 1
            self.depth -= 1
            return tree
        if kind == "[":
            return self.list(at)
        return self.item()

    def item(self) -> Item:
        """A literal or a field: what lists hold."""
        kind, word, at = self.tokens[self.next]
        self.next += 1
        if kind == STRING:
            return String(word[1:-1], at)
        if kind == PATH:
            return Path(segments(word), at)
        if kind == NUMBER:
            return Number(number(word), at)
        if kind == NULL:
            return Null(at)
        if kind in (TRUE, FALSE):
            return Bool(kind == TRUE, at)
        self.next -= 1
        return self.unexpected()

    def list(self, at: int) -> List:
        """A list in brackets."""
        self.next += 1
        items: list[Item] = []
        if self.tokens[self.next][0] == "]":
            self.next += 1
            return List((), at)
        while True:
            items.append(self.item())
            kind = self.tokens[self.next][0]
            if kind not in (",", "]"):
                self.unexpected(after=items[-1], opened=at)
            self.next += 1
            if kind == "]":
                return List(tuple(items), at)

    def call(self) -> Call:
        """A function and what it is given."""
        _, name, at = self.tokens[self.next]
        opened = self.tokens[self.next + 1][2]
        self.next += 1
        if "." in name or "\\" in name:
            self.refuse(f"{name} is a field, not a function", "Remove the parentheses", at, "call")
        self.enter()
        arguments: list[Expression] = []
        while True:
            arguments.append(self.either())
            kind = self.tokens[self.next][0]
            if kind not in (",", ")"):
                self.unexpected(after=arguments[-1], opened=opened)
            self.next += 1
            if kind == ")":
                self.depth -= 1
                self.bare = False
                return Call(name, tuple(arguments), at)

    def enter(self) -> None:
        """Go one pair of parentheses deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(
                f"parentheses are nested deeper than {MAX_DEPTH} levels",
                "Join the conditions of one level with one `and` or one `or`",
                self.tokens[self.next][2],
                "deep",
            )
        self.next += 1

    def unexpected(self, after: Expression | None = None, opened: int = -1) -> NoReturn:
        """Refuse the token at hand, with what was probably meant."""
        from .mistakes import explain

        message, mend, at, kind = explain(self.text, self.tokens, self.next, after, opened)
        self.refuse(message, mend, at, kind)

    def refuse(self, message: str, mend: str, at: int, kind: str) -> NoReturn:
        """Raise the error for an offset."""
        line, column = position(self.text, at)
        raise FQLSyntaxError(message, mend, line, column, kind)


def check_size(text: str) -> None:
    """Refuse what the service does not take, before anything else is done with it."""
    if len(text) * 4 <= MAX_BYTES:
        return
    if len(text) > MAX_BYTES:
        size = (
            f"more than {MAX_BYTES} characters" if len(text) > 10**6 else f"{len(text)} characters"
        )
    else:
        count = len(text.encode("utf-8", "surrogatepass"))
        if count <= MAX_BYTES:
            return
        size = f"{count} bytes"
    raise FQLSyntaxError(
        f"it has {size}; the service takes at most {MAX_BYTES} bytes",
        "Put long lists of values into one `in [...]`, or split the filter in two",
        kind="size",
    )
