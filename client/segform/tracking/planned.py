"""An event as people plan it: its rule, and why it is there, whose it is and who reads it.

Event classes and event files both come to this; a rule of the API comes to it without the answers
that a rule has no place for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias, runtime_checkable

from .rules import Rule, identity, rule_key
from .selection import container, schema_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: a file, a line and a column, both from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One event of a plan. `schema` is that of its rule, about the whole message.

    `call` is a rule's type (TRACK, IDENTIFY …), `name` None where the call has none. `why` is what
    the event is for, `owner` who answers for it (a team), `destinations` who is to get it; empty
    where nobody said. `place` is where it was read.
    """

    call: str
    name: str | None
    version: Any
    schema: Mapping[str, Any]
    why: str = ""
    owner: str = ""
    destinations: tuple[str, ...] = ()
    # Which lint rules the event is excused from.
    ignore: tuple[str, ...] = field(default=(), compare=False)
    place: Place | None = field(default=None, compare=False)
    # False for a bare rule, which has no place for why, owner and destinations.
    told: bool = field(default=True, compare=False)

    @property
    def key(self) -> str:
        """The rule's key as text: `TRACK:Order Completed`."""
        return rule_key(self.call, self.name, self.version)

    @property
    def description(self) -> str:
        """What the event is, as its rule says it."""
        said = self.schema.get("description", "")
        return said if isinstance(said, str) else ""

    @property
    def where(self) -> str:
        """Where the values of its call are: `properties` or `traits`."""
        return container(self.call)

    @property
    def properties(self) -> Mapping[str, Any]:
        """Its properties (traits) and their schemas, of the first level."""
        found = self._inner().get("properties")
        return found if isinstance(found, Mapping) else {}

    @property
    def context(self) -> Mapping[str, Any]:
        """What it carries in its context, and the schemas of that."""
        props = self.schema.get("properties")
        inner = props.get("context") if isinstance(props, Mapping) else None
        found = inner.get("properties") if isinstance(inner, Mapping) else None
        return found if isinstance(found, Mapping) else {}

    @property
    def required(self) -> tuple[str, ...]:
        """The properties that it needs."""
        found = self._inner().get("required")
        return tuple(found) if isinstance(found, (list, tuple)) else ()

    def _inner(self) -> Mapping[str, Any]:
        props = self.schema.get("properties")
        inner = props.get(self.where) if isinstance(props, Mapping) else None
        return inner if isinstance(inner, Mapping) else {}

    def rule(self) -> dict[str, Any]:
        """Its rule in the form of definitions and constructs (`json_schema`)."""
        return {
            "type": self.call,
            "key": self.name,
            "version": self.version,
            "json_schema": self.schema,
        }

    def api_rule(self) -> dict[str, Any]:
        """Its rule as the API takes it (`jsonSchema`, no key where there is none)."""
        key = {} if self.name is None else {"key": self.name}
        return {"type": self.call, **key, "version": self.version, "jsonSchema": self.schema}


@runtime_checkable
class Plannable(Protocol):
    """What knows its planned event: an event class."""

    def planned(self) -> PlannedEvent:
        """The event with all that is said about it."""
        ...


Source: TypeAlias = "Plannable | PlannedEvent | Rule"


def planned_events(sources: Iterable[Any]) -> list[PlannedEvent]:
    """Events out of event classes, planned events and rules, mixed as you like."""
    return [planned_event(one) for one in sources]


def planned_event(source: Any) -> PlannedEvent:
    """The planned event of an event class, of a rule, or itself. TypeError for anything else."""
    if isinstance(source, PlannedEvent):
        return source
    if isinstance(source, Plannable):
        return source.planned()
    made = source.rule() if hasattr(source, "rule") and not isinstance(source, Mapping) else source
    if not isinstance(made, Mapping) or "type" not in made or "version" not in made:
        raise TypeError(f"{source!r} is no event class, planned event or rule")
    kind, name, _ = identity(made)
    try:
        schema = schema_of(made)
    except ValueError as problem:
        key = rule_key(kind, name, made["version"])
        raise ValueError(f"{key}: its schema is not valid JSON: {problem}") from None
    found = schema if isinstance(schema, Mapping) else {}
    return PlannedEvent(kind, name, made["version"], found, told=False)


def moved(event: PlannedEvent, place: Place) -> PlannedEvent:
    """The same event, read elsewhere."""
    return replace(event, place=place)
