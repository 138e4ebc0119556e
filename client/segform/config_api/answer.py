"""Judges an answer of the legacy Config API: no envelope, errors as `{"error", "code"}`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

from segform.errors import ErrorItem
from segform.transport.answer import Fault, Reply, Success, server_delay
from segform.transport.retry import Failure

# The codes are those of gRPC; the documents name nine of them.
CODES: Final = {
    1: "CANCELLED",
    2: "UNKNOWN",
    3: "INVALID_ARGUMENT",
    4: "DEADLINE_EXCEEDED",
    5: "NOT_FOUND",
    6: "ALREADY_EXISTS",
    7: "PERMISSION_DENIED",
    8: "RESOURCE_EXHAUSTED",
    9: "FAILED_PRECONDITION",
    10: "ABORTED",
    11: "OUT_OF_RANGE",
    12: "UNIMPLEMENTED",
    13: "INTERNAL",
    14: "UNAVAILABLE",
    15: "DATA_LOSS",
    16: "UNAUTHENTICATED",
}
# What a status stands for where the body gives no code.
_BY_STATUS: Final = {
    400: 3,
    401: 16,
    403: 7,
    404: 5,
    409: 6,
    429: 8,
    500: 13,
    501: 12,
    503: 14,
}


class Guess(float):
    """Seconds that nobody named: no error says that the service did."""


# After a 429 that names no delay, as none of this API is known to do: its limit is one of a minute,
# and the transport's own back-off may be through before that is over.
_PAUSE: Final = Guess(15)


class Nothing(dict[str, Any]):
    """The value of an answer of success without a body: what deletes may give, and nothing else."""


def read(reply: Reply) -> Success | Fault:
    """Judge an answer by its status and its form."""
    if 200 <= reply.status < 300:
        return _success(reply)
    if 300 <= reply.status < 400:
        return Fault(Failure("refused", reply.status), "a redirect, which is not followed", reply)
    items = _items(_document(reply.body), reply.status)
    delay = server_delay(reply, items)
    if delay is None and reply.status == 429:
        delay = _PAUSE
    return Fault(Failure("status", reply.status, delay), reply=reply, items=items)


def _success(reply: Reply) -> Success | Fault:
    if not reply.body.strip():
        return Success(Nothing())
    document = _document(reply.body)
    items = _items(document, reply.status)
    failure = Failure("garbled", reply.status)
    if items:
        return Fault(failure, "an error in an answer of success", reply, items)
    if isinstance(document, dict):
        return Success(document)
    return Fault(failure, f"it is {_looks_like(reply.body, document)}", reply)


def _document(body: bytes) -> Any:
    """The JSON value of a body, exact in its numbers; None where it is not JSON."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _looks_like(body: bytes, document: Any) -> str:
    start = body[:64].lstrip()
    if start.startswith(b"<"):
        return "an HTML page"
    if document is not None:
        return "JSON, but no object"
    return "JSON cut short or damaged" if start.startswith((b"{", b"[")) else "not JSON"


def _items(document: Any, status: int) -> tuple[ErrorItem, ...]:
    """The error of a body, with the name of its code as type; empty where there is none."""
    if not isinstance(document, dict) or "error" not in document:
        return ()
    message, given = document["error"], document.get("code")
    data: dict[str, int] | None = None
    code = _BY_STATUS.get(status, 2)
    if isinstance(given, int) and not isinstance(given, bool):
        code, data = given, {"code": given}
    return (ErrorItem(CODES.get(code, "UNKNOWN"), _text(message), data=data),)


def _text(message: Any) -> str | None:
    if isinstance(message, str):
        return message or None
    if isinstance(message, dict):  # some gateways put the words one level down
        return _text(message.get("message"))
    return None
