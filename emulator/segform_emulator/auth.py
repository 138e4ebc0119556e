"""Tokens: which workspace each one opens, and what it may do and see there.

The service's tokens are made with Owner or Member access; what a member's roles narrow down is
modelled by the roles below. Which status a role that is too small gets is not documented for every
operation: 403 here (inferred), 404 for what is out of sight where a role `hides` (unknown).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple

from .contract import Operation
from .errors import Fault, forbidden, not_found
from .workspace import Object, Workspace

ALL = frozenset({"*"})
# Families that every role may read.
_EVERYBODYS = frozenset({"workspaces", "testing"})
_BELOW_SOURCES = frozenset({"sources", "destinations", "destination_filters"})


class Role(NamedTuple):
    """What a token may do.

    * `writes`, `reads`: the families that it may write and read, `ALL` or none; which workspace a
      token belongs to is told to every role;
    * `source_admin`: sees write keys;
    * `named`: what the service calls such roles, for operations of which it says who may use them;
    * `label`: sees only sources with this (key, value), and what hangs below them;
    * `hides`: what is out of its sight is not found, where it is forbidden else.
    """

    name: str
    writes: frozenset[str] = ALL
    source_admin: bool = True
    label: tuple[str, str] | None = None
    named: frozenset[str] = frozenset()
    revoked: bool = False
    reads: frozenset[str] = ALL
    hides: bool = False

    def sees(self, source: Object | None) -> bool:
        """Whether a source is in its scope."""
        if self.label is None or source is _SEEN:
            return True
        return source is not None and any(
            (label["key"], label["value"]) == self.label for label in source["labels"]
        )

    def visible(self, workspace: Workspace, items: Iterable[Any]) -> list[Any]:
        """Those of some objects that are in its scope; the list itself where all of it is."""
        if self.label is None:
            return items if isinstance(items, list) else list(items)
        return [item for item in items if self.sees(_source_of(workspace, item))]

    def check(self, operation: Operation, path: dict[str, str], workspace: Workspace) -> None:
        """Raises `Fault` 403 for an operation that the role is too small for.

        What a role with `hides` does not see is a 404.
        """
        may = self.reads | _EVERYBODYS if operation.reads else self.writes
        if not may & {"*", operation.family}:
            raise forbidden(f"The role of this token may not use {operation.id}.")
        if operation.permissions and not operation.permissions & self.named:
            raise forbidden(f"The role of this token may not use {operation.id}.")
        if self.label is None:
            return
        if operation.id == "createSource":
            raise forbidden("The role of this token is limited to sources with a label.")
        source = _named_in(workspace, path)
        if source is not None and not self.sees(source):
            raise self._beyond()

    def check_body(self, body: dict[str, Any], workspace: Workspace) -> None:
        """Raises `Fault` for a body that names a source beyond the role's reach."""
        source_id = body.get("sourceId")
        if self.label is None or not isinstance(source_id, str):
            return
        source = workspace.sources.get(source_id)
        if source is not None and not self.sees(source):
            raise self._beyond()

    def _beyond(self) -> Fault:
        if self.hides:
            return not_found("The object")
        return forbidden("The role of this token does not reach this source.")


def _source_of(workspace: Workspace, item: Any) -> Object | None:
    """The source that an object hangs below; `_SEEN` for what belongs to none."""
    if not isinstance(item, dict):
        return workspace.sources.get(item)
    if "writeKeys" in item:
        return item
    if "sourceId" in item:
        return workspace.sources.get(item["sourceId"])
    for name in ("destinationId", "integrationId"):
        if item.get(name) in workspace.destinations:
            return _source_of(workspace, workspace.destinations.get(item[name]))
        if item.get(name) in workspace.sources:
            return workspace.sources.get(item[name])
    # What belongs to no source (plans, labels, the catalogue) is seen by everyone.
    return _SEEN


_SEEN: Object = {"labels": []}
# Parameters of paths that name something below a source, and where it is.
_BELOW = {
    "transformationId": "transformations",
    "modelId": "models",
    "instanceId": "insert_instances",
}


def _named_in(workspace: Workspace, path: dict[str, str]) -> Object | None:
    source_id = path.get("sourceId")
    if "destinationId" in path:
        destination = workspace.destinations.get(path["destinationId"])
        source_id = destination["sourceId"] if destination else None
    for name, table in _BELOW.items():
        found = workspace.more[table].get(path.get(name))
        if found is not None:
            return _source_of(workspace, found)
    return workspace.sources.get(source_id) if source_id else None


_READS = frozenset({"Source Read-only", "Tracking Plan Read-only"})
OWNER = Role("owner", named=_READS | {"Workspace Owner"})
ROLES = (
    OWNER,
    Role("member", writes=frozenset(), source_admin=False, named=_READS),
    Role(
        "no_source_admin",
        writes=frozenset({"tracking_plans", "labels"}),
        source_admin=False,
        named=_READS,
    ),
    Role(
        "source_admin",
        writes=_BELOW_SOURCES | {"credentials"},
        named=_READS | {"Source Admin"},
    ),
    Role(
        "label_scoped",
        writes=_BELOW_SOURCES,
        label=("environment", "production"),
        named=_READS,
    ),
    Role("revoked", revoked=True),
)


class Tokens:
    """Tokens by text; each opens one place in the emulator's list of workspaces."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[int, Role]] = {}

    def add(self, place: int, role: Role, token: str | None = None) -> str:
        """A new token, or one that is known from before."""
        token = token or f"emulated-{role.name}-{secrets.token_hex(12)}"
        self.known[token] = (place, role)
        return token

    def check(self, header: str) -> tuple[str, int, Role]:
        """(token, place, role) of an `Authorization` header. Raises `Fault` 401."""
        scheme, _, text = header.partition(" ")
        token = text.strip()
        found = self.known.get(token) if scheme.lower() == "bearer" else None
        if found is None or found[1].revoked:
            raise Fault(401, "unauthorized", "The token is missing, unknown or revoked.")
        return token, *found
