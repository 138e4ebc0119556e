"""Credentials: access to a warehouse, kept once and named by those that use it.

`settings.type` says which kind it is and cannot be changed; the rest depends on the kind and is
not published as one form, so that every other setting is taken (unknown). Which of them are
redacted: all but a few that nobody could log in with (inferred).
"""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import conflict, invalid
from segform_emulator.query import page
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler
from .destinations import concealed, is_secret
from .sources import merged
from .sources import shown as source_shown
from .warehouses import shown as warehouse_shown

# Who uses a credential names it in its settings (inferred).
_REFERENCE = "credentialId"


def shown(_call: Call, credential: Object) -> Object:
    """A credential as the API shows it: secrets redacted."""
    settings = {
        key: concealed(value) if is_secret(key) else value
        for key, value in credential["settings"].items()
    }
    return {**credential, "settings": settings}


def create(call: Call) -> dict[str, Any]:
    """`POST /credentials`: answers 201."""
    body = call.body
    _named(body)
    settings = merged({}, body["settings"])
    kind = settings.get("type")
    if not isinstance(kind, str) or not kind.strip():
        raise invalid("settings.type", '"settings.type" is required')
    now = call.clock.stamp()
    made: Object = {
        "id": call.make.base58(),
        "workspaceId": call.workspace.id,
        "name": body["name"],
        "settings": settings,
        "createdAt": now,
        "updatedAt": now,
    }
    call.workspace.more["credentials"][made["id"]] = made
    return {"credential": shown(call, made)}


def _named(body: Object) -> None:
    if "name" in body and not body["name"].strip():
        raise invalid("name", '"name" is not allowed to be empty')


def _credential(call: Call) -> Object:
    wanted = call.path["credentialId"]
    return call.workspace.one("credentials", wanted, "The credential")


def every(call: Call) -> dict[str, Any]:
    """`GET /credentials`."""
    held = call.workspace.more["credentials"].values()
    return call.page(list(held), "credentials", shown)


def get(call: Call) -> dict[str, Any]:
    """`GET /credentials/{credentialId}`."""
    return {"credential": shown(call, _credential(call))}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /credentials/{credentialId}`: settings are merged by key, their type stays."""
    found = _credential(call)
    _named(call.body)
    changes = call.body.get("settings", {})
    kind = found["settings"]["type"]
    if changes.get("type", kind) != kind:
        raise invalid("settings.type", '"settings.type" cannot be changed')
    found["settings"] = merged(found["settings"], changes)
    if "name" in call.body:
        found["name"] = call.body["name"]
    found["updatedAt"] = call.clock.stamp()
    return {"credential": shown(call, found)}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /credentials/{credentialId}`: 409 while a warehouse or a source uses it."""
    found = _credential(call)
    users = [*_users(call, "warehouses"), *_users(call, "sources")]
    if users:
        names = ", ".join(one["id"] for one in users)
        raise conflict(f"The credential is in use by {names}.")
    call.workspace.drop("credentials", found["id"])
    return SUCCESS


def _users(call: Call, table: str) -> list[Object]:
    wanted = call.path["credentialId"]
    held = call.workspace.tables()[table].values()
    return [one for one in held if one["settings"].get(_REFERENCE) == wanted]


def consumers(call: Call) -> dict[str, Any]:
    """`GET /credentials/{credentialId}/consumers`: two lists, each with pages of its own."""
    _credential(call)
    answer: dict[str, Any] = {}
    for table, show in (("warehouses", warehouse_shown), ("sources", source_shown)):
        seen = call.role.visible(call.workspace, _users(call, table))
        asked = {"pagination": call.query.get(f"{table}Pagination")}
        found, answer[f"{table}Pagination"] = page(seen, asked)
        answer[table] = [show(call, one) for one in found]
    return answer


HANDLERS: dict[str, Handler] = {
    "createCredential": create,
    "listCredentials": every,
    "getCredential": get,
    "updateCredential": update,
    "deleteCredential": delete,
    "listCredentialConsumers": consumers,
}
