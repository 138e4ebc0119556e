"""`DeclaredWorkspace`: many objects as one construct.

    from segform.resources.source import Source

    sources = [Source(slug=f"brand-{n}", enabled=True, metadata={"id": JAVASCRIPT}, settings={})
               for n in range(400)]
    brands = DeclaredWorkspace(self, "brands", workspace=sources)

For data: a construct for each object costs the CDK a few milliseconds, here the thousand of them
are one. They become the same Terraform resources, named `brands_<name>`. What is declared for the
engine (`segform.workspace.Desired`, also one read from a snapshot by `segform.workspace.snapshot`)
can be given as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, cast

import jsii
from constructs import Construct

from segform.resources import Attribute, Items, Nested, registry
from segform.resources.definition import JSON, RULE_SCHEMA, SETTINGS, Resource, Type

from .framework import Annotations, TerraformElement, TerraformProvider, TerraformStack
from .official import fitted, runs
from .render import is_token, literal_secrets, render

_TYPE_PREFIX = "segment_"
_TEXTS = (JSON, SETTINGS, RULE_SCHEMA)
# What the engine calls the workspace itself, for references to its id.
_WORKSPACE = "workspace.this"
_NAMES = ("slug", "name", "title", "email", "display_name", "key")


class Declared(Protocol):
    """An object as `segform.workspace.Desired` has it: `source.web`, and its values by attribute.

    A value that refers to another object has that object's `address` and `attribute`.
    """

    @property
    def address(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def values(self) -> dict[str, Any]: ...


Workspace: TypeAlias = Iterable[Declared] | Iterable[Resource] | Mapping[str, Resource]
"""Objects: those of a `Desired`, or definitions (`segform.resources`), also by names."""


Imports: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
"""Ids by names of objects, also as pairs."""


class DeclaredWorkspace(TerraformElement):
    """Objects that are data: as many as there are, in one construct.

    Arguments:
        workspace: The objects. Definitions refer to each other (`source_id=web`), those that are
            referred to come first; a mapping gives them names, else it is their slug or name.
            Texts are data: a `${` in them stays what it is. Tokens, such as `secret()` gives, are
            tokens.
        provider: The provider that runs them, where that is not the stack's own.
        imports: What is there already, to be taken over in place of being made: ids as
            `terraform import` takes them, by the objects' names (`source.web`). The bindings of
            `segform pull --bind`, or `segform.workspace.snapshot.addresses` of a snapshot, can be
            given as they are. They may stay in the code after the deploy that has taken them over.

    Raises `ValueError` for two objects with one name, for one without a name, for one that is
    referred to and not there, and for an import of what is not declared.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        workspace: Workspace,
        provider: TerraformProvider | None = None,
        imports: Imports | None = None,
    ) -> None:
        super().__init__(scope, id_)
        stack = TerraformStack.of(self)
        here = self.node.path.removeprefix(stack.node.path).strip("/")
        self._prefix = _identifier(here)
        self._provider = provider
        # Asked of the framework once: each question is a message to its process.
        self._id = id_
        self._taken: set[str] = set()
        self._objects: dict[str, Mapping[str, Any]] = {}
        self._addresses: dict[str, str] = {}
        self._known: dict[int, str] = {}
        # What is referred to by its key and not by its id (labels, members of groups) has to be
        # made before: (attributes of the key, their values) -> address.
        self._by_key: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
        self._needs_workspace = False
        declared = list(_declared(workspace))
        for one in declared:
            self._name(one)
        for one in declared:
            self._render(one)
        # Both forms are what a dictionary is made of.
        self._imports: dict[str, str] = dict(cast("Mapping[str, str]", imports or {}))
        for address in self._imports:
            if address not in self._addresses:
                raise ValueError(
                    f"{self._id}: an import is for {address}, which is not declared: declare it, "
                    "or leave it out of `imports`"
                )

    def address(self, name: str) -> str:
        """Terraform's address of an object: `address("source.web")` is `segment_source.prod_web`.

        Raises `KeyError`.
        """
        return self._addresses[name]

    def reference(self, name: str, attribute: str = "id") -> str:
        """An attribute of one of the objects, for other constructs.

        `SourceId(brands.reference("source.web"))` is what a `source_id` takes. Raises `KeyError`.
        """
        return f"${{{self._addresses[name]}.{attribute}}}"

    def _name(self, one: _One) -> None:
        if one.address in self._addresses:
            raise ValueError(f"{self._id}: {one.address} is there twice")
        kind, _, name = one.address.partition(".")
        made = f"{_TYPE_PREFIX}{kind}.{self._prefix}_{_identifier(name)}"
        if made in self._taken:
            raise ValueError(f"{self._id}: {one.address} has the name of another: {made}")
        self._taken.add(made)
        self._addresses[one.address] = made
        if one.definition is not None:
            self._known[id(one.definition)] = one.address
        key = registry()[kind].about.key
        values = tuple(one.values.get(part) for part in key)
        if all(isinstance(value, str) for value in values):
            self._by_key[key, cast("tuple[str, ...]", values)] = made

    def _render(self, one: _One) -> None:
        attributes = registry()[one.kind].attributes
        values: dict[str, Any] = {}
        for name, value in one.values.items():
            item = attributes[name]
            path = f"{self._id}: {one.address}: {name}"
            for secret in literal_secrets(item, value):
                Annotations.of(self).add_warning(
                    f"{one.address}: {secret} looks like a secret and is written as it is"
                )
            rendered = render(item.type, self._literal(item.type, value, path), path)
            if rendered is not None:
                values[name] = rendered
        own = self._addresses[one.address]
        before = {at for at in self._named_by_key(attributes.values(), one.values) if at != own}
        if before:
            values["depends_on"] = sorted(before)
        self._objects[self._addresses[one.address]] = values

    def _named_by_key(
        self, attributes: Iterable[Attribute], values: Mapping[str, Any]
    ) -> Iterator[str]:
        for item in attributes:
            value = values.get(item.name)
            elements = cast("Sequence[Any]", value) if isinstance(value, (list, tuple)) else ()
            if isinstance(item.type, Items) and item.reference:
                key = registry()[item.reference].about.key
                found = [
                    self._by_key.get((key, (one,))) for one in elements if isinstance(one, str)
                ]
                yield from filter(None, found)
            elif isinstance(item.type, Nested):
                for element in elements:
                    if isinstance(element, Mapping):
                        inner = cast("Mapping[str, Any]", element)
                        given = tuple(sorted(inner))
                        values_of = tuple(inner[name] for name in given)
                        if all(isinstance(one, str) for one in values_of):
                            yield from filter(None, [self._by_key.get((given, values_of))])
                        yield from self._named_by_key(item.type.attributes, inner)

    def _literal(self, type_: Type | str, value: Any, path: str) -> Any:
        """A value in which references are Terraform's, and all other text is no template."""
        if value is None:
            return None
        address = self._known.get(id(value)) or getattr(value, "address", None)
        if isinstance(address, str):
            if address == _WORKSPACE:
                self._needs_workspace = True
                return f"${{data.segment_workspace.{self._prefix}_this.id}}"
            if address not in self._addresses:
                raise ValueError(f"{path}: {address} is referred to and not there")
            return self.reference(address, getattr(value, "attribute", "id"))
        if isinstance(value, Resource):
            raise ValueError(f"{path}: {value!r} is referred to and not there")
        if isinstance(type_, Nested):
            return self._nested(type_, value, path)
        if isinstance(type_, Items):
            if isinstance(value, Mapping):
                entries = cast("Mapping[str, Any]", value)
                return {k: self._literal(type_.element, one, path) for k, one in entries.items()}
            return [self._literal(type_.element, one, path) for one in value]
        if not isinstance(value, str):
            return value
        if not is_token(value):
            return _escaped(value)
        # A secret within JSON text: Terraform has to write the text.
        return json.loads(value) if type_ in _TEXTS and value[:1] in "{[" else value

    def _nested(self, type_: Nested, value: Any, path: str) -> Any:
        if isinstance(value, Mapping):
            entries = cast("Mapping[str, Any]", value)
            if type_.mode == "map":
                return {
                    _escaped(key): self._object(type_, one, path) for key, one in entries.items()
                }
            return self._object(type_, entries, path)
        if isinstance(value, (list, tuple, set)):
            elements = cast("list[Any]", value)
            return [self._object(type_, one, path) for one in elements]
        return value

    def _object(self, type_: Nested, value: Mapping[str, Any], path: str) -> dict[str, Any]:
        known: dict[str, Attribute] = {item.name: item for item in type_.attributes}
        return {
            key: self._literal(known[key].type, one, f"{path}.{key}") if key in known else one
            for key, one in value.items()
            if one is not None and (key not in known or known[key].settable)
        }

    @jsii.member(jsii_name="toTerraform")
    def to_terraform(self) -> Any:
        """The resources, as the framework merges them into the stack's configuration."""
        foreign = runs(self, self._provider)
        named = {} if self._provider is None else {"provider": self._provider.fqn}
        made: dict[str, dict[str, Any]] = {}
        for address, values in self._objects.items():
            type_, _, name = address.partition(".")
            kind = type_.removeprefix(_TYPE_PREFIX)
            given = fitted(registry()[kind], values, address) if foreign else values
            made.setdefault(type_, {})[name] = {**given, **named}
        written: dict[str, Any] = {"resource": made} if made else {}
        if self._imports:
            written["import"] = [
                {"to": self._addresses[name], "id": _escaped(self._form(name, own, foreign))}
                for name, own in self._imports.items()
            ]
        if self._needs_workspace:
            written["data"] = {"segment_workspace": {f"{self._prefix}_this": named}}
        return written

    def _form(self, name: str, own: str, foreign: bool) -> str:
        """An id as the import takes it: of a plan it says in which form its rules are declared."""
        forms = registry()[name.partition(".")[0]].about.import_forms
        if not forms or foreign or "#" in own:
            return own
        values = self._objects[self._addresses[name]]
        return own + next((end for given, end in forms.items() if given in values), forms[""])

    @jsii.member(jsii_name="toHclTerraform")
    def to_hcl_terraform(self) -> Any:
        """There is no such form."""
        raise NotImplementedError("segform_cdktf writes Terraform's JSON configuration only.")


class _One:
    """An object to be declared, in one form."""

    __slots__ = ("address", "definition", "kind", "values")

    def __init__(
        self, address: str, kind: str, values: Mapping[str, Any], definition: Resource | None
    ) -> None:
        self.address = address
        self.kind = kind
        self.values = values
        self.definition = definition


def _declared(workspace: Workspace) -> Iterator[_One]:
    if isinstance(workspace, Mapping):
        for name, named in cast("Mapping[str, Resource]", workspace).items():
            yield _of_definition(named, name)
        return
    for one in workspace:
        if isinstance(one, Resource):
            yield _of_definition(one, None)
        else:
            yield _One(one.address, one.kind, one.values, None)


def _of_definition(one: Resource, name: str | None) -> _One:
    kind, values = one.about.name, one.values()
    if name is None:
        name = next((values[key] for key in _NAMES if isinstance(values.get(key), str)), None)
        if not name or is_token(name):
            raise ValueError(f"{one!r} needs a name: give a mapping of names to objects")
    return _One(f"{kind}.{name}", kind, values, one)


def _identifier(text: str) -> str:
    made = re.sub(r"[^A-Za-z0-9_-]", "_", text)
    return made if made[:1].isalpha() or made[:1] == "_" else f"_{made}"


def _escaped(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")
