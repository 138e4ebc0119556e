"""JSON and YAML files as values, with the line and column of every path in them.

A snapshot that is a folder (`segform pull --out FOLDER`) is one document, too.

Numbers of JSON are exact. YAML is the safe kind: no tags that make objects, no dates, no key
twice, and aliases only as long as what they stand for stays small. A file that cannot be read is
a `DocumentError` with file, line and column.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from segform.resources.exact import loads

MOST_BYTES = 64 * 1024 * 1024
_JSON, _YAML = (".json",), (".yaml", ".yml")
# The file of a snapshot's folder that says whose it is; each family has another beside it.
HEAD = "workspace.json"
FAMILY = re.compile(r"[a-z][A-Za-z]*\Z")
# Folders that hold nothing of ours.
_SKIPPED = frozenset({"node_modules", "cdktf.out", "terraform.d", "__pycache__", "venv"})


class DocumentError(ValueError):
    """A file that cannot be read: `path`, `line` and `column` (from 1), `message`, `mend`."""

    def __init__(
        self, path: Path, message: str, mend: str = "", line: int = 1, column: int = 1
    ) -> None:
        super().__init__(f"{path}:{line}:{column}: {message}. {mend}".rstrip())
        self.path = path
        self.message = message
        self.mend = mend
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.path, self.message, self.mend, self.line, self.column)


class Document(NamedTuple):
    """A file and what is in it; of a snapshot's folder, `parts` are its files by family."""

    path: Path
    text: str
    value: Any
    parts: Mapping[str, Document] = {}

    def place(self, path: tuple[str | int, ...]) -> tuple[Path, int, int]:
        """File, line and column of the value at a path, or of the nearest one above it."""
        if not self.parts:
            return (self.path, *self.position(path))
        # In a folder the one workspace is spread over files: `("workspaces", 0, family, …)`.
        part = self.parts.get(str(path[2])) if len(path) > 2 else None
        return part.place(path[3:]) if part else self.parts[""].place(path[2:])

    def position(self, path: tuple[str | int, ...]) -> tuple[int, int]:
        """Line and column of the value at a path, or of the nearest one above it that is there."""
        if self.path.suffix.lower() in _YAML:
            from . import yaml_form

            return yaml_form.position(self.text, path)
        return _json_position(self.text, path)


def files(paths: Iterator[Path] | list[Path]) -> Iterator[tuple[Path, bool]]:
    """The documents among files and folders, and whether each was named itself; sorted.

    A folder that is a snapshot is one of them, in place of the files that it is made of.
    """
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        whole: set[Path] = set()
        for found in (path, *sorted(path.rglob("*"))):
            inside = found.relative_to(path).parts
            if any(part.startswith(".") or part in _SKIPPED for part in inside):
                continue
            if found.is_dir():
                if is_folder(found):
                    whole.add(found)
                    yield found, found == path
            elif found.suffix.lower() not in (*_JSON, *_YAML) or not found.is_file():
                continue
            elif found.parent not in whole or not _of_folder(found):
                yield found, False


def is_folder(path: Path) -> bool:
    """Whether a folder is a snapshot: by what its `workspace.json` calls itself."""
    try:
        head = read(path / HEAD).value if (path / HEAD).is_file() else None
    except DocumentError:
        return False
    return isinstance(head, dict) and "format" in head and "workspaces" not in head


def _of_folder(file: Path) -> bool:
    """Whether a file in a snapshot's folder is a part of it."""
    return file.suffix == ".json" and FAMILY.match(file.stem) is not None


def read_folder(path: Path) -> Document:
    """A snapshot that is a folder, as one document. Raises DocumentError."""
    head = read(path / HEAD)
    if not isinstance(head.value, dict):
        raise DocumentError(head.path, "it is not the head of a snapshot")
    beside = ("format", "version")
    workspace = {key: one for key, one in head.value.items() if key not in beside}
    parts = {"": head}
    for file in sorted(path.glob("*.json")):
        if file.name != HEAD and _of_folder(file):
            part = read(file)
            if not isinstance(part.value, list):
                raise DocumentError(file, "a list of objects is wanted")
            parts[file.stem], workspace[file.stem] = part, part.value
    value = {key: head.value[key] for key in beside if key in head.value}
    return Document(path, head.text, {**value, "workspaces": [workspace]}, parts)


def read(path: Path) -> Document:
    """One file, or one folder that is a snapshot. Raises DocumentError."""
    if path.is_dir():
        if not (path / HEAD).is_file():
            raise DocumentError(path, f"it is no snapshot: it has no {HEAD}")
        return read_folder(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DocumentError(path, f"it is larger than {MOST_BYTES // 2**20} MiB", "Split it.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise DocumentError(path, f"it cannot be read: {why}") from None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise DocumentError(path, "it is not UTF-8", "Save it as UTF-8.", line) from None
    try:
        value = _yaml(path, text) if path.suffix.lower() in _YAML else _json(path, text)
    except RecursionError:
        raise DocumentError(path, "it is nested too deeply to be read") from None
    except ImportError as problem:
        raise DocumentError(path, str(problem)) from None
    return Document(path, text, value)


def _json(path: Path, text: str) -> Any:
    try:
        return loads(text)
    except json.JSONDecodeError as problem:
        raise DocumentError(
            path, f"it is not JSON: {problem.msg}", "", problem.lineno, problem.colno
        ) from None
    except ValueError as problem:
        raise DocumentError(path, f"it is not JSON: {problem}") from None


def _yaml(path: Path, text: str) -> Any:
    try:
        from . import yaml_form
    except ImportError:
        raise ImportError("YAML files need PyYAML: pip install 'segform[tracking]'") from None
    try:
        return yaml_form.parsed(text)
    except yaml_form.YAMLProblem as bad:
        raise DocumentError(path, bad.message, "", bad.line, bad.column) from None


# JSON

# Only ends are asked for; a number may be longer than Python makes one of.
_DECODER = json.JSONDecoder(parse_int=len, parse_float=len)
_BLANK = re.compile(r"[ \t\r\n]*")


def _json_position(text: str, path: tuple[str | int, ...]) -> tuple[int, int]:
    places = _places(text)
    return places.line_and_column(places.find(path))


@lru_cache(maxsize=4)
def _places(text: str) -> _Places:
    return _Places(text)


class _Places:
    """Where things are in a text that is known to be JSON; each container is walked once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, dict[str | int, tuple[int, int]]] = {}
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def line_and_column(self, at: int) -> tuple[int, int]:
        """Where a place is, counted from 1."""
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def find(self, path: tuple[str | int, ...]) -> int:
        """Where the member at a path begins, or the nearest above it."""
        at = best = self._blank(0)
        for step in path:
            found = self._members(at).get(step)
            if found is None:
                break
            best, at = found
        return best

    def _members(self, at: int) -> dict[str | int, tuple[int, int]]:
        """Key or index -> where the member begins, and where its value does."""
        if at in self._known:
            return self._known[at]
        found = self._known[at] = {}
        text, opened = self._text, self._text[at : at + 1]
        if opened not in ("{", "["):
            return found
        at, index = self._blank(at + 1), 0
        while at < len(text) and text[at] not in "}]":
            begin, name = at, index if opened == "[" else ""
            if opened == "{":
                end = self._over(at)
                name = json.loads(text[at:end])
                at = self._blank(self._blank(end) + 1)
            found[name] = (begin, at)
            at = self._blank(self._over(at))
            if text[at : at + 1] == ",":
                at = self._blank(at + 1)
            index += 1
        return found

    def _blank(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at

    def _over(self, at: int) -> int:
        """Where the value that begins here has ended."""
        try:
            return _DECODER.raw_decode(self._text, at)[1]
        except (ValueError, RecursionError):
            return len(self._text)
