"""Event classes of events that are kept in files: for code that sends what the files plan."""

from __future__ import annotations

import keyword
import re
from typing import Any, ClassVar

from pydantic import ConfigDict, Field, create_model, model_validator

from .events import Event
from .planned import PlannedEvent, planned_event
from .violations import Validator

_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list[Any],
    "object": dict[str, Any],
    "null": type(None),
}


class FileEvent(Event, abstract=True):
    """Base of the classes that `event_class` makes: what the file's schema says is checked."""

    # Nothing is made to fit: "5" is no number.
    model_config = ConfigDict(strict=True)

    _event: ClassVar[PlannedEvent]
    _validator: ClassVar[Validator]

    @classmethod
    def planned(cls) -> PlannedEvent:
        """The event of the file."""
        return cls._event

    @classmethod
    def _json_schema(cls) -> dict[str, Any]:
        return dict(cls._event.schema)

    @model_validator(mode="after")
    def _keeps_to_its_rule(self) -> FileEvent:
        found = self._validator.of_rule(self.message())
        if found:
            raise ValueError("; ".join(f"{one.field}: {one.message}" for one in found))
        return self


def event_class(event: Any, class_name: str | None = None) -> type[Event]:
    """An event class of a planned event (or a rule): `event_class(load_file("order.yaml"))`.

    Its instances keep to the whole schema, and its `rule()` and `planned()` are the event's own.
    Properties whose names are no names of Python are fields with `_` in place of what does not fit,
    and their own name as alias.
    """
    found = planned_event(event)
    fields: dict[str, Any] = {}
    for name, schema in found.properties.items():
        field = _identifier(name, fields)
        alias = None if field == name else name
        annotation = _annotation(schema)
        if name in found.required:
            fields[field] = (annotation, Field(alias=alias))
        else:
            fields[field] = (annotation | None, Field(default=None, alias=alias))
    made: type[Event] = create_model(
        class_name or _class_name(found),
        __base__=FileEvent,
        __doc__=found.description or None,
        __cls_kwargs__={
            "name": found.name,
            "call": found.call,
            "version": found.version,
            "why": found.why,
            "owner": found.owner,
            "destinations": found.destinations,
        },
        **fields,
    )
    made._event = found  # type: ignore[attr-defined]  # of every event class; pydantic's maker does not say so
    made._validator = Validator([found.api_rule()])  # type: ignore[attr-defined]  # of every event class; pydantic's maker does not say so
    return made


def _annotation(schema: Any) -> Any:
    said = schema.get("type") if isinstance(schema, dict) else None
    names = said if isinstance(said, list) else [said]
    types = [_TYPES[name] for name in names if name in _TYPES]
    if len(types) != len(names):
        return Any
    found = types[0]
    for one in types[1:]:
        found = found | one
    return found


def _identifier(name: str, taken: dict[str, Any]) -> str:
    """A name for a field: letters of ASCII, none of the class's own names, none twice."""
    base = re.sub(r"[^0-9A-Za-z_]", "_", name).strip("_")
    known = keyword.iskeyword(base) or hasattr(Event, base) or base.startswith("model_")
    if known or not base.isidentifier():
        base = f"property_{base}"
    found, count = base, 2
    while found in taken:
        found, count = f"{base}_{count}", count + 1
    return found


def _class_name(event: PlannedEvent) -> str:
    words = re.findall(r"[0-9A-Za-z]+", event.name or event.call.title())
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name.isidentifier() else f"Event{name}"
