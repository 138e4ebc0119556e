"""Times as requests write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from .errors import invalid

# A plus sign that nobody encoded arrives as a space.
_LOST_PLUS = re.compile(r" (\d\d:?\d\d)\Z")


def moment(text: object, field: str) -> dt.datetime:
    """A time in ISO 8601, UTC where it says nothing. Raises `Fault` 422."""
    try:
        found = dt.datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", str(text)))
        made = (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        # Near the ends of what there is a date for, one cannot count on from it.
        if not 1 < made.year < dt.MAXYEAR:
            raise OverflowError
    except (ValueError, OverflowError):
        raise invalid(field, f'"{field}" must be a valid ISO 8601 date') from None
    return made


# How answers write times: as the service does today, or as its older examples have it.
FORMS = ("iso", "spaced")
_NAMED = re.compile(r"(At|Time|timestamp|start|end|time)\Z")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z\Z")


def spaced(value: Any) -> Any:
    """An answer with its times as `2006-01-02 15:04:05+00:00`."""
    if isinstance(value, list):
        return [spaced(one) for one in value]
    if isinstance(value, dict):
        return {name: _spaced(name, one) for name, one in value.items()}
    return value


def _spaced(name: str, value: Any) -> Any:
    if isinstance(value, str):
        found = _ISO.match(value) if _NAMED.search(name) else None
        return f"{found[1]} {found[2]}+00:00" if found else value
    # Settings and schemas are the user's, whatever their names are.
    return value if name in ("settings", "jsonSchema", "metadata") else spaced(value)


def stamp(when: dt.datetime) -> str:
    """A time as answers write it."""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
