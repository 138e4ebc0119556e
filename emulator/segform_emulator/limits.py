"""Rate limits: fixed windows of a minute, a day or a month, on the emulator's clock.

Which endpoints have a limit of their own is documented; the shared default is not published, so
ours is a setting. Counting is always on, as the headers show; refusing has to be switched on
(`enforce`), because a local run should not wait for windows.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any, NamedTuple

from .contract import Operation
from .errors import Fault
from .ids import Clock

# Documented: endpoints limited to 600 a minute are below the default. How far above is unknown.
SERVICE_DEFAULT = 1_000
# Shown while nothing is refused, so that no client paces itself.
GENEROUS = 100_000


class _Bucket(NamedTuple):
    """One limit: what it is for, how many, in which window, counted by what besides the token."""

    name: str
    limit: int
    per: str
    scope: str


class _State(NamedTuple):
    """What a limit has come to."""

    used: int
    limit: int
    reset: dt.datetime


class Limits:
    """Counts requests by token and endpoint; all that have no limit of their own share one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: dict[tuple[str, str, str], tuple[dt.datetime, int]] = {}
        self.configure({})

    def configure(self, given: dict[str, Any]) -> None:
        """Set `enforce` (bool), `default` (requests a minute), `operations` (id -> limit), `by`.

        `by`: `token`, or `address` for one count over all tokens (everybody here has one address).
        Which of the two the service counts by is not known.
        """
        self.enforce = bool(given.get("enforce", False))
        self.by = str(given.get("by", "token"))
        if self.by not in ("token", "address"):
            raise ValueError("limits are counted by token or by address")
        self.default = int(given.get("default", SERVICE_DEFAULT if self.enforce else GENEROUS))
        operations = given.get("operations") or {}
        self.operations = {str(name): int(limit) for name, limit in operations.items()}
        self._used.clear()

    def settings(self) -> dict[str, Any]:
        """What `configure` was given, completed."""
        return {
            "enforce": self.enforce,
            "default": self.default,
            "operations": dict(self.operations),
            "by": self.by,
        }

    def spend(
        self, token: str, operation: Operation, scopes: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Count a request; the headers of its answer. Raises `Fault` 429 when none is left.

        `scopes`: what limits may be counted by other than the token: ids by their names. Of several
        limits the headers tell of the one that is nearest to its end.
        """
        now = self._clock.now()
        states = [
            self._count(bucket, token, scopes or {}, now) for bucket in self._buckets(operation)
        ]
        state = min(states, key=lambda one: one.limit - one.used)
        headers = {
            "X-RateLimit-Consumed": str(state.used),
            "X-RateLimit-Remaining": str(max(0, state.limit - state.used)),
            "X-RateLimit-Reset": format_datetime(state.reset, usegmt=True),
        }
        if self.enforce and state.used > state.limit:
            wait = (state.reset - now).total_seconds()
            data = {
                "remainingPoints": 0,
                "msBeforeNext": max(1, math.ceil(wait * 1000)),
                "consumedPoints": state.used,
            }
            headers["Retry-After"] = str(math.ceil(wait))
            raise Fault(429, "RequestError", "Too many requests", data=data, headers=headers)
        return headers

    def _count(
        self, bucket: _Bucket, token: str, scopes: Mapping[str, str], now: dt.datetime
    ) -> _State:
        by_token = token if self.by == "token" else ""
        who = scopes.get(bucket.scope, "") if bucket.scope else by_token
        start, reset = _window(bucket.per, now)
        key = (who, bucket.name, bucket.per)
        before, used = self._used.get(key, (start, 0))
        used = used + 1 if before == start else 1
        self._used[key] = (start, used)
        return _State(used, bucket.limit, reset)

    def _buckets(self, operation: Operation) -> list[_Bucket]:
        own = self.operations.get(operation.id)
        if own is not None:
            return [_Bucket(operation.id, own, "minute", "")]
        if self.enforce and operation.limits:
            return [
                _Bucket(operation.id, one["requests"], one["per"], one.get("scope", ""))
                for one in operation.limits
            ]
        return [_Bucket("", self.default, "minute", "")]


def _window(per: str, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Where the window of a minute, a day or a calendar month begins, and the next one."""
    if per == "month":
        start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return start, (start + dt.timedelta(days=32)).replace(day=1)
    if per == "day":
        start = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return start, start + dt.timedelta(days=1)
    start = now.replace(second=0, microsecond=0)
    return start, start + dt.timedelta(minutes=1)
