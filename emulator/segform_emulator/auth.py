"""Tokens: which workspace each one opens, and what it may do there."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from .errors import Fault


class Role(NamedTuple):
    """What a token may do; a member of a workspace may be let to read and nothing more."""

    name: str
    writes: bool = True
    source_admin: bool = True
    revoked: bool = False


OWNER = Role("owner")
ROLES = (
    OWNER,
    Role("member", writes=False, source_admin=False),
    Role("no_source_admin", source_admin=False),
    Role("revoked", revoked=True),
)


class Tokens:
    """The tokens of all workspaces, made anew for each emulator."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Role]] = {}

    def add(self, workspace_id: str, role: Role) -> str:
        """A new token."""
        token = f"emulated-{role.name}-{secrets.token_hex(12)}"
        self._known[token] = (workspace_id, role)
        return token

    def check(self, header: str) -> tuple[str, Role]:
        """(workspace id, role) of an `Authorization` header, or `Fault` 401."""
        scheme, _, token = header.partition(" ")
        found = self._known.get(token.strip()) if scheme.lower() == "bearer" else None
        if found is None or found[1].revoked:
            raise Fault(401, "unauthorized", "The token is missing, unknown or revoked.")
        return found
