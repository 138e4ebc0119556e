"""A driver that plays Terraform core against the provider's RPC handlers, in process.

It keeps a state as Terraform does (JSON text and private bytes), proposes new states, checks plans
and results by core's rules (`rules`), and plans again when it applies. An object that the real
Terraform would call tainted, a plan or result that it would refuse, is a `CoreError` here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from segform.resources.exact import dumps
from segform.resources.values import UNKNOWN
from segform_provider.protocol import codec
from segform_provider.protocol.wire import message

from . import rules

Config = dict[str, dict[str, Any]]


class CoreError(AssertionError):
    """The provider broke one of Terraform's rules."""


class DiagnosticsError(Exception):
    """The provider said no; `diagnostics` are its messages."""

    def __init__(self, diagnostics: list[Any]) -> None:
        super().__init__("\n".join(f"{d.summary}: {d.detail}" for d in diagnostics))
        self.diagnostics = diagnostics

    @property
    def paths(self) -> list[str]:
        """Where the errors are, as dotted names."""
        return [
            ".".join(
                str(s.attribute_name or s.element_key_string or s.element_key_int)
                for s in d.attribute.steps
            )
            for d in self.diagnostics
        ]


class Ref(NamedTuple):
    """An attribute of another resource, known once that one is."""

    address: str
    attribute: str


class Change(NamedTuple):
    """What a plan says of one resource."""

    address: str
    action: str  # create, update, replace, delete, or empty
    before: Any
    after: Any
    private: bytes
    warnings: list[str]
    said: tuple[Any, ...] = ()  # the warnings whole


class Core:
    """One configuration's state, and one provider. `restart` makes a new provider process."""

    def __init__(
        self,
        start: Callable[[], Mapping[str, Callable[[Any], Any]]],
        provider: dict[str, Any] | None = None,
    ) -> None:
        self._start = start
        self._provider = provider or {}
        self.state: dict[str, tuple[str, bytes]] = {}
        self.order: list[str] = []
        # What `-replace` names.
        self.replacing: set[str] = set()
        # What `terraform taint` has marked: it is read, and planned as if nothing were there.
        self.tainted: set[str] = set()
        # Identities beside the state, as Terraform 1.12 and newer keep them.
        self.identities: dict[str, dict[str, Any]] = {}
        self.restart()

    def restart(self, provider: dict[str, Any] | None = None) -> None:
        """A new process: schemas, validation and configuration of the provider."""
        if provider is not None:
            self._provider = provider
        self._handlers = self._start()
        self.schemas = self.call("GetProviderSchema")
        self.identity_schemas = self.call("GetResourceIdentitySchemas").identity_schemas
        attributes = self.schemas.provider.block.attributes
        config = {x.name: self._provider.get(x.name) for x in attributes}
        value = codec.encode(config, rules.object_type(attributes))
        self.call("ValidateProviderConfig", config=value)
        self.call("ConfigureProvider", config=value, terraform_version="1.11.4")

    def call(self, rpc: str, **fields: Any) -> Any:
        """One call; its errors are raised."""
        answer = self._handlers[rpc](message(f"{rpc}.Request")(**fields))
        errors = [d for d in answer.diagnostics if d.severity == 1]
        if errors:
            raise DiagnosticsError(errors)
        return answer

    # Types and values

    def attributes(self, address: str) -> Any:
        """The attributes of a resource's schema."""
        return self.schemas.resource_schemas[_type(address)].block.attributes

    def encode(self, address: str, value: Any) -> Any:
        """A value of a resource, on the wire."""
        return codec.encode(value, rules.object_type(self.attributes(address)))

    def decode(self, address: str, value: Any) -> Any:
        """A value of a resource, from the wire."""
        return codec.decode(value, rules.object_type(self.attributes(address)))

    def values(self, address: str) -> dict[str, Any]:
        """What the state holds of a resource, brought up to today's schema."""
        text, _ = self.state[address]
        answer = self.call(
            "UpgradeResourceState",
            type_name=_type(address),
            version=0,
            raw_state={"json": text.encode()},
        )
        found: dict[str, Any] = self.decode(address, answer.upgraded_state)
        return found

    def _keep(self, address: str, value: Any, private: bytes) -> None:
        if value is None:
            self.state.pop(address, None)
            self.identities.pop(address, None)
            return
        if rules.unknowns(value):
            raise CoreError(f"{address}: unknown values in a new state: {value}")
        self.state[address] = (dumps(value), private)
        if address in self.order:
            self.order.remove(address)
        self.order.append(address)

    def identity_type(self, address: str) -> Any:
        """The type of a resource's identity."""
        known = self.identity_schemas[_type(address)].identity_attributes
        return ["object", {x.name: json.loads(x.type) for x in known}]

    def identity(self, address: str) -> Any:
        """The identity that the state holds, for a request."""
        found = self.identities.get(address)
        if found is None:
            return None
        return {"identity_data": codec.encode(found, self.identity_type(address))}

    def _identify(self, address: str, data: Any) -> None:
        """Keep an object's identity: whole, known, and never another one."""
        found = codec.decode(data.identity_data, self.identity_type(address))
        if found is None or rules.unknowns(found) or None in found.values():
            raise CoreError(f"{address}: no identity beside the state: {found}")
        if self.identities.setdefault(address, found) != found:
            raise CoreError(f"{address}: another identity: {self.identities[address]}, {found}")

    # Steps

    def refresh(self) -> dict[str, tuple[Any, Any]]:
        """Read everything; address -> (before, after) of what differs."""
        drifted = {}
        for address in list(self.state):
            before = self.values(address)
            answer = self.call(
                "ReadResource",
                type_name=_type(address),
                current_state=self.encode(address, before),
                private=self.state[address][1],
                current_identity=self.identity(address),
            )
            after = self.decode(address, answer.new_state)
            if after is not None:
                self._identify(address, answer.new_identity)
            if codec.packed(before, self._object(address)) != codec.packed(
                after, self._object(address)
            ):
                drifted[address] = (before, after)
            self._keep(address, after, answer.private)
        return drifted

    def _object(self, address: str) -> Any:
        return rules.object_type(self.attributes(address))

    def plan(self, config: Config, *, refresh: bool = True) -> list[Change]:
        """What an apply would do, in the order in which it would; empty where nothing.

        In a new process of the provider, as each of Terraform's commands has.
        """
        self.restart()
        if refresh:
            self.refresh()
        known: dict[str, Any] = {}
        changes = []
        for address in _ordered(config):
            prior = self.values(address) if address in self.state else None
            private = self.state[address][1] if prior is not None else b""
            given = self._config(config, address, known)
            if address in self.tainted and prior is not None:
                change = self._planned(address, None, b"", given)
                change = change._replace(action="replace", before=prior)
            else:
                change = self._planned(address, prior, private, given)
            known[address] = change.after
            changes.append(change)
        gone = [address for address in reversed(self.order) if address not in config]
        changes += [self._deletion(address) for address in gone if address in self.state]
        return [change for change in changes if change.action]

    def _config(self, config: Config, address: str, known: Mapping[str, Any]) -> dict[str, Any]:
        given = {x.name: config[address].get(x.name) for x in self.attributes(address)}
        resolved: dict[str, Any] = _resolve(given, known)
        self.call(
            "ValidateResourceConfig",
            type_name=_type(address),
            config=self.encode(address, resolved),
            client_capabilities={"write_only_attributes_allowed": True},
        )
        return resolved

    def _planned(self, address: str, prior: Any, private: bytes, config: dict[str, Any]) -> Change:
        attributes = self.attributes(address)
        answer = self.call(
            "PlanResourceChange",
            type_name=_type(address),
            prior_state=self.encode(address, prior),
            proposed_new_state=self.encode(address, rules.proposed(attributes, prior, config)),
            config=self.encode(address, config),
            prior_private=private,
            prior_identity=None if prior is None else self.identity(address),
        )
        planned = self.decode(address, answer.planned_state)
        for complaint in rules.invalid_plan(attributes, prior, config, planned, address):
            raise CoreError(f"Provider produced invalid plan: {complaint}")
        said = tuple(answer.diagnostics)
        warnings = [d.summary for d in said]
        if prior is None:
            private = answer.planned_private
            return Change(address, "create", None, planned, private, warnings, said)
        if answer.requires_replace or address in self.replacing:
            # What the first answer wanted to remember comes back with the second question.
            second = self._planned(address, None, answer.planned_private, config)
            return second._replace(action="replace", before=prior)
        shape = rules.object_type(attributes)
        changed = codec.packed(planned, shape) != codec.packed(prior, shape)
        action = "update" if changed else ""
        return Change(address, action, prior, planned, answer.planned_private, warnings, said)

    def _deletion(self, address: str) -> Change:
        before, private = self.values(address), self.state[address][1]
        answer = self.call(
            "PlanResourceChange",
            type_name=_type(address),
            prior_state=self.encode(address, before),
            proposed_new_state=self.encode(address, None),
            config=self.encode(address, None),
            prior_private=private,
        )
        if self.decode(address, answer.planned_state) is not None:
            raise CoreError(f"{address}: a deletion was planned as something else")
        warnings = [d.summary for d in answer.diagnostics]
        return Change(address, "delete", before, None, answer.planned_private, warnings)

    def apply(self, config: Config) -> list[Change]:
        """Plan and carry out, in a new process as Terraform does; what was planned."""
        changes = self.plan(config)
        self.restart()
        for change in changes:
            if change.action in ("delete", "replace"):
                self._delete(change)
        for change in changes:
            if change.action != "delete":
                self._write(change, config)
        return changes

    def _delete(self, change: Change) -> None:
        address = change.address
        answer = self.call(
            "ApplyResourceChange",
            type_name=_type(address),
            prior_state=self.encode(address, change.before),
            planned_state=self.encode(address, None),
            config=self.encode(address, None),
            planned_private=self.state[address][1],
        )
        if self.decode(address, answer.new_state) is not None:
            raise CoreError(f"{address}: deleted, and there is still a state")
        self._keep(address, None, b"")

    def _write(self, change: Change, config: Config) -> None:
        """Plan again with what is known by now, check it against the first plan, apply it."""
        address = change.address
        known = {name: self.values(name) for name in self.state}
        resolved = self._config(config, address, known)
        prior = self.values(address) if address in self.state else None
        private = self.state[address][1] if prior is not None else b""
        final = self._planned(address, prior, private, resolved)
        attributes = self.attributes(address)
        for complaint in rules.incompatible(attributes, change.after, final.after, address):
            raise CoreError(f"Provider produced inconsistent final plan: {complaint}")
        request = message("ApplyResourceChange.Request")(
            type_name=_type(address),
            prior_state=self.encode(address, prior),
            planned_state=self.encode(address, final.after),
            config=self.encode(address, resolved),
            planned_private=final.private,
            planned_identity=self.identity(address),
        )
        answer = self._handlers["ApplyResourceChange"](request)
        actual = self.decode(address, answer.new_state)
        errors = [d for d in answer.diagnostics if d.severity == 1]
        if errors:
            if prior is None and actual is not None:
                raise CoreError(f"{address}: an error and a state: it would be tainted")
            raise DiagnosticsError(errors)
        for complaint in rules.incompatible(attributes, final.after, actual, address):
            raise CoreError(f"Provider produced inconsistent result after apply: {complaint}")
        self._identify(address, answer.new_identity)
        self._keep(address, actual, answer.private)

    def import_(self, address: str, import_id: Any) -> None:
        """Import one object into the state, by its id or by an identity, and read it."""
        request = {"id": import_id} if isinstance(import_id, str) else {"identity": import_id}
        answer = self.call("ImportResourceState", type_name=_type(address), **request)
        [imported] = answer.imported_resources
        read = self.call(
            "ReadResource",
            type_name=_type(address),
            current_state=imported.state,
            private=imported.private,
            current_identity=imported.identity,
        )
        value = self.decode(address, read.new_state)
        if value is None:
            raise CoreError(f"{address}: there is no {import_id}")
        self._identify(address, read.new_identity)
        self._keep(address, value, read.private)

    def destroy(self) -> list[Change]:
        """Delete everything that the state holds."""
        return self.apply({})

    def data(self, type_name: str, **config: Any) -> dict[str, Any]:
        """Read a data source."""
        attributes = self.schemas.data_source_schemas[type_name].block.attributes
        shape = rules.object_type(attributes)
        value = codec.encode({x.name: config.get(x.name) for x in attributes}, shape)
        self.call("ValidateDataResourceConfig", type_name=type_name, config=value)
        answer = self.call("ReadDataSource", type_name=type_name, config=value)
        found: dict[str, Any] = codec.decode(answer.state, shape)
        return found


def _type(address: str) -> str:
    return address.partition(".")[0]


def _resolve(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, Ref):
        found = known.get(value.address)
        return UNKNOWN if found is None or found is UNKNOWN else found.get(value.attribute)
    if isinstance(value, dict):
        return {key: _resolve(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolve(item, known) for item in value]
    return value


def _refs(value: Any) -> set[str]:
    if isinstance(value, Ref):
        return {value.address}
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {address for item in value for address in _refs(item)}
    return set()


def _ordered(config: Config) -> list[str]:
    from graphlib import TopologicalSorter

    graph = {address: _refs(values) & set(config) for address, values in config.items()}
    return list(TopologicalSorter(graph).static_order())
