"""From a request to its answer: who asks, how often, whether it may, what it does.

The order is that of the service as far as it is known: token, limit, permission, input, object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from . import contract, example, query
from .errors import Dropped, Fault
from .exact import dumps, loads
from .families import HANDLERS, Call
from .injection import PAGE, Injection, Page, strike
from .moments import spaced
from .trail import carried_out

if TYPE_CHECKING:
    from .core import Emulator
    from .workspace import Workspace

# What bodies and addresses may weigh is not documented; these are common limits (unknown).
LARGEST_BODY = 10 * 1024 * 1024
# Snapshots come through the control plane, and may be of whole workspaces.
LARGEST_SEED = 512 * 1024 * 1024
LONGEST_TARGET = 16 * 1024
_HOSTS = {"api.segmentapis.com": "us", "eu1.api.segmentapis.com": "eu"}


class Request(NamedTuple):
    """A request as it arrived: `path` still percent-encoded, names of `headers` in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """Status, headers and body; `delay` in seconds before it goes out; `dropped`: it never does."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay: float = 0.0
    dropped: bool = False


class Service:
    """Answers the API's requests from the state of an emulator. Called with its lock held."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> Answer:
        """Answer one request, and write it into the log."""
        trip = _Trip(self._emulator, request)
        made = trip.go()
        entry: dict[str, Any] = {
            "operation": trip.operation.id if trip.operation else "unknown",
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "status": 0 if made.dropped else made.status,
            "bytes": len(request.body),
            "role": trip.role_name,
            "at": self._emulator.clock.now().isoformat(timespec="milliseconds"),
        }
        if trip.fault is not None:
            entry["fault"] = trip.fault.kind
        self._emulator.recorder.add(entry)
        return made


class _Trip:
    """One request on its way."""

    def __init__(self, emulator: Emulator, request: Request) -> None:
        self.emulator = emulator
        self.request = request
        self.operation: contract.Operation | None = None
        self.fault: Injection | None = None
        self.role_name = ""
        self.headers: dict[str, str] = {
            "Content-Type": "application/json",
            "X-Request-Id": emulator.make.base58(),
        }

    def go(self) -> Answer:
        """The answer, whatever happens on the way."""
        delay = 0.0
        try:
            status, data = self._steps()
            if self.emulator.timestamps == "spaced":
                data = spaced(data)
            body = self.emulator.written.answer(data)
        except Fault as fault:
            self.headers.update(fault.headers)
            status, body = fault.status, dumps({"errors": [fault.item]}).encode()
        except Page as page:
            headers = {**self.headers, "Content-Type": "text/html"}
            return Answer(page.status, headers, PAGE)
        except Dropped:
            return Answer(0, {}, b"", dropped=True)
        except Exception as defect:
            # A defect of ours: told as one, in the form of the service, and never as a traceback.
            told = Fault(500, "emulator-defect", self.emulator.checks.defect(self._what(), defect))
            status, body = told.status, dumps({"errors": [told.item]}).encode()
        if self.fault is not None:
            if self.fault.kind == "truncated":
                body = body[: len(body) // 2]
            if self.fault.kind == "slow":
                delay = self.fault.seconds
        return Answer(status, self.headers, body, delay)

    def _what(self) -> str:
        return self.operation.id if self.operation else "a request"

    def _steps(self) -> tuple[int, Any]:
        request = self.request
        if len(request.path) + len(request.query) > LONGEST_TARGET:
            raise Fault(414, "uri-too-long", "The address of the request is too long.")
        if len(request.body) > LARGEST_BODY:
            raise Fault(413, "payload-too-large", "The body of the request is too large.")
        operation, parameters = contract.find(request.method, request.path)
        self.operation = operation
        self.fault = self.emulator.faults.take(request.method, request.path, operation.id)
        if self.fault is not None and self.fault.before:
            strike(self.fault)
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
        if self.fault is not None and self.fault.kind == "drop_after_commit":
            raise Dropped
        if self.fault is not None and self.fault.kind == "error_after":
            strike(self.fault)
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
        host = self.request.headers.get("host", "").partition(":")[0]
        region = _HOSTS.get(host, self.emulator.region)
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
