"""One call on its way to the operation that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from segform_emulator.auth import Role
from segform_emulator.catalog import Catalog
from segform_emulator.classes import OwnCatalog
from segform_emulator.consistency import Consistency
from segform_emulator.errors import invalid
from segform_emulator.ids import Clock, Maker
from segform_emulator.injection import Injection
from segform_emulator.query import page
from segform_emulator.views import Views
from segform_emulator.workspace import Object, Table, Workspace

SUCCESS = {"status": "SUCCESS"}

Handler = Callable[["Call"], dict[str, Any]]
Shown = Callable[["Call", Object], Object]


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
        consistency: Consistency,
        fault: Injection | None = None,
    ) -> None:
        self.path = path
        self.query = query
        self.body = body if isinstance(body, dict) else {}
        self.version = version
        self.role = role
        self.workspace = workspace
        self.catalog: Catalog = OwnCatalog(catalog, workspace)
        self.make = make
        self.clock = clock
        self.consistency = consistency
        self.fault = fault
        self.shifted = False
        # Of the answer, over those that every answer has.
        self.headers: dict[str, str] = {}

    def page(
        self,
        items: Iterable[Any],
        name: str,
        shown: Shown | None = None,
        table: Table[str, Object] | None = None,
    ) -> dict[str, Any]:
        """The answer of a list operation: a page of what the role sees, and where the next is.

        `table`: the one that the items are in, where views of them can be kept.
        """
        held = self.consistency.listed(self.workspace, list(items))
        seen = self.role.visible(self.workspace, held)
        kind = self.fault.kind if self.fault else ""
        if kind == "shifted_page" and seen:
            gone = self._meant(seen)
            seen.remove(gone)
            self._remove(gone)
        found, pagination = page(seen, self.query)
        if kind == "missing_from_page" and found:
            found.remove(self._meant(found))
        if shown is not None and table is not None:
            found = [self._view(table.views, one, shown) for one in found]
        elif shown is not None:
            found = [shown(self, one) for one in found]
        return {name: found, "pagination": pagination}

    def _view(self, views: Views, one: Object, shown: Shown) -> Object:
        """An object as it is shown, from before if it is the same."""
        sees_keys = self.role.source_admin
        known = views.get(one["id"], sees_keys)
        if known is not None:
            return known
        made = shown(self, one)
        if not self.catalog.lasts(made["metadata"]):
            return made
        return views.keep(one["id"], sees_keys, made)

    def _meant(self, items: list[Any]) -> Any:
        wanted = self.fault.id if self.fault else None
        for item in items:
            if wanted is not None and isinstance(item, dict) and item.get("id") == wanted:
                return item
        return items[0]

    def _remove(self, gone: Any) -> None:
        """Delete an object as somebody else would, between two pages."""
        held = self.workspace
        removals: dict[str, tuple[Any, Callable[[str], None]]] = {
            "sources": (held.sources, held.drop_source),
            "destinations": (held.destinations, held.drop_destination),
            "filters": (held.filters, held.filters.__delitem__),
            "plans": (held.plans, held.drop_plan),
            "warehouses": (held.warehouses, held.drop_warehouse),
        }
        for table, remove in removals.values():
            if isinstance(gone, dict) and gone.get("id") in table:
                remove(gone["id"])
        for name, more in held.more.items():
            key = gone.get("id", gone.get("email")) if isinstance(gone, dict) else None
            if key in more:
                held.drop(name, key)
        for rules in held.rules.values():
            for key in [key for key, rule in rules.items() if rule is gone]:
                del rules[key]
        self.shifted = True

    def entry(self, kind: str, entry_id: str) -> dict[str, Any]:
        """A catalogue entry that a body names, or `Fault` 422."""
        found = self.catalog.get(kind, entry_id)
        if found is None:
            raise invalid("metadataId", f'"metadataId" {entry_id!r} is not in the catalog')
        return found
