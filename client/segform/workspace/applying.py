"""Carrying a plan out: several changes at once, each after what it refers to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from graphlib import TopologicalSorter
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from segform.errors import SegformError
from segform.lifecycle.creating import AlreadyExistsError
from segform.lifecycle.keys import import_id_of
from segform.lifecycle.meaning import equal
from segform.lifecycle.run import Outcome
from segform.resources import registry
from segform.resources.definition import Resource
from segform.transport.bulk import GivenUp

from .desired import Desired, resolved
from .flow import Step, steps
from .intending import intended
from .live import Found, Live
from .matching import Matching
from .plan import Change, Overtaken, Plan
from .stopping import Stop

if TYPE_CHECKING:
    from .engine import Applied, Workspace

# Called from many threads: `begun`, `done` or `failed`, the change, and why it failed.
Heard = Callable[[str, Change, str], None]


def carry_out(
    workspace: Workspace,
    plan: Plan,
    wanted: Desired,
    concurrency: int,
    told: Callable[[Change], None] | None,
    heard: Heard | None = None,
) -> Applied:
    """Make every change of a plan. What was done is bound, also where a later change fails.

    An interrupt lets the changes that have written something finish, and begins no others.
    """
    run = _Apply(workspace, plan, wanted, told, heard)
    try:
        with run.stop.over(workspace.life):
            run.all(concurrency)
    finally:
        workspace.bindings.save()
        workspace.remember()
    from .alone import made_meanwhile
    from .engine import Applied

    warnings = [*run.warnings, *made_meanwhile(workspace, plan, run.done, concurrency)]
    journal = workspace.life.journal
    if journal is not None and journal.warning:
        warnings.append(journal.warning)
    return Applied(run.done, warnings, workspace.bindings)


def _ready(order: TopologicalSorter[Step]) -> Iterator[Step]:
    """The steps that may begin; gates among them are passed at once."""
    while found := order.get_ready():
        for step in found:
            if step[0]:
                yield step
            else:
                order.done(step)


class _Apply:
    def __init__(
        self,
        workspace: Workspace,
        plan: Plan,
        wanted: Desired,
        told: Callable[[Change], None] | None,
        heard: Heard | None,
    ) -> None:
        self.workspace = workspace
        self.plan = plan
        self.wanted = wanted
        self.told = told or (lambda _: None)
        self.heard = heard or (lambda *_: None)
        self.done: list[Change] = []
        self.warnings: list[str] = []
        self.lock = threading.Lock()
        self.stop = Stop()
        # What was made switched off, until it is switched on: its configuration and its values.
        self.waiting: dict[str, tuple[dict[str, Any], Outcome]] = {}
        self.matching: Matching = plan.matching
        self.live: Live = plan.live

    def all(self, concurrency: int) -> None:
        """Every change, each after those it waits for. Raises the first error at the end."""
        changes = {change.address: change for change in self.plan}
        order = TopologicalSorter(steps(self.plan))
        order.prepare()
        failed: BaseException | None = None
        with ThreadPoolExecutor(concurrency, "segform-apply") as pool:
            running: dict[Future[None], Step] = {}
            # What has ended. To wait for all of a thousand, again at each end of one, would cost
            # more than the thousand.
            ended: SimpleQueue[Future[None]] = SimpleQueue()
            try:
                while order.is_active() and (failed is None or running):
                    if failed is None:
                        for step in _ready(order):
                            future = pool.submit(self._step, changes, step)
                            running[future] = step
                            future.add_done_callback(ended.put)
                    if not running:
                        break
                    future = ended.get()
                    step = running.pop(future)
                    if future.cancelled():
                        continue
                    problem = future.exception()
                    if problem is None:
                        order.done(step)
                        continue
                    failed = failed or problem
                    # What waits in the pool has not begun, and is not begun any more.
                    for waiting in running:
                        waiting.cancel()
            except KeyboardInterrupt:
                self.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        if failed is not None:
            raise failed

    def _step(self, changes: dict[str, Change], step: Step) -> None:
        """One change, or one of the two steps of a change that takes two."""
        change, turn = changes[step[0]], step[1]
        two_makes, two_deletes = change.address in self.plan.late, change.address in self.plan.early
        if turn == "off" or not (turn or two_deletes):
            self.heard("begun", change, "")
        try:
            if turn == "on":
                # The second half of what has begun: it is finished.
                self._switch_on(change)
            else:
                with self.stop.change():
                    self._begin(change, turn)
        except GivenUp:
            self.heard("failed", change, "interrupted before anything of it was sent")
            raise
        except SegformError as problem:
            if isinstance(problem, AlreadyExistsError) and problem.plainly:
                # There is no Terraform here to import it with.
                problem.args = (problem.plainly, *problem.args[1:])
            problem.add_note(f"while {change}")
            self.heard("failed", change, str(problem))
            raise
        if turn == "off" or (two_makes and not turn):
            return
        with self.lock:
            self.done.append(change)
        self.told(change)
        self.heard("done", change, "")

    def _begin(self, change: Change, turn: str) -> None:
        if turn == "off":
            self._switch_off(change)
        elif change.action == "delete":
            self._delete(change)
        else:
            self._make(change)

    def _switch_on(self, change: Change) -> None:
        """Let events through what was made switched off; its restraints are there by now."""
        switch = registry()[change.kind].about.switch
        config, made = self.waiting.pop(change.address)
        config = {**config, switch: True}
        planned = {**made.values, switch: True}
        life = self.workspace.life
        outcome = life.update(change.kind, made.values, planned, config, made.private)
        self._keep(change, outcome)

    def _switch_off(self, change: Change) -> None:
        """Stop events before the restraints of what is deleted go."""
        found = self.live.get(change.kind, change.id or "")
        if found is not None:
            planned = {**found.values, registry()[change.kind].about.switch: False}
            life = self.workspace.life
            life.update(change.kind, found.values, planned, {}, dict(found.private))

    def _delete(self, change: Change) -> None:
        found = self.live.get(change.kind, change.id or "")
        if found is not None:
            self.workspace.life.delete(change.kind, found.values, found.private)
        with self.lock:
            self.workspace.bindings.release(change.address)
            self.workspace.memory.drop(change.kind, change.id or "")

    def _not_overtaken(
        self, change: Change, kind: type[Resource], found: Found, planned: Mapping[str, Any]
    ) -> None:
        """Raise `Overtaken` where what is to be changed is no longer what the plan showed.

        What is as planned already does no harm: a person who is invited anew is put back into the
        groups by that. The service has no conditional writes, so this narrows the gap to one
        request; what others changed beside it is merged, for an update sends nothing else.
        """
        if not kind.about.operations.read:
            return
        now = self.workspace.life.read(change.kind, found.values, dict(found.private), fresh=True)
        if now is None:
            return  # the update itself says so
        for name in dict.fromkeys(str(one.path[0]) for one in change.differences):
            form, held = kind.attributes[name].type, now.values.get(name)
            if not any(equal(form, held, one.get(name)) for one in (found.values, planned)):
                raise Overtaken(
                    f"{change.address}: somebody else changed its {name} since the plan was made; "
                    "it was left as it is: plan again"
                )

    def _make(self, change: Change) -> None:
        engine, life = self.workspace, self.workspace.life
        kind = registry()[change.kind]
        declared = self.wanted.get(change.address)
        with self.lock:
            values = resolved(declared.values, self.matching.known)
        config = {**dict.fromkeys(kind.attributes), **values}
        found: Found | None = self.matching.found.get(change.address)
        if change.action == "replace" and found is not None:
            life.delete(change.kind, found.values, found.private)
            found = None
        if change.address in self.plan.late:
            config[kind.about.switch] = False
        run = intended(engine, change.kind, config, found)
        outcome: Outcome
        if found is None:
            outcome = life.create(change.kind, run.planned, config, run.private)
        else:
            self._not_overtaken(change, kind, found, run.planned)
            outcome = life.update(change.kind, found.values, run.planned, config, run.private)
        if change.address in self.plan.late:
            self.waiting[change.address] = config, outcome
        self._keep(change, outcome)

    def _keep(self, change: Change, outcome: Outcome) -> None:
        """Remember what became of an object: for references, in bindings and memory."""
        engine, kind = self.workspace, registry()[change.kind]
        with self.lock:
            self.warnings += [f"{change.address}: {head}" for head, _ in outcome.warnings]
            self.matching.known[change.address] = outcome.values
            object_id = import_id_of(kind, outcome.values)
            ours = engine.bindings.get(change.address) is not None
            if ours or self.wanted.adopting or change.action == "create":
                engine.bindings.bind(change.address, object_id)
            engine.memory.keep(change.kind, object_id, outcome.private)
