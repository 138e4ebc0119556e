"""The emulator itself: from a request to its answer, whatever carries it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from . import contract, query
from .auth import OWNER, ROLES, Role, Tokens
from .catalog import Catalog
from .errors import Dropped, Fault
from .exact import dumps, loads
from .families import HANDLERS, Call
from .faults import PAGE, Faults
from .ids import Clock, Maker
from .limits import Limits
from .snapshot import Snapshots
from .workspace import Workspace

if TYPE_CHECKING:
    import httpx

    from .server import Server
    from .store import Store


class Answer(NamedTuple):
    """Status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Emulator:
    """A Segment with two workspaces. Safe to call from many threads.

    * `catalog`: files with more catalogue entries; `seed`: a snapshot to start from;
    * `data`: a folder in which the state is kept over restarts;
    * `strict`: answers that break the contract are errors (status 500).
    * `token` opens the first workspace as owner; `tokens` has one for each role of it, and
      `other_workspace`.
    """

    def __init__(
        self,
        *,
        catalog: Iterable[Path] = (),
        seed: Mapping[str, Any] | None = None,
        data: Path | None = None,
        strict: bool = True,
        ids: int | None = None,
    ) -> None:
        self.strict = strict
        self.catalog = Catalog(catalog)
        self.make = Maker(ids)
        self.clock = Clock()
        self.limits = Limits(self.clock)
        self.faults = Faults()
        self.log: list[dict[str, Any]] = []
        self.lock = threading.RLock()
        self.auth = Tokens()
        self.workspaces: dict[str, Workspace] = {}
        self.snapshots = Snapshots(self)
        self.store: Store | None = None
        self.reset()
        self.tokens = self._make_tokens()
        self.token = self.tokens["owner"]
        if data is not None:
            from .store import Store

            self.store = Store(data)
            self.store.load(self)
        if seed is not None:
            self.snapshots.load(seed)

    def reset(self) -> None:
        """Empty both workspaces; tokens and ids of workspaces stay."""
        known = list(self.workspaces.values())
        slugs = (("acme", "Acme"), ("umbrella", "Umbrella"))
        self.workspaces.clear()
        for index, (slug, name) in enumerate(slugs):
            workspace_id = known[index].id if index < len(known) else self.make.base58()
            self.workspaces[workspace_id] = Workspace(workspace_id, slug, name)

    def _make_tokens(self) -> dict[str, str]:
        first, second = list(self.workspaces)[:2]
        made = {role.name: self.auth.add(first, role) for role in ROLES}
        made["other_workspace"] = self.auth.add(second, OWNER)
        return made

    # Requests

    def handle(
        self, method: str, path: str, query_string: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Answer one request. Raises `Dropped` where the connection ends without an answer.

        `path` is still percent-encoded, `headers` have lower-case names.
        """
        if path.startswith("/_emulator"):
            from .control import control

            return control(self, method, path, query_string, body)
        try:
            operation, parameters = contract.find(method, path)
        except Fault as fault:
            return self._refused(fault, {}, "", method, path)
        struck = self.faults.strike(operation.id, method)
        if struck and struck["kind"] == "slow":
            time.sleep(float(struck.get("seconds", 0.2)))
            struck = None
        with self.lock:
            return self._answer(operation, parameters, query_string, headers, body, struck, path)

    def _answer(
        self,
        operation: contract.Operation,
        parameters: dict[str, str],
        query_string: str,
        headers: Mapping[str, str],
        body: bytes,
        struck: dict[str, Any] | None,
        path: str,
    ) -> Answer:
        kind = struck["kind"] if struck else ""
        limits: dict[str, str] = {}
        try:
            workspace_id, role = self.auth.check(headers.get("authorization", ""))
            limits = self.limits.count(operation)
            if kind in ("drop", "error_before", "html"):
                raise _Struck(kind)
            data = self._run(operation, parameters, query_string, headers, body, workspace_id, role)
            _tamper(kind, data)
            if self.strict:
                contract.check_answer(operation, data)
        except _Struck:
            return self._struck(kind, operation, limits, path)
        except Fault as fault:
            return self._refused(fault, limits, operation.id, operation.method, path)
        if kind in ("drop_after_commit", "error_after", "truncated"):
            return self._struck(kind, operation, limits, path, data)
        return self._said(operation.status, {"data": data}, limits, operation, path)

    def _run(
        self,
        operation: contract.Operation,
        parameters: dict[str, str],
        query_string: str,
        headers: Mapping[str, str],
        body: bytes,
        workspace_id: str,
        role: Role,
    ) -> dict[str, Any]:
        if not operation.reads and not role.writes:
            raise Fault(403, "forbidden", "The token may not do this.")
        handler = HANDLERS.get(operation.id)
        if handler is None:
            raise Fault(
                501,
                "not-emulated",
                f"The emulator keeps no state for {operation.id} and does not make answers up.",
            )
        version = contract.media_version(headers.get("accept", ""))
        given = self._body(operation, body, version)
        call = Call(
            path=parameters,
            query=query.parse(query_string),
            body=given,
            version=version,
            role=role,
            workspace=self.workspaces[workspace_id],
            catalog=self.catalog,
            make=self.make,
            clock=self.clock,
        )
        data = handler(call)
        if self.store is not None and not operation.reads:
            self.store.save(self, workspace_id)
        return data

    @staticmethod
    def _body(operation: contract.Operation, body: bytes, version: str) -> Any:
        if operation.body is None:
            return None
        try:
            given = loads(body) if body else {}
        except ValueError:
            raise Fault(400, "bad-request", "The body is not valid JSON.") from None
        contract.check_body(operation, given, version)
        return given

    def _said(
        self,
        status: int,
        content: Any,
        limits: dict[str, str],
        operation: contract.Operation,
        path: str,
    ) -> Answer:
        self._note(operation.id, operation.method, path, status)
        return Answer(status, self._headers(limits), dumps(content).encode())

    def _refused(
        self, fault: Fault, limits: dict[str, str], op_id: str, method: str, path: str
    ) -> Answer:
        self._note(op_id, method, path, fault.status)
        headers = self._headers({**limits, **fault.headers})
        return Answer(fault.status, headers, dumps({"errors": [fault.item]}).encode())

    def _struck(
        self,
        kind: str,
        operation: contract.Operation,
        limits: dict[str, str],
        path: str,
        data: Any = None,
    ) -> Answer:
        if kind.startswith("drop"):
            self._note(operation.id, operation.method, path, 0)
            raise Dropped
        headers = self._headers(limits)
        if kind == "html":
            self._note(operation.id, operation.method, path, 502)
            return Answer(502, {**headers, "Content-Type": "text/html"}, PAGE)
        if kind == "truncated":
            self._note(operation.id, operation.method, path, operation.status)
            whole = dumps({"data": data}).encode()
            return Answer(operation.status, headers, whole[: len(whole) // 2])
        fault = Fault(500, "internal", "An unexpected error occurred.")
        return self._refused(fault, limits, operation.id, operation.method, path)

    def _headers(self, limits: dict[str, str]) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "X-Request-Id": self.make.base58(),
            **limits,
        }

    def _note(self, op_id: str, method: str, path: str, status: int) -> None:
        with self.lock:
            self.log.append(
                {
                    "operation": op_id,
                    "method": method,
                    "path": path,
                    "status": status,
                    "at": self.clock.now().isoformat(timespec="milliseconds"),
                }
            )

    # Ways in

    @property
    def app(self) -> Any:
        """The ASGI application."""
        from .server import asgi

        return asgi(self)

    def serve(self, port: int = 0) -> AbstractContextManager[Server]:
        """A server on the loopback interface while the context lasts; `.url` is where."""
        from .server import serve

        return serve(self, port)

    def transport(self) -> httpx.BaseTransport:
        """An httpx transport that calls the emulator in this process, without a socket."""
        from .transport import Transport

        return Transport(self)


class _Struck(Exception):
    """A fault that strikes before anything is done."""


def _tamper(kind: str, data: dict[str, Any]) -> None:
    """Leave the first object of a page out, as a list that is read while it changes may."""
    if kind not in ("missing_from_page", "shifted_page"):
        return
    for value in data.values():
        if isinstance(value, list) and value:
            del value[0]
            return
