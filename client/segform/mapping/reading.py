"""What a mapping reads of an event: the paths in its directives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .directives import marks

_PLACEHOLDER = re.compile(r"\{\{([^{}]+)\}\}")
# Fields of every event, by which a path that leads nowhere is told.
FIELDS = (
    *("type", "event", "userId", "anonymousId", "groupId", "previousId", "messageId", "name"),
    *("category", "channel", "projectId", "timestamp", "originalTimestamp", "sentAt"),
    *("receivedAt", "properties", "traits", "context", "integrations", "version"),
)


def fields_of(mapping: object) -> list[str]:
    """The fields of the event that a mapping reads, as dotted paths, sorted; "" for all of it.

    What is read of the items of an array or of what @transform made is not listed, and what Liquid
    templates read is not looked for.
    """
    return sorted({path for _, path in paths(mapping, ())})


def paths(item: object, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """(place in the mapping, path without `$.`) of what is read of the event itself."""
    if isinstance(item, Mapping):
        for name in marks(item)[:1]:
            yield from _read(name, item[name], (*where, name))
            return
        for key, inner in item.items():
            yield from paths(inner, (*where, str(key)))
    elif isinstance(item, (list, tuple)):
        for place, inner in enumerate(item):
            yield from paths(inner, (*where, str(place)))


def _read(name: str, given: Any, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if name == "@path" and isinstance(given, str):
        yield where, given.replace("$.", "", 1)
    elif name == "@template" and isinstance(given, str):
        for found in _PLACEHOLDER.findall(given):
            yield where, found.strip()
    elif name == "@arrayPath" and isinstance(given, (list, tuple)) and given:
        first = given[0]
        if isinstance(first, str):
            yield (*where, "0"), first.replace("$.", "", 1)
        else:
            yield from paths(first, (*where, "0"))
    elif name == "@transform" and isinstance(given, Mapping):
        yield from paths(given.get("apply"), (*where, "apply"))
    elif name != "@liquid":
        yield from paths(given, where)
