"""Transformations: what is changed in the events of a source, or on the way to a destination."""

from __future__ import annotations

from typing import Any

from segform_emulator import contract
from segform_emulator.errors import invalid
from segform_emulator.language import check_statement
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler

# Lists that are in every answer, empty where none was given (seen in what Git Sync writes).
_LISTS = ("propertyRenames", "propertyValueTransformations", "fqlDefinedProperties")
# Empty means none: there is no other way to take them back (unknown).
_CLEARED_BY_EMPTY = ("newEventName", "destinationMetadataId")


def _known(call: Call, operation_id: str) -> Object:
    """The attributes that the asked version knows; the beta ones lack the newer (seen in SDK)."""
    operation = contract.operations()[operation_id]
    schema = operation.bodies.get(call.version, operation.body) or ""
    names = contract.document()["$defs"][schema]["properties"]
    body = {key: call.body[key] for key in call.body if key in names and key != "transformationId"}
    _check(call, body)
    return body


def _check(call: Call, body: Object) -> None:
    if "name" in body and not body["name"].strip():
        raise invalid("name", '"name" is not allowed to be empty')
    if "if" in body:
        check_statement(body["if"], "if")
    for index, one in enumerate(body.get("fqlDefinedProperties", ())):
        check_statement(one["fql"], f"fqlDefinedProperties.{index}.fql")
    if "sourceId" in body:
        call.workspace.source(body["sourceId"])
    entry_id = body.get("destinationMetadataId")
    if entry_id and call.catalog.get("destinations", entry_id) is None:
        raise invalid(
            "destinationMetadataId", f'"destinationMetadataId" {entry_id!r} is not in the catalog'
        )


def create(call: Call) -> dict[str, Any]:
    """`POST /transformations`. Two may have one name (unknown)."""
    body = _known(call, "createTransformation")
    made: Object = {"id": call.make.base58(), **{name: [] for name in _LISTS}, **body}
    call.workspace.more["transformations"][made["id"]] = _cleared(made)
    return {"transformation": made}


def _cleared(one: Object) -> Object:
    for name in _CLEARED_BY_EMPTY:
        if one.get(name) == "":
            del one[name]
    return one


def _transformation(call: Call) -> Object:
    wanted = call.path["transformationId"]
    return call.workspace.one("transformations", wanted, "The transformation")


def every(call: Call) -> dict[str, Any]:
    """`GET /transformations`."""
    return call.page(list(call.workspace.more["transformations"].values()), "transformations")


def get(call: Call) -> dict[str, Any]:
    """`GET /transformations/{transformationId}`."""
    return {"transformation": _transformation(call)}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /transformations/{transformationId}`: lists and the hashing are replaced whole."""
    found = _transformation(call)
    found.update(_known(call, "updateTransformation"))
    return {"transformation": _cleared(found)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /transformations/{transformationId}`."""
    call.workspace.drop("transformations", _transformation(call)["id"])
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createTransformation": create,
    "listTransformations": every,
    "getTransformation": get,
    "updateTransformation": update,
    "deleteTransformation": delete,
}
