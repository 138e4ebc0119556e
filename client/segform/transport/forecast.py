"""How long requests will take under the limits, computed by the pacer that will hold them back."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from segform.contract import operation

from .limits import Pacer


def seconds(
    pacer: Pacer, calls: Iterable[tuple[str, int]], *, now: float, latency: float, workers: int
) -> float:
    """Seconds until the last of the calls has ended; `pacer` itself books nothing.

    * `calls`: operation and how often, one after the other; each is sent by `workers` at once;
    * `latency`: seconds from sending a request to its answer.
    """
    booked = pacer.copy()
    end = now
    for name, count in calls:
        facts = operation(name)
        free = [end] * max(1, min(workers, count))
        for _ in range(count):
            moment = heapq.heappop(free)
            done = moment + booked.reserve(facts, moment) + latency
            end = max(end, done)
            heapq.heappush(free, done)
    return end - now
