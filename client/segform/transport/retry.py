"""Whether and when a failed request is sent again: a pure function, and the budget it draws on.

Two classes of failure: *transient* (the network, 5xx), backed off from 50 ms, and *throttle*
(429, or a server that names its delay), backed off from 1 s; both with full jitter. Repeats of all
requests of a client draw on one budget, so that an outage is not answered by a storm: 500 tokens,
14 for a transient repeat, 5 for a throttled one, given back by what succeeds.

What a failure says about the request decides the rest: one that was surely not carried out may
always be sent again; one that may have been is repeated only where twice does what once does.
"""

from __future__ import annotations

import threading
from typing import Final, Literal, NamedTuple, TypeAlias

from segform.contract import ONCE

# connection, unreached: no connection, or none in time: nothing was sent, for sure.
# broken, timeout: something was sent; then the connection broke, or no answer came in time.
# garbled: a success that cannot be read. status: the API said no. refused: a redirect.
Kind: TypeAlias = Literal[
    "connection", "unreached", "broken", "timeout", "garbled", "status", "refused"
]

BUDGET: Final = 500
TRANSIENT_COST: Final = 14
THROTTLE_COST: Final = 5
TRANSIENT_BASE: Final = 0.05
THROTTLE_BASE: Final = 1.0
LONGEST_BACKOFF: Final = 20.0
# A server that asks for more than this is not waited for: the error says how long.
LONGEST_SERVER_DELAY: Final = 120.0
TRANSIENT_ATTEMPTS: Final = 6
THROTTLE_ATTEMPTS: Final = 12
# 501 will surely recur; the others may pass.
_TRANSIENT_STATUS: Final = frozenset({408, 500, 502, 503, 504})


class Failure(NamedTuple):
    """What is known of a failed attempt: no text, only what decides.

    * `kind`: see `Kind`; `status`: for `status` and `garbled`, else 0;
    * `server_delay`: seconds the server asked for, or None.
    """

    kind: Kind
    status: int = 0
    server_delay: float | None = None


class Decision(NamedTuple):
    """Whether to send again, after how many seconds, at what price; `why` not, in words."""

    again: bool
    delay: float = 0.0
    cost: int = 0
    why: str = ""


def may_have_happened(failure: Failure, effect: str) -> bool:
    """Whether a request with this `effect` may have changed something although it failed.

    5xx counts: a service may fail after it committed. Reads never change anything.
    """
    if effect == "read":
        return False
    if failure.kind == "status":
        return failure.status in _TRANSIENT_STATUS or failure.status >= 500
    return failure.kind in ("broken", "timeout", "garbled")


def decide(
    failure: Failure, *, effect: str, attempt: int, tokens: int, jitter: float = 1.0
) -> Decision:
    """What to do after `failure`.

    * `effect`: the operation's (`read`, `repeatable`, `once`);
    * `attempt`: 1 for the first; `tokens`: what the budget holds;
    * `jitter`: a random number of 0..1 by which the delay is multiplied (full jitter).
    """
    throttled = failure.kind == "status" and failure.status == 429
    if not _worth_repeating(failure):
        return Decision(False, why="repeating it would change nothing")
    if effect == ONCE and may_have_happened(failure, effect):
        return Decision(False, why="it may have been carried out, and twice is not once")
    named = failure.server_delay
    if named is not None and named > LONGEST_SERVER_DELAY:
        return Decision(False, why=f"the API asks to wait {named:.0f} s, longer than we wait")
    if attempt >= (THROTTLE_ATTEMPTS if throttled else TRANSIENT_ATTEMPTS):
        return Decision(False, why="no more attempts")
    slow = throttled or named is not None
    cost = THROTTLE_COST if slow else TRANSIENT_COST
    if tokens < cost:
        return Decision(False, why="the budget for repeats is used up, the service is in trouble")
    return Decision(True, delay=_delay(attempt, named, slow, jitter), cost=cost)


def _worth_repeating(failure: Failure) -> bool:
    if failure.kind == "refused":
        return False
    if failure.kind != "status":
        return True
    return failure.status == 429 or failure.status in _TRANSIENT_STATUS


def _delay(attempt: int, named: float | None, slow: bool, jitter: float) -> float:
    base = THROTTLE_BASE if slow else TRANSIENT_BASE
    ceiling: float = min(LONGEST_BACKOFF, base * 2 ** (attempt - 1))
    if named is not None:
        # Never earlier than told; a little apart, so that many do not return at once.
        return named + jitter * min(1.0, ceiling)
    return jitter * ceiling


class Budget:
    """Tokens shared by all requests of a client; safe for threads."""

    def __init__(self, tokens: int = BUDGET) -> None:
        self._most = tokens
        self._tokens = tokens
        self._lock = threading.Lock()

    @property
    def tokens(self) -> int:
        """What is left."""
        return self._tokens

    def take(self, cost: int) -> bool:
        """Take `cost` tokens; False, and nothing taken, where there are fewer."""
        with self._lock:
            if self._tokens < cost:
                return False
            self._tokens -= cost
            return True

    def give(self, spent: int) -> None:
        """A success: what its repeats took comes back, or one token where there were none."""
        with self._lock:
            self._tokens = min(self._most, self._tokens + max(1, spent))
