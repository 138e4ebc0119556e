"""From a request of the Config API to its answer, and into the log.

The order is that of the Public API's face: token, workspace, limit, permission, input, object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segform_emulator.contract import Operation
from segform_emulator.errors import Fault, not_found
from segform_emulator.exact import dumps
from segform_emulator.trip import Answer, Request, Trip

from . import names, routes
from .context import Context
from .errors import answer_of
from .routes import PREFIX

if TYPE_CHECKING:
    from segform_emulator.auth import Role
    from segform_emulator.core import Emulator
    from segform_emulator.workspace import Workspace

HOST = "platform.segmentapis.com"
# Hosts of the Public API: what has this prefix there is an address that does not exist.
_OTHERS = ("api.segmentapis.com", "eu1.api.segmentapis.com")
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


def is_legacy(request: Request) -> bool:
    """Whether a request is meant for the Config API: by its host, else by its path."""
    host = request.host
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
        return _Trip(self._emulator, request).answer()


class _Trip(Trip):
    """A request of the Config API."""

    unknown = "legacy.unknown"

    def told(self, fault: Fault) -> tuple[int, bytes]:
        status, content = answer_of(fault)
        return status, dumps(content).encode()

    def steps(self) -> tuple[int, bytes]:
        return 200, dumps(self._steps()).encode()

    def _steps(self) -> dict[str, Any]:
        request, emulator = self.request, self.emulator
        self.weigh()
        route, path = routes.find(request.method, request.path)
        self.known(route.operation)
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
        self.done()
        return made

    def _known(self, workspace: Workspace, path: dict[str, str]) -> None:
        """Raises `Fault` 404 for a workspace that the token does not open, or one in the EU."""
        if self.request.host != HOST and self.emulator.region == "eu":
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
