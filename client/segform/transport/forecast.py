"""How long requests will take under the limits, computed by the pacer that will hold them back."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from segform.contract import operation

from .limits import Pacer


class Job(NamedTuple):
    """Operations that one worker sends one after the other, when the jobs of `after` are done."""

    operations: Sequence[str]
    after: Sequence[Hashable] = ()


# An operation and how often it is sent; or jobs by name, which wait for each other. Of any type:
# a mapping by `str` is none by `Hashable` to type checkers.
Calls = tuple[str, int] | Mapping[Any, Job]


def seconds(
    pacer: Pacer, calls: Iterable[Calls], *, now: float, latency: float, workers: int
) -> float:
    """Seconds until the last of the calls has ended; `pacer` itself books nothing.

    * `calls`: what is sent, one after the other; each of them by `workers` at once;
    * `latency`: seconds from sending a request to its answer.
    """
    booked = pacer.copy()
    end = now
    for one in calls:
        if isinstance(one, Mapping):
            end = _jobs(booked, one, end, latency, max(1, workers))
        else:
            end = _alike(booked, one, end, latency, workers)
    return end - now


def _alike(
    booked: Pacer, calls: tuple[str, int], end: float, latency: float, workers: int
) -> float:
    name, count = calls
    facts = operation(name)
    free = [end] * max(1, min(workers, count))
    for _ in range(count):
        moment = heapq.heappop(free)
        done = moment + booked.reserve(facts, moment) + latency
        end = max(end, done)
        heapq.heappush(free, done)
    return end


def _jobs(
    booked: Pacer, jobs: Mapping[Hashable, Job], end: float, latency: float, workers: int
) -> float:
    """As a pool of threads does it: a job that waits for a limit keeps its worker."""
    from collections import deque
    from graphlib import TopologicalSorter

    order = TopologicalSorter(
        {name: [one for one in job.after if one in jobs] for name, job in jobs.items()}
    )
    order.prepare()
    waiting = deque(order.get_ready())
    # When a job goes on, in the order in which they began, and how far it is.
    under_way: list[tuple[float, int, Hashable, int]] = []
    begun = 0
    while waiting or under_way:
        while waiting and len(under_way) < workers:
            heapq.heappush(under_way, (end, begun, waiting.popleft(), 0))
            begun += 1
        end, number, name, place = heapq.heappop(under_way)
        sent = jobs[name].operations
        if place < len(sent):
            done = end + booked.reserve(operation(sent[place]), end) + latency
            heapq.heappush(under_way, (done, number, name, place + 1))
            continue
        order.done(name)
        waiting.extend(order.get_ready())
    return end
