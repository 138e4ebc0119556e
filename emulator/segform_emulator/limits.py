"""Rate limits: one window of a minute per endpoint, told in headers as the service tells them."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from typing import Any

from .contract import Operation
from .errors import Fault
from .ids import Clock

# The service publishes no default, only that it is above 600.
DEFAULT = 1200
_WINDOW = dt.timedelta(minutes=1)


class Limits:
    """Counts requests per endpoint and minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.default = DEFAULT
        self.own: dict[str, int] = {}
        # The endpoints' own limits would make a test of 60 labels take a minute; a test turns
        # them on (`POST /_emulator/limits {"contract": true}`).
        self.contract = False
        self._counted: dict[str, tuple[dt.datetime, int]] = {}

    def limit(self, operation: Operation) -> int:
        """Requests a minute that an operation takes."""
        if operation.id in self.own:
            return self.own[operation.id]
        if self.contract:
            for limit in operation.limits:
                if limit["per"] == "minute":
                    return int(limit["requests"])
        return self.default

    def count(self, operation: Operation) -> dict[str, str]:
        """Count a request; the headers of its answer. Raises `Fault` 429."""
        now = self._clock.now()
        # What has a limit of its own is counted apart from everything else.
        own = operation.id in self.own or (self.contract and bool(operation.limits))
        bucket = operation.id if own else ""
        start, used = self._counted.get(bucket, (now, 0))
        if now - start >= _WINDOW:
            start, used = now, 0
        used += 1
        self._counted[bucket] = (start, used)
        most = self.limit(operation)
        end = start + _WINDOW
        headers = {
            "X-RateLimit-Consumed": str(used),
            "X-RateLimit-Remaining": str(max(0, most - used)),
            "X-RateLimit-Reset": format_datetime(end),
        }
        if used > most:
            left = int((end - now).total_seconds() * 1000)
            data = {"remainingPoints": 0, "msBeforeNext": left, "consumedPoints": used}
            raise Fault(429, "RequestError", "Too many requests", data=data, headers=headers)
        return headers

    def set(self, wanted: dict[str, Any]) -> None:
        """`{"default": n, "operation": {id: n}, "contract": bool}`; counts start anew."""
        self.default = int(wanted.get("default", self.default))
        self.own.update({op: int(n) for op, n in (wanted.get("operation") or {}).items()})
        self.contract = bool(wanted.get("contract", self.contract))
        self._counted.clear()
