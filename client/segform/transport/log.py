"""What was sent, for `SEGMENT_LOG=info|debug` and for programs that configure logging themselves.

Lines name operation, path, status and time; never a header, a query or a body, and what a path
holds is redacted all the same.
"""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from .answer import Fault, Success
from .config import Config
from .exchange import Exchange

LOGGER = logging.getLogger("segform.transport")


class _ToStderr(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at that moment: programs and tests exchange it."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        self.stream = sys.stderr
        super().emit(record)


def switch_on(config: Config) -> None:
    """Write to stderr as SEGMENT_LOG says; what the program itself has set up stays as it is."""
    if config.log and not LOGGER.handlers:
        handler = _ToStderr()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.DEBUG if config.log == "debug" else logging.INFO)


def sent(exchange: Exchange, outcome: Success | Fault, seconds: float) -> None:
    """One attempt and what came of it."""
    if not LOGGER.isEnabledFor(logging.INFO):
        return
    operation = exchange.prepared.operation
    if isinstance(outcome, Success):
        said: str | int = operation.status
    else:
        said = outcome.failure.status or outcome.failure.kind
    LOGGER.info(
        "%s %s %s -> %s in %.0f ms%s",
        operation.id,
        operation.method,
        exchange.redactor().text(exchange.prepared.path),
        said,
        seconds * 1000,
        f" (attempt {exchange.attempts})" if exchange.attempts > 1 else "",
    )


def waits(exchange: Exchange, seconds: float, why: str) -> None:
    """A pause before the next attempt; one that people notice is worth a line by itself."""
    level = logging.INFO if seconds >= 1 else logging.DEBUG
    LOGGER.log(level, "%s waits %.2f s: %s", exchange.prepared.operation.id, seconds, why)
