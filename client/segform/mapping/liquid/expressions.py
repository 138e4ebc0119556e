"""Values in templates: `properties.total | plus: 1`, `a == b and c contains "d"`."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .errors import MAX_DEPTH, LiquidError

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_]))
    | (?P<sign>==|!=|<=|>=|\.\.|[<>|:,.\[\]()=])
    | (?P<word>-?[A-Za-z_][A-Za-z0-9_-]*\??)
    | (?P<other>\S)
    )""",
    re.VERBOSE,
)
_COMPARISONS = ("==", "!=", ">", "<", ">=", "<=", "contains")
_LITERALS = {"true": True, "false": False}
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{0,4}|[0-7]{1,3}|[\s\S])")
_CHARS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\x0b"}


class Empty:
    """`empty` and `blank`: what is compared with values that have nothing in them."""

    def __init__(self, blank: bool) -> None:
        self.blank = blank


class Nil:
    """`nil` and `null` as they are written, which is never in order with anything."""


class Path(NamedTuple):
    """A field: a name and the keys behind it."""

    name: Any
    keys: tuple[Any, ...]


class Constant(NamedTuple):
    """A text, a number, true, false, nil, empty or blank."""

    value: Any


class Operation(NamedTuple):
    """An operator and its sides; `not` has one."""

    operator: str
    sides: tuple[Any, ...]


class Range(NamedTuple):
    """`(1..3)`."""

    low: Any
    high: Any


class Filtered(NamedTuple):
    """A value and what it is sent through: (name, values, named values) of each filter."""

    value: Any
    filters: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...]


class Reader:
    """Reads one piece of markup from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                break
            self.tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            at = found.end()
        self.next = 0
        self.depth = 0

    @property
    def token(self) -> tuple[str, str]:
        """The token at hand; ("end", "") behind the last."""
        return self.tokens[self.next] if self.next < len(self.tokens) else ("end", "")

    def take(self, word: str) -> bool:
        """Whether the token at hand is a word or sign; it is passed then."""
        found = self.token[1] == word and self.token[0] in ("word", "sign")
        self.next += found
        return found

    def need(self, word: str) -> None:
        """Pass a word or sign, or refuse what stands there."""
        if not self.take(word):
            raise LiquidError(f"{word} is missing in {self.text.strip()[:40]!r}", f"Write {word}")

    def name(self, what: str) -> str:
        """A name."""
        kind, word = self.token
        if kind not in ("word", "string"):
            raise LiquidError(f"{what} has no name in {self.text.strip()[:40]!r}", "Give one")
        self.next += 1
        return word[1:-1] if kind == "string" else word

    def filtered(self) -> Filtered:
        """A value with its filters. What is left over behind them is not looked at."""
        value = self.expression()
        filters = []
        while self.take("|"):
            name = self.name("the filter")
            values: list[Any] = []
            named: dict[str, Any] = {}
            if self.take(":"):
                while self.token[0] != "end" and self.token[1] != "|":
                    self._argument(values, named)
                    if not self.take(","):
                        break
            filters.append((name, tuple(values), named))
        return Filtered(value, tuple(filters))

    def _argument(self, values: list[Any], named: dict[str, Any]) -> None:
        following = self.tokens[self.next + 1 : self.next + 2]
        if self.token[0] == "word" and following == [("sign", ":")]:
            name = self.name("the argument")
            self.need(":")
            named[name] = self.value()
        else:
            values.append(self.value())

    def expression(self) -> Any:
        """A value, or several with operators; `and` and `or` bind alike, from the right."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LiquidError("it is nested too deep", "Use assign")
        left = self._turned()
        for word in ("and", "or"):
            if self.take(word):
                left = Operation(word, (left, self.expression()))
        self.depth -= 1
        return left

    def _turned(self) -> Any:
        turned = 0
        while self.take("not"):
            turned += 1
        found = self._compared()
        for _ in range(min(turned, 2 + turned % 2)):
            found = Operation("not", (found,))
        return found

    def _compared(self) -> Any:
        sides, words = [self.value()], []
        while self.token[1] in _COMPARISONS and self.token[0] in ("word", "sign"):
            words.append(self.token[1])
            self.next += 1
            sides.append(self.value())
            if len(words) > MAX_DEPTH:
                raise LiquidError("it is nested too deep", "Use assign")
        found = sides.pop()
        while words:
            found = Operation(words.pop(), (sides.pop(), found))
        return found

    def value(self) -> Any:
        """One value without operators."""
        kind, word = self.token
        self.next += 1
        if kind == "string":
            return Constant(_unescaped(word[1:-1]))
        if kind == "number":
            return Constant(float(word) if "." in word else int(word))
        if kind == "word" and self.token[1] not in (".", "["):
            if word in _LITERALS:
                return Constant(_LITERALS[word])
            if word in ("nil", "null"):
                return Constant(Nil())
            if word in ("empty", "blank"):
                return Constant(Empty(word == "blank"))
        if kind == "word":
            return Path(Constant(word), self._keys())
        if word == "[":
            name = self.value()
            self.need("]")
            return Path(name, self._keys())
        if word == "(":
            return self._range()
        shown = repr(word) if word else "the end"
        raise LiquidError(
            f"{shown} stands where a value is due", "Give a field or a text in quotes"
        )

    def _range(self) -> Range:
        self._deeper()
        low = self.value()
        self.need("..")
        high = self.value()
        self.need(")")
        self.depth -= 1
        return Range(low, high)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LiquidError("it is nested too deep", "Use assign")

    def _keys(self) -> tuple[Any, ...]:
        keys: list[Any] = []
        self._deeper()
        while True:
            if self.take("."):
                keys.append(Constant(self.name("the key")))
            elif self.take("["):
                keys.append(self.value())
                self.need("]")
            else:
                self.depth -= 1
                return tuple(keys)


def _unescaped(text: str) -> str:
    return text if "\\" not in text else _ESCAPED.sub(_char, text)


def _char(found: re.Match[str]) -> str:
    said = found[1]
    if said[0] == "u":
        return chr(int(said[1:] or "0", 16))
    if said[0] in "01234567":
        return chr(int(said, 8))
    return _CHARS.get(said, said)
