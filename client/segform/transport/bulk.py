"""One call for many items, several at once; nothing is lost where some fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from segform.errors import BulkError, ConfigurationError

A = TypeVar("A")
T = TypeVar("T")

# In a thread of a bulk call: whether the whole of it is given up.
_here = threading.local()
# Seconds between two looks at that, while a call waits for its place under a limit.
_LOOK = 0.1


class Stopping(Protocol):
    """Says whether what this thread does is given up: an Event, or more than that."""

    def is_set(self) -> bool: ...


class Closing(Protocol):
    """Says whether the client was closed in so many seconds: a Gate, or an Event."""

    def wait(self, seconds: float, /) -> bool: ...


class GivenUp(Exception):
    """The bulk call that this call belongs to was interrupted while it waited; nothing was sent."""


def wait(closing: Closing, seconds: float) -> None:
    """Wait until the client is closed, or until the bulk call of this thread is given up."""
    stop: Stopping | None = getattr(_here, "stop", None)
    if stop is None:
        closing.wait(seconds)
        return
    ends = time.monotonic() + seconds
    while not stop.is_set():
        left = ends - time.monotonic()
        if left <= 0 or closing.wait(min(left, _LOOK)):
            return
    raise GivenUp


class _Stop:
    """Whether a bulk call is given up, or one that it is a part of."""

    def __init__(self) -> None:
        around = getattr(_here, "stop", None)
        # What others let their threads wait for is theirs to say, and in their own threads.
        self._around = around if isinstance(around, _Stop) else None
        self._own = False

    def set(self) -> None:
        self._own = True

    def is_set(self) -> bool:
        return self._own or (self._around is not None and self._around.is_set())


@contextmanager
def stoppable(stop: Stopping) -> Iterator[None]:
    """Let waits of this thread end with `GivenUp` once `stop` is set."""
    before = getattr(_here, "stop", None)
    _here.stop = stop
    try:
        yield
    finally:
        _here.stop = before


def in_threads(call: Callable[[A], T], items: Iterable[A], concurrency: int) -> list[T]:
    """`call` for every item in up to `concurrency` threads; see `Client.map`."""
    from concurrent.futures import ThreadPoolExecutor

    wanted = _checked(items, concurrency)
    stop = _Stop()

    def run(item: A) -> T:
        _here.stop = stop
        if stop.is_set():
            raise GivenUp
        try:
            return call(item)
        except Exception:
            raise
        except BaseException:  # an exit that the call itself asks for
            stop.set()
            raise

    pool = ThreadPoolExecutor(max(1, min(concurrency, len(wanted))), "segform-map")
    try:
        futures = [pool.submit(run, item) for item in wanted]
        outcomes = [future.exception() or _Done(future.result()) for future in futures]
    except BaseException:
        stop.set()
        raise
    finally:
        # An interrupt leaves what was not sent unsent, and waits for answers to what was.
        pool.shutdown(cancel_futures=True)
    return _sorted(outcomes)


async def in_tasks(
    call: Callable[[A], Awaitable[T]], items: Iterable[A], concurrency: int
) -> list[T]:
    """`call` for every item in up to `concurrency` tasks; see `AsyncClient.map`."""
    import asyncio

    wanted = list(enumerate(_checked(items, concurrency)))
    outcomes: list[Any] = [None] * len(wanted)
    waiting = iter(wanted)

    async def worker() -> None:
        for place, item in waiting:
            try:
                outcomes[place] = _Done(await call(item))
            except Exception as error:
                outcomes[place] = error
            except asyncio.CancelledError as error:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                outcomes[place] = error  # of something that the call waited for

    async with asyncio.TaskGroup() as group:
        for _ in range(min(concurrency, len(wanted))):
            group.create_task(worker())
    return _sorted(outcomes)


class _Done:
    """A result, told apart from an error that is one."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _checked(items: Iterable[A], concurrency: int) -> list[A]:
    if concurrency < 1:
        raise ConfigurationError(f"concurrency is {concurrency}; give 1 or more")
    return list(items)


def _sorted(outcomes: Sequence[Any]) -> list[Any]:
    errors = {n: one for n, one in enumerate(outcomes) if not isinstance(one, _Done)}
    for error in errors.values():
        if not isinstance(error, Exception):
            raise error  # an interrupt or an exit is nobody's failed item
    results = [one.value if isinstance(one, _Done) else None for one in outcomes]
    if errors:
        first = next(iter(errors.values()))
        raise BulkError(
            f"{len(errors)} of {len(outcomes)} calls failed; the first: {first}",
            results=results,
            errors=errors,
        ) from first
    return results
