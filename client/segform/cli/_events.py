"""What an apply tells machines while it runs: a line of JSON for each event, on standard output.

The form is `contract/schemas/applied.schema.json`: `plan`, then `begun` and `done` or `failed` for
each change, and `end`, which comes also where something failed or was interrupted.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from segform.workspace import Plan
    from segform.workspace.plan import Change

FORMAT, VERSION = "segform.applied", 1


class Events:
    """Writes the lines. Safe to use from many threads: a line is written whole."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def _say(self, event: str, **facts: Any) -> None:
        head = {"format": FORMAT, "version": VERSION, "event": event}
        line = json.dumps({**head, **facts}, ensure_ascii=True)
        with self._lock:
            click.echo(line)

    def plan(self, plan: Plan, requests: int, seconds: float) -> None:
        """What will be done, and about how many requests and seconds it takes."""
        self._say(
            "plan",
            workspace=plan.workspace,
            changes=len(plan),
            counts=plan.counts(),
            requests=requests,
            seconds=round(seconds, 1),
        )

    def change(self, event: str, change: Change, why: str) -> None:
        """A change was begun, is done, or failed."""
        facts = {"action": change.action, "address": change.address, "kind": change.kind}
        self._say(event, **facts, **({"error": why} if event == "failed" else {}))

    def end(self, done: int, of: int) -> None:
        """The apply is over; whole where all changes are done."""
        self._say("end", done=done, changes=of)
