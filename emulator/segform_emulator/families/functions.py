"""Functions, their versions and their deployment.

What the service shows of a function is documented; when a version comes about is not. Here each
change of the code makes one. Only source functions are deployed by a request: the others are in
use as soon as they are saved (unknown).
"""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import bad_request, invalid, not_found
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler

PREFIXES = {
    "SOURCE": "sfnc_",
    "DESTINATION": "dfn_",
    "INSERT_DESTINATION": "ifnd_",
    "INSERT_SOURCE": "ifns_",
    # How these begin is not known.
    "INSERT_TRANSFORMATION": "ifnt_",
}
_GIVEN = ("logoUrl", "description")
_LISTED = (
    "id",
    "resourceType",
    "createdAt",
    "createdBy",
    "displayName",
    "description",
    "logoUrl",
    "catalogId",
)


def create(call: Call) -> dict[str, Any]:
    """`POST /functions`: answers 200. All but source functions get the workspace in their name."""
    body = call.body
    kind = body["resourceType"]
    made: Object = {
        "id": f"{PREFIXES[kind]}{call.make.base58()}",
        "resourceType": kind,
        "createdAt": call.clock.stamp(),
        "createdBy": somebody(call),
        "deployedAt": None,
        "settings": _settings(body.get("settings", [])),
        "displayName": _named(call, kind, body["displayName"]),
        **{name: body[name] for name in _GIVEN if name in body},
    }
    # What can stand in the catalogue has an id there: insert functions cannot (inferred).
    if kind == "SOURCE":
        made["catalogId"] = call.make.base58()[:10]
        made["previewWebhookUrl"] = f"https://functions.example/?b={call.make.base58()}"
    elif kind == "DESTINATION":
        made["catalogId"] = call.make.hexadecimal()
    call.workspace.more["functions"][made["id"]] = made
    _save(call, made, body["code"])
    return {"function": made}


def somebody(call: Call) -> str:
    """The workspace's first user: a token stands for nobody (unknown)."""
    return str(next(iter(call.workspace.more["users"]), call.workspace.id))


def _named(call: Call, kind: str, name: str) -> str:
    """A display name as the service keeps it; the form of the addition is not known."""
    if not name.strip():
        raise invalid("displayName", '"displayName" is not allowed to be empty')
    addition = f" ({call.workspace.name})"
    return name if kind == "SOURCE" or name.endswith(addition) else name + addition


def _settings(given: list[Object]) -> list[Object]:
    """Settings that a function asks for, each name once (inferred)."""
    names: set[str] = set()
    for index, one in enumerate(given):
        if not one["name"] or one["name"] in names:
            raise invalid(
                f"settings.{index}.name", f'"settings.{index}.name" is empty or there already'
            )
        names.add(one["name"])
    return given


def _save(call: Call, function: Object, code: str) -> Object:
    """Give a function new code; the version that it makes."""
    now = call.clock.stamp()
    version: Object = {
        "id": call.make.base58(),
        "functionId": function["id"],
        "author": somebody(call),
        "code": code,
        "isDeployed": False,
        "createdAt": now,
        "updatedAt": now,
    }
    call.workspace.more["function_versions"][version["id"]] = version
    function["code"] = code
    function["isLatestVersion"] = False
    if function["resourceType"] != "SOURCE":
        _deploy(call, function)
    return version


def _versions(call: Call, function: Object) -> list[Object]:
    """The versions of a function, the newest first (unknown)."""
    held = call.workspace.more["function_versions"].values()
    return [one for one in held if one["functionId"] == function["id"]][::-1]


def _deploy(call: Call, function: Object) -> None:
    now = call.clock.stamp()
    held = call.workspace.more["function_versions"]
    # By key, so that the table knows what changes.
    latest, *older = (held[one["id"]] for one in _versions(call, function))
    latest.update(isDeployed=True, deployedAt=now, updatedAt=now)
    for version in older:
        version["isDeployed"] = False
    function.update(deployedAt=now, isLatestVersion=True)


def _function(call: Call) -> Object:
    return call.workspace.one("functions", call.path["functionId"], "The function")


def every(call: Call) -> dict[str, Any]:
    """`GET /functions?resourceType=…`: those of one type, without code and settings."""
    wanted = call.query["resourceType"]
    held = call.workspace.more["functions"].values()
    return call.page([one for one in held if one["resourceType"] == wanted], "functions", _listed)


def _listed(_call: Call, function: Object) -> Object:
    return {name: function[name] for name in _LISTED if name in function}


def get(call: Call) -> dict[str, Any]:
    """`GET /functions/{functionId}`."""
    return {"function": _function(call)}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /functions/{functionId}`: settings are replaced; other code is a new version."""
    function = _function(call)
    body = call.body
    if "settings" in body:
        function["settings"] = _settings(body["settings"])
    if "displayName" in body:
        function["displayName"] = _named(call, function["resourceType"], body["displayName"])
    for name in _GIVEN:
        if name in body:
            function[name] = body[name]
    if body.get("code", function["code"]) != function["code"]:
        _save(call, function, body["code"])
    return {"function": function}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /functions/{functionId}`: its versions and instances go with it (unknown).

    One of which there are sources or destinations stays (unknown).
    """
    function = _function(call)
    held = call.workspace
    for one in (*held.sources.values(), *held.destinations.values()):
        if one["metadataId"] == function.get("catalogId"):
            raise bad_request(f"The function is in use by {one['id']}.")
    held.drop("functions", function["id"])
    return SUCCESS


def deploy(call: Call) -> dict[str, Any]:
    """`POST /functions/{functionId}/deploy`: source functions only; 400 for others (inferred)."""
    function = _function(call)
    if function["resourceType"] != "SOURCE":
        raise bad_request("Only source functions are deployed.")
    _deploy(call, function)
    return {"functionDeployment": SUCCESS}


def _shown_version(_call: Call, version: Object) -> Object:
    return {name: value for name, value in version.items() if name != "functionId"}


def _version(call: Call, function: Object, wanted: str) -> Object:
    found = call.workspace.one("function_versions", wanted, "The version")
    if found["functionId"] != function["id"]:
        raise not_found(f"The version {wanted!r}")
    return found


def versions(call: Call) -> dict[str, Any]:
    """`GET /functions/{functionId}/versions`."""
    return call.page(_versions(call, _function(call)), "versions", _shown_version)


def version(call: Call) -> dict[str, Any]:
    """`GET /functions/{functionId}/versions/{versionId}`."""
    found = _version(call, _function(call), call.path["versionId"])
    return {"version": _shown_version(call, found)}


def restore(call: Call) -> dict[str, Any]:
    """`POST /functions/{functionId}/versions`: the old code is a new version (inferred)."""
    function = _function(call)
    code = _version(call, function, call.body["versionId"])["code"]
    return {"version": _shown_version(call, _save(call, function, code))}


HANDLERS: dict[str, Handler] = {
    "createFunction": create,
    "listFunctions": every,
    "getFunction": get,
    "updateFunction": update,
    "deleteFunction": delete,
    "createFunctionDeployment": deploy,
    "listFunctionVersions": versions,
    "getFunctionVersion": version,
    "restoreFunctionVersion": restore,
}
