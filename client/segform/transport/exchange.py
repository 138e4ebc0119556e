"""The life of one request without its I/O: shared by the synchronous and asynchronous clients."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from segform.contract import Operation
from segform.errors import ConfigurationError, ReadOnlyError, WorkspaceMismatchError

from . import raw
from .answer import Fault, Reply, Success, error, read, request_id, reset_in, whole
from .config import Config
from .encode import Prepared
from .lately import EVENTUAL, PAUSES, Lately
from .limits import Pacer
from .options import Options, Patience
from .retry import Budget, Decision, Failure, decide
from .secret import Redactor, secrets_of


class Session:
    """What all requests of a client share: configuration, limits, budget, counts."""

    def __init__(self, config: Config, judge: Callable[[Reply], Success | Fault] = read) -> None:
        self.config = config
        # Each of the two APIs has its own form of answer.
        self.judge = judge
        self.pacer = Pacer(config.requests_per_minute)
        self.budget = Budget()
        self.lately = Lately()
        self.host = urlsplit(config.url).netloc
        # Whether the token is known to be of the workspace asked for; nothing asked, nothing known.
        self.pinned = config.workspace is None
        self._foreign: WorkspaceMismatchError | None = None
        self._closed = False
        self._sent = 0
        self._answered, self._seconds = 0, 0.0
        self._lock = threading.Lock()

    @staticmethod
    def now() -> float:
        """The clock that places under the limits are booked by."""
        return time.monotonic()

    @property
    def latency(self) -> float:
        """Seconds from a request to its answer, on average so far."""
        return self._seconds / self._answered if self._answered else 0.0

    def took(self, seconds: float) -> None:
        """A request was answered after so many seconds."""
        with self._lock:
            self._answered += 1
            self._seconds += seconds

    @property
    def sent(self) -> int:
        """How many requests were sent so far, repeats included."""
        return self._sent

    def count(self) -> None:
        """One more was sent."""
        with self._lock:
            self._sent += 1

    def close(self) -> None:
        """Nothing is sent any more."""
        self._closed = True

    def usable(self) -> None:
        """Raise ConfigurationError when closed, WorkspaceMismatchError for a foreign token."""
        if self._closed:
            raise ConfigurationError("This client is closed; make another one.")
        if self._foreign is not None:
            raise WorkspaceMismatchError(
                str(self._foreign), expected=self._foreign.expected, actual=self._foreign.actual
            )

    def admit(self, operation: Operation, options: Options) -> None:
        """Raise ReadOnlyError where this client may only read and the operation does more."""
        if (self.config.read_only or options.read_only) and not operation.reads:
            raise ReadOnlyError(
                f"{operation.id} ({operation.method} {operation.path}) would change the workspace, "
                "and this client may only read; nothing was sent. Unset SEGMENT_READ_ONLY and "
                "leave `read_only` out to write.",
                operation=operation.id,
            )

    def check_workspace(self, data: dict[str, Any]) -> None:
        """Raise WorkspaceMismatchError unless `data` (of `GET /`) names the pinned workspace.

        Judged once: a token of another workspace stays one.
        """
        found = data.get("workspace")
        workspace = found if isinstance(found, dict) else {}
        expected = self.config.workspace
        if expected in (workspace.get("slug"), workspace.get("id")):
            self.pinned = True
            return
        actual = str(workspace.get("slug") or workspace.get("id") or "an unnamed workspace")
        self._foreign = WorkspaceMismatchError(
            f"The token belongs to workspace {actual!r}, not to {expected!r}; nothing else was "
            "sent. Use a token of that workspace, or mend the pin: SEGMENT_WORKSPACE, `workspace` "
            "of a profile, or the client's argument.",
            expected=str(expected),
            actual=actual,
        )
        raise self._foreign


class Exchange:
    """One request from its first attempt to its answer.

    A driver waits `pause()` seconds, sends, hands what came back to `absorb`, asks `again` whether
    to go round once more after `delay` seconds, and ends with `finish`.
    """

    __slots__ = (
        "_bounded",
        "_decision",
        "_ends",
        "_last",
        "_reply",
        "_seconds",
        "_spent",
        "attempts",
        "delay",
        "options",
        "prepared",
        "session",
    )

    def __init__(self, session: Session, prepared: Prepared, options: Options) -> None:
        session.admit(prepared.operation, options)
        self.session = session
        self.options = options
        # The deadline counts from the first send; waiting for a first place does not.
        self._ends: float | None = None
        self._bounded = False
        self._last: Success | Fault | None = None
        self._reply: Reply | None = None
        self._seconds = 0.0
        self.prepared = prepared
        self.attempts = 0
        self.delay = 0.0
        self._spent = 0
        self._decision = Decision(False)

    def pause(self) -> float:
        """Book a place within the limits; seconds to wait for it."""
        return self.session.pacer.reserve(self.prepared.operation, time.monotonic())

    def starts(self) -> None:
        """An attempt is about to be sent."""
        if self._ends is None:
            self._ends = time.monotonic() + self.options.deadline
        self.attempts += 1
        self.session.count()

    def patience(self) -> Patience:
        """How long this attempt may be silent, and how long it may take in all."""
        left = self.options.deadline if self._ends is None else self._ends - time.monotonic()
        left = max(left, 0.001)
        return Patience(min(self.options.timeout, left), left)

    def too_late(self, wait: float) -> Fault | None:
        """What to end with when the next attempt would come after the deadline; else None."""
        if self._ends is None or time.monotonic() + wait <= self._ends:
            return None
        last = self._last
        # Ended without counting: `again` must not take it for a fresh failure.
        self._ends = float("-inf")
        return last if isinstance(last, Fault) else None

    def absorb(self, came: Reply | Fault, seconds: float = 0.0) -> Success | Fault:
        """Judge what came back after so many seconds, and learn the limits from it."""
        outcome = came if isinstance(came, Fault) else self.session.judge(came)
        reply = came.reply if isinstance(came, Fault) else came
        if reply is not None:
            self._learn(reply)
        if isinstance(outcome, Fault) and outcome.failure.status == 429:
            self.session.pacer.throttled(
                self.prepared.operation, time.monotonic(), outcome.failure.server_delay
            )
        self._last, self._reply, self._seconds = outcome, reply, seconds
        self.session.took(seconds)
        return outcome

    def _learn(self, reply: Reply) -> None:
        if "x-ratelimit-remaining" not in reply.headers:
            return
        remaining = whole(reply, "x-ratelimit-remaining")
        self.session.pacer.learn(
            self.prepared.operation,
            time.monotonic(),
            consumed=whole(reply, "x-ratelimit-consumed"),
            remaining=remaining,
            reset_in=reset_in(reply),
            well=reply.status != 429,
        )

    def again(self, outcome: Success | Fault) -> bool:
        """Whether to send once more; then `delay` says after how many seconds."""
        budget = self.session.budget
        if isinstance(outcome, Success):
            budget.give(self._spent)
            return False
        decision = decide(
            outcome.failure,
            effect=self.prepared.operation.effect,
            attempt=self.attempts,
            tokens=budget.tokens,
            jitter=random.random(),  # noqa: S311 - spreads load, guards nothing
        )
        if not decision.again and self._may_be_new(outcome.failure):
            decision = Decision(True, delay=PAUSES[self.attempts - 1])
        decision = self._within(decision)
        if decision.again and not budget.take(decision.cost):
            decision = Decision(False, why="the budget for repeats is used up")
        self._decision = decision
        self._spent += decision.cost if decision.again else 0
        self.delay = decision.delay
        return decision.again

    def _may_be_new(self, failure: Failure) -> bool:
        """Whether a 404 may only mean that what was just made is not known everywhere yet."""
        prepared = self.prepared
        return (
            failure.status == 404
            and prepared.operation.id in EVENTUAL
            and self.attempts <= len(PAUSES)
            and self.session.lately.any_of(prepared.ids)
        )

    def _within(self, decision: Decision) -> Decision:
        """The decision, unless the caller's own bounds say no."""
        if not decision.again:
            return decision
        why = ""
        if self.options.attempts is not None and self.attempts >= self.options.attempts:
            why = f"more than {self.options.attempts} are not allowed"
        elif self._ends is not None and time.monotonic() + decision.delay > self._ends:
            why = f"its deadline of {self.options.deadline:g} s would pass"
        self._bounded = bool(why)
        return Decision(False, why=why) if why else decision

    def finish(self, outcome: Success | Fault) -> dict[str, Any]:
        """The envelope's `data`, or the error."""
        if isinstance(outcome, Success):
            self._keep()
            self.session.lately.add(self.prepared.operation, outcome.data)
            return outcome.data
        raise error(
            outcome,
            self.prepared,
            self.redactor(),
            attempts=self.attempts,
            # Of a single attempt, only the caller's own bounds are worth telling.
            why=self._decision.why if self.attempts > 1 or self._bounded else "",
            host=self.session.host,
        )

    def redactor(self) -> Redactor:
        """Takes out of texts what this request holds of secrets."""
        secrets = secrets_of(self.prepared.everything)
        return Redactor(secrets | {self.session.config.token.reveal()})

    def _keep(self) -> None:
        """Put the answer where `with_raw_response` looks, if anybody does."""
        kept, reply = raw.wanted(), self._reply
        if kept is not None and reply is not None:
            name = request_id(reply)
            kept.append(
                raw.Kept(
                    reply.status, reply.headers, reply.body, name, self.attempts, self._seconds
                )
            )
