"""The syntax of RE2 as far as automata need it: a tree of characters, repetitions and choices."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

_LAST = 0x10FFFF
_MOST = 1000
_DEPTH = 60

Ranges: TypeAlias = tuple[tuple[int, int], ...]


class TooComplex(Exception):
    """A pattern that this package does not compare: nothing can be said about it."""


class Chars(NamedTuple):
    """One character out of ranges of code points."""

    ranges: Ranges


class Anchor(NamedTuple):
    """`^` or `$`: the start or the end of the text."""

    kind: str


class Concat(NamedTuple):
    """One after the other."""

    items: tuple[Node, ...]


class Alternation(NamedTuple):
    """One of several."""

    items: tuple[Node, ...]


class Repeat(NamedTuple):
    """The same, from `least` to `most` times; `most` None is without end."""

    item: Node
    least: int
    most: int | None


Node: TypeAlias = "Chars | Anchor | Concat | Alternation | Repeat"

_DIGIT: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_POSIX: dict[str, Ranges] = {
    "alpha": ((65, 90), (97, 122)),
    "digit": _DIGIT,
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "upper": ((65, 90),),
    "lower": ((97, 122),),
    "space": ((9, 13), (32, 32)),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "xdigit": ((48, 57), (65, 70), (97, 102)),
    "word": _WORD,
}
_CONTROLS = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11, "a": 7}


def parse(text: str) -> Node:
    """The tree of a pattern. Raises ValueError for no pattern, TooComplex for what is left out."""
    reader = _Reader(text)
    found = reader.alternation(0)
    if reader.at < len(text):
        raise ValueError("a bracket that closes nothing")
    return found


def others(ranges: Ranges) -> Ranges:
    """All characters but these."""
    found, low = [], 0
    for first, last in sorted(ranges):
        if first > low:
            found.append((low, first - 1))
        low = max(low, last + 1)
    if low <= _LAST:
        found.append((low, _LAST))
    return tuple(found)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.any_case = False
        self.dot_all = False

    def _peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : self.at + ahead + 1]

    def _take(self) -> str:
        letter = self._peek()
        if not letter:
            raise ValueError("the pattern ends too early")
        self.at += 1
        return letter

    def alternation(self, depth: int) -> Node:
        if depth > _DEPTH:
            raise TooComplex("the pattern is nested too deep")
        items = [self._concat(depth)]
        while self._peek() == "|":
            self.at += 1
            items.append(self._concat(depth))
        return items[0] if len(items) == 1 else Alternation(tuple(items))

    def _concat(self, depth: int) -> Node:
        items: list[Node] = []
        while self._peek() not in ("", "|", ")"):
            item = self._atom(depth)
            if item is not None:
                items.append(self._repeated(item))
        return items[0] if len(items) == 1 else Concat(tuple(items))

    def _repeated(self, item: Node) -> Node:
        while self._peek() and self._peek() in "*+?{":
            letter = self._take()
            if letter == "{":
                bounds = self._bounds()
                if bounds is None:
                    return Concat((item, self._letter("{")))
                item = Repeat(item, *bounds)
            else:
                item = Repeat(item, int(letter == "+"), 1 if letter == "?" else None)
            if self._peek() == "?":
                # Reluctant: another match, the same texts.
                self.at += 1
        return item

    def _bounds(self) -> tuple[int, int | None] | None:
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at : end].partition(",") if end > 0 else ("", "", "")
        if not (low.isdigit() and low.isascii()) or (high and not high.isdigit()):
            return None
        self.at = end + 1
        least = int(low)
        most = least if not comma else (int(high) if high else None)
        if least > _MOST or (most is not None and (most > _MOST or most < least)):
            raise ValueError("a repetition out of bounds")
        return least, most

    def _atom(self, depth: int) -> Node | None:
        letter = self._take()
        if letter == "(":
            return self._group(depth)
        if letter == "[":
            return Chars(self._class())
        if letter == ".":
            return Chars(others(()) if self.dot_all else others(((10, 10),)))
        if letter in "^$":
            return Anchor(letter)
        if letter == "\\":
            return self._escape()
        if letter in "*+?":
            raise ValueError(f"nothing in front of {letter}")
        return self._letter(letter)

    def _letter(self, letter: str) -> Chars:
        forms = {letter}
        if self.any_case:
            forms |= {one for one in (letter.lower(), letter.upper()) if len(one) == 1}
        return Chars(tuple(sorted((ord(one), ord(one)) for one in forms)))

    def _group(self, depth: int) -> Node | None:
        before = (self.any_case, self.dot_all)
        if self._peek() == "?":
            self.at += 1
            if self._peek() in ("=", "!") or self.text.startswith(("<=", "<!"), self.at):
                raise ValueError("look-around is not supported")
            if self._flags_alone():
                return None
        found = self.alternation(depth + 1)
        if self._peek() != ")":
            raise ValueError("a bracket is not closed")
        self.at += 1
        self.any_case, self.dot_all = before
        return found

    def _flags_alone(self) -> bool:
        """What is behind `(?`; True where the group ends with its flags: `(?i)`."""
        if self.text.startswith(("P<", "<"), self.at):
            end = self.text.find(">", self.at)
            if end < 0:
                raise ValueError("the name of a group is not closed")
            self.at = end + 1
            return False
        on = True
        while True:
            letter = self._take()
            if letter == "-":
                on = False
            elif letter == "i":
                self.any_case = on
            elif letter == "s":
                self.dot_all = on
            elif letter in ":)":
                return letter == ")"
            else:
                raise TooComplex(f"the flag {letter}")

    def _escape(self) -> Node:
        letter = self._take()
        if letter in "A":
            return Anchor("^")
        if letter in "z":
            return Anchor("$")
        if letter in "bB":
            raise TooComplex("word boundaries")
        if letter.lower() in _CLASSES:
            ranges = _CLASSES[letter.lower()]
            return Chars(ranges if letter.islower() else others(ranges))
        return self._letter(chr(self._code(letter)))

    def _code(self, letter: str) -> int:
        """The code point of an escape that stands for one character."""
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter == "x":
            if self._peek() == "{":
                end = self.text.find("}", self.at)
                digits, self.at = self.text[self.at + 1 : end], end + 1
            else:
                digits, self.at = self.text[self.at : self.at + 2], self.at + 2
            code = int(digits, 16)
            if code > _LAST:
                raise ValueError("no such character")
            return code
        if letter in "123456789":
            raise ValueError("back references are not supported")
        if letter.isalnum():
            raise TooComplex(f"the escape \\{letter}")
        return ord(letter)

    def _class(self) -> Ranges:
        turned = self._peek() == "^"
        self.at += turned
        found: list[tuple[int, int]] = []
        first = True
        while first or self._peek() != "]":
            first = False
            found += self._member()
        self.at += 1
        if self.any_case:
            found += _other_case(found)
        return others(tuple(found)) if turned else tuple(sorted(found))

    def _member(self) -> Ranges:
        letter = self._take()
        if letter == "[" and self._peek() == ":":
            end = self.text.find(":]", self.at)
            name = self.text[self.at + 1 : end] if end > 0 else ""
            if name.lstrip("^") not in _POSIX:
                raise ValueError(f"no class of characters [:{name}:]")
            self.at = end + 2
            return others(_POSIX[name[1:]]) if name.startswith("^") else _POSIX[name]
        if letter == "\\":
            letter = self._take()
            if letter.lower() in _CLASSES:
                ranges = _CLASSES[letter.lower()]
                return ranges if letter.islower() else others(ranges)
            low = self._code(letter)
        else:
            low = ord(letter)
        if self._peek() != "-" or self._peek(1) in ("]", ""):
            return ((low, low),)
        self.at += 1
        letter = self._take()
        high = self._code(self._take()) if letter == "\\" else ord(letter)
        if high < low:
            raise ValueError("a range that ends before it starts")
        return ((low, high),)


def _other_case(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same letters in the other case, for the letters of ASCII."""
    found = []
    for low, high in ranges:
        for first, last, shift in ((65, 90, 32), (97, 122, -32)):
            start, end = max(low, first), min(high, last)
            if start <= end:
                found.append((start + shift, end + shift))
    return found
