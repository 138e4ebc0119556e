"""Who may do what in a workspace, as the legacy Config API lists it: users, roles, invites.

The paths are known from public clients; of roles, policies and invites no more than that they have
names. They are written through the Public API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ._family import AsyncFamily, Family
from .calls import call
from .elsewhere import ReadOnly
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from . import types as t


class Users(ReadOnly, Family):
    """Members of a legacy workspace: list."""

    __slots__ = ()
    _service = "users"

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.User]:
        """The members of a legacy workspace: `GET …/users`."""
        asked = call("listUsers", self._in(workspace))
        return cast("Iterator[t.User]", self._each(asked, limit, count))


class AsyncUsers(ReadOnly, AsyncFamily):
    """As `Users`, awaited."""

    __slots__ = ()
    _service = "users"

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.User]:
        """As `Users.list`."""
        asked = call("listUsers", self._in(workspace))
        return cast("AsyncIterator[t.User]", self._each(asked, limit, count))


class Roles(ReadOnly, Family):
    """Roles of a legacy workspace: list."""

    __slots__ = ()
    _service = "roles"

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.Named]:
        """The roles of a legacy workspace: `GET …/roles`."""
        asked = call("listRoles", self._in(workspace))
        return cast("Iterator[t.Named]", self._each(asked, limit, count))


class AsyncRoles(ReadOnly, AsyncFamily):
    """As `Roles`, awaited."""

    __slots__ = ()
    _service = "roles"

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.Named]:
        """As `Roles.list`."""
        asked = call("listRoles", self._in(workspace))
        return cast("AsyncIterator[t.Named]", self._each(asked, limit, count))


class Policies(ReadOnly, Family):
    """Policies of a legacy workspace, of all its roles: list."""

    __slots__ = ()
    _service = "policies"

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.Named]:
        """The policies of all legacy roles: `GET …/roles/-/policies`."""
        asked = call("listPolicies", self._in(workspace))
        return cast("Iterator[t.Named]", self._each(asked, limit, count))


class AsyncPolicies(ReadOnly, AsyncFamily):
    """As `Policies`, awaited."""

    __slots__ = ()
    _service = "policies"

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.Named]:
        """As `Policies.list`."""
        asked = call("listPolicies", self._in(workspace))
        return cast("AsyncIterator[t.Named]", self._each(asked, limit, count))


class Invites(ReadOnly, Family):
    """Invites to a legacy workspace: list."""

    __slots__ = ()
    _service = "invites"

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.Named]:
        """The invites to a legacy workspace: `GET …/invites`."""
        asked = call("listInvites", self._in(workspace))
        return cast("Iterator[t.Named]", self._each(asked, limit, count))


class AsyncInvites(ReadOnly, AsyncFamily):
    """As `Invites`, awaited."""

    __slots__ = ()
    _service = "invites"

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.Named]:
        """As `Invites.list`."""
        asked = call("listInvites", self._in(workspace))
        return cast("AsyncIterator[t.Named]", self._each(asked, limit, count))
