"""The life of one request without its I/O: shared by the synchronous and asynchronous clients."""

from __future__ import annotations

import random
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from segform.contract import Operation
from segform.errors import ReadOnlyError, WorkspaceMismatchError

from .answer import Fault, Reply, Success, error, read, reset_in, whole
from .config import Config
from .encode import Prepared
from .limits import Pacer
from .retry import Budget, Decision, decide
from .secret import Redactor, secrets_of


class Session:
    """What all requests of a client share: configuration, limits, budget, counts."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.pacer = Pacer(config.requests_per_minute)
        self.budget = Budget()
        self.host = urlsplit(config.url).netloc
        self._sent = 0
        self._lock = threading.Lock()

    @property
    def sent(self) -> int:
        """How many requests were sent so far, repeats included."""
        return self._sent

    def count(self) -> None:
        """One more was sent."""
        with self._lock:
            self._sent += 1

    def admit(self, operation: Operation) -> None:
        """Raise ReadOnlyError where this client may only read and the operation does more."""
        if self.config.read_only and not operation.reads:
            raise ReadOnlyError(
                f"{operation.id} ({operation.method} {operation.path}) would change the workspace, "
                "and this client may only read; nothing was sent. Unset SEGMENT_READ_ONLY and "
                "leave `read_only` out to write.",
                operation=operation.id,
            )

    def check_workspace(self, data: dict[str, Any]) -> None:
        """Raise WorkspaceMismatchError unless `data` (of `GET /`) names the pinned workspace."""
        found = data.get("workspace")
        workspace = found if isinstance(found, dict) else {}
        expected = self.config.workspace
        if expected in (workspace.get("slug"), workspace.get("id")):
            return
        actual = str(workspace.get("slug") or workspace.get("id") or "an unnamed workspace")
        raise WorkspaceMismatchError(
            f"The token belongs to workspace {actual!r}, not to {expected!r}; nothing else was "
            "sent. Use a token of that workspace, or mend SEGMENT_WORKSPACE.",
            expected=str(expected),
            actual=actual,
        )


class Exchange:
    """One request from its first attempt to its answer.

    A driver waits `pause()` seconds, sends, hands what came back to `absorb`, asks `again` whether
    to go round once more after `delay` seconds, and ends with `finish`.
    """

    __slots__ = ("_decision", "_spent", "attempts", "delay", "prepared", "session")

    def __init__(self, session: Session, prepared: Prepared) -> None:
        session.admit(prepared.operation)
        self.session = session
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
        self.attempts += 1
        self.session.count()

    def absorb(self, came: Reply | Fault) -> Success | Fault:
        """Judge what came back, and learn the limits from it."""
        outcome = came if isinstance(came, Fault) else read(came)
        reply = came.reply if isinstance(came, Fault) else came
        if reply is not None:
            self._learn(reply)
        if isinstance(outcome, Fault) and outcome.failure.status == 429:
            self.session.pacer.throttled(
                self.prepared.operation, time.monotonic(), outcome.failure.server_delay
            )
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
            reset_in=reset_in(reply) if remaining == 0 else None,
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
        if decision.again and not budget.take(decision.cost):
            decision = Decision(False, why="the budget for repeats is used up")
        self._decision = decision
        self._spent += decision.cost if decision.again else 0
        self.delay = decision.delay
        return decision.again

    def finish(self, outcome: Success | Fault) -> dict[str, Any]:
        """The envelope's `data`, or the error."""
        if isinstance(outcome, Success):
            return outcome.data
        secrets = secrets_of(self.prepared.values) | {self.session.config.token.reveal()}
        raise error(
            outcome,
            self.prepared,
            Redactor(secrets),
            attempts=self.attempts,
            why=self._decision.why,
            host=self.session.host,
        )
