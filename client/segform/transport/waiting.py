"""What threads wait for, in order again after an interrupt at any moment.

Events and semaphores of `threading` are Python: interrupted (Ctrl-C) within their own code, they
may keep a place, or their own lock, and whoever comes after waits for ever. Here only locks and
queues of C are waited for, which an interrupt either finds taken or not.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from contextlib import suppress
from typing import Final

# Seconds after which a thread that waits for a place looks for one, should no bell have rung.
_LOOK: Final = 1.0


class Gate:
    """Shut until it is opened, once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()
        self._open = False

    def open(self) -> None:
        """Let all through who wait, and whoever comes later."""
        self._open = True
        with suppress(RuntimeError):  # it was open
            self._lock.release()

    def wait(self, seconds: float) -> bool:
        """Whether it was opened in so many seconds."""
        if not self._open and self._lock.acquire(timeout=max(0.0, seconds)):
            self._lock.release()  # for the next
        return self._open


class Places:
    """At most so many at once, one for each thread.

    A thread that asks again has ended whatever it had its place for, if only by an interrupt.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: set[int] = set()
        self._waiting = 0
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()

    def take(self, patience: float | None) -> bool:
        """A place for this thread; False where none is free in so many seconds (None: ever)."""
        me, ends = threading.get_ident(), math.inf
        if patience is not None:
            ends = time.monotonic() + patience
        while True:
            with self._lock:
                self._held.discard(me)
                if len(self._held) < self._most:
                    self._held.add(me)
                    return True
                self._waiting += 1
            left = ends - time.monotonic()
            if left <= 0:  # still counted among those who wait: a bell is rung in vain
                return False
            with suppress(queue.Empty):
                self._bell.get(timeout=min(left, _LOOK))

    def leave(self) -> None:
        """The place of this thread is free."""
        with self._lock:
            self._held.discard(threading.get_ident())
            if self._waiting:
                self._waiting -= 1
                self._bell.put(None)

    @property
    def taken(self) -> int:
        """How many are taken."""
        return len(self._held)
