"""The tables of `Workspace.more` in snapshots: one mechanism for all of them.

A table is a list under its name in camel case, left out when empty. An entry is an object as it is
stored, known by its `id` (an invite by its `email`); where a table has other keys, an entry is
`{"key": …, "value": …}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .classes import OwnCatalog
from .families.insert_instances import bare
from .ids import slugified
from .people import only_founder
from .workspace import BELOW, Object, Workspace

if TYPE_CHECKING:
    from .core import Emulator

# What was done to an emulator is its own, and no part of what a workspace holds.
_LEFT_OUT = ("audit_events",)
_CALLED = {
    "insert_instances": "insertFunctionInstances",
    "models": "reverseEtlModels",
    "syncs": "reverseEtlSyncs",
}
_KEYS = {"invites": "email"}
_FIRST = ("users", "functions")


def _camel(table: str) -> str:
    first, *rest = table.split("_")
    return first + "".join(word.title() for word in rest)


# Table -> its name in a snapshot.
NAMES: dict[str, str] = {
    table: _CALLED.get(table, _camel(table)) for table in Workspace.MORE if table not in _LEFT_OUT
}


def dumped(workspace: Workspace) -> dict[str, list[Any]]:
    """The tables that hold something, by their names in a snapshot.

    The owner that every workspace starts with is no part of one, unless something became of them.
    """
    return {
        name: [_entry(table, key, value) for key, value in workspace.more[table].items()]
        for table, name in NAMES.items()
        if workspace.more[table] and not (table == "users" and only_founder(workspace))
    }


def _entry(table: str, key: Any, value: Any) -> Any:
    field = _KEYS.get(table, "id")
    plain = isinstance(value, dict) and value.get(field) == key and set(value) != {"key", "value"}
    if plain:
        return value
    return {"key": list(key) if isinstance(key, tuple) else key, "value": value}


def load(emulator: Emulator, workspace: Workspace, raw: Mapping[str, Any]) -> None:
    """Read the tables of a workspace of a snapshot; what is below something, after it.

    Raises KeyError, TypeError or ValueError for what cannot be read.
    """
    for table, name in NAMES.items():
        if table not in _FIRST:
            _load(emulator, workspace, table, raw.get(name, ()))
    _check(workspace)


def load_first(emulator: Emulator, workspace: Workspace, raw: Mapping[str, Any]) -> None:
    """Read the tables that sources and destinations may refer to; raises as `load` does."""
    for table in _FIRST:
        _load(emulator, workspace, table, raw.get(NAMES[table], ()))


def _load(emulator: Emulator, workspace: Workspace, table: str, entries: Iterable[Any]) -> None:
    for entry in entries:
        if set(entry) == {"key", "value"}:
            key, value = entry["key"], entry["value"]
        else:
            key, value = entry[_KEYS.get(table, "id")], dict(entry)
        made = _completed(emulator, workspace, table, value)
        workspace.more[table][tuple(key) if isinstance(key, list) else key] = made


def _check(workspace: Workspace) -> None:
    """Whether what objects hang on is there."""
    above: dict[tuple[str, str], list[str]] = {}
    for parent, tables in BELOW.items():
        for below in tables:
            above.setdefault(below, []).append(parent)
    held = workspace.tables()
    for (table, field), parents in above.items():
        for one in held[table].values():
            wanted = one.get(field)
            if wanted is not None and not any(wanted in held[parent] for parent in parents):
                raise ValueError(f"{NAMES[table]}: there is no {field} {wanted!r}")


def _completed(emulator: Emulator, workspace: Workspace, table: str, value: Any) -> Any:
    """An object with what the service would have made, where a snapshot was written by hand."""
    defaults = _DEFAULTS.get(table)
    if defaults is None:
        return value
    made = defaults(emulator, workspace, value)
    return {**value, **{name: made[name] for name in made if name not in value}}


def _function(emulator: Emulator, workspace: Workspace, one: Object) -> Object:
    now = emulator.clock.stamp() if "createdAt" not in one else one["createdAt"]
    is_source = one["resourceType"] == "SOURCE"
    return {
        "createdAt": now,
        "createdBy": next(iter(workspace.more["users"]), workspace.id),
        "deployedAt": None if is_source else now,
        "settings": [],
        "displayName": one["id"],
        "code": "",
        "isLatestVersion": not is_source,
    }


def _instance(emulator: Emulator, workspace: Workspace, one: Object) -> Object:
    now = emulator.clock.stamp() if "updatedAt" not in one else one["updatedAt"]
    function = workspace.more["functions"][one["functionId"]]
    return {
        "classId": bare(function),
        "enabled": False,
        "createdAt": now,
        "updatedAt": now,
        "settings": {},
    }


def _subscription(emulator: Emulator, workspace: Workspace, one: Object) -> Object:
    destination = workspace.destinations[one["destinationId"]]
    catalog = OwnCatalog(emulator.catalog, workspace)
    entry = catalog.get("destinations", destination["metadataId"]) or {}
    slugs = [a["slug"] for a in entry.get("actions", ()) if a["id"] == one["actionId"]]
    if not slugs:
        raise ValueError(f"subscriptions: there is no actionId {one['actionId']!r}")
    return {"actionSlug": slugs[0], "name": slugs[0], "enabled": True, "settings": {}}


def _transformation(_emulator: Emulator, _workspace: Workspace, _one: Object) -> Object:
    return {"propertyRenames": [], "propertyValueTransformations": [], "fqlDefinedProperties": []}


def _model(_emulator: Emulator, _workspace: Workspace, one: Object) -> Object:
    return {"name": one["id"], "description": "", "enabled": True}


def _credential(emulator: Emulator, workspace: Workspace, one: Object) -> Object:
    return {
        "workspaceId": workspace.id,
        "name": one["id"],
        "settings": {"type": "snowflake"},
        **_times(emulator, one),
    }


def _times(emulator: Emulator, one: Object) -> Object:
    now = one["createdAt"] if "createdAt" in one else emulator.clock.stamp()
    return {"createdAt": now, "updatedAt": now}


def _space(_emulator: Emulator, _workspace: Workspace, one: Object) -> Object:
    name = one.get("name", one["id"])
    return {"name": name, "slug": slugified(str(name))}


def _audience(emulator: Emulator, workspace: Workspace, one: Object) -> Object:
    owner = next(iter(workspace.more["users"]), workspace.id)
    name = one.get("name", one["id"])
    times = _times(emulator, one)
    return {
        "name": name,
        "description": "",
        "key": slugified(str(name)).replace("-", "_"),
        "enabled": True,
        "audienceType": "USERS",
        "options": {},
        "createdBy": owner,
        "updatedBy": owner,
        "lockedUntil": times["createdAt"],
        **times,
    }


def _trait(emulator: Emulator, workspace: Workspace, one: Object) -> Object:
    made = _audience(emulator, workspace, one)
    return {name: made[name] for name in made if name not in ("audienceType", "lockedUntil")}


def _space_filter(emulator: Emulator, workspace: Workspace, one: Object) -> Object:
    return {
        "workspaceId": workspace.id,
        "enabled": False,
        "drop": False,
        **_times(emulator, one),
    }


def _profiles_warehouse(emulator: Emulator, workspace: Workspace, one: Object) -> Object:
    if emulator.catalog.get("warehouses", one["metadataId"]) is None:
        raise ValueError(f"metadataId {one['metadataId']!r} is not in the catalog")
    return {
        "workspaceId": workspace.id,
        "enabled": True,
        "settings": {},
        "schemaName": one["id"],
        "selectiveSync": {"enableEventTables": False, "collections": {}},
    }


_DEFAULTS: dict[str, Callable[[Emulator, Workspace, Object], Object]] = {
    "functions": _function,
    "insert_instances": _instance,
    "subscriptions": _subscription,
    "transformations": _transformation,
    "models": _model,
    "credentials": _credential,
    "spaces": _space,
    "audiences": _audience,
    "computed_traits": _trait,
    "space_filters": _space_filter,
    "profiles_warehouses": _profiles_warehouse,
}
