"""HCL that holds nothing but values, as Segment's Git Sync writes it: blocks, attributes, literals.

No expressions: what refers to something, or computes, is an error that says where. `jsonencode`
of a literal is the literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|\#[^\n]*|//[^\n]*|/\*.*?\*/)
    |(?P<heredoc><<-?(?P<mark>\w+)\n(?P<text>.*?)^[ \t]*(?P=mark)[ \t]*$)
    |(?P<string>"(?:[^"\\\n]|\\.)*")
    |(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<name>[A-Za-z_][\w.-]*)
    |(?P<sign>[{}\[\]()=,:])""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_ESCAPE = re.compile(
    r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|\$\$\{|%%\{|\$\{|%\{|\\"
)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WORDS = {"null": None, "true": True, "false": False}
_DEEPEST = 100


class Block(NamedTuple):
    """A block: its type, its labels, its attributes. Blocks inside of others are not read."""

    type: str
    labels: tuple[str, ...]
    values: dict[str, Any]
    line: int


class Reference(str):
    """A name that stands in a value's place: `segment_source.id-x`."""

    __slots__ = ()


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._split())
        self.place = 0

    def _split(self) -> Iterator[_Token]:
        at = 0
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if found is None:
                self.wrong("this is nothing that a value is made of", at)
            if found.lastgroup is not None and found["space"] is None:
                kind = "heredoc" if found["heredoc"] is not None else found.lastgroup
                words = found["text"] if kind == "heredoc" else found[0]
                yield _Token(kind, words, at)
            at = found.end()
        yield _Token("end", "", at)

    def wrong(self, words: str, at: int | None = None) -> NoReturn:
        """Raise ValueError with the line."""
        at = self.tokens[self.place].at if at is None else at
        raise ValueError(f"line {self.text.count(chr(10), 0, at) + 1}: {words}")

    def next(self, sign: str = "") -> _Token:
        """The next token, which has to be this sign where one is given."""
        token = self.tokens[self.place]
        if sign and token.text != sign:
            self.wrong(f"{sign!r} is wanted")
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def skips(self, *signs: str) -> bool:
        """Step over one of these signs, if it comes next."""
        token = self.tokens[self.place]
        if token.kind == "sign" and token.text in signs:
            self.place += 1
            return True
        return False

    def block(self, only: tuple[str, ...] | None) -> Block:
        """One block at the top; of types that are not among `only` nothing is read."""
        head = self.next()
        if head.kind != "name":
            self.wrong("a block is wanted", head.at)
        labels = []
        while self.tokens[self.place].kind == "string":
            labels.append(self.string(self.next()))
        self.next("{")
        values: dict[str, Any] = {}
        if only is not None and head.text not in only:
            self.over()
            return Block(head.text, tuple(labels), values, self.text.count("\n", 0, head.at) + 1)
        while not self.skips("}"):
            name = self.next()
            if name.kind != "name":
                self.wrong("the name of an attribute is wanted", name.at)
            if not self.skips("="):
                self.wrong(f"`{name.text}` has no value: blocks inside of others are not read")
            values[name.text] = self.value(0)
        line = self.text.count("\n", 0, head.at) + 1
        return Block(head.text, tuple(labels), values, line)

    def over(self) -> None:
        """Step over what is left of a block, whatever is in it."""
        open_ = 1
        while open_:
            token = self.next()
            if token.kind == "end":
                self.wrong("a block has no end")
            open_ += (token.text == "{") - (token.text == "}") if token.kind == "sign" else 0

    def value(self, depth: int) -> Any:
        """One value."""
        if depth > _DEEPEST:
            self.wrong("it is nested too deeply")
        token = self.next()
        if token.kind == "string":
            return self.string(token)
        if token.kind == "heredoc":
            return self.template(token.text, token.at, escapes=False)
        if token.kind == "number":
            number = Decimal(token.text)
            return int(number) if number == number.to_integral_value() else number
        if token.kind == "name":
            return self.named(token, depth)
        if token.text == "[":
            return self.list(depth)
        if token.text == "{":
            return self.object(depth)
        return self.wrong("a value is wanted", token.at)

    def named(self, token: _Token, depth: int) -> Any:
        """A word, `jsonencode(…)`, or a reference."""
        if token.text in _WORDS:
            return _WORDS[token.text]
        if self.skips("("):
            if token.text != "jsonencode":
                self.wrong(f"`{token.text}(…)` is computed; only values are read", token.at)
            found = self.value(depth + 1)
            self.next(")")
            return found
        return Reference(token.text)

    def list(self, depth: int) -> list[Any]:
        """The elements up to the bracket."""
        found = []
        while not self.skips("]"):
            found.append(self.value(depth + 1))
            self.skips(",")
        return found

    def object(self, depth: int) -> dict[str, Any]:
        """The entries up to the brace."""
        found: dict[str, Any] = {}
        while not self.skips("}"):
            key = self.next()
            if key.kind not in ("name", "string", "number"):
                self.wrong("a key is wanted", key.at)
            name = self.string(key) if key.kind == "string" else key.text
            if not self.skips("=", ":"):
                self.wrong("`=` is wanted")
            found[name] = self.value(depth + 1)
            self.skips(",")
        return found

    def string(self, token: _Token) -> str:
        """A quoted text."""
        return self.template(token.text[1:-1], token.at, escapes=True)

    def template(self, text: str, at: int, *, escapes: bool) -> str:
        """A text without its escapes."""

        def one(found: re.Match[str]) -> str:
            if found[0] in ("$${", "%%{"):
                return found[0][1:]
            if found[0] in ("${", "%{"):
                self.wrong("it holds an expression; only values are read", at)
            if not escapes:
                return found[0]
            if found[1]:
                return _PLAIN[found[1]]
            code = found[2] or found[3]
            if not code or int(code, 16) > 0x10FFFF:
                self.wrong("an escape that HCL does not know", at)
            return chr(int(code, 16))

        return _ESCAPE.sub(one, text)


def blocks(text: str, only: tuple[str, ...] | None = None) -> list[Block]:
    """The blocks of a file. Raises ValueError with the line of what is none.

    `only`: types of blocks whose values are read; the others are stepped over.
    """
    reader = _Reader(text)
    found = []
    while reader.tokens[reader.place].kind != "end":
        found.append(reader.block(only))
    return found


def text_of(literal: str) -> str:
    """A quoted text. Raises ValueError for one that refers to something."""
    reader = _Reader(literal)
    return reader.string(reader.next())
