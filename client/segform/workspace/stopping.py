"""An interrupt of an apply: what has written something is finished, what waits is let go.

A change may wait a minute for its place under a limit of the service. Until it has written its
first thing nothing is lost if it is not begun at all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from segform.contract import operation
from segform.transport.bulk import GivenUp, stoppable

if TYPE_CHECKING:
    from segform.lifecycle.service import Lifecycle


class Stop:
    """Whether an apply was interrupted, and which of its threads have written. Thread-safe."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._here = threading.local()

    def set(self) -> None:
        """Interrupt: changes that have not written anything end with `GivenUp` where they wait."""
        self._asked.set()

    def is_set(self) -> bool:
        """Whether the change of this thread is given up."""
        return self._asked.is_set() and not getattr(self._here, "wrote", False)

    def wrote(self) -> None:
        """The change of this thread has written; it is finished, come what may."""
        self._here.wrote = True

    @contextmanager
    def change(self) -> Iterator[None]:
        """One change in this thread. Raises `GivenUp` from a wait of it."""
        self._here.wrote = False
        with stoppable(self):
            yield

    @contextmanager
    def over(self, life: Lifecycle) -> Iterator[None]:
        """Let a lifecycle's requests say what was written."""
        before = life.client
        watched: Any = _Watched(before, self)
        life.client = watched
        try:
            yield
        finally:
            life.client = before


class _Watched:
    """A client whose first write in a thread is noted once it is answered."""

    def __init__(self, client: Any, stop: Stop) -> None:
        self._client = client
        self._stop = stop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def request(self, name: str, **options: Any) -> dict[str, Any]:
        writes = not operation(name).reads
        try:
            found: dict[str, Any] = self._client.request(name, **options)
        except GivenUp:
            # It waited for its place, or for another attempt at what was refused.
            writes = False
            raise
        finally:
            if writes:
                self._stop.wrote()
        return found
