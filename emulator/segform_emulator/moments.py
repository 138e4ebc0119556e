"""Times as requests write them."""

from __future__ import annotations

import datetime as dt
import re

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


def stamp(when: dt.datetime) -> str:
    """A time as answers write it."""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
