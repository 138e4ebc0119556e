"""Errors of the transport in the words of the legacy Config API."""

from __future__ import annotations

from typing import Final

from segform.errors import APIError, APIStatusError

from .answer import Guess

# What the transport says of the Public API -> what holds here.
_OTHERWISE: Final = (
    ("Check SEGMENT_API_URL or SEGMENT_REGION,", "Check SEGMENT_CONFIG_API_URL,"),
    ("Check SEGMENT_API_URL:", "Check SEGMENT_CONFIG_API_URL:"),
    (
        "Check the id and the workspace: a token sees its own workspace only.",
        "Check the resource name: a legacy token sees its own workspaces only.",
    ),
    (
        "Check the token: it may be revoked, mistyped or of a user without this permission.",
        "Check the token: the legacy Config API takes its own only, never one of the Public API.",
    ),
    (
        "Ask a Workspace Owner for a token that may do this; some endpoints need a higher plan.",
        "Use a legacy token that may write; Segment makes no new ones.",
    ),
    (
        "Wait, lower the parallelism or give other tools a share (requests_per_minute).",
        "Its limit is 200 requests a minute: leave others a share (requests_per_minute).",
    ),
)
_UNROUTED: Final = (
    " Without an error of its own, a 503 of the legacy Config API may also mean an address it does "
    "not know."
)


def reworded(error: APIError) -> APIError:
    """The same error, whose message names what mends it here."""
    text = str(error)
    for public, legacy in _OTHERWISE:
        text = text.replace(public, legacy)
    if isinstance(error, APIStatusError) and isinstance(error.retry_after, Guess):
        text = text.replace(f" It asks to wait {error.retry_after:.0f} s.", "")
        error.retry_after = None
    if isinstance(error, APIStatusError) and error.status_code == 503 and not error.errors:
        text += _UNROUTED
    error.args = (text,)
    return error
