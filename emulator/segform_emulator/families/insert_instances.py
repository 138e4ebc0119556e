"""Insert function instances: an insert function at work for one source or destination.

A function is named without the `ifnd_` or `ifns_` of its id, as the service's documents ask; with
it, it is not found (seen in the reports about the official provider).
"""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import bad_request, not_found
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler
from .destinations import concealed
from .functions import PREFIXES
from .sources import merged

_AT_SOURCES = ("INSERT_SOURCE",)
_AT_DESTINATIONS = ("INSERT_DESTINATION", "INSERT_TRANSFORMATION")


def shown(call: Call, instance: Object) -> Object:
    """An instance as the API shows it: sensitive settings as a mask.

    They are in `settings` with the others, and alone in `encryptedSettings` (unknown).
    """
    # `get` of a table does not mark the function as touched.
    function = call.workspace.more["functions"].get(instance["functionId"]) or {}
    secret = {one["name"] for one in function.get("settings", ()) if one["sensitive"]}
    settings = {
        key: concealed(value) if key in secret else value
        for key, value in instance["settings"].items()
    }
    made = {name: value for name, value in instance.items() if name != "functionId"}
    made["settings"] = settings
    made["encryptedSettings"] = {key: settings[key] for key in settings if key in secret}
    return made


def create(call: Call) -> dict[str, Any]:
    """`POST /insert-function-instances`. It starts switched off (unknown)."""
    body = call.body
    function = _function(call, body["functionId"])
    _check_integration(call, function, body["integrationId"])
    now = call.clock.stamp()
    made: Object = {
        "id": call.make.base58(),
        "name": body["name"],
        "integrationId": body["integrationId"],
        "functionId": function["id"],
        "classId": bare(function),
        "enabled": body.get("enabled", False),
        "createdAt": now,
        "updatedAt": now,
        "settings": merged({}, body["settings"]),
    }
    call.workspace.more["insert_instances"][made["id"]] = made
    return {"insertFunctionInstance": shown(call, made)}


def bare(function: Object) -> str:
    """The id of a function without its prefix."""
    return str(function["id"].removeprefix(PREFIXES[function["resourceType"]]))


def _function(call: Call, wanted: str) -> Object:
    for function in call.workspace.more["functions"].values():
        if function["resourceType"].startswith("INSERT") and bare(function) == wanted:
            found: Object = function
            return found
    raise not_found(f"The insert function {wanted!r}")


def _check_integration(call: Call, function: Object, wanted: str) -> None:
    """Whether there is a source or destination that the function's kind can be attached to."""
    held = call.workspace
    if wanted not in held.sources and wanted not in held.destinations:
        raise not_found(f"The integration {wanted!r}")
    kind = function["resourceType"]
    fits = _AT_SOURCES if wanted in held.sources else _AT_DESTINATIONS
    if kind not in fits:
        raise bad_request(f"A function of the type {kind} is not for this kind of integration.")


def every(call: Call) -> dict[str, Any]:
    """`GET /insert-function-instances?functionId=…`: with or without the prefix (unknown)."""
    wanted = str(call.query["functionId"])
    known = call.workspace.more["functions"]
    function_id = wanted if wanted in known else _function(call, wanted)["id"]
    held = call.workspace.more["insert_instances"].values()
    return call.page([one for one in held if one["functionId"] == function_id], "instances", shown)


def _instance(call: Call) -> Object:
    wanted = call.path["instanceId"]
    return call.workspace.one("insert_instances", wanted, "The insert function instance")


def get(call: Call) -> dict[str, Any]:
    """`GET /insert-function-instances/{instanceId}`."""
    return {"insertFunctionInstance": shown(call, _instance(call))}


def update(call: Call) -> dict[str, Any]:
    """`PATCH …/{instanceId}`: settings are required and merged by key; null removes (inferred)."""
    instance = _instance(call)
    for name in ("name", "enabled"):
        if name in call.body:
            instance[name] = call.body[name]
    instance["settings"] = merged(instance["settings"], call.body["settings"])
    instance["updatedAt"] = call.clock.stamp()
    return {"insertFunctionInstance": shown(call, instance)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /insert-function-instances/{instanceId}`."""
    call.workspace.drop("insert_instances", _instance(call)["id"])
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createInsertFunctionInstance": create,
    "listInsertFunctionInstances": every,
    "getInsertFunctionInstance": get,
    "updateInsertFunctionInstance": update,
    "deleteInsertFunctionInstance": delete,
}
