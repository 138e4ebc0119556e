"""Schedules of Reverse ETL: what each strategy wants, checked without the service.

PERIODIC takes an interval (more than ten minutes, less than a week), SPECIFIC_DAYS days, hours and
a time zone, CRON a specification of five fields that are at least 15 minutes apart, DBT_CLOUD a job
and an account, MANUAL nothing. A strategy that is not known here is left to the service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from .exact import parsed
from .parts import Problem

Path = tuple[str | int, ...]
_UNITS = {"h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?[hms])+")
_LEAST, _MOST = 600, 168 * 3600
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
# The fields of a cron specification: their names, first and last value.
_FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 7),
)
_NAMES = {
    name: str(at)
    for names in (
        "sun mon tue wed thu fri sat",
        "- jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for at, name in enumerate(names.split())
}
_NEEDS: dict[str, tuple[str, ...]] = {
    "PERIODIC": ("interval",),
    "SPECIFIC_DAYS": ("days", "hours", "timezone"),
    "CRON": ("spec", "timezone"),
    "DBT_CLOUD": ("jobId", "accountId"),
}
_EXAMPLES = {
    "PERIODIC": '{ interval = "1h" }',
    "SPECIFIC_DAYS": '{ days = [1, 5], hours = [9], timezone = "Europe/Berlin" }',
    "CRON": '{ spec = "0 6 * * *", timezone = "UTC" }',
    "DBT_CLOUD": '{ jobId = "…", accountId = "…" }',
}


def problems(strategy: Any, text: Any, path: Path) -> Iterator[Problem]:
    """What is wrong with a schedule; `text` is its configuration as JSON, at `path`."""
    if not isinstance(strategy, str) or not (text is None or isinstance(text, str)):
        return
    try:
        config = None if text is None else parsed(text)
    except ValueError:
        return  # the check on JSON says so
    if strategy == "MANUAL":
        if config not in (None, {}):
            yield Problem(path, "MANUAL has nothing to configure", "Remove `config`.")
        return
    if strategy not in _NEEDS:
        return
    example = f"Write jsonencode({_EXAMPLES[strategy]})."
    if not isinstance(config, Mapping):
        told = "it is missing" if config is None else "it is no object"
        yield Problem(path, f"{strategy} needs a configuration, and {told}", example)
        return
    for name in _NEEDS[strategy]:
        if config.get(name) in (None, "", []):
            yield Problem(path, f"{strategy} needs `{name}`", example)
        else:
            yield from _PARTS[name](config[name], path)
    for name in config:
        if name not in _NEEDS[strategy]:
            known = ", ".join(_NEEDS[strategy])
            told = f"{strategy} has no `{name}`; the service may drop it"
            yield Problem(path, told, f"It has: {known}.", "warning")


def _interval(value: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        yield Problem(path, f"the interval {_short(value)} is no duration", "Write `30m` or `6h`.")
        return
    seconds = sum(
        Decimal(number) * _UNITS[unit]
        for number, unit in re.findall(r"([0-9]+(?:\.[0-9]+)?)([hms])", value)
    )
    if not _LEAST <= seconds <= _MOST:
        told = f"the interval {value} is not between ten minutes and a week"
        yield Problem(path, told, "Write a duration from `10m` to `168h`.")


def _numbers(what: str, last: int) -> Callable[[Any, Path], Iterator[Problem]]:
    def check(value: Any, path: Path) -> Iterator[Problem]:
        good = isinstance(value, list) and all(
            not isinstance(one, bool) and isinstance(one, int) and 0 <= one <= last for one in value
        )
        if not good:
            told = f"`{what}` is not a list of whole numbers from 0 to {last}"
            yield Problem(path, told, "Monday is 1." if what == "days" else "Noon is 12.")

    return check


def _zone(value: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(value, str) or not _ZONE.fullmatch(value):
        told = f"{_short(value)} is no time zone"
        yield Problem(path, told, "Write `UTC` or a name such as `Europe/Berlin`.")


def _spec(value: Any, path: Path) -> Iterator[Problem]:
    fields = value.split() if isinstance(value, str) else []
    if len(fields) != len(_FIELDS):
        names = ", ".join(name for name, _, _ in _FIELDS)
        told = f"the cron specification {_short(value)} has {len(fields)} fields and not five"
        yield Problem(path, told, f"They are: {names}; `0 6 * * *` is daily at six.")
        return
    for text, (name, first, last) in zip(fields, _FIELDS, strict=True):
        found = _values(text, first, last)
        if found is None:
            told = f"{_short(text)} is no {name} of a cron specification"
            yield Problem(path, told, f"Use numbers from {first} to {last}, `*`, `,`, `-` and `/`.")
        elif name == "minute" and _least_gap(found) < 15:
            told = f"{value!r} runs more often than every 15 minutes, which the service refuses"
            yield Problem(path, told, "Write minutes that are 15 apart, such as `0,30`.", "warning")


def _values(text: str, first: int, last: int) -> set[int] | None:
    """The values of one field; None where it is none."""
    found: set[int] = set()
    for part in text.lower().split(","):
        span, slash, step = part.partition("/")
        if slash and not (step.isascii() and step.isdigit() and 0 < int(step[:6]) <= last + 1):
            return None
        low, dash, high = span.partition("-")
        if span in ("*", "?"):
            low, high = str(first), str(last)
        elif not dash:
            high = str(last) if slash else low
        ends = [_NAMES.get(one, one) for one in (low, high)]
        if not all(one.isascii() and one.isdigit() and len(one) < 6 for one in ends):
            return None
        start, end = map(int, ends)
        if not first <= start <= end <= last:
            return None
        found.update(range(start, end + 1, int(step) if slash else 1))
    return found


def _least_gap(minutes: set[int]) -> int:
    ordered = sorted(minutes)
    after = [*ordered[1:], ordered[0] + 60]
    return min(later - one for one, later in zip(ordered, after, strict=True))


def _text(value: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, f"{_short(value)} is no text", 'Put the id in quotes: "12345".')


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


_PARTS: dict[str, Callable[[Any, Path], Iterator[Problem]]] = {
    "interval": _interval,
    "days": _numbers("days", 6),
    "hours": _numbers("hours", 23),
    "timezone": _zone,
    "spec": _spec,
    "jobId": _text,
    "accountId": _text,
}
