"""Rate limits: fixed windows of a minute (or day) for each token, on the emulator's clock.

Which endpoints have a limit of their own is documented; the shared default is not published, so
ours is a setting. Counting is always on, as the headers show; refusing has to be switched on
(`enforce`), because a local run should not wait for windows.
"""

from __future__ import annotations

import datetime as dt
import math
from email.utils import format_datetime
from typing import Any

from .contract import Operation
from .errors import Fault
from .ids import Clock

_SECONDS = {"minute": 60, "day": 86_400}
# Documented: endpoints limited to 600 a minute are below the default. How far above is unknown.
SERVICE_DEFAULT = 1_000
# Shown while nothing is refused, so that no client paces itself.
GENEROUS = 100_000


class Limits:
    """Counts requests by token and endpoint; all that have no limit of their own share one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: dict[tuple[str, str], tuple[float, int]] = {}
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

    def spend(self, token: str, operation: Operation) -> dict[str, str]:
        """Count a request; the headers of its answer. Raises `Fault` 429 when none is left."""
        bucket, limit, seconds = self._bucket(operation)
        token = token if self.by == "token" else ""
        now = self._clock.now().timestamp()
        start, used = self._used.get((token, bucket), (0.0, 0))
        window = now - now % seconds
        if start != window:
            used = 0
        used += 1
        self._used[(token, bucket)] = (window, used)
        reset = window + seconds
        remaining = max(0, limit - used)
        headers = {
            "X-RateLimit-Consumed": str(used),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": format_datetime(
                dt.datetime.fromtimestamp(reset, dt.UTC), usegmt=True
            ),
        }
        if self.enforce and used > limit:
            data = {
                "remainingPoints": 0,
                "msBeforeNext": max(1, math.ceil((reset - now) * 1000)),
                "consumedPoints": used,
            }
            headers["Retry-After"] = str(math.ceil(reset - now))
            raise Fault(429, "RequestError", "Too many requests", data=data, headers=headers)
        return headers

    def _bucket(self, operation: Operation) -> tuple[str, int, int]:
        own = self.operations.get(operation.id)
        if own is not None:
            return operation.id, own, 60
        if self.enforce and operation.limits:
            limit = operation.limits[0]
            return operation.id, limit["requests"], _SECONDS.get(limit["per"], 60)
        return "", self.default, 60
