"""Moments in templates: ISO 8601 and Unix seconds, written in UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from segform.mapping.values import UNDEFINED

from .errors import LiquidError
from .values import stringified

_FORMAT = re.compile(r"%([-_0^#:]+)?([0-9]{1,3})?([EO])?([\s\S])")
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?\Z"
)
_DEFAULT = "%A, %B %-e, %Y at %-l:%M %P %z"
_PADDED = dict.fromkeys("CdeHIklmMSUWy", 2) | {"j": 3, "L": 3, "Y": 4}
_BLANKS = frozenset("aAbBceklpP")
# These are written as the machine's locale has them.
_LOCAL = frozenset("cxXZ")


def date(value: Any, form: Any = None, zone: Any = None) -> Any:
    """The filter `date`. Raises LiquidError for moments and forms that cannot be known here."""
    if zone is not None and zone is not UNDEFINED:
        raise LiquidError("moments in another zone than UTC are not written here")
    moment = _moment(value)
    if moment is None:
        return value
    text = _DEFAULT if form is None or form is UNDEFINED else stringified(form)
    return _FORMAT.sub(lambda found: _written(moment, found), text)


def _moment(value: Any) -> datetime | None:
    if value is None or value is UNDEFINED or isinstance(value, (bool, list, dict)):
        return None
    if isinstance(value, str) and not re.fullmatch("[0-9]+", value):
        if not _ISO.match(value):
            raise LiquidError(f"the moment {value[:40]!r} cannot be known here", "Write ISO 8601")
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (OverflowError, OSError):
        raise LiquidError("the moment is out of range") from None


def _week(moment: datetime, first: int) -> int:
    """The week of the year; days before the year's first Sunday or Monday are in week 0."""
    day = moment.timetuple().tm_yday - 1
    return (day - (moment.isoweekday() - first) % 7 + 7) // 7


def _ordinal(moment: datetime) -> str:
    if moment.day in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_WORDS: dict[str, Callable[[datetime], Any]] = {
    "a": lambda moment: _DAYS[moment.weekday()][:3],
    "A": lambda moment: _DAYS[moment.weekday()],
    "b": lambda moment: _MONTHS[moment.month - 1][:3],
    "B": lambda moment: _MONTHS[moment.month - 1],
    "C": lambda moment: moment.year // 100,
    "d": lambda moment: moment.day,
    "e": lambda moment: moment.day,
    "h": lambda moment: _MONTHS[moment.month - 1][:3],
    "H": lambda moment: moment.hour,
    "I": lambda moment: moment.hour % 12 or 12,
    "j": lambda moment: moment.timetuple().tm_yday,
    "k": lambda moment: moment.hour,
    "l": lambda moment: moment.hour % 12 or 12,
    "L": lambda moment: moment.microsecond // 1000,
    "m": lambda moment: moment.month,
    "M": lambda moment: moment.minute,
    "n": lambda moment: "\n",
    "p": lambda moment: "AM" if moment.hour < 12 else "PM",
    "P": lambda moment: "am" if moment.hour < 12 else "pm",
    "q": _ordinal,
    "s": lambda moment: int(moment.timestamp() // 1),
    "S": lambda moment: moment.second,
    "t": lambda moment: "\t",
    "u": lambda moment: moment.isoweekday(),
    "U": lambda moment: _week(moment, 0),
    "w": lambda moment: moment.isoweekday() % 7,
    "W": lambda moment: _week(moment, 1),
    "y": lambda moment: moment.year % 100,
    "Y": lambda moment: moment.year,
    "%": lambda moment: "%",
}


def _written(moment: datetime, found: re.Match[str]) -> str:
    flags, width, code = found[1] or "", found[2], found[4]
    if code in _LOCAL:
        raise LiquidError(f"what %{code} writes depends on the machine", "Write the parts")
    if code == "z":
        return "+00:00" if ":" in flags else "+0000"
    if code == "N":
        size = int(width or 9) or 9
        return f"{moment.microsecond // 1000:03d}"[:size].ljust(size, "0")
    write = _WORDS.get(code)
    if write is None:
        return found[0]
    text = str(write(moment))
    if "^" in flags:
        text = text.upper()
    elif "#" in flags:
        text = text.lower() if text != text.lower() and text == text.upper() else text.upper()
    filled = " " if "_" in flags or (code in _BLANKS and "0" not in flags) else "0"
    size = 0 if "-" in flags else int(width or 0) or _PADDED.get(code, 0)
    return text.rjust(size, filled)
