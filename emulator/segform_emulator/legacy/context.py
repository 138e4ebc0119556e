"""One request of the Config API on its way to the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from segform_emulator import contract
from segform_emulator.auth import Role
from segform_emulator.classes import OwnCatalog
from segform_emulator.errors import not_found
from segform_emulator.families import HANDLERS, Call
from segform_emulator.injection import Injection
from segform_emulator.trail import carried_out
from segform_emulator.workspace import Object, Workspace

from . import names, reading

if TYPE_CHECKING:
    from segform_emulator.core import Emulator

# The time of what was made where times are not kept: that of Go, in which the service is written.
NO_TIME = "0001-01-01T00:00:00Z"

Handler = Callable[["Context"], Object]


class Context:
    """What a function knows of a request, and its way into the families of the Public API.

    `path` holds the parts of the resource name; `facts` keeps what only the Config API knows of
    an object: `createTime`, `updateTime`, `connectionMode`, `libraryConfig`, by its id.
    """

    def __init__(
        self,
        emulator: Emulator,
        workspace: Workspace,
        role: Role,
        path: dict[str, str],
        query: str,
        content: bytes,
        fault: Injection | None,
    ) -> None:
        self.emulator = emulator
        self.workspace = workspace
        self.role = role
        self.path = path
        self.fault = fault
        self.catalog = OwnCatalog(emulator.catalog, workspace)
        self.clock = emulator.clock
        self.shifted = False
        self._query = query
        self._content = content

    def body(self) -> Object:
        """The body of the request."""
        return reading.body(self._content)

    def asked(self, name: str) -> str:
        """A parameter of the query; empty where it is missing."""
        return dict(parse_qsl(self._query)).get(name, "")

    def asked_each(self, name: str) -> list[str]:
        """Every value of a parameter that may come several times."""
        return [value for key, value in parse_qsl(self._query) if key == name]

    @property
    def name(self) -> str:
        """The resource name of the workspace."""
        return f"workspaces/{self.workspace.slug}"

    def source(self) -> Object:
        """The source that the path names, or `Fault` 404."""
        found = names.source(self.workspace, self.path["source"])
        if found is None:
            raise not_found(f"{self.name}/sources/{self.path['source']}")
        return self.workspace.source(found["id"])

    def destination(self) -> Object:
        """The destination that the path names, or `Fault` 404."""
        source = self.source()
        found = names.destination(self, source["id"], self.path["destination"])
        if found is None:
            parent = f"{self.name}/sources/{source['slug']}"
            raise not_found(f"{parent}/destinations/{self.path['destination']}")
        return self.workspace.destination(found["id"])

    def plan(self) -> Object:
        """The tracking plan that the path names, or `Fault` 404."""
        found = names.plan(self.workspace, self.path["plan"])
        if found is None:
            raise not_found(f"{self.name}/tracking-plans/{self.path['plan']}")
        return self.workspace.plan(found)

    def facts(self, object_id: str) -> Object:
        """What only the Config API knows of an object."""
        found: Object = self.workspace.more["legacy"].get(object_id, {})
        return found

    def note(self, object_id: str, **facts: Any) -> None:
        """Keep more of that."""
        self.workspace.more["legacy"][object_id] = {**self.facts(object_id), **facts}

    def forget(self) -> None:
        """Drop the facts of objects that are gone."""
        held = self.workspace
        kept = held.more["legacy"]
        gone = [one for one in kept if one not in held.sources and one not in held.destinations]
        for one in gone:
            del kept[one]

    def public(
        self,
        op_id: str,
        path: dict[str, str] | None = None,
        body: Object | None = None,
        query: Object | None = None,
        version: str = "",
    ) -> Object:
        """Do what an operation of the Public API does, on the same state and audit trail."""
        check(op_id, body, version)
        call = self._call(path or {}, body, query or {}, version)
        return carried_out(contract.operations()[op_id], call, HANDLERS[op_id])

    def page(
        self, items: Sequence[Object], name: str, shown: Callable[[Context, Object], Object]
    ) -> Object:
        """The answer of a list: a page of what the role sees; the last has no next token."""
        call = self._call({}, None, {"pagination": reading.pagination(self._query)}, "")
        return self._shown(call, call.page(items, name), name, name, shown)

    def page_of_public(
        self,
        op_id: str,
        query: Object,
        field: str,
        name: str,
        shown: Callable[[Context, Object], Object],
    ) -> Object:
        """As `page`, of what an operation of the Public API lists as `field`."""
        paged = {**query, "pagination": reading.pagination(self._query)}
        call = self._call({}, None, paged, "")
        return self._shown(call, HANDLERS[op_id](call), field, name, shown)

    def _shown(
        self,
        call: Call,
        found: Object,
        field: str,
        name: str,
        shown: Callable[[Context, Object], Object],
    ) -> Object:
        self.shifted = call.shifted
        token = found["pagination"].get("next", "")
        return {name: [shown(self, one) for one in found[field]], "next_page_token": token}

    def _call(self, path: dict[str, str], body: Any, query: Object, version: str) -> Call:
        return Call(
            path=path,
            query=query,
            body=body,
            version=version,
            role=self.role,
            workspace=self.workspace,
            catalog=self.catalog,
            make=self.emulator.make,
            clock=self.clock,
            consistency=self.emulator.consistency,
            fault=self.fault,
        )


def check(op_id: str, body: Object | None, version: str = "") -> None:
    """Raises `Fault` 422 for a body that the operation of the Public API would refuse."""
    if body is not None:
        contract.check_body(contract.operations()[op_id], body, version)
