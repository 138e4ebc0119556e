"""Ctrl-C at any moment: the client is whole afterwards.

An interrupt is raised where Python looks for signals: after a call, at the beginning of a function
and at each turn of a loop, of ours and of every library below. `full` tries each of these moments.
"""

from __future__ import annotations

import dis
import functools
import gc
import random
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import CodeType, FrameType
from typing import Any
from urllib.parse import urlsplit

import pytest

from segform import Segment
from segform.transport.waiting import Places

from .stub import TOKEN

# After these Python looks whether a signal has come.
_LOOKS = ("CALL", "PRECALL", "RESUME", "JUMP_BACKWARD")


@functools.cache
def moments(code: CodeType) -> set[int]:
    """Where in a function an interrupt may be raised."""
    found: set[int] = set()
    before = ""
    for one in dis.get_instructions(code):
        if before.startswith(_LOOKS) and one.opname != "CALL":
            found.add(one.offset)
        before = one.opname
    return found


class Interrupt:
    """Raises KeyboardInterrupt at the moment of that number; counts them."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.seen = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Interrupt:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode" and frame.f_lasti in moments(frame.f_code):
            self.seen += 1
            if self.seen == self.at:
                raise KeyboardInterrupt
        return self


def during(call: Callable[[], object], at: int = 0) -> int:
    """Interrupt a call at that moment (0: never); how many moments there were until then."""
    trace, before, hook = Interrupt(at), sys.gettrace(), sys.unraisablehook
    # Garbage may be collected meanwhile. What pytest does with its warnings is no part of the call,
    # and not made for interrupts; this is C, where there are none.
    sys.unraisablehook = deque[object](maxlen=0).append
    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
        sys.unraisablehook = hook
    return trace.seen


def some(count: int, most: int) -> list[int]:
    """Numbers from 1 to `count`: a sample of `most`, or all for 0."""
    every = range(1, count + 1)
    return list(every) if not most else sorted(random.Random(count).sample(every, most))


def within(seconds: float, call: Callable[[], object]) -> bool:
    """Whether a call ends in time; in a thread of its own, for one that hangs."""
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


@pytest.fixture
def interrupted(slow_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server; afterwards the sockets are closed that interrupted calls have left as garbage."""
    opened: list[socket.socket] = []

    class Kept(socket.socket):
        def __init__(self, *given: Any, **more: Any) -> None:
            opened.append(self)
            super().__init__(*given, **more)

    monkeypatch.setattr(socket, "socket", Kept)
    yield slow_server
    port = urlsplit(slow_server).port
    for one in opened:
        with suppress(OSError):  # it was closed
            if one.getsockname()[1] != port:  # not the server's own
                socket.SocketType.close(one)


@pytest.mark.parametrize("most", [80, pytest.param(0, marks=pytest.mark.full)])
# The socket of an interrupted call is closed as garbage.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_request_that_is_interrupted_takes_no_place_with_it(interrupted: str, most: int) -> None:
    with Segment(TOKEN, url=interrupted, timeout=5) as whole:
        made = whole.with_options(attempts=1)

        def call() -> object:
            return made.sources.get("quick")

        call()
        spread = made._link.wire._send.__self__  # type: ignore[union-attr]  # a bound method
        for at in some(during(call), most):
            during(call, at)
            assert within(10, call), f"a call hangs after an interrupt at moment {at}"
            call()
            assert spread._places.taken == 0, f"a place is lost at moment {at}"
            if len(spread._idle._all) > 2:
                gc.collect()  # those that are in nobody's hands go with that
            assert len(spread._idle._all) <= 2, f"a connection is lost at moment {at}"


@pytest.mark.parametrize("most", [60, pytest.param(0, marks=pytest.mark.full)])
def test_a_wait_that_is_interrupted_is_nobodys_obstacle(most: int) -> None:
    """A call that waits under a limit: others can wait on, and the client can be closed."""
    count = during(lambda: Segment(TOKEN)._sleep(0.001))
    assert count > 2
    for at in some(count, min(most, count)):
        made = Segment(TOKEN)
        during(functools.partial(made._sleep, 0.001), at)
        assert within(10, functools.partial(made._sleep, 0.001)), at
        waiting = threading.Thread(target=made._sleep, args=(60,), daemon=True)
        waiting.start()
        assert within(10, made.close), at
        waiting.join(10)
        assert not waiting.is_alive(), f"what waits is not woken after an interrupt at {at}"


def test_places_are_for_so_many_and_no_more() -> None:
    places = Places(2)
    inside, most, lock = 0, 0, threading.Lock()

    def work(_: int) -> bool:
        nonlocal inside, most
        if not places.take(30):
            return False
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.001)
        with lock:
            inside -= 1
        places.leave()
        return True

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(work, range(200)))
    assert (most, places.taken) == (2, 0)


def test_who_finds_no_place_in_time_is_told() -> None:
    places = Places(1)
    assert places.take(None)
    with ThreadPoolExecutor(1) as pool:  # another thread
        assert pool.submit(places.take, 0.01).result() is False
        places.leave()
        assert pool.submit(places.take, 0).result() is True
        assert places.take(0) is False


def test_a_thread_that_asks_again_has_given_up_what_it_had() -> None:
    places = Places(1)
    assert all(places.take(0) for _ in range(3))
    assert places.taken == 1
