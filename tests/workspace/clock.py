"""One time for a client and the emulator, so that minutes under limits pass in no time.

One thread at a time, for a clock that is moved by whoever waits.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from segform_emulator import Emulator


class Clock:
    """Seconds since the beginning of a minute of the service; `sleep` lets them pass."""

    def __init__(self, emulator: Emulator) -> None:
        self.now = 1_000.0
        self._emulator = emulator
        emulator.clock.stop(True)
        emulator.clock.advance(60 - emulator.clock.now().second - 1e-6)

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds
        self._emulator.clock.advance(seconds)

    def drives(self, client: Any) -> Any:
        """Let a client wait by this clock."""
        client._sleep = self.sleep
        return client


@contextmanager
def stopped(emulator: Emulator) -> Iterator[Clock]:
    """A clock of our own in place of the machine's, where waits are booked and told."""
    clock = Clock(emulator)
    ours = types.SimpleNamespace(monotonic=lambda: clock.now)
    with ExitStack() as stack:
        for name in ("segform.transport.exchange", "segform.workspace.engine"):
            stack.enter_context(patch(f"{name}.time", ours))
        one = patch(
            "segform.transport.bulk.in_threads", lambda call, items, _: [call(x) for x in items]
        )
        stack.enter_context(one)
        alone = patch(
            "segform.workspace.applying.ThreadPoolExecutor",
            lambda _, name: ThreadPoolExecutor(1, name),
        )
        stack.enter_context(alone)
        stack.enter_context(patch("segform.workspace.outlook._WORKERS", 1))
        yield clock
