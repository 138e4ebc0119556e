"""The requests of an apply, counted beforehand: its changes are carried out on nothing.

The same code that will create, update and delete runs over a client that sends nothing and answers
with what it was given. Changes of the same shape are rehearsed once. What cannot be rehearsed, for
it depends on an answer that only the service gives, counts as its one main request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from segform.contract import operation as facts_of
from segform.lifecycle.keys import collection_of
from segform.lifecycle.run import Run
from segform.lifecycle.service import Lifecycle
from segform.resources import registry
from segform.resources.values import UNKNOWN
from segform.transport.forecast import Job

from .desired import resolved
from .flow import steps
from .intending import intended
from .plan import Change, Plan

if TYPE_CHECKING:
    from .desired import Desired
    from .engine import Workspace


class _Answer(dict[str, Any]):
    """The data of an answer, whatever key it is asked by."""

    def __missing__(self, key: str) -> Any:
        return self["*"]


class _Nowhere:
    """A client that sends nothing and counts."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def mark(self, salt: str) -> str:
        """It has no token."""
        return salt

    def request(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """An answer made of the body."""
        self.sent.append(operation)
        given = dict(body) if isinstance(body, Mapping) else {}
        if len(given) == 1:
            [one] = given.values()
            given = dict(one) if isinstance(one, Mapping) else given
        own = list((path or {}).values())
        made = {"id": own[-1] if own else "rehearsed", **given}
        if "metadataId" in made:
            made["metadata"] = {"id": made["metadataId"]}
        return _Answer({str(facts_of(operation).result): made, "*": made})

    def pages(self, operation: str, **_: Any) -> Iterator[list[dict[str, Any]]]:
        """One page, empty."""
        self.sent.append(operation)
        yield []


class _Rehearsal(Lifecycle):
    """A lifecycle whose answers hold what is asked of them."""

    @staticmethod
    def answers(run: Run) -> bool:
        """Always: what a service answers to a create is not known here."""
        return True


def rehearsed(
    engine: Workspace, plan: Plan, wanted: Desired
) -> tuple[dict[Hashable, Job], Counter[str]]:
    """What each step of an apply sends and waits for, about; and the looks at its end."""
    known: dict[Any, list[str]] = {}
    changes = {change.address: change for change in plan}
    jobs: dict[Hashable, Job] = {}
    for step, after in steps(plan).items():
        if not step[0]:
            jobs[step] = Job((), after)
            continue
        change = changes[step[0]]
        if step[1]:
            # Switching on or off is one update of its own.
            sent = [registry()[change.kind].about.operations.update or ""]
        else:
            shape = _shape(change, plan)
            if shape not in known:
                known[shape] = _one(engine, change, plan, wanted)
            sent = known[shape]
        jobs[step] = Job(sent, after)
    return jobs, Counter(_looks(plan, wanted))


def _looks(plan: Plan, wanted: Desired) -> Iterator[str]:
    """The lists in which an apply looks for what others made meanwhile (`alone`)."""
    seen: set[tuple[str, ...]] = set()
    for change in plan:
        about = registry()[change.kind].about
        lists = about.operations.list and not about.key_unique and not about.attach
        if not lists or change.action not in ("create", "replace"):
            continue
        collection = collection_of(about, wanted.get(change.address).values)
        if collection not in seen:
            seen.add(collection)
            yield str(about.operations.list)


def _shape(change: Change, plan: Plan) -> Any:
    planned = plan.planned.get(change.address, {})
    sizes = tuple(
        (name, len(value)) for name, value in planned.items() if isinstance(value, list | dict)
    )
    given = tuple(name for name, value in planned.items() if value not in (None, UNKNOWN))
    return (
        change.kind,
        change.action,
        tuple(one.path[0] for one in change.differences),
        given,
        sizes,
    )


def _one(engine: Workspace, change: Change, plan: Plan, wanted: Desired) -> list[str]:
    client = _Nowhere()
    life = _Rehearsal(client, passed=engine.life.passed)
    kind = registry()[change.kind]
    there = plan.live.get(change.kind, change.id or "")
    operations = kind.about.operations
    main = {"create": operations.create, "update": operations.update, "delete": operations.delete}
    try:
        if change.action in ("delete", "replace") and there is not None:
            life.delete(change.kind, there.values, there.private)
        if change.action != "delete":
            values = resolved(wanted.get(change.address).values, plan.matching.known)
            config = _known({**dict.fromkeys(kind.attributes), **values})
            run = intended(
                engine, change.kind, dict(config), there if change.action == "update" else None
            )
            planned = _known(run.planned, but_computed=kind.attributes)
            if change.action == "update" and there is not None:
                if operations.read:
                    # Right before an update an apply looks whether somebody else was faster.
                    client.sent.append(operations.read)
                life.update(change.kind, there.values, planned, config, run.private)
            else:
                life.create(change.kind, planned, config, run.private)
    except Exception:
        # A rehearsal must not end what it is only the rehearsal of.
        return client.sent or [main.get(change.action) or operations.create or "getWorkspace"]
    return client.sent


def _known(value: Any, but_computed: Mapping[str, Any] | None = None) -> Any:
    """Values in which what is not known yet is a text; what the service fills in stays unknown."""
    if value is UNKNOWN:
        return "rehearsed"
    if isinstance(value, Mapping):
        return {
            key: one
            if one is UNKNOWN and but_computed is not None and but_computed[key].computed
            else _known(one)
            for key, one in value.items()
        }
    return [_known(one) for one in value] if isinstance(value, list) else value
