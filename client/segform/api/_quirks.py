"""Where the API is odd, so that callers need not know: bodies, answers and second requests.

Each function takes an operation's id and leaves alone what is not odd.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from segform.errors import APIError
from segform.resources.ids import bare_function

# Operations whose answers are warehouses: the API keeps their name in the settings.
_WAREHOUSES = frozenset(
    {
        "createWarehouse",
        "getWarehouse",
        "updateWarehouse",
        "listWarehouses",
        "listConnectedWarehousesFromSource",
    }
)
# A PATCH that the API refuses without settings, even where they stay as they are.
_NEED_SETTINGS = frozenset({"updateWarehouse", "updateProfilesWarehouseForSpaceWarehouse"})


class FollowUp(NamedTuple):
    """A second request that a first one needs: an operation, its path and its body."""

    operation: str
    path: dict[str, Any]
    body: dict[str, Any]
    says: str


def fields(value: Any) -> dict[str, Any]:
    """An object of JSON; an empty one for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def sent(op_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body as the API takes it."""
    if op_id in _NEED_SETTINGS:
        return {"settings": {}, **body}
    if op_id == "createSource":
        # The stable operation takes no name: `follow_up` sets it.
        return {"enabled": True, **{k: v for k, v in body.items() if k != "name"}}
    if op_id == "createInsertFunctionInstance" and isinstance(body.get("functionId"), str):
        # The API gives the function's id with a prefix, and here takes it without.
        return {**body, "functionId": bare_function(body["functionId"])}
    return body


def follow_up(op_id: str, body: Mapping[str, Any], found: Any) -> FollowUp | None:
    """What remains to be done after a success."""
    source, name = fields(found), body.get("name")
    if op_id != "createSource" or "id" not in source or name in (None, source.get("name")):
        return None
    says = f"The source was created, as {source['id']}; only its name was not set."
    return FollowUp("updateSource", {"sourceId": source["id"]}, {"name": name}, says)


def unfinished(error: APIError, step: FollowUp) -> APIError:
    """The error of a second request, which says what the first one did."""
    error.args = (f"{error} {step.says}",)
    return error


def all_shown(op_id: str, page: list[Any]) -> list[Any]:
    """The entries of a page as callers want them."""
    return [shown(op_id, one) for one in page] if op_id in _WAREHOUSES else page


def shown(op_id: str, found: Any) -> Any:
    """An answer as callers want it."""
    if op_id in _WAREHOUSES:
        warehouse = fields(found)
        settings = fields(warehouse.get("settings"))
        if "name" in settings and "name" not in warehouse:
            return {"name": settings["name"], **warehouse}
    return found
