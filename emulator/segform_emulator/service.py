"""From a request to its answer: who asks, how often, whether it may, what it does.

The order is that of the service as far as it is known: token, limit, permission, input, object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import contract, example, query
from .errors import Fault
from .exact import dumps, loads
from .families import HANDLERS, Call
from .moments import spaced
from .trail import carried_out
from .trip import Answer, Request, Trip

if TYPE_CHECKING:
    from .core import Emulator
    from .workspace import Workspace

_HOSTS = {"api.segmentapis.com": "us", "eu1.api.segmentapis.com": "eu"}


class Service:
    """Answers the API's requests from the state of an emulator. Called with its lock held."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> Answer:
        """Answer one request, and write it into the log."""
        return _Trip(self._emulator, request).answer()


class _Trip(Trip):
    """A request of the Public API."""

    def __init__(self, emulator: Emulator, request: Request) -> None:
        super().__init__(emulator, request)
        self.headers["X-Request-Id"] = emulator.make.base58()

    def told(self, fault: Fault) -> tuple[int, bytes]:
        self.headers.update(fault.headers)
        return fault.status, dumps({"errors": [fault.item]}).encode()

    def steps(self) -> tuple[int, bytes]:
        status, data = self._steps()
        if self.emulator.timestamps == "spaced":
            data = spaced(data)
        return status, self.emulator.written.answer(data)

    def _steps(self) -> tuple[int, Any]:
        request = self.request
        self.weigh()
        operation, parameters = contract.find(request.method, request.path)
        self.known(operation)
        token, place, role = self.emulator.auth.check(request.headers.get("authorization", ""))
        self.role_name = role.name
        workspace = self.emulator.at(place)
        self._region(workspace)
        scopes = {"workspaceId": workspace.id, **parameters}
        self.headers.update(self.emulator.limits.spend(token, operation, scopes))
        self._version(operation)
        role.check(operation, parameters, workspace)
        self.emulator.features.check(workspace, operation)
        if operation.id not in HANDLERS:
            self.headers[example.HEADER] = "example"
        call = self._call(operation, parameters, workspace, role)
        role.check_body(call.body, workspace)
        consistency = self.emulator.consistency
        consistency.check(call.path, call.query, call.body)
        gone = consistency.before_delete(operation, parameters, workspace)
        data = _handler(operation)(call)
        if operation.effect == "once":
            consistency.made(data)
        if gone is not None:
            consistency.deleted(operation, workspace, gone)
        self.headers.update(call.headers)
        self._tell(operation, call, data)
        self.done()
        return operation.status, data

    def _call(
        self,
        operation: contract.Operation,
        parameters: dict[str, str],
        workspace: Workspace,
        role: Any,
    ) -> Call:
        request = self.request
        version = contract.media_version(request.headers.get("accept", ""))
        given = query.parse(request.query)
        contract.check_query(operation, given)
        body: Any = None
        if operation.body is not None:
            try:
                body = loads(request.body) if request.body else {}
            except (ValueError, RecursionError) as problem:
                raise Fault(400, "bad-request", f"The body is not valid JSON: {problem}") from None
            contract.check_body(operation, body, version)
        return Call(
            path=parameters,
            query=given,
            body=body,
            version=version,
            role=role,
            workspace=workspace,
            catalog=self.emulator.catalog,
            make=self.emulator.make,
            clock=self.emulator.clock,
            consistency=self.emulator.consistency,
            fault=self.fault,
        )

    def _region(self, workspace: Workspace) -> None:
        region = _HOSTS.get(self.request.host, self.emulator.region)
        if region is not None and region != workspace.region:
            raise Fault(401, "unauthorized", f"The token is not one of the region {region}.")

    def _version(self, operation: contract.Operation) -> None:
        wanted = contract.media_version(self.request.headers.get("accept", ""))
        if wanted and wanted not in operation.versions:
            raise Fault(
                404, "not-found", f"{operation.id} does not exist in the version {wanted!r}."
            )

    def _tell(self, operation: contract.Operation, call: Call, data: Any) -> None:
        """Keep what changed; hold the answer against the contract."""
        if not operation.reads or call.shifted:
            self.emulator.kept(call.workspace)
        else:
            call.workspace.forget_touched()
        self.emulator.checks.check(operation, data)


def _handler(operation: contract.Operation) -> Any:
    """What carries an operation out; without state, an answer made from the contract."""
    found = HANDLERS.get(operation.id)
    if found is None:
        return lambda _call: example.answer(operation)
    return lambda call: carried_out(operation, call, found)
