"""Schedules of reverse ETL: what each strategy takes. The limits are documented."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from segform_emulator.errors import invalid
from segform_emulator.workspace import Object

FIELD = "reverseETLSchedule"
_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_SHORTEST, _LONGEST = 10 * 60, 168 * 3600
_STEP = 15


class _Wrong(Exception):
    """A part of a schedule, and what is wrong with it."""


def check(schedule: Object, where: str = f"input.{FIELD}.") -> None:
    """Raises `Fault` 422 for a schedule whose settings are none of its strategy.

    `where`: what stands before the names of its parts in the request.
    """
    try:
        _check(schedule)
    except _Wrong as wrong:
        name, why = wrong.args
        raise invalid(f"{where}{name}", f'"{where}{name}" {why}') from None


def _check(schedule: Object) -> None:
    strategy, config = schedule["strategy"], schedule.get("config")
    if strategy == "MANUAL":
        if config:
            raise _Wrong("config", "is not for the strategy MANUAL")
        return
    if not isinstance(config, dict):
        raise _Wrong("config", f"is required for the strategy {strategy}")
    for name in _NEEDED[strategy]:
        if name not in config:
            raise _Wrong(f"config.{name}", "is required")
    _CHECKS[strategy](config)


def _text(config: Object, name: str) -> str:
    value = config[name]
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(f"config.{name}", "is not allowed to be empty")
    return value


def _periodic(config: Object) -> None:
    """An interval as Go writes durations, above ten minutes and below a week."""
    text = _text(config, "interval")
    parts = _PART.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        raise _Wrong("config.interval", "has to be a duration such as 3h25m30s")
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if not _SHORTEST <= seconds < _LONGEST:
        raise _Wrong("config.interval", "has to be between 10m and 168h")


def _specific_days(config: Object) -> None:
    for name, last in (("days", 6), ("hours", 23)):
        values = config[name]
        if not isinstance(values, list) or not values:
            raise _Wrong(f"config.{name}", "has to be a list that is not empty")
        if any(value not in range(last + 1) for value in values):
            raise _Wrong(f"config.{name}", f"has to hold whole numbers from 0 to {last}")
    _text(config, "timezone")


def _cron(config: Object) -> None:
    """Five fields, at most once in a quarter of an hour."""
    fields = _text(config, "spec").split()
    if len(fields) != 5:
        raise _Wrong("config.spec", "has to have five fields")
    minutes = _minutes(fields[0])
    following = [*minutes[1:], *(minute + 60 for minute in minutes[:1])]
    if any(b - a < _STEP for a, b in zip(minutes, following, strict=True)):
        raise _Wrong("config.spec", f"has to leave {_STEP} minutes between two syncs")
    _text(config, "timezone")


def _minutes(field: str) -> list[int]:
    """The minutes of an hour that a cron field means."""
    found: set[int] = set()
    for part in field.split(","):
        made = re.fullmatch(r"(?:\*|([0-9]{1,2})(?:-([0-9]{1,2}))?)(?:/([0-9]{1,2}))?", part)
        if made is None:
            raise _Wrong("config.spec", "has a first field that is none of cron's")
        first, last, step = (int(group) if group else None for group in made.groups())
        begin = 0 if first is None else first
        end = last if last is not None else begin if first is not None and step is None else 59
        if not begin <= end <= 59 or step == 0:
            raise _Wrong("config.spec", "has a first field that is none of cron's")
        found.update(range(begin, end + 1, step or 1))
    return sorted(found)


def _dbt_cloud(config: Object) -> None:
    for name in _NEEDED["DBT_CLOUD"]:
        _text(config, name)


_NEEDED: dict[str, Iterable[str]] = {
    "PERIODIC": ("interval",),
    "SPECIFIC_DAYS": ("days", "hours", "timezone"),
    "CRON": ("spec", "timezone"),
    "DBT_CLOUD": ("jobId", "accountId"),
}
_CHECKS: dict[str, Callable[[Any], None]] = {
    "PERIODIC": _periodic,
    "SPECIFIC_DAYS": _specific_days,
    "CRON": _cron,
    "DBT_CLOUD": _dbt_cloud,
}
