"""Errors in the form of the Config API: `{"error": text, "code": n}`, with its pairs of numbers."""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import Fault

# Status -> code; documented, all of them.
CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 429: 8, 500: 13, 501: 12, 503: 14}
# What the Public API tells apart and the Config API does not.
_AS = {413: 400, 414: 400, 422: 400}


def answer_of(fault: Fault) -> tuple[int, dict[str, Any]]:
    """Status and body for a fault; one of a status without a code is 3 below 500, else 13."""
    status = _AS.get(fault.status, fault.status)
    code = CODES.get(status, 3 if status < 500 else 13)
    return status, {"error": fault.item["message"], "code": code}


def invalid(message: str) -> Fault:
    """400, code 3: no JSON, or a field with a value that does not fit."""
    return Fault(400, "bad-request", message)


def unimplemented(message: str) -> Fault:
    """501, code 12."""
    return Fault(501, "not-emulated", message)
