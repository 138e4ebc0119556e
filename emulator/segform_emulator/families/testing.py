"""`GET /echo`: the service's own generator of answers and errors."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import Fault, invalid

from .call import Call, Handler


def echo(call: Call) -> dict[str, Any]:
    """The message again, or the error that was asked for."""
    if call.query.get("triggerUnexpectedError") == "true":
        raise Fault(500, "internal", "An unexpected error occurred.")
    if "true" in (call.query.get("triggerError"), call.query.get("triggerMultipleErrors")):
        raise Fault(_status(call), "echo", str(call.query["message"]))
    return {"method": "get", "message": str(call.query["message"]), "headers": {}}


def _status(call: Call) -> int:
    text = str(call.query.get("statusCode", "400"))
    if len(text) != 3 or not text.isascii() or not text.isdigit() or not 400 <= int(text) <= 599:
        raise invalid("statusCode", '"statusCode" has to be a status between 400 and 599')
    return int(text)


HANDLERS: dict[str, Handler] = {"echo": echo}
