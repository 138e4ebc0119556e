"""Doing what a plan says, for the commands that write: asked, foretold, saved before, told."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from . import _place

if TYPE_CHECKING:
    from segform.workspace import Desired, Plan, Workspace

    from ._events import Events


def carry_out(
    engine: Workspace,
    plan: Plan,
    wanted: Desired,
    live: Any,
    *,
    yes: bool,
    force: bool,
    events: Events | None = None,
) -> None:
    """Ask, save what is there, and do what a plan says; what was done is told on stderr."""
    if not plan:
        engine.apply(plan, wanted)
        if events is not None:
            events.plan(plan, 0, 0.0)
            events.end(0, len(plan))
        return
    journal = engine.life.journal
    unkept = journal.warning if journal is not None else ""
    if unkept:
        _place.say(unkept, "note: ")
    ahead = _foretold(engine, plan, wanted, again=not yes)
    if not yes:
        _ask(engine)
    from segform.workspace import saved

    _place.say(f"saved before: {saved.keep(engine, live)}")
    if events is not None:
        events.plan(plan, *ahead)
    done = 0
    lock = threading.Lock()

    def one_done(change: Any) -> None:
        nonlocal done
        with lock:
            # Called from many threads; the counts come in their order.
            done += 1
            _place.say(f"[{done}/{len(plan)}] {change}")

    heard = events.change if events is not None else None
    try:
        with interruptible():
            result = engine.apply(plan, wanted, force=force, told=one_done, heard=heard, fresh=yes)
    finally:
        _place.say(f"{done} of {len(plan)} changes done")
        if events is not None:
            events.end(done, len(plan))
    for words in result.warnings:
        if words != unkept:
            _place.say(words)


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM, by which CI ends a job, interrupts as Ctrl-C does: what is under way is finished.

    What happens then is said once.
    """
    if threading.current_thread() is not threading.main_thread():
        # Signals are the main thread's business.
        yield
        return
    told_once = False

    def interrupt(*_: object) -> None:
        nonlocal told_once
        if not told_once:
            told_once = True
            _place.say("interrupted: changes that are under way are finished, no others are begun")
        raise KeyboardInterrupt

    before = {one: signal.signal(one, interrupt) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _ask(engine: Workspace) -> None:
    if not sys.stdin.isatty():
        raise click.ClickException(
            "nobody can be asked here: give --yes, or --plan with the plan that was reviewed"
        )
    if not click.confirm(_place.plain(f"Do this to {engine.name} ({engine.slug})?"), err=True):
        _place.say("Nothing was done.")
        raise click.exceptions.Exit(1)


def _foretold(engine: Workspace, plan: Plan, wanted: Desired, *, again: bool) -> tuple[int, float]:
    """Requests and seconds of carrying a plan out, told; `again`: it is read once more before."""
    from segform.workspace.outlook import of_apply

    requests, seconds = of_apply(engine, plan, wanted, again=again)
    _place.say(f"to do it: about {_place.counted(requests, 'request')}, {_place.duration(seconds)}")
    return requests, seconds
