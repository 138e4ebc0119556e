"""Labels: made and deleted, never changed; one in use stays."""

from __future__ import annotations

import re
from typing import Any

from segform_emulator.errors import bad_request, conflict, invalid, not_found

from .call import SUCCESS, Call, Handler

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")


def create(call: Call) -> dict[str, Any]:
    """`POST /labels`."""
    given = call.body["label"]
    for name in ("key", "value"):
        if not _WORD.match(given[name]):
            raise invalid(
                f"label.{name}",
                f'"label.{name}" has to start with a letter and hold letters, digits and dashes',
            )
    key = (given["key"], given["value"])
    if key in call.workspace.labels:
        raise conflict(f"The label {key[0]}:{key[1]} already exists.")
    made = {name: given[name] for name in ("key", "value", "description") if name in given}
    call.workspace.labels[key] = made
    return {"label": made}


def every(call: Call) -> dict[str, Any]:
    """`GET /labels`: all of them, without pages."""
    return {"labels": list(call.workspace.labels.values())}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /labels/{key}/{value}`."""
    key = (call.path["key"], call.path["value"])
    if key not in call.workspace.labels:
        raise not_found(f"The label {key[0]}:{key[1]}")
    for source in call.workspace.sources.values():
        if any((label["key"], label["value"]) == key for label in source["labels"]):
            raise bad_request(f"The label {key[0]}:{key[1]} is in use.")
    del call.workspace.labels[key]
    return SUCCESS


HANDLERS: dict[str, Handler] = {
    "createLabel": create,
    "listLabels": every,
    "deleteLabel": delete,
}
