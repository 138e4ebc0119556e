"""Event files read and checked: a file, a folder; errors name file, line and column."""

from __future__ import annotations

import difflib
import os
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from segform.tracking.planned import Place, PlannedEvent
from segform.tracking.rules import NAMED, NAMELESS
from segform.tracking.schemas import schema_errors
from segform.tracking.selection import container

from .form import CALLS, KEYS, planned
from .reading import Path as Steps
from .reading import ReadError, places, read

SUFFIXES = (".json", ".yaml", ".yml")
_TEXTS = ("description", "why", "owner")
_LISTS = ("destinations", "ignore", "required")


class FileProblem(NamedTuple):
    """One thing that is wrong in an event file."""

    place: Place
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}. {self.mend}".rstrip()


class EventFileError(ValueError):
    """Event files that cannot be used. `.problems` has each, with file, line and column."""

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load_text(text: str, file: str = "<text>", *, is_json: bool = False) -> PlannedEvent:
    """The event of a file's text. Raises EventFileError."""
    found = _event(text, file, is_json)
    if isinstance(found, PlannedEvent):
        return found
    raise EventFileError(found)


def load_file(path: str | os.PathLike[str]) -> PlannedEvent:
    """The event of one file. Raises EventFileError, OSError, ImportError (YAML without PyYAML)."""
    file = os.fspath(path)
    found = _from_file(file)
    if isinstance(found, PlannedEvent):
        return found
    raise EventFileError(found)


def load_folder(folder: str | os.PathLike[str]) -> list[PlannedEvent]:
    """The events of a folder and of those in it, in the order of their files' names.

    Files that end with `.yaml`, `.yml` or `.json` are events; what starts with a dot or an
    underscore is left alone. Raises EventFileError with the problems of all files, also for an
    event that is there twice; OSError for a folder that cannot be read.
    """
    problems: list[FileProblem] = []
    events: list[PlannedEvent] = []
    seen: dict[str, Place | None] = {}
    for file in _files(os.fspath(folder)):
        found = _from_file(file)
        if not isinstance(found, PlannedEvent):
            problems += found
            continue
        if found.key in seen:
            where = Place(file)
            message = f"the event {found.key} is there twice; it is in {seen[found.key]} too"
            mend = "Remove one, or give it another version."
            problems.append(FileProblem(where, message, mend))
        seen.setdefault(found.key, found.place)
        events.append(found)
    if problems:
        raise EventFileError(problems)
    return events


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        if entry.name.startswith((".", "_")):
            continue
        # A link to a folder could lead in a circle.
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
        elif entry.name.endswith(SUFFIXES):
            yield entry.path


def _from_file(file: str) -> PlannedEvent | list[FileProblem]:
    try:
        with open(file, "rb", buffering=0) as opened:  # noqa: PTH123 - a third of a Path's time
            text = opened.read().removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return [FileProblem(Place(file), "it is not UTF-8", "Save it as UTF-8.")]
    return _event(text, file, file.endswith(".json"))


def _event(text: str, file: str, is_json: bool) -> PlannedEvent | list[FileProblem]:
    try:
        form = read(text, is_json=is_json)
    except ReadError as problem:
        return [FileProblem(Place(file, problem.line, problem.column), problem.message, "")]
    found = list(_problems(form))
    if not found:
        return planned(form, Place(file))
    # Lines and columns cost time; they are looked for only where they are told.
    at = places(text, is_json=is_json)
    return [FileProblem(_place(file, path, at), message, mend) for path, message, mend in found]


def _place(file: str, path: Steps, at: Mapping[Steps, tuple[int, int]]) -> Place:
    while path and path not in at:
        path = path[:-1]
    return Place(file, *at.get(path, (1, 1)))


_Problem = tuple[Steps, str, str]


def _problems(form: Any) -> Iterator[_Problem]:
    if not isinstance(form, dict):
        yield (), "an event file holds one event", "Start with `name: Order Completed`."
        return
    for key in form:
        if key not in KEYS:
            near = difflib.get_close_matches(str(key), KEYS, 1)
            mend = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(KEYS)}."
            yield (key,), f"there is no {key!r} in an event file", mend
    yield from _call(form)
    for key in _TEXTS:
        if form.get(key) is not None and not isinstance(form[key], str):
            yield (key,), f"`{key}` has to be a text", "Put it in quotes."
    for key in _LISTS:
        yield from _list(key, form.get(key))
    version = form.get("version", 1)
    number = isinstance(version, (int, float)) and not isinstance(version, bool)
    # 1e400 is infinite.
    if not number or not 0 <= version < float("inf"):
        yield ("version",), "`version` has to be a number", "The first is 1."
    yield from _schemas(form)


def _call(form: dict[str, Any]) -> Iterator[_Problem]:
    call, name = form.get("call", "track"), form.get("name")
    if not isinstance(call, str) or call not in CALLS:
        yield ("call",), f"`call` is {call!r}", f"Write one of {', '.join(CALLS)}."
        return
    if name is not None and not isinstance(name, str):
        yield ("name",), "`name` has to be a text", "Put it in quotes."
    elif call.upper() in NAMELESS and name:
        yield ("name",), f"a rule for {call} calls has no name", "Leave `name` out."
    elif call == "track" and not name:
        yield (), "the event has no name", "Write `name: Order Completed`."
    wrong = "properties" if container(call.upper()) == "traits" else "traits"
    if form.get(wrong) is not None:
        right = container(call.upper())
        yield (wrong,), f"{call} calls have {right}, not {wrong}", f"Write `{right}`."


def _list(key: str, value: Any) -> Iterator[_Problem]:
    if value is None:
        return
    if not isinstance(value, list):
        yield (key,), f"`{key}` has to be a list of texts", f"Write `{key}: [one, other]`."
        return
    seen: set[str] = set()
    for index, one in enumerate(value):
        if not isinstance(one, str) or not one:
            yield (key, index), f"`{key}` has to be a list of texts", "Put it in quotes."
        elif one in seen:
            yield (key, index), f"{one!r} is there twice", "Keep it once."
        else:
            seen.add(one)


def _schemas(form: dict[str, Any]) -> Iterator[_Problem]:
    schema = form.get("json_schema")
    if schema is not None:
        yield from _whole(form, schema)
        return
    call = str(form.get("call", "track")).upper()
    if call == "COMMON":
        yield (), "a rule for all calls is about whole messages", "Give `json_schema`."
        return
    where = container(call) if call in (*NAMED, *NAMELESS) else "properties"
    values = form.get(where)
    if values is None:
        values = {}
    if not isinstance(values, dict):
        yield (
            (where,),
            f"`{where}` has to be names and their schemas",
            "Write `total: {type: number}`.",
        )
        return
    context = form.get("context")
    if context is not None and not isinstance(context, dict):
        yield ("context",), "`context` has to be names and their schemas", "Write `groupId: {}`."
        context = {}
    for key, several in ((where, values), ("context", context or {})):
        for name, inner in several.items():
            for path, message, mend in schema_errors(inner):
                yield (key, name, *path), message, mend
    names = form.get("required")
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name not in values:
            near = difflib.get_close_matches(name, values, 1)
            mend = f"Did you mean {near[0]!r}?" if near else f"Describe it below `{where}`."
            yield ("required", index), f"`{name}` is required and not described", mend


def _whole(form: dict[str, Any], schema: Any) -> Iterator[_Problem]:
    for key in ("properties", "traits", "required", "description", "context"):
        if form.get(key):
            mend = "Move it into `json_schema`, or leave `json_schema` out."
            yield (key,), f"`{key}` is given beside `json_schema`", mend
    if not isinstance(schema, dict):
        yield ("json_schema",), "`json_schema` has to be an object", "Write `type: object` in it."
        return
    for path, message, mend in schema_errors(schema):
        yield ("json_schema", *path), message, mend


@lru_cache(maxsize=1)
def published_schema() -> Any:
    """The JSON Schema of event files, for editors; as published under contract/schemas."""
    import json
    from importlib import resources

    text = (
        resources.files("segform.tracking.files").joinpath("event.schema.json").read_text("utf-8")
    )
    return json.loads(text)
