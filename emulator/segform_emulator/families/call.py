"""One call on its way to the operation that answers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segform_emulator.auth import Role
from segform_emulator.catalog import Catalog
from segform_emulator.errors import invalid
from segform_emulator.ids import Clock, Maker
from segform_emulator.query import page
from segform_emulator.workspace import Workspace

SUCCESS = {"status": "SUCCESS"}


class Call:
    """What an operation knows: path parameters, query, body, and the workspace of the token."""

    def __init__(
        self,
        *,
        path: dict[str, str],
        query: dict[str, Any],
        body: Any,
        version: str,
        role: Role,
        workspace: Workspace,
        catalog: Catalog,
        make: Maker,
        clock: Clock,
    ) -> None:
        self.path = path
        self.query = query
        self.body = body if isinstance(body, dict) else {}
        self.version = version
        self.role = role
        self.workspace = workspace
        self.catalog = catalog
        self.make = make
        self.clock = clock

    def page(self, items: list[Any], name: str) -> dict[str, Any]:
        """The answer of a list operation: a page of items, and where the next one is."""
        found, pagination = page(items, self.query)
        return {name: found, "pagination": pagination}

    def entry(self, kind: str, entry_id: str) -> dict[str, Any]:
        """A catalogue entry that a body names, or `Fault` 422."""
        found = self.catalog.get(kind, entry_id)
        if found is None:
            raise invalid("metadataId", f'"metadataId" {entry_id!r} is not in the catalog')
        return found


Handler = Callable[[Call], dict[str, Any]]
