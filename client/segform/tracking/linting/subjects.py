"""What lint rules look at: events of one plan, and their properties at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from segform.tracking.planned import PlannedEvent

from .config import Config

_DEPTH = 20


class Property(NamedTuple):
    """A property of an event: its path as text, its name, its schema, what is around it."""

    path: str
    name: str
    schema: Mapping[str, Any]
    holder: Mapping[str, Any]
    depth: int


class Issue(NamedTuple):
    """What a check says about an event, or about a place in it."""

    event: PlannedEvent
    path: str | None
    message: str
    mend: str


@dataclass
class Plan:
    """The events of one plan."""

    events: list[PlannedEvent]
    config: Config

    @cached_property
    def properties(self) -> dict[int, list[Property]]:
        """The properties of each event, by its place in the plan."""
        return {index: list(properties_of(event)) for index, event in enumerate(self.events)}

    def each(self) -> Iterator[tuple[PlannedEvent, Property]]:
        """Each property of each event."""
        for index, event in enumerate(self.events):
            for one in self.properties[index]:
                yield event, one

    def named(self) -> Iterator[tuple[PlannedEvent, str]]:
        """The events that have a name, and it."""
        for event in self.events:
            if event.name:
                yield event, event.name


def properties_of(event: PlannedEvent) -> Iterator[Property]:
    """The properties of an event at any depth, in the order of its schema."""
    props = event.schema.get("properties")
    inner = props.get(event.where) if isinstance(props, Mapping) else None
    if event.call != "COMMON" and isinstance(inner, Mapping):
        yield from _below(inner, event.where, 0)


def _below(schema: Mapping[str, Any], at: str, depth: int) -> Iterator[Property]:
    props = schema.get("properties")
    if depth > _DEPTH or not isinstance(props, Mapping):
        return
    for name, inner in props.items():
        found = inner if isinstance(inner, Mapping) else {}
        path = f"{at}.{name}"
        yield Property(path, name, found, schema, depth)
        yield from _below(found, path, depth + 1)
        items = found.get("items")
        if isinstance(items, Mapping):
            yield from _below(items, f"{path}.$", depth + 1)


def types_of(schema: Mapping[str, Any]) -> set[str]:
    """The types that a schema names, without null."""
    said = schema.get("type")
    several = said if isinstance(said, list) else [] if said is None else [said]
    return {str(one) for one in several} - {"null"}
