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

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, Literal, TypeAlias, dataclass_transform, overload

from .parts import Check, Operations

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


class Nested:
    """An object, or a list, set or map of objects, with attributes of its own.

    `identity` names the attributes by which elements of a set are matched between configuration,
    state and service; without it they are matched by meaning.
    """

    __slots__ = ("attributes", "identity", "mode")

    def __init__(
        self,
        mode: Literal["object", "list", "set", "map"],
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
    """One attribute of a kind or of a nested object. Made by `attribute()` and `computed()`."""

    __slots__ = (
        "blank",
        "clear",
        "create",
        "description",
        "echo",
        "flat",
        "follows",
        "into",
        "keep",
        "max_items",
        "max_length",
        "maximum",
        "minimum",
        "name",
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
        reference: str | None = None,
        one_of: tuple[str, ...] = (),
        pattern: str | None = None,
        minimum: int | None = None,
        maximum: int | None = None,
        max_items: int | None = None,
        max_length: int | None = None,
        clear: Literal["null", "empty"] | None = None,
        flat: str | None = None,
        suffixed: bool = False,
        follows: bool = False,
        into: str | None = None,
        blank: bool = False,
        snapshot: bool = True,
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
        self.reference = reference
        self.one_of = one_of
        self.pattern = pattern
        self.minimum = minimum
        self.maximum = maximum
        self.max_items = max_items
        self.max_length = max_length
        self.clear = clear
        self.flat = flat
        # The service appends words of its own (the name of the workspace).
        self.suffixed = suffixed
        # A parent that can be changed in place; where the parent is made anew, the old one takes
        # the object along, so that it has to be made anew too.
        self.follows = follows
        # Write-only: its entries go into the settings of that name, and into no state.
        self.into = into
        # Required, and yet it may be empty.
        self.blank = blank
        # Whether a snapshot has it under its own name: not what the service makes anew.
        self.snapshot = snapshot

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
    request bodies, `clear` says what a PATCH sends to empty it.
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


class Kind:
    """What is true of a whole kind.

    * `operations`, and `envelope`: the key of the object in the answer's `data`; `created` where a
      create's answer has another one.
    * `wrap`, `wrap_update`: the key below which those bodies have to be.
    * `path`: parameter of the API's paths -> attribute.
    * `import_id`: the official provider's form, attribute names in braces.
    * `identity`: the attributes that tell an object from all others for ever (default: those of
      `import_id`).
    * `key`: the attributes by which people know the object; `key_unique`: the service refuses a
      second object with the same key, so a create need not look first.
    * `exclusive`: the attributes that two objects cannot share (default: a unique key).
    * `scope`: the path parameters (all of `path` but the object's own) of the list operation;
      `query`: what its query needs, parameter -> attribute.
    * `list_fields`: attributes that the list form has; empty when it is as rich as the single one.
      A thin list serves to look for objects, never to read them.
    * `above`: where objects hang below what is no managed kind: the operation that lists those, and
      what a snapshot calls them.
    * `resend`: attributes that the service wants in every update, whatever changes.
    * `omits`: settings that the service takes and never shows again.
    * `extra_create`: facts of the create body that no attribute carries.
    * `guard`: the consequence of deleting or replacing an object, in words; `guard_when` names a
      function that decides for one object (default: always).
    * `worth`: undoing a half-done create would destroy something that cannot be made again.
    * `adopt`: private data with which an object is read that nobody has declared yet.
    * `lists`: of a data source of many objects, the kind that it lists.
    * `family`: where a snapshot has its objects; `open_family`: those whose id is still their key.
    * `fold`, `unfold`: hooks that bring an object into a snapshot's form, and back.
    * `catalog`: which catalogue its entry is of; `below`: the attribute with the parent that the
      entry has to go with; `action_of`: the attribute with the object whose entry has its action.
    * `remains`: a hook over all objects of the kinds that name it: what must not be left without.
    * `once`, `each`: operations that a reading of all objects sends once beside the list, and for
      each object.
    * `part_of`: an object of this kind is a part of another's: that kind, and the attribute in
      which it has the part too.
    * hooks, each `"module:function"`: `plan` (pure adjustment of a planned state), `finish`
      (idempotent follow-ups of create and update), `complete` (what Read needs beyond the object),
      `shape` (the API's object as the definition has it), `send` (the body of a create), `reads`
      (the collection, where it is not one list and one read), `detach` (the delete, where it is
      not one plain call), `attach` for kinds that are no object of their own.
    """

    __slots__ = (
        "above",
        "action_of",
        "adopt",
        "attach",
        "below",
        "catalog",
        "checks",
        "collection",
        "complete",
        "confirm_by_list",
        "created",
        "detach",
        "each",
        "envelope",
        "exclusive",
        "extra_create",
        "family",
        "finish",
        "fold",
        "guard",
        "guard_when",
        "identity",
        "import_hook",
        "import_id",
        "key",
        "key_unique",
        "list_fields",
        "lists",
        "name",
        "omits",
        "once",
        "open_family",
        "operations",
        "part_of",
        "path",
        "plan",
        "query",
        "reads",
        "remains",
        "resend",
        "scope",
        "send",
        "shape",
        "summary",
        "unfold",
        "worth",
        "wrap",
        "wrap_update",
    )

    def __init__(
        self,
        name: str,
        summary: str,
        *,
        operations: Operations,
        envelope: str = "",
        collection: str = "",
        path: Mapping[str, str] | None = None,
        scope: tuple[str, ...] = (),
        above: tuple[str, str] | None = None,
        import_id: str = "{id}",
        identity: tuple[str, ...] = (),
        key: tuple[str, ...] = (),
        key_unique: bool = False,
        exclusive: tuple[str, ...] = (),
        list_fields: tuple[str, ...] = (),
        extra_create: Mapping[str, Any] | None = None,
        wrap: str = "",
        wrap_update: str = "",
        created: str = "",
        query: Mapping[str, str] | None = None,
        resend: tuple[str, ...] = (),
        omits: tuple[str, ...] = (),
        confirm_by_list: bool = False,
        guard: str = "",
        guard_when: str = "",
        worth: bool = False,
        checks: tuple[Check, ...] = (),
        plan: str = "",
        finish: str = "",
        complete: str = "",
        attach: str = "",
        detach: str = "",
        shape: str = "",
        send: str = "",
        reads: str = "",
        lists: str = "",
        part_of: tuple[str, str] | None = None,
        family: str = "",
        open_family: str = "",
        fold: str = "",
        unfold: str = "",
        catalog: str = "",
        below: str = "",
        action_of: str = "",
        remains: str = "",
        once: tuple[str, ...] = (),
        each: tuple[str, ...] = (),
        adopt: Mapping[str, Any] | None = None,
        import_hook: str = "",
    ) -> None:
        self.name = name
        self.summary = summary
        self.operations = operations
        self.envelope = envelope
        self.collection = collection
        self.path = dict(path or {})
        self.scope = scope
        self.above = above
        self.import_id = import_id
        self.identity = identity or tuple(re.findall(r"\{(\w+)\}", import_id))
        self.key = key
        self.key_unique = key_unique
        self.exclusive = exclusive or (key if key_unique else ())
        self.list_fields = list_fields
        self.extra_create = dict(extra_create or {})
        self.wrap = wrap
        self.wrap_update = wrap_update
        self.created = created or envelope
        self.query = dict(query or {})
        self.resend = resend
        self.omits = omits
        self.confirm_by_list = confirm_by_list
        self.guard = guard
        self.guard_when = guard_when
        self.worth = worth
        self.checks = checks
        self.plan = plan
        self.finish = finish
        self.complete = complete
        self.attach = attach
        self.detach = detach
        self.shape = shape
        self.send = send
        self.reads = reads
        self.lists = lists
        self.part_of = part_of
        self.family = family
        self.open_family = open_family
        self.fold = fold
        self.unfold = unfold
        self.catalog = catalog
        self.below = below
        self.action_of = action_of
        self.remains = remains
        self.once = once
        self.each = each
        self.adopt = dict(adopt or {})
        self.import_hook = import_hook


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

    def values(self) -> dict[str, Any]:
        """The given values by attribute name, nulls left out."""
        found = {item.name: getattr(self, name) for name, item in self._fields()}
        return {name: value for name, value in found.items() if value is not None}

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={'(secret)' if item.sensitive else repr(getattr(self, name))}"
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


def camel(name: str) -> str:
    """`allow_unplanned_events` as the API writes it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
