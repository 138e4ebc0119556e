"""What is wanted: addresses with the values of their attributes, and references between them.

An address is kind and name, `source.web`. Values are those of a configuration: attributes that are
not there are left to the service. A reference to another object is that object, or a `Ref`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from segform.resources import kinds_of, registry
from segform.resources.definition import JSON, RULE_SCHEMA, SETTINGS, Nested, Resource, Type
from segform.resources.exact import dumps
from segform.resources.values import UNKNOWN

# The workspace itself, for references to its id.
WORKSPACE = "workspace.this"
_TEXTS = (JSON, SETTINGS, RULE_SCHEMA)
_NAME = re.compile(r"[^\W][\w.@:-]*\Z")


class Ref(NamedTuple):
    """An attribute of another declared object, its id where nothing else is said."""

    address: str
    attribute: str = "id"


class Declared(NamedTuple):
    """One wanted object."""

    address: str
    kind: str
    values: dict[str, Any]
    renamed_from: str | None = None
    known_id: str | None = None

    def __repr__(self) -> str:
        attributes = registry()[self.kind].attributes
        shown = {
            name: "(secret)" if name in attributes and attributes[name].hides else value
            for name, value in self.values.items()
        }
        return f"Declared({self.address!r}, {shown!r})"


class Desired:
    """The wanted objects of a workspace.

    * `add(object, name)`: declares one; its name is its slug, key or name where none is given;
    * `complete`: kinds of which everything that is not declared is to be deleted;
    * `whole`: kinds of which a snapshot tells all that there was, so that anything else was added;
    * `children`: whether filters, mappings and other children of declared objects that are not
      declared themselves are to be deleted.
    """

    def __init__(self, *, complete: Iterable[str] = (), children: bool = False) -> None:
        self.complete: frozenset[str] = frozenset()
        self.children = children
        self.whole: frozenset[str] = frozenset()
        # Whether objects that are found by their key become ours, to be deleted when they are no
        # longer declared. Going back to a snapshot of everything must not make everything ours.
        self.adopting = True
        # Kinds of which nothing is deleted, though the bindings know it.
        self.leave: frozenset[str] = frozenset()
        self._declared: dict[str, Declared] = {}
        self._by_kind: dict[str, list[Declared]] = {}
        self._addresses: dict[int, str] = {}
        # What was declared is kept alive, for it is known by its identity.
        self._kept: list[Resource] = []
        self.widen(complete)

    def widen(self, complete: Iterable[str]) -> None:
        """Declare more kinds completely. Raises ValueError for one that is none."""
        self.complete |= kinds_of(complete)

    def add(
        self, wanted: Resource, name: str | None = None, *, renamed_from: str | None = None
    ) -> Ref:
        """Declare an object; the reference that others name it by.

        Raises ValueError for an address that is taken or a name that is none.
        """
        kind = type(wanted).about.name
        names = wanted.python_names()
        given = {attribute: getattr(wanted, python) for attribute, python in names.items()}
        address = f"{kind}.{name or _name_of(kind, given)}"
        self._addresses[id(wanted)] = address
        self._kept.append(wanted)
        self.declare(address, given, renamed_from=renamed_from)
        return Ref(address)

    def declare(
        self,
        address: str,
        values: Mapping[str, Any],
        *,
        renamed_from: str | None = None,
        known_id: str | None = None,
    ) -> None:
        """Declare an object by its address and its attributes, nulls left out.

        `known_id`: the id that it had where it was read; the bindings go before it.
        """
        kind, _, name = address.partition(".")
        if kind not in registry():
            raise ValueError(f"{address}: there is no kind {kind!r}")
        if not _NAME.match(name):
            raise ValueError(f"{address!r}: a name has letters, digits and _ . @ : - in it")
        if address in self._declared:
            raise ValueError(f"{address} is declared twice")
        attributes = registry()[kind].attributes
        unknown = sorted(set(values) - set(attributes))
        if unknown:
            raise ValueError(f"{address} has no attribute {unknown[0]!r}")
        made = {
            key: self._value(attributes[key].type, values.get(key))
            for key in attributes
            if attributes[key].settable
        }
        one = Declared(address, kind, made, renamed_from, known_id)
        self._declared[address] = one
        self._by_kind.setdefault(kind, []).append(one)

    def _value(self, kind: Type, value: Any) -> Any:
        """A value of the attribute's type: objects become references, JSON becomes text."""
        if isinstance(value, Resource):
            known = self._addresses.get(id(value))
            if known is None:
                raise ValueError(f"{value!r} is referred to before it is declared")
            return Ref(known)
        if value is None or isinstance(value, Ref):
            return value
        if isinstance(kind, Nested):
            if kind.mode == "object":
                return self._object(kind, value)
            if kind.mode == "map":
                return {key: self._object(kind, one) for key, one in value.items()}
            return [self._object(kind, one) for one in value]
        if kind in _TEXTS and not isinstance(value, str):
            return dumps(value)
        if isinstance(value, float):
            # Numbers are exact here: 0.1 is what the service has, not the float that is near it.
            return Decimal(repr(value))
        return value

    def _object(self, kind: Nested, value: Mapping[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(value) - {item.name for item in kind.attributes})
        if unknown:
            raise ValueError(f"there is no attribute {unknown[0]!r} in it")
        return {item.name: self._value(item.type, value.get(item.name)) for item in kind.attributes}

    def __iter__(self) -> Iterator[Declared]:
        return iter(self._declared.values())

    def __contains__(self, address: str) -> bool:
        return address in self._declared

    def __len__(self) -> int:
        return len(self._declared)

    def of(self, kind: str) -> list[Declared]:
        """All declared objects of a kind."""
        return self._by_kind.get(kind, [])

    def get(self, address: str) -> Declared:
        """One declared object. Raises KeyError."""
        return self._declared[address]


def references(value: Any) -> Iterator[Ref]:
    """All references in a value."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def resolved(value: Any, known: Mapping[str, Mapping[str, Any]]) -> Any:
    """A value with its references replaced; those that nobody knows yet are `UNKNOWN`."""
    if isinstance(value, str) or value is None:  # most of them
        return value
    if isinstance(value, Ref):
        found = known.get(value.address)
        return UNKNOWN if found is None else found.get(value.attribute, UNKNOWN)
    if isinstance(value, Mapping):
        return {key: resolved(one, known) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, known) for one in value]
    return value


def _name_of(kind: str, values: Mapping[str, Any]) -> str:
    for name in ("slug", "name", "title", "email", "display_name", "key"):
        value = values.get(name)
        if isinstance(value, str) and value:
            return slugged(value)
    raise ValueError(f"a {kind} without a name of its own needs one: add(…, name=…)")


def slugged(text: str) -> str:
    """A text as a name: letters and digits in lower case, dashes between them."""
    return re.sub(r"[^\w@.]+", "-", text.strip().lower()).strip("-.@") or "unnamed"
