"""Event classes: one pydantic model says what an event is, for the plan and for the code.

    class OrderCompleted(Event, event="Order Completed"):
        \"\"\"An order was paid.\"\"\"

        order_id: str
        total: float
        currency: Literal["EUR", "USD"] = "EUR"

`OrderCompleted.rule()` is its rule in a tracking plan; an instance is a valid event, and
`message()` the call that sends it. The only module of the tracking floor that needs pydantic.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypedDict

from pydantic import BaseModel, ConfigDict

DRAFT = "http://json-schema.org/draft-07/schema#"
Call = Literal["GROUP", "IDENTIFY", "PAGE", "SCREEN", "TRACK"]
# Calls whose values are traits, and which have no name.
_TRAITS = ("GROUP", "IDENTIFY")


class EventRule(TypedDict):
    """One rule of a tracking plan; `key` is the event's name, None where the call has none."""

    type: Call
    key: str | None
    version: float
    json_schema: dict[str, Any]


class Event(BaseModel):
    """Base of event classes. Class arguments: `event` (its name), `call`, `version`.

    Fields are the event's properties (traits for IDENTIFY and GROUP); those without a default are
    required, the docstring is the rule's description. Unknown properties are refused, as a source
    that blocks unplanned properties would.
    """

    model_config = ConfigDict(extra="forbid")

    event_name: ClassVar[str | None] = None
    event_call: ClassVar[Call] = "TRACK"
    event_version: ClassVar[float] = 1

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # The class arguments are for the method below; pydantic hands them to both.
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        event: str | None = None,
        call: Call = "TRACK",
        version: float = 1,
        **kwargs: Any,
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if call in _TRAITS and event is not None:
            raise TypeError(f"{cls.__name__}: a rule of type {call} has no name; leave `event` out")
        if call not in _TRAITS and not event:
            raise TypeError(f'{cls.__name__} needs a name: class {cls.__name__}(Event, event="…")')
        cls.event_name, cls.event_call, cls.event_version = event, call, version

    @classmethod
    def rule(cls) -> EventRule:
        """The rule that says what a valid event is, with a JSON Schema of draft 7.

        Raises ValueError for a model that refers to itself: the service knows no references.
        """
        where = "traits" if cls.event_call in _TRAITS else "properties"
        found = cls.model_json_schema(mode="validation")
        inner = _inlined(found, found.pop("$defs", {}), ())
        description = inner.pop("description", "")
        # What a source does with properties that no rule names is said by its schema settings.
        inner.pop("additionalProperties", None)
        schema: dict[str, Any] = {"$schema": DRAFT, "type": "object", "properties": {where: inner}}
        if inner.get("required"):
            schema["required"] = [where]
        if description:
            schema["description"] = description
        return EventRule(
            type=cls.event_call, key=cls.event_name, version=cls.event_version, json_schema=schema
        )

    def message(self) -> dict[str, Any]:
        """The call that sends this event, without who it is about."""
        values = self.model_dump(mode="json", exclude_unset=False, exclude_none=True)
        made: dict[str, Any] = {"type": self.event_call.lower()}
        if self.event_call == "TRACK":
            made["event"] = self.event_name
        elif self.event_name is not None:
            made["name"] = self.event_name
        made["traits" if self.event_call in _TRAITS else "properties"] = values
        if self.event_version != 1:
            made["context"] = {"protocols": {"event_version": self.event_version}}
        return made


def _inlined(schema: Any, models: dict[str, Any], inside: tuple[str, ...]) -> Any:
    """A schema without references, titles and defaults, in the words of draft 7."""
    if isinstance(schema, list):
        return [_inlined(item, models, inside) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in inside:
            raise ValueError(f"{name} refers to itself, which a rule's schema cannot say")
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return {**_inlined(models[name], models, (*inside, name)), **beside}
    made = {
        key: _named(value, models, inside)
        if key == "properties"
        else _inlined(value, models, inside)
        for key, value in schema.items()
        if key not in ("title", "default")
    }
    return _with_null(made)


def _named(properties: dict[str, Any], models: dict[str, Any], inside: tuple[str, ...]) -> Any:
    # Keys are names here: a property called `title` stays.
    return {name: _inlined(inner, models, inside) for name, inner in properties.items()}


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    """`anyOf` of one type and null as that type or null, which the app can show."""
    choices = schema.get("anyOf")
    if not isinstance(choices, list) or len(choices) != 2 or {"type": "null"} not in choices:
        return schema
    other = next(choice for choice in choices if choice != {"type": "null"})
    if not isinstance(other.get("type"), str) or "enum" in other:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**other, **rest, "type": [other["type"], "null"]}
