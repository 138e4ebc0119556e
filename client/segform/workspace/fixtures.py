"""Example events, and what is expected of them: the files of `segform test`.

A file is JSON or YAML (`contract/schemas/fixtures.schema.json`):

    format: segform.fixtures
    version: 1
    source: web                     # of all fixtures that name none; optional
    fixtures:
      - name: an order of a customer
        event: {type: track, event: Order Completed, properties: {total: 9.5}}
        expect:
          plan: valid               # valid, violation or unplanned
          violations: []            # fields, or {field, type}
          source: passes            # passes or blocked
          omitted: []               # paths that the source removes
          filters: {No staff: false}
          destinations:
            Amplitude: arrives      # arrives or dropped
            Webhook: {without: [properties.email], with: {properties.total: 9.5}}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from . import documents
from .documents import Document, DocumentError

FORMAT = "segform.fixtures"
_CALLS = ("track", "identify", "group", "page", "screen", "alias")
_EXPECT = frozenset(
    {"plan", "violations", "source", "omitted", "filters", "destinations", "mappings"}
)


class Fixture(NamedTuple):
    """One event and what is expected of it. `source`: slug, name or id of its source, or None."""

    file: Path
    line: int
    name: str
    source: str | None
    event: dict[str, Any]
    expect: Mapping[str, Any]


def is_fixtures(value: Any) -> bool:
    """Whether a document calls itself fixtures."""
    return isinstance(value, Mapping) and value.get("format") == FORMAT


def fixtures(document: Document) -> Iterator[Fixture]:
    """The fixtures of a document. Raises DocumentError with the place of what is wrong."""
    value = document.value
    if value.get("version") != 1:
        raise _error(document, (), f"fixtures of version {value.get('version')!r}; this reads 1")
    found = value.get("fixtures")
    if not isinstance(found, list):
        raise _error(document, ("fixtures",), "`fixtures` is not a list")
    for index, one in enumerate(found):
        yield _fixture(document, ("fixtures", index), one, value.get("source"))


def _fixture(document: Document, at: tuple[str | int, ...], one: Any, source: Any) -> Fixture:
    if not isinstance(one, Mapping):
        raise _error(document, at, "a fixture is an object with `event` and `expect`")
    event, expect = one.get("event"), one.get("expect", {})
    if not isinstance(event, dict):
        raise _error(document, at, "the fixture has no `event` that is an object")
    if event.get("type") not in _CALLS:
        raise _error(
            document, (*at, "event", "type"), f"the event's `type` is none of {', '.join(_CALLS)}"
        )
    if not isinstance(expect, Mapping):
        raise _error(document, (*at, "expect"), "`expect` is not an object")
    for key in expect:
        if key not in _EXPECT:
            raise _error(
                document,
                (*at, "expect", key),
                f"nothing can be expected of {key!r}",
                f"There are: {', '.join(sorted(_EXPECT))}.",
            )
    name = one.get("name") or event.get("event") or event.get("name") or event["type"]
    named = one.get("source", source)
    return Fixture(
        document.path,
        document.position(at)[0],
        str(name),
        None if named is None else str(named),
        event,
        expect,
    )


def _error(
    document: Document, path: tuple[str | int, ...], message: str, mend: str = ""
) -> DocumentError:
    return DocumentError(document.path, message, mend, *document.position(path))


def events_of(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The events of fixture files, and of files that hold one event or a list of events.

    Raises DocumentError for a file that cannot be read, and for one that was named and has none.
    """
    events: list[dict[str, Any]] = []
    for path, named in documents.files(list(paths)):
        document = documents.read(path)
        if is_fixtures(document.value):
            events += [one.event for one in fixtures(document)]
            continue
        given = document.value if isinstance(document.value, list) else [document.value]
        plain = [one for one in given if isinstance(one, dict) and one.get("type") in _CALLS]
        if named and not plain:
            raise DocumentError(path, "it holds no events", "An event has a `type`, such as track.")
        events += plain
    return events
