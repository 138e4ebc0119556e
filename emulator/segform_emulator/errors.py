"""What the service answers when it says no."""

from __future__ import annotations

from typing import Any


class Fault(Exception):
    """An error answer: its status, and one item of `errors`."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        field: str | None = None,
        data: Any = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.item: dict[str, Any] = {"type": kind, "message": message}
        if field is not None:
            self.item["field"] = field
        if data is not None:
            self.item["data"] = data
        self.headers = headers or {}


def not_found(what: str) -> Fault:
    """404: no such thing in this workspace."""
    return Fault(404, "not-found", f"{what} was not found.")


def bad_request(message: str) -> Fault:
    """400."""
    return Fault(400, "bad-request", message)


def forbidden(message: str) -> Fault:
    """403."""
    return Fault(403, "forbidden", message)


def conflict(message: str) -> Fault:
    """409."""
    return Fault(409, "conflict", message)


def invalid(field: str, message: str) -> Fault:
    """422: the input fails validation."""
    return Fault(422, "input-validation", message, field=field)


class Dropped(Exception):
    """The connection ends without an answer."""
