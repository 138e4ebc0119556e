"""From a request of the Config API to its answer, and into the log.

The order is that of the Public API's face: token, workspace, limit, permission, input, object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segform_emulator.contract import Operation
from segform_emulator.errors import Dropped, Fault, not_found
from segform_emulator.exact import dumps
from segform_emulator.injection import PAGE, Injection, Page, strike

from . import names, routes
from .context import Context
from .errors import answer_of, invalid
from .routes import PREFIX

if TYPE_CHECKING:
    from segform_emulator.auth import Role
    from segform_emulator.core import Emulator
    from segform_emulator.service import Answer, Request
    from segform_emulator.workspace import Workspace

HOST = "platform.segmentapis.com"
# Hosts of the Public API: what has this prefix there is an address that does not exist.
_OTHERS = ("api.segmentapis.com", "eu1.api.segmentapis.com")
_JSON = {"Content-Type": "application/json"}
# One limit for all operations of a token.
_LIMIT = Operation(
    "legacy",
    {
        "family": "legacy",
        "method": "GET",
        "path": PREFIX,
        "effect": "read",
        "stability": "stable",
        "versions": [],
        "limits": [{"requests": 200, "per": "minute"}],
    },
)


def _host(request: Request) -> str:
    return request.headers.get("host", "").partition(":")[0].lower()


def is_legacy(request: Request) -> bool:
    """Whether a request is meant for the Config API: by its host, else by its path."""
    host = _host(request)
    if host == HOST:
        return True
    below = request.path == PREFIX or request.path.startswith(f"{PREFIX}/")
    return below and host not in _OTHERS


class Legacy:
    """Answers requests of the Config API from the state of an emulator. Called with its lock."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> Answer:
        """Answer one request, and write it into the log."""
        trip = _Trip(self._emulator, request)
        made = trip.go()
        entry: dict[str, Any] = {
            "operation": trip.operation.id if trip.operation else "legacy.unknown",
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
        self.operation: Operation | None = None
        self.fault: Injection | None = None
        self.role_name = ""

    def go(self) -> Answer:
        """The answer, whatever happens on the way."""
        from segform_emulator.service import Answer

        delay = 0.0
        try:
            status, content = 200, self._steps()
        except Fault as fault:
            status, content = answer_of(fault)
        except Page as page:
            return Answer(page.status, {"Content-Type": "text/html"}, PAGE)
        except Dropped:
            return Answer(0, {}, b"", dropped=True)
        except Exception as defect:
            what = self.operation.id if self.operation else "a request"
            told = self.emulator.checks.defect(what, defect)
            status, content = answer_of(Fault(500, "emulator-defect", told))
        body = dumps(content).encode()
        if self.fault is not None:
            if self.fault.kind == "truncated":
                body = body[: len(body) // 2]
            if self.fault.kind == "slow":
                delay = self.fault.seconds
        return Answer(status, dict(_JSON), body, delay)

    def _steps(self) -> dict[str, Any]:
        request, emulator = self.request, self.emulator
        self._weigh()
        route, path = routes.find(request.method, request.path)
        self.operation = route.operation
        self.fault = emulator.faults.take(request.method, request.path, route.operation.id)
        if self.fault is not None and self.fault.before:
            strike(self.fault)
        token, place, role = emulator.auth.check(request.headers.get("authorization", ""))
        self.role_name = role.name
        workspace = emulator.at(place)
        self._known(workspace, path)
        if emulator.limits.enforce or _LIMIT.id in emulator.limits.operations:
            emulator.limits.spend(token, _LIMIT)
        context = Context(emulator, workspace, role, path, request.query, request.body, self.fault)
        self._permit(route, context)
        made = route.handler(context)
        self._keep(route, context)
        if self.fault is not None and self.fault.kind == "drop_after_commit":
            raise Dropped
        if self.fault is not None and self.fault.kind == "error_after":
            strike(self.fault)
        return made

    def _weigh(self) -> None:
        from segform_emulator.service import LARGEST_BODY, LONGEST_TARGET

        request = self.request
        if len(request.path) + len(request.query) > LONGEST_TARGET:
            raise invalid("The address of the request is too long.")
        if len(request.body) > LARGEST_BODY:
            raise invalid("The body of the request is too large.")

    def _known(self, workspace: Workspace, path: dict[str, str]) -> None:
        """Raises `Fault` 404 for a workspace that the token does not open, or one in the EU."""
        if _host(self.request) != HOST and self.emulator.region == "eu":
            raise not_found("The Config API, which the EU does not have,")
        wanted = path.get("workspace")
        if wanted is not None and (wanted != workspace.slug or workspace.region != "us"):
            raise not_found(f"workspaces/{wanted}")

    def _permit(self, route: routes.Route, context: Context) -> None:
        """Raises `Fault` 403 for a role that is too small, as it would for the counterpart."""
        role: Role = context.role
        ids: dict[str, str] = {}
        source = names.source(context.workspace, context.path.get("source", ""))
        if source is not None:
            ids["sourceId"] = source["id"]
        role.check(route.public, ids, context.workspace)

    def _keep(self, route: routes.Route, context: Context) -> None:
        if route.operation.reads and not context.shifted:
            context.workspace.forget_touched()
        else:
            self.emulator.kept(context.workspace)
