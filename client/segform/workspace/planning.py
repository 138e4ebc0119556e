"""Tracking plans in files: event files, and the conventions (lint) of plans wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .documents import Document, DocumentError
from .findings import Finding

_SCHEMAS = ("properties", "traits", "json_schema")
# What other files have: schemas, events as they are sent, formats of ours.
_OTHERS = ("format", "$schema", "type")


def is_event_file(value: Any) -> bool:
    """Whether a document is the file of one planned event."""
    if not isinstance(value, Mapping) or any(key in value for key in _OTHERS):
        return False
    return "call" in value or any(isinstance(value.get(key), Mapping) for key in _SCHEMAS)


def event_of(document: Document) -> tuple[Any | None, list[Finding]]:
    """The planned event of a file (None for one that is wrong), and what is wrong with it."""
    from segform.tracking.files import EventFileError, load_text

    try:
        is_json = document.path.suffix.lower() == ".json"
        return load_text(document.text, str(document.path), is_json=is_json), []
    except EventFileError as bad:
        return None, [
            Finding(
                document.path,
                one.place.line,
                one.place.column,
                "error",
                "event",
                document.path.name,
                one.message,
                one.mend,
            )
            for one in bad.problems
        ]


def of_events(events: Sequence[Any]) -> Iterator[Finding]:
    """What is wrong with event files together: an event twice, and what their lint finds."""
    first: dict[str, Any] = {}
    for event in events:
        if event.key not in first:
            first[event.key] = event
            continue
        yield Finding(
            Path(event.place.file),
            1,
            1,
            "error",
            "event",
            event.key,
            f"the event is there twice; it is in {first[event.key].place.file} too",
            "Remove one, or give it another version.",
        )
    if not events:
        return
    for one in _linted(list(first.values()), Path(events[0].place.file)):
        place = (Path(one.place.file), one.place.line, one.place.column)
        yield Finding(*place, one.severity, one.rule, _where(one), one.message, one.mend)


def of_plan(
    document: Document, rules: Sequence[Any], path: tuple[str | int, ...], name: str
) -> Iterator[Finding]:
    """What the lint finds in the rules of a plan that stand at a path of a document."""
    from segform.tracking.rules import identity, rule_key

    try:
        places = {rule_key(*identity(rule)): index for index, rule in enumerate(rules)}
        found = _linted(rules, document.place(path)[0])
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as bad:
        if isinstance(bad, DocumentError):
            raise
        # Rules that are none: the plan's own check has said so.
        return
    for one in found:
        steps: list[str | int] = [*path, places.get(one.event, 0)]
        if one.path:
            steps.append("jsonSchema")
            for part in one.path.split("."):
                steps += ["items"] if part == "$" else ["properties", part]
        place = document.place(tuple(steps))
        where = f"{name}: {_where(one)}"
        yield Finding(*place, one.severity, one.rule, where, one.message, one.mend)


def _linted(events: Sequence[Any], file: Path) -> list[Any]:
    """What the lint finds, as the nearest pyproject.toml wants it. Raises DocumentError."""
    from segform.tracking.linting import ConfigError, lint, read_config

    try:
        return list(lint(events, read_config(file.parent)))
    except ConfigError as bad:
        raise DocumentError(Path("pyproject.toml"), str(bad)) from None


def _where(one: Any) -> str:
    return f"{one.event}: {one.path}" if one.path else str(one.event)
