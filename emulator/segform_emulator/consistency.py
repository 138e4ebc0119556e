"""Eventual consistency, when asked for: what was just made or deleted is not everywhere at once.

`POST /_emulator/consistency` with `{"seconds": 2}`. For so long, on the emulator's clock, an object
that a request made is not found by the requests that name it or list it, as the official provider
has seen right after a creation; and what was deleted is still in the lists. How long it takes the
service is not known, and most of the time nobody notices: off until it is asked for.
"""

from __future__ import annotations

from typing import Any

from .contract import Operation
from .errors import Fault, bad_request, not_found
from .ids import Clock
from .workspace import Object, Workspace

# A forgotten setting must not hide things for good.
MOST = 3_600
_KEPT = 10_000
# Lists of objects by their id, and the operations that delete one -> the table it was in.
_TABLES = {
    "deleteSource": ("sources", "sourceId"),
    "deleteDestination": ("destinations", "destinationId"),
    "removeFilterFromDestination": ("filters", "filterId"),
    "deleteTrackingPlan": ("plans", "trackingPlanId"),
    "deleteWarehouse": ("warehouses", "warehouseId"),
    "deleteFunction": ("functions", "functionId"),
    "deleteTransformation": ("transformations", "transformationId"),
    "deleteReverseEtlModel": ("models", "modelId"),
    "deleteUserGroup": ("groups", "userGroupId"),
}


class Consistency:
    """Which objects are too new to be found, and which too freshly gone to be missed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.seconds = 0.0
        self._made: dict[str, float] = {}
        self._gone: dict[str, tuple[float, str, str, Object]] = {}

    def configure(self, given: dict[str, Any]) -> None:
        """Set `seconds`; 0 is the end of it. Raises `Fault` 400."""
        seconds = given.get("seconds", self.seconds)
        if set(given) - {"seconds"} or isinstance(seconds, bool):
            raise bad_request("consistency has seconds, a number.")
        try:
            seconds = float(seconds)
        except (TypeError, ValueError, OverflowError):
            raise bad_request("seconds is a number.") from None
        if not 0 <= seconds <= MOST:
            raise bad_request(f"seconds is a number from 0 to {MOST}.")
        self.seconds = seconds
        if not seconds:
            self.clear()

    def clear(self) -> None:
        """Everything is found again, at once."""
        self.seconds = 0.0
        self._made.clear()
        self._gone.clear()

    def _recent(self, at: float) -> bool:
        return self._clock.now().timestamp() < at + self.seconds

    def made(self, data: Any) -> None:
        """Remember the object of an answer to a creation."""
        if not self.seconds:
            return
        for value in data.values():
            if isinstance(value, dict) and isinstance(value.get("id"), str):
                self._made[value["id"]] = self._clock.now().timestamp()
        while len(self._made) > _KEPT:
            del self._made[next(iter(self._made))]

    def before_delete(
        self, operation: Operation, path: dict[str, str], workspace: Workspace
    ) -> Object | None:
        """The object that a deletion is about to take, to be told to `deleted` afterwards."""
        if not self.seconds or operation.id not in _TABLES:
            return None
        table, parameter = _TABLES[operation.id]
        found: Object | None = workspace.tables()[table].get(path[parameter])
        return found

    def deleted(self, operation: Operation, workspace: Workspace, gone: Object) -> None:
        """Remember what was deleted."""
        table, _parameter = _TABLES[operation.id]
        at = self._clock.now().timestamp()
        self._gone[gone["id"]] = (at, workspace.id, table, gone)
        while len(self._gone) > _KEPT:
            del self._gone[next(iter(self._gone))]

    def hides(self, wanted: Any) -> bool:
        """Whether an id is of an object that is too new."""
        return (
            bool(self.seconds)
            and isinstance(wanted, str)
            and wanted in self._made
            and self._recent(self._made[wanted])
        )

    def check(self, path: dict[str, str], query: dict[str, Any], body: Any) -> None:
        """Raises `Fault` 404 for a request that names an object that is too new."""
        if not self.seconds:
            return
        named = [*path.values(), *query.values()]
        if isinstance(body, dict):
            named += body.values()
        for wanted in named:
            if self.hides(wanted):
                raise _unseen(wanted)

    def listed(self, workspace: Workspace, items: list[Any]) -> list[Any]:
        """The items of a list as they are seen: without the newest, with what was just deleted."""
        if not self.seconds:
            return items
        seen = [one for one in items if not (isinstance(one, dict) and self.hides(one.get("id")))]
        tables = workspace.tables()
        for at, place, table, gone in self._gone.values():
            if place == workspace.id and self._recent(at) and _same(items, tables[table]):
                seen.append(gone)
        return seen


def _same(items: list[Any], table: Any) -> bool:
    """Whether a list is of a whole table."""
    return len(items) == len(table) and all(
        isinstance(one, dict) and table.get(one.get("id")) is one for one in items
    )


def _unseen(wanted: str) -> Fault:
    return not_found(f"The object {wanted!r}")
