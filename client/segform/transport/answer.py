"""From what came back to the answer, or to the error that says what happened and what mends it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from segform.errors import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    ErrorItem,
    ResponseDecodeError,
    status_error,
)

from .encode import Prepared
from .retry import Failure, may_have_happened
from .secret import Redactor

if TYPE_CHECKING:
    from datetime import datetime

_REQUEST_ID: Final = ("x-request-id", "request-id", "x-amzn-requestid", "x-amz-cf-id")
_MENDS: Final = {
    400: "Correct what the message names; nothing was changed.",
    401: "Check the token: it may be revoked, mistyped or of a user without this permission.",
    403: "Ask a Workspace Owner for a token that may do this; some endpoints need a higher plan.",
    404: "Check the id and the workspace: a token sees its own workspace only.",
    409: "Look at the object as it is now; something else uses it or has its name.",
    413: "Send it in smaller pieces.",
    414: "Name fewer things in one request.",
    422: "Correct what the message names; nothing was changed.",
    429: "Wait, lower the parallelism or give other tools a share (requests_per_minute).",
}


class Reply:
    """An HTTP answer: `status`, `headers` (names in lower case) and the whole `body`."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Fault:
    """An attempt that failed: the `failure` that decides, and what the error will say.

    * `detail`: what happened, in words; `items`: the API's own errors; `reply`: None where none
      came.
    """

    __slots__ = ("detail", "failure", "items", "reply")

    def __init__(
        self,
        failure: Failure,
        detail: str = "",
        reply: Reply | None = None,
        items: tuple[ErrorItem, ...] = (),
    ) -> None:
        self.failure = failure
        self.detail = detail
        self.reply = reply
        self.items = items


class Success:
    """An attempt that worked: the envelope's `data`."""

    __slots__ = ("data",)

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data


def read(reply: Reply, decoded: Callable[[bytes], Any] | None = None) -> Success | Fault:
    """Judge an answer by its status and its form. `decoded` reads bodies in place of `document`."""
    if 200 <= reply.status < 300:
        return _success(reply, (decoded or document)(reply.body))
    if 300 <= reply.status < 400:
        return Fault(Failure("refused", reply.status), "a redirect, which is not followed", reply)
    items = tuple(_items(document(reply.body)))
    delay = server_delay(reply, items)
    return Fault(Failure("status", reply.status, delay), reply=reply, items=items)


def _success(reply: Reply, found: Any) -> Success | Fault:
    if isinstance(found, dict) and isinstance(found.get("data"), dict):
        return Success(found["data"])
    items = tuple(_items(found))
    if items:  # the API never answers both; should it, the errors count
        return Fault(
            Failure("garbled", reply.status), "errors in an answer of success", reply, items
        )
    return Fault(Failure("garbled", reply.status), f"it is {_looks_like(reply, found)}", reply)


def document(body: bytes) -> Any:
    """The JSON value of a body; None where it is not JSON."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _looks_like(reply: Reply, found: Any) -> str:
    start = reply.body[:64].lstrip().lower()
    if not reply.body:
        return "empty"
    if start.startswith((b"<!doctype", b"<html", b"<")):
        return "an HTML page"
    if found is not None:
        return "JSON without the `data` that every answer has"
    if start.startswith((b"{", b"[")):
        return "JSON cut short or damaged"
    return "not JSON"


def _items(body: Any) -> list[ErrorItem]:
    found = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(found, list):
        return []
    return [
        ErrorItem(
            str(item.get("type", "")),
            _text(item.get("message")),
            _text(item.get("field")),
            item.get("data"),
        )
        for item in found
        if isinstance(item, dict)
    ]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def server_delay(reply: Reply, items: tuple[ErrorItem, ...] = ()) -> float | None:
    """Seconds the server asks to wait: `msBeforeNext`, `Retry-After` or the window's reset."""
    for item in items:
        data = item.data if isinstance(item.data, dict) else {}
        before_next = _number(data.get("msBeforeNext"))
        if before_next is not None:
            return before_next / 1000
    after = reply.headers.get("retry-after")
    if after is not None:
        return _number(after) if _number(after) is not None else _until(after, reply)
    return reset_in(reply) if reply.status == 429 else None


def reset_in(reply: Reply) -> float | None:
    """Seconds to the next window, measured against the answer's own clock."""
    text = reply.headers.get("x-ratelimit-reset")
    return _until(text, reply) if text else None


def request_id(reply: Reply) -> str | None:
    """The service's own name for a request, to be quoted to its support."""
    return next((reply.headers[name] for name in _REQUEST_ID if name in reply.headers), None)


def whole(reply: Reply, name: str) -> int | None:
    """A header that holds a count; None where it is missing or is none."""
    number = _number(reply.headers.get(name))
    return int(number) if number is not None else None


def _number(value: Any) -> float | None:
    """A finite number of at least 0; anything else is None: servers and proxies err."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 1e12 else None


def _until(text: str, reply: Reply) -> float | None:
    from datetime import UTC, datetime

    then = _date(text)
    if then is None:
        return None
    now = _date(reply.headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (then - now).total_seconds())


@lru_cache(maxsize=64)
def _date(text: str) -> datetime | None:
    """A date of a header. Remembered: many answers have the same one."""
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def error(
    fault: Fault, prepared: Prepared, redactor: Redactor, *, attempts: int, why: str, host: str
) -> APIError:
    """The exception for a fault that is not repeated any more; all its texts redacted."""
    failure, operation = fault.failure, prepared.operation
    ambiguous = may_have_happened(failure, operation.effect)
    facts: dict[str, Any] = {
        "operation": operation.id,
        "method": operation.method,
        "path": redactor.text(prepared.path),
        "ambiguous": ambiguous,
        "attempts": attempts,
    }
    times = "once" if attempts == 1 else f"{attempts} times"
    tried = f" Sent {times}; {why}." if why else ""
    if ambiguous:
        tried += " It may have been carried out: look before repeating it."
    head = f"{operation.id} ({operation.method} {facts['path']})"
    detail = redactor.text(fault.detail).rstrip(".")
    if failure.kind in ("connection", "broken"):
        mend = "Check SEGMENT_API_URL or SEGMENT_REGION, the network and any proxy."
        found = "found no" if failure.kind == "connection" else "lost its"
        text = f"{head} {found} connection to {host}: {detail}.{tried} {mend}"
        return APIConnectionError(text, **facts)
    if failure.kind in ("timeout", "unreached"):
        mend = "Try again, or give the client a longer `timeout`."
        return APITimeoutError(f"{head} got no answer in time: {detail}.{tried} {mend}", **facts)
    if failure.kind == "garbled":
        # Never the body's own words: what cannot be read may hold a write key.
        words = _words(fault, redactor) if fault.items else detail
        mend = "A proxy may have answered in the API's place: check the url."
        text = f"{head} got an answer of success that cannot be read: {words}.{tried} {mend}"
        return ResponseDecodeError(text, **facts)
    return _status_error(fault, redactor, head, tried, facts)


def _status_error(
    fault: Fault, redactor: Redactor, head: str, tried: str, facts: dict[str, Any]
) -> APIError:
    failure = fault.failure
    found = request_id(fault.reply) if fault.reply else None
    name = redactor.text(found) if found else None
    items = [
        ErrorItem(
            redactor.text(item.type),
            item.message and redactor.text(item.message),
            item.field and redactor.text(item.field),
            redactor.value(item.data),
        )
        for item in fault.items
    ]
    if failure.kind == "refused":
        words = redactor.text(fault.detail)
        mend = "Check SEGMENT_API_URL: the token is sent to the host you name and to no other."
    else:
        words = _words(fault, redactor) or "it gave no reason"
        mend = _MENDS.get(failure.status, "")
    if failure.status >= 500:
        mend = "Try again later" + (f"; for support: request {name}." if name else ".")
    wait = failure.server_delay
    told = f" It asks to wait {wait:.0f} s." if wait is not None and wait >= 0.5 else ""
    text = f"{head} was answered with {failure.status}: {words}.{told}{tried} {mend}".rstrip()
    return status_error(failure.status)(
        text,
        status_code=failure.status,
        request_id=name,
        errors=items,
        retry_after=wait,
        **facts,
    )


def _words(fault: Fault, redactor: Redactor) -> str:
    """The API's own words; of a page of HTML or plain text, its beginning."""
    if fault.items:
        return "; ".join(redactor.text(str(item)).rstrip(".") for item in fault.items[:5])
    body = fault.reply.body if fault.reply else b""
    if not body:
        return ""
    if body.lstrip().startswith(b"<"):
        return "an HTML page, not the API's JSON"
    # Redacted before it is cut: a secret cut in half would no longer be known.
    text = redactor.text(body[:65536].decode("utf-8", "replace"))
    return " ".join(text.split())[:200]
