"""Texts in YAML and JSON as values, with the place of each part for errors.

YAML is read as JSON is: true, false, null and numbers as JSON writes them, all else is text (`no`
and `2026-01-31` are no surprises). Anchors, aliases, tags and merge keys are refused: one event is
short enough to be written out, and nothing can be blown up. Works event by event of the parser, so
that nested text cannot exhaust a stack.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from . import plain

_DEPTH = 60
_LARGEST = 2 * 1024 * 1024
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
MISSING = 'event files in YAML need PyYAML: pip install "segform[tracking]"'

Path: TypeAlias = tuple[str | int, ...]
Places: TypeAlias = dict[Path, tuple[int, int]]


class ReadError(ValueError):
    """A text that cannot be read, with line and column, both from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


def read(text: str, *, is_json: bool) -> Any:
    """The value of a text. Raises ReadError; ImportError for YAML without PyYAML."""
    if len(text) > _LARGEST:
        raise ReadError("the file is larger than 2 MiB")
    return _json(text) if is_json else _yaml(text, None)


def places(text: str, *, is_json: bool) -> Places:
    """Where each part of a text is that could be read: keys at their name, elements at theirs.

    JSON is looked at as the YAML that it nearly is; empty where that is not possible.
    """
    found: Places = {}
    try:
        _yaml(text.replace("\t", " ") if is_json else text, found)
    except (ReadError, ImportError):
        return found
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_no_number)
    except json.JSONDecodeError as problem:
        raise ReadError(problem.msg, problem.lineno, problem.colno) from None
    except RecursionError:
        raise ReadError(f"it is nested deeper than {_DEPTH} levels") from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counted = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counted.items() if count > 1)
        raise ReadError(f"the key {twice!r} is there twice")
    return found


def _no_number(word: str) -> NoReturn:
    raise ReadError(f"{word} is no number of JSON")


def _scalar(event: Any) -> Any:
    """The value of a scalar: quoted ones are text."""
    return event.value if event.style else bare(event.value)


def bare(text: str) -> Any:
    """The value of a text without quotes as JSON reads it; all else is text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "-0123456789":
        number = _NUMBER.match(text)
        if number is not None and len(text) < 400:
            return float(text) if number[1] or number[2] else int(text)
    return text


def _yaml(text: str, found: Places | None) -> Any:
    try:
        import yaml
    except ImportError as problem:
        raise ImportError(MISSING) from problem
    if found is None:
        value = plain.read(text, bare, _DEPTH)
        if value is not plain.NOT_PLAIN:
            return value
    # Where libyaml is there, its parser is ten times as fast.
    loader: Any = yaml.SafeLoader
    if yaml.__with_libyaml__:
        # The parser alone: its loader would make values, by rules that are not JSON's.
        from yaml import cyaml

        loader = vars(cyaml)["CParser"]
    parser = None
    try:
        parser = loader(text)
        return _built(parser.get_event, found)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ReadError(str(problem.problem or problem), *at) from None
    except yaml.YAMLError as problem:
        # Characters that YAML does not allow.
        line = text.count("\n", 0, getattr(problem, "position", 0) or 0) + 1
        said = f"characters that YAML does not allow: {problem}".split("\n", 1)[0]
        raise ReadError(said, line) from None
    finally:
        if parser is not None:
            parser.dispose()


_NONE = object()


class _Document:
    """The value of one document, built from the parser's events."""

    def __init__(self, found: Places | None) -> None:
        self.result: Any = _NONE
        self._found = found
        # What is open: the container, and its key that waits for a value (_NONE where none does).
        self._holder: Any = None
        self._key: Any = _NONE
        self._stack: list[tuple[Any, Any]] = []
        self._path: list[str | int] = []
        self.handlers: dict[str, Callable[[Any], None]] = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._mapping,
            "SequenceStartEvent": self._sequence,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }

    def _scalar(self, event: Any) -> None:
        tag = event.tag
        if event.anchor or (tag is not None and tag != "!"):
            _refuse(event, "tags and anchors are not taken")
        holder = self._holder
        if holder.__class__ is not dict:
            self._put(event, _scalar(event))
        elif self._key is not _NONE:
            holder[self._key] = _scalar(event)
            self._key = _NONE
        else:
            self._key = _key(event, holder)
            if self._found is not None:
                self._found[*self._path[1:], self._key] = _at(event)

    def _mapping(self, event: Any) -> None:
        self._open(event, {})

    def _sequence(self, event: Any) -> None:
        self._open(event, [])

    def _open(self, event: Any, value: Any) -> None:
        if event.anchor or event.tag:
            _refuse(event, "tags and anchors are not taken")
        if self._holder.__class__ is dict and self._key is _NONE:
            _refuse(event, "a key has to be a text")
        if len(self._stack) >= _DEPTH:
            _refuse(event, f"it is nested deeper than {_DEPTH} levels")
        step = self._put(event, value)
        self._stack.append((self._holder, step))
        self._path.append(step)
        self._holder, self._key = value, _NONE

    def _put(self, event: Any, value: Any) -> str | int:
        """Put a value where it belongs; its key, or its place in the list."""
        holder = self._holder
        if holder is None:
            self.result = value
            return 0
        if holder.__class__ is list:
            step: str | int = len(holder)
            holder.append(value)
            if self._found is not None:
                self._found[*self._path[1:], step] = _at(event)
            return step
        step = self._key
        holder[step] = value
        self._key = _NONE
        return step

    def _end(self, _: Any) -> None:
        self._holder, _step = self._stack.pop()
        self._path.pop()
        self._key = _NONE

    def _alias(self, event: Any) -> None:
        _refuse(event, "aliases are not taken; write it out")

    def _document(self, event: Any) -> None:
        if self.result is not _NONE:
            _refuse(event, "there is a second document; one event has one file")


def _built(take: Callable[[], Any], found: Places | None) -> Any:
    """The one document of a stream of events."""
    document = _Document(found)
    handlers: dict[type, Callable[[Any], None] | None] = {}
    while True:
        event = take()
        kind = event.__class__
        if kind not in handlers:
            handlers[kind] = document.handlers.get(kind.__name__)
        handler = handlers[kind]
        if handler is not None:
            handler(event)
        elif kind.__name__ == "StreamEndEvent":
            break
    if document.result is _NONE:
        raise ReadError("the file is empty")
    return document.result


def _at(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _key(event: Any, holder: dict[str, Any]) -> str:
    key: str = event.value
    if key == "<<" and not event.style:
        _refuse(event, "merge keys are not taken; write it out")
    if key in holder:
        _refuse(event, f"the key {key!r} is there twice")
    return key


def _refuse(event: Any, message: str) -> NoReturn:
    raise ReadError(message, *_at(event))
