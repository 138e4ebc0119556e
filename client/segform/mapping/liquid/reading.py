"""A template's text to its parts: plain text, values, and tags with what is between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from .errors import MAX_DEPTH, LiquidError
from .expressions import Filtered, Reader

DISABLED_TAGS = ("case", "for", "include", "layout", "render", "tablerow")
DISABLED_FILTERS = (
    *("array_to_sentence_string", "concat", "find", "find_exp", "find_index", "find_index_exp"),
    *("group_by", "group_by_exp", "has", "has_exp", "map", "newline_to_br", "reject"),
    *("reject_exp", "reverse", "sort", "sort_natural", "uniq", "where_exp", "type"),
)
_MARKUP = re.compile(r"\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}")
_OPENED = re.compile(r"\{\{|\{%")
_RAW_END = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_NAME = re.compile(r"\s*(#|[A-Za-z_][A-Za-z0-9_-]*)")


class Tag(NamedTuple):
    """A tag: its name, what it holds, and the parts between it and its end."""

    name: str
    value: Any
    branches: tuple[tuple[Any, Any], ...] = ()


# A text, a value with filters, or a tag.
Part = str | Filtered | Tag
Template = tuple[Part, ...]
# A token: "text", "output" or "tag", its text.
_Token = tuple[str, str]


@lru_cache(maxsize=256)
def parsed(text: str) -> Template:
    """The template of a text. Raises LiquidError."""
    tokens = list(_tokens(text))
    parts, _ = _Parts(tokens).until((), 0)
    return parts


def _tokens(text: str) -> Iterator[_Token]:
    at, strip = 0, False
    while True:
        opened = _OPENED.search(text, at)
        if opened is None:
            yield "text", text[at:].lstrip() if strip else text[at:]
            return
        found = _MARKUP.match(text, opened.start())
        if found is None:
            shown = text[opened.start() : opened.start() + 20]
            raise LiquidError(f"{shown!r} is not closed", "Close it by }} or %}")
        before = text[at : opened.start()]
        before = before.lstrip() if strip else before
        yield "text", before.rstrip() if text[opened.end() : opened.end() + 1] == "-" else before
        at, strip = found.end(), found[0].endswith(("-}}", "-%}"))
        if found[1] is not None:
            yield "output", found[1]
            continue
        yield "tag", found[2]
        if found[2].strip() == "raw":
            end = _RAW_END.search(text, at)
            if end is None:
                raise LiquidError("the tag raw is not closed", "Write {% endraw %}")
            inside = text[at : end.start()]
            inside = inside.lstrip() if strip else inside
            yield "text", inside.rstrip() if end[0].startswith("{%-") else inside
            at, strip = end.end(), end[0].endswith("-%}")
            yield "tag", "endraw"


class _Parts:
    """Reads the parts of a template one after another."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.next = 0

    def until(self, ends: tuple[str, ...], depth: int) -> tuple[tuple[Part, ...], str]:
        """The parts before a tag of one of these names, and that tag; all, for no names."""
        if depth > MAX_DEPTH:
            raise LiquidError("tags are nested too deep", "Make it simpler")
        found: list[Part] = []
        while self.next < len(self.tokens):
            kind, text = self.tokens[self.next]
            self.next += 1
            if kind == "text":
                found += [text] if text else []
            elif kind == "output":
                found.append(_checked(_whole(text)))
            else:
                named = _NAME.match(text)
                if named is None:
                    raise LiquidError(f"{text.strip()[:20]!r} is no tag", "Give the tag's name")
                if named[1] in ends:
                    return tuple(found), text.strip()
                found += self._tag(named[1], text[named.end() :], depth)
        if ends:
            raise LiquidError(f"{ends[-1]} is missing", f"Write {{% {ends[-1]} %}}")
        return tuple(found), ""

    def _tag(self, name: str, rest: str, depth: int) -> list[Part]:
        if name in DISABLED_TAGS:
            raise LiquidError(f"the tag {name} is switched off", "Use if, assign and filters")
        if name == "#":
            return []
        if name == "comment":
            self._skip("endcomment")
            return []
        if name == "raw":
            inside, _ = self.until(("endraw",), depth + 1)
            return list(inside)
        if name in ("if", "unless"):
            return [self._choice(name, rest, depth)]
        if name == "liquid":
            return list(_lines(rest, depth))
        if name == "capture":
            reader = Reader(rest)
            variable = reader.name("capture")
            inside, _ = self.until(("endcapture",), depth + 1)
            return [Tag(name, variable, ((None, inside),))]
        return [_simple(name, rest)]

    def _skip(self, end: str) -> None:
        while self.next < len(self.tokens):
            kind, text = self.tokens[self.next]
            self.next += 1
            if kind == "tag" and text.strip() == end:
                return
        raise LiquidError(f"{end} is missing", f"Write {{% {end} %}}")

    def _choice(self, name: str, rest: str, depth: int) -> Tag:
        branches: list[tuple[Any, Any]] = []
        condition: Any = _checked(_whole(rest))
        while True:
            inside, end = self.until(("elsif", "else", f"end{name}"), depth + 1)
            branches.append((condition, inside))
            word = end.split()[0] if end else ""
            if word == f"end{name}":
                return Tag(name, None, tuple(branches))
            condition = None if word == "else" else _checked(_whole(end[len(word) :]))


def _simple(name: str, rest: str) -> Part:
    """A tag that stands alone."""
    if name == "echo":
        return _checked(_whole(rest)) if rest.strip() else ""
    reader = Reader(rest)
    if name == "assign":
        variable = reader.name("assign")
        reader.need("=")
        value = _checked(reader.filtered())
        return Tag(name, (variable, value))
    if name in ("increment", "decrement"):
        return Tag(name, reader.name(name))
    if name in ("break", "continue"):
        return Tag("break", None)
    if name == "cycle":
        return _cycle(reader)
    known = "assign, capture, comment, cycle, decrement, echo, if, increment, liquid, raw, unless"
    raise LiquidError(f"there is no tag {name}", f"There are: {known}")


def _cycle(reader: Reader) -> Tag:
    group: Any = None
    values = [reader.value()]
    if reader.take(":"):
        group, values = values[0], [reader.value()]
    while reader.take(","):
        values.append(reader.value())
    return Tag("cycle", (group, tuple(values)))


def _lines(text: str, depth: int) -> tuple[Part, ...]:
    """The tags of a `liquid` tag, one on a line."""
    tokens = [("tag", line) for line in text.splitlines() if line.strip()]
    parts, _ = _Parts(tokens).until((), depth + 1)
    return parts


def _whole(text: str) -> Filtered:
    return Reader(text).filtered()


def used_filters(template: Template) -> Iterator[str]:
    """The names of all filters, in the order in which they stand."""
    for part in template:
        if isinstance(part, Filtered):
            yield from [name for name, *_ in part.filters]
        elif isinstance(part, Tag):
            if part.name == "assign":
                yield from used_filters((part.value[1],))
            for condition, inside in part.branches:
                yield from used_filters(((condition,) if condition else ()) + inside)


def _checked(found: Filtered) -> Filtered:
    for name, *_ in found.filters:
        if name in DISABLED_FILTERS:
            raise LiquidError(f"the filter {name} is switched off", "Use another one")
    return found
