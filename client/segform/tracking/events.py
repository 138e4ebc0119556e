"""Event classes: one pydantic model says what an event is, for the plan and for the code.

    class OrderCompleted(
        Event,
        name="Order Completed",
        why="Revenue by channel, the number that the board looks at.",
        owner="growth",
        destinations=["amplitude", "braze"],
    ):
        \"\"\"An order was paid.\"\"\"

        order_id: str
        total: float
        currency: Literal["EUR", "USD"] = "EUR"

`OrderCompleted.rule()` is its rule in a tracking plan; an instance is a valid event, and
`message()` the call that sends it. `event_class` makes a class of an event that is kept in a file.
Only modules of event classes need pydantic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Self, TypedDict

from pydantic import BaseModel, ConfigDict, model_validator

from .files.form import schema_of_properties
from .planned import PlannedEvent

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
    """Base of event classes. Class arguments: `name`, `call`, `version`, `why`, `owner`,
    `destinations`; the last three are the answers to what and whom the event is for. `context` has
    JSON Schemas of what the event carries in its context, by name. With `nulls=False` a field whose
    default is None may be left out and may not be null. `required` names inherited fields that this
    event needs, whatever their default.

    Fields are the event's properties (traits for IDENTIFY and GROUP); those without a default are
    required, the docstring is the rule's description. Unknown properties are refused, as a source
    that blocks unplanned properties would. A field whose property has another name has it as
    `alias`, and takes both.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    event_name: ClassVar[str | None] = None
    event_call: ClassVar[Call] = "TRACK"
    event_version: ClassVar[float] = 1
    event_why: ClassVar[str] = ""
    event_owner: ClassVar[str] = ""
    event_destinations: ClassVar[tuple[str, ...]] = ()
    event_context: ClassVar[Mapping[str, Any]] = {}
    event_nulls: ClassVar[bool] = True
    event_required: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # The class arguments are for the method below; pydantic hands them to both.
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        name: str | None = None,
        call: Call = "TRACK",
        version: float = 1,
        why: str = "",
        owner: str = "",
        destinations: Sequence[str] = (),
        context: Mapping[str, Any] | None = None,
        nulls: bool | None = None,
        required: Sequence[str] = (),
        abstract: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if nulls is not None:
            cls.event_nulls = nulls
        if context is not None:
            cls.event_context = dict(context)
        if required:
            unknown = [one for one in required if one not in cls.model_fields]
            if unknown:
                raise TypeError(
                    f"{cls.__name__}: `required` names {unknown[0]!r}, which is no field"
                )
            cls.event_required = tuple(dict.fromkeys((*cls.event_required, *required)))
        if abstract:
            return
        if call in _TRAITS and name is not None:
            raise TypeError(f"{cls.__name__}: a rule of type {call} has no name; leave `name` out")
        if call == "TRACK" and not name:
            raise TypeError(f'{cls.__name__} needs a name: class {cls.__name__}(Event, name="…")')
        if isinstance(destinations, str):
            raise TypeError(f"{cls.__name__}: `destinations` is a list: [{destinations!r}]")
        cls.event_name, cls.event_call, cls.event_version = name, call, version
        cls.event_why, cls.event_owner = why, owner
        cls.event_destinations = tuple(destinations)

    @classmethod
    def rule(cls) -> EventRule:
        """The rule that says what a valid event is, with a JSON Schema of draft 7.

        Raises ValueError for a model that refers to itself: the service knows no references.
        """
        return EventRule(
            type=cls.event_call,
            key=cls.event_name,
            version=cls.event_version,
            json_schema=cls._json_schema(),
        )

    @classmethod
    def planned(cls) -> PlannedEvent:
        """The event with all that is said about it, as an event file says it."""
        return PlannedEvent(
            cls.event_call,
            cls.event_name,
            cls.event_version,
            cls._json_schema(),
            cls.event_why,
            cls.event_owner,
            cls.event_destinations,
        )

    @classmethod
    def _json_schema(cls) -> dict[str, Any]:
        found = cls.model_json_schema(mode="validation")
        inner = _inlined(found, found.pop("$defs", {}), (), cls.event_nulls)
        description = inner.pop("description", "") if cls.__doc__ else ""
        cls._require(inner)
        # What a source does with properties that no rule names is said by its schema settings.
        inner.pop("additionalProperties", None)
        return schema_of_properties(
            cls.event_call,
            inner.get("properties", {}),
            inner.get("required", []),
            description,
            cls.event_context,
        )

    @classmethod
    def _require(cls, inner: dict[str, Any]) -> None:
        """Make what the class requires of its base required in the schema too, and not null."""
        for name in cls.event_required:
            key = cls.model_fields[name].alias or name
            if key not in inner.setdefault("required", []):
                inner["required"].append(key)
            inner["properties"][key] = _without_null(inner["properties"][key])

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        missing = [name for name in self.event_required if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{', '.join(missing)} is required")
        return self

    def message(self) -> dict[str, Any]:
        """The call that sends this event, without who it is about.

        What was left at its default of None is left out; None that was given is sent.
        """
        dumped = self.model_dump(mode="json", by_alias=True, exclude_none=not self.event_nulls)
        values = _sent(self, dumped) if self.event_nulls else dumped
        made: dict[str, Any] = {"type": self.event_call.lower()}
        if self.event_call == "TRACK":
            made["event"] = self.event_name
        elif self.event_name is not None:
            made["name"] = self.event_name
        made["traits" if self.event_call in _TRAITS else "properties"] = values
        if self.event_version != 1:
            made["context"] = {"protocols": {"event_version": self.event_version}}
        return made


def _sent(value: Any, dumped: Any) -> Any:
    """What a dump says, without the fields that nobody gave and that are None."""
    if isinstance(value, BaseModel) and isinstance(dumped, dict):
        found = dict(dumped)
        for name, field in type(value).model_fields.items():
            key = field.serialization_alias or field.alias or name
            inner = getattr(value, name)
            if inner is None and name not in value.model_fields_set and not field.is_required():
                found.pop(key, None)
            elif key in found:
                found[key] = _sent(inner, found[key])
        return found
    if isinstance(value, (list, tuple)) and isinstance(dumped, list):
        return [_sent(one, other) for one, other in zip(value, dumped, strict=True)]
    if isinstance(value, Mapping) and isinstance(dumped, dict) and len(value) == len(dumped):
        pairs = zip(value.values(), dumped.items(), strict=True)
        return {key: _sent(one, other) for one, (key, other) in pairs}
    return dumped


def _inlined(schema: Any, models: dict[str, Any], inside: tuple[str, ...], nulls: bool) -> Any:
    """A schema without references, titles and defaults, in the words of draft 7."""
    if isinstance(schema, list):
        return [_inlined(item, models, inside, nulls) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if not nulls and schema.get("default", 0) is None:
        schema = _without_null(schema)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in inside:
            raise ValueError(f"{name} refers to itself, which a rule's schema cannot say")
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return {**_inlined(models[name], models, (*inside, name), nulls), **beside}
    made = {
        # Keys of properties are names: one called `title` stays.
        key: {name: _inlined(inner, models, inside, nulls) for name, inner in value.items()}
        if key == "properties"
        else _inlined(value, models, inside, nulls)
        for key, value in schema.items()
        if key not in ("title", "default")
    }
    return _with_null(made)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What is null only because it was left out, without that."""
    if isinstance(schema.get("type"), list):
        left = [one for one in schema["type"] if one != "null"]
        return {**schema, "type": left[0] if len(left) == 1 else left}
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    if len(choices) == 1:
        return {**choices[0], **rest}
    return {**rest, "anyOf": choices} if choices else rest


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


def __getattr__(name: str) -> Any:
    if name == "event_class":
        from .classes import event_class

        return event_class
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
