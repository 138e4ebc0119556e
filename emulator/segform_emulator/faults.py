"""Faults on order: what goes wrong between a client and the service."""

from __future__ import annotations

import threading
from typing import Any

from .errors import Fault

KINDS = (
    "drop",  # no answer, nothing done
    "drop_after_commit",  # done, but no answer
    "error_before",  # 500, nothing done
    "error_after",  # 500, but done
    "html",  # 502 with a page of a proxy
    "truncated",  # half of the answer
    "slow",  # `seconds` late
    "missing_from_page",  # the first object of a page is left out
    "shifted_page",  # a concurrent delete: a page starts one object late
)
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


class Faults:
    """Faults that wait for their request, in the order in which they were ordered."""

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def order(self, fault: dict[str, Any]) -> None:
        """`{"kind", "operation"?, "method"?, "after"?, "count"?, "seconds"?}`.

        `operation` and `method` narrow down what is hit, `after` lets so many pass first, `count`
        says how often it strikes (default 1).
        """
        if fault.get("kind") not in KINDS:
            raise Fault(422, "input-validation", f"kind has to be one of {', '.join(KINDS)}")
        with self._lock:
            self._waiting.append({"count": 1, "after": 0, **fault})

    def clear(self) -> None:
        """Forget all that wait."""
        with self._lock:
            self._waiting.clear()

    def strike(self, operation: str, method: str) -> dict[str, Any] | None:
        """The fault that hits this request, if one does."""
        with self._lock:
            for fault in self._waiting:
                if fault.get("operation", operation) != operation:
                    continue
                if fault.get("method", method) != method:
                    continue
                if fault["after"] > 0:
                    fault["after"] -= 1
                    continue
                fault["count"] -= 1
                if fault["count"] <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
