"""Moments as the API writes them, in either of its forms."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from segform.errors import ConfigurationError

# Python reads six digits of a second; the API's Go parts write up to nine.
_FRACTION = re.compile(r"(\.\d{1,6})\d*")


def parse_time(text: str) -> datetime:
    """A moment of an answer, such as `createdAt`, as a datetime with its offset.

    Both of the API's forms are read: `2026-01-02T15:04:05.123456789Z`, and with a space in place
    of the `T`. One without an offset is taken as UTC.

    Raises ConfigurationError for a text that is neither.
    """
    try:
        found = datetime.fromisoformat(_FRACTION.sub(r"\1", text.strip()))
    except ValueError:
        raise ConfigurationError(f"{text!r} is not a moment as the API writes it.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
