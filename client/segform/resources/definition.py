"""The vocabulary in which a managed kind is defined, once.

A kind is a class (see `source.py` for the shortest real one): its attributes are declared with
`attribute()`, `computed()` and `nested types`, and what is true of the whole kind stands in
`about = Kind(...)`. The provider's schema, planning, refresh and import, the constructs, the
engine and the reference pages are derived from that; nothing about a kind is written elsewhere.

Standard library only, and no `dataclasses` (it imports `inspect`): the provider imports this
before its handshake. Hooks are named as `"module:function"` and imported by whoever runs them, so
that a definition at the bottom of the house can name code of a higher floor without importing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final, Literal, TypeAlias, dataclass_transform, overload

from .kind import Kind
from .parts import Foreign

__all__ = [
    "BOOL",
    "JSON",
    "NUMBER",
    "RULE_SCHEMA",
    "SETTINGS",
    "STRING",
    "Attribute",
    "DataSource",
    "Items",
    "Kind",
    "Mode",
    "Nested",
    "Reference",
    "Resource",
    "Type",
    "attribute",
    "camel",
    "computed",
    "field",
]

STRING: Final = "string"
BOOL: Final = "bool"
NUMBER: Final = "number"
# Text that holds JSON: compared by meaning, the user's spelling is kept.
JSON: Final = "json"
# Free-form settings: like JSON, but only the paths that the configuration names are managed.
SETTINGS: Final = "settings"
# A rule's JSON Schema: like JSON, but blind to what the service adds on its own.
RULE_SCHEMA: Final = "rule_schema"

Scalar: TypeAlias = Literal["string", "bool", "number", "json", "settings", "rule_schema"]


class Items:
    """A list, set or map of scalars: `Items("list", STRING)`."""

    __slots__ = ("element", "mode")

    def __init__(self, mode: Literal["list", "set", "map"], element: Scalar) -> None:
        self.mode = mode
        self.element = element


Mode: TypeAlias = Literal["object", "list", "set", "map"]


class Nested:
    """An object, or a list, set or map of objects, with attributes of its own.

    `identity` names the attributes by which elements of a set are matched between configuration,
    state and service; without it they are matched by meaning.
    """

    __slots__ = ("attributes", "identity", "mode")

    def __init__(
        self,
        mode: Mode,
        *attributes: Attribute,
        identity: tuple[str, ...] = (),
    ) -> None:
        self.mode = mode
        self.attributes = attributes
        self.identity = identity

    def __getitem__(self, name: str) -> Attribute:
        for item in self.attributes:
            if item.name == name:
                return item
        raise KeyError(name)


Type: TypeAlias = Scalar | Items | Nested
Presence: TypeAlias = Literal["required", "optional", "computed", "optional_computed"]


class Attribute:
    """One attribute of a kind or of a nested object. Made by `attribute()` and `computed()`.

    * `name`, `type`, `presence`, `description`: as in Terraform's schema.
    * `wire`: its path in the API's object, where that is not its name in camelCase; `flat`: there
      it is the id alone of the object that this is.
    * `create`, `update`: whether it is in that body; `clear`: what a PATCH sends to empty it.
    * `replace`: a change makes a new object; `keep`: False for what changes with every update;
      `follows`: a parent that can be changed in place, but takes the object along where it is made
      anew itself.
    * `sensitive`; `write_only`: in no state; `into`: its entries go into the settings of that name;
      `hides`: whether a secret may be in it or in one of its parts.
    * `reference`: the kind whose id it takes; `either`: the kinds, where there are several;
      `foreign`: prefixes of ids that look right and are something else's; `names`: the kind whose
      objects its elements name by their key.
    * `one_of`: the values that are known, others are a warning; `closed`: the list is ours, others
      are an error. `pattern`, `minimum`, `maximum`, `min_items`, `max_items`, `max_length`.
    * `blank`: required, and yet it may be empty; `suffixed`: the service appends words of its own;
      `echo`: a literal of the configuration is kept, never compared and never sent.
    * `snapshot`: whether a snapshot has it under its own name; `lies_in`: of a link, the attribute
      that names the object in which a snapshot has it; `file`: in exported code it is a file of its
      own, with this ending.
    * `official`: whether Segment's own provider has it, or even wants it given where we do not.
    """

    __slots__ = (
        "blank",
        "clear",
        "closed",
        "create",
        "description",
        "echo",
        "either",
        "file",
        "flat",
        "follows",
        "foreign",
        "hides",
        "into",
        "keep",
        "lies_in",
        "max_items",
        "max_length",
        "maximum",
        "min_items",
        "minimum",
        "name",
        "names",
        "official",
        "one_of",
        "pattern",
        "presence",
        "reference",
        "replace",
        "sensitive",
        "snapshot",
        "suffixed",
        "type",
        "update",
        "wire",
        "write_only",
    )

    def __init__(
        self,
        type: Type,
        presence: Presence,
        description: str,
        *,
        name: str = "",
        wire: str | None = None,
        create: bool = True,
        update: bool = True,
        sensitive: bool = False,
        write_only: bool = False,
        replace: bool = False,
        keep: bool = True,
        echo: bool = False,
        official: Literal["same", "wanted", "absent"] = "same",
        reference: str | None = None,
        either: tuple[str, ...] = (),
        one_of: tuple[str, ...] = (),
        pattern: str | None = None,
        minimum: int | None = None,
        maximum: int | None = None,
        max_items: int | None = None,
        max_length: int | None = None,
        clear: Literal["null", "empty"] | Mapping[str, Any] | None = None,
        flat: str | None = None,
        suffixed: bool = False,
        follows: bool = False,
        into: str | None = None,
        blank: bool = False,
        snapshot: bool = True,
        lies_in: str = "",
        names: str = "",
        file: str = "",
        closed: bool = False,
        foreign: tuple[Foreign, ...] = (),
        min_items: int | None = None,
    ) -> None:
        self.type = type
        self.presence = presence
        self.description = description
        self.name = name
        self.wire = wire
        self.create = create
        self.update = update
        self.sensitive = sensitive
        self.write_only = write_only
        self.replace = replace
        self.keep = keep
        self.echo = echo
        self.official = official
        self.reference = reference
        self.either = either
        self.one_of = one_of
        self.pattern = pattern
        self.minimum = minimum
        self.maximum = maximum
        self.max_items = max_items
        self.max_length = max_length
        self.clear = clear
        self.flat = flat
        self.suffixed = suffixed
        self.follows = follows
        self.into = into
        self.blank = blank
        self.snapshot = snapshot
        self.lies_in = lies_in
        self.names = names
        self.file = file
        self.closed = closed
        self.foreign = foreign
        self.min_items = min_items
        inner = type.attributes if isinstance(type, Nested) else ()
        self.hides: bool = sensitive or any(item.hides for item in inner)

    @property
    def required(self) -> bool:
        return self.presence == "required"

    @property
    def optional(self) -> bool:
        return self.presence in ("optional", "optional_computed")

    @property
    def computed(self) -> bool:
        return self.presence in ("computed", "optional_computed")

    @property
    def empty(self) -> Any:
        """What a state holds in place of null: collections that the service fills are empty."""
        if not self.computed or not isinstance(self.type, (Items, Nested)):
            return None
        return {"map": {}, "object": None}.get(self.type.mode, [])

    @property
    def settable(self) -> bool:
        """Whether a configuration may give it."""
        return self.presence != "computed"

    def __set_name__(self, owner: type, name: str) -> None:
        if not self.name:
            self.name = name

    def __repr__(self) -> str:
        return f"<{self.presence} attribute {self.name}>"


@overload
def attribute(type: Type, description: str, /, *, required: Literal[True], **facts: Any) -> Any: ...
@overload
def attribute(type: Type, description: str, /, *, default: Any, **facts: Any) -> Any: ...
def attribute(
    type: Type,
    description: str,
    /,
    *,
    required: bool = False,
    default: Any = None,
    computed: bool = False,
    **facts: Any,
) -> Any:
    """An attribute that a configuration may give: `required=True`, or `default=None`.

    `computed=True` beside `default=None`: the service fills it in where the configuration is
    silent. The other facts are those of `Attribute`; `wire` is its path in the API's object where
    that is not its own name in camelCase, `create=False` and `update=False` keep it out of those
    request bodies, `clear` says what a PATCH sends to empty it: null, "", or what means nothing.
    """
    presence: Presence = "required" if required else "optional_computed" if computed else "optional"
    return Attribute(type, presence, description, **facts)


def computed(type: Type, description: str, /, *, init: Literal[False] = False, **facts: Any) -> Any:
    """An attribute that only the service gives. `keep=False`: it changes with every update."""
    return Attribute(type, "computed", description, create=False, update=False, **facts)


def field(
    name: str,
    type: Type,
    description: str,
    *,
    required: bool = False,
    computed: bool = False,
    settable: bool = True,
    **facts: Any,
) -> Attribute:
    """An attribute inside a nested object; `settable=False` for what only the service gives."""
    presence: Presence
    if required:
        presence = "required"
    elif not settable:
        presence = "computed"
    else:
        presence = "optional_computed" if computed else "optional"
    return Attribute(type, presence, description, name=name, **facts)


class _Definition:
    """What resources and data sources have in common: attributes, and a typed constructor."""

    about: ClassVar[Kind]
    attributes: ClassVar[dict[str, Attribute]] = {}
    _flat: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {n: a for n, a in cls.__dict__.items() if isinstance(a, Attribute)}
        cls.attributes = {a.name: a for a in own.values()}
        cls._flat = {n: a.name for n, a in own.items()}

    def __init__(self, **values: Any) -> None:
        known = self._flat
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise TypeError(
                f"{type(self).__name__} has no attribute {unknown[0]!r}; "
                f"it has: {', '.join(n for n, a in self._fields() if a.settable)}"
            )
        for name, item in self._fields():
            if item.required and values.get(name) is None:
                raise TypeError(f"{type(self).__name__} needs {name}: {item.description}")
            object.__setattr__(self, name, values.get(name))

    @classmethod
    def _fields(cls) -> Iterator[tuple[str, Attribute]]:
        for python_name, name in cls._flat.items():
            yield python_name, cls.attributes[name]

    @classmethod
    def python_names(cls) -> dict[str, str]:
        """Attribute -> its name in Python, another one where that is a word of Python (`if`)."""
        return {name: python_name for python_name, name in cls._flat.items()}

    def values(self) -> dict[str, Any]:
        """The given values by attribute name, nulls left out."""
        found = {item.name: getattr(self, name) for name, item in self._fields()}
        return {name: value for name, value in found.items() if value is not None}

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={'(secret)' if item.hides else repr(getattr(self, name))}"
            for name, item in self._fields()
            if getattr(self, name) is not None
        )
        return f"{type(self).__name__}({shown})"


@dataclass_transform(kw_only_default=True, field_specifiers=(attribute, computed))
class Resource(_Definition):
    """Base of every managed kind."""


@dataclass_transform(kw_only_default=True, field_specifiers=(attribute, computed))
class DataSource(_Definition):
    """Base of everything that is read and never written."""


# An id, or the object that has it: scripts refer to what they declare.
Reference: TypeAlias = str | Resource


@lru_cache(maxsize=1024)
def camel(name: str) -> str:
    """`allow_unplanned_events` as the API writes it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
