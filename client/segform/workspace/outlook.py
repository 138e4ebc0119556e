"""What a reading or an apply will take, told beforehand: requests, and minutes under the limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from segform.contract import operation as facts_of
from segform.errors import AuthenticationError, SegformError
from segform.lifecycle.hooks import hook
from segform.lifecycle.mapping import wire_name
from segform.lifecycle.run import Run
from segform.resources import registry
from segform.resources.definition import Resource

from .live import above, many, stands_alone, with_parents

if TYPE_CHECKING:
    from .desired import Desired
    from .engine import Workspace
    from .plan import Plan

_WORKERS = 16


class Outlook(NamedTuple):
    """What is ahead.

    * `requests`, `seconds`: in all, with what was sent and waited for until now; about;
    * `objects`: what is listed so far, by kind;
    * `rest`: how often each operation is still to be sent.
    """

    requests: int
    seconds: float
    objects: dict[str, int]
    rest: Counter[str]


def outlook(engine: Workspace, kinds: Iterable[str] | None = None) -> Outlook:
    """Look at the lists of what stands at the top, and count what hangs below.

    `kinds`: what will be read, with what it hangs below; everything where it is None.
    The lists stay in memory: an `observe(known=True)` afterwards does not ask for them again.
    """
    counts: dict[str, int] = {}
    held: dict[str, list[dict[str, Any]]] = {}
    rest: Counter[str] = Counter()
    wanted = with_parents(kinds)
    for name, kind in registry().items():
        if name not in wanted or not stands_alone(kind):
            continue
        about = kind.about
        each = [*about.each, *([about.operations.read or ""] if about.list_fields else ())]
        parent = _parent(kind)
        if parent and not about.attach and not each:
            # One list below each parent: filters, mappings.
            rest[about.operations.list or ""] += len(_parents(kind, held.get(parent, ())))
            continue
        if about.above:
            scopes = [{_scope(kind): one} for one in _above(engine, kind)]
        elif parent:
            scopes = [{_scope(kind): one} for one in _parents(kind, held.get(parent, ()))]
        else:
            scopes = _queries(kind)
        found = [one for scope in scopes for one in _listed(engine, kind, scope)]
        counts[name] = len(found)
        held[name] = found
        for one in each:
            rest[one] += len(found) if not facts_of(one).pages else _begun(engine, kind, one, found)
    return told(engine, rest, counts)


def _begun(
    engine: Workspace, kind: type[Resource], operation: str, found: list[dict[str, Any]]
) -> int:
    """The pages that are left of a list below each object; the first of each is read here.

    What it reads is taken over by the reading itself. Rules of a plan may be many pages, and only
    an answer says how many.
    """
    life = engine.life

    def left(one: dict[str, Any]) -> int:
        run = Run(kind, life.client, reader=life.reader, prior={**_empty(kind), "id": one["id"]})
        try:
            return life.reader.begin(run, operation)
        except AuthenticationError:
            raise
        except SegformError:
            # As below: the reading itself tells it.
            return 1

    return sum(many(life, left, found))


def told(engine: Workspace, rest: Counter[str], counts: dict[str, int] | None = None) -> Outlook:
    """The outlook of what is still to be sent."""
    for name in [name for name, count in rest.items() if not count]:
        del rest[name]
    ahead = rest
    if engine.kept is not None and rest:
        # Of the answers that were taken over, those not asked for yet will not be sent.
        at_hand = engine.kept.left
        ahead = Counter()
        for name, count in rest.items():
            spared = min(at_hand, count)
            at_hand -= spared
            ahead[name] = count - spared
    seconds = engine.client.forecast(ahead.items(), concurrency=_WORKERS) + engine.elapsed()
    requests = engine.client.requests_sent + sum(ahead.values())
    return Outlook(requests, seconds, counts or {}, ahead)


def of_apply(engine: Workspace, plan: Plan, wanted: Desired, *, again: bool) -> tuple[int, float]:
    """Requests and seconds of carrying a plan out; `again`: all is read once more before."""
    from .rehearsing import rehearsed

    jobs, looks = rehearsed(engine, plan, wanted)
    before = reading_again(engine, engine.compared(wanted)) if again else Counter[str]()
    calls = [*before.items(), jobs, *looks.items()]
    seconds = engine.client.forecast(calls, concurrency=_WORKERS)
    writes = sum(len(job.operations) for job in jobs.values())
    return before.total() + writes + looks.total(), seconds


def reading_again(engine: Workspace, kinds: Iterable[str]) -> Counter[str]:
    """What reading these kinds once more takes, from the lists that were read a moment ago."""
    found: Counter[str] = Counter(outlook(engine, kinds).rest)
    for name in with_parents(kinds):
        kind = registry()[name]
        if stands_alone(kind) and not _parent(kind) and kind.about.operations.list:
            found.update((kind.about.operations.list, *kind.about.once))
    return found


def _empty(kind: type[Resource]) -> dict[str, Any]:
    return dict.fromkeys(kind.attributes)


def _scope(kind: type[Resource]) -> str:
    return [*(kind.about.path[p] for p in kind.about.scope), *kind.about.query.values()][0]


def _parent(kind: type[Resource]) -> str:
    names = [kind.about.path[p] for p in kind.about.scope] + list(kind.about.query.values())
    return next((kind.attributes[name].reference or "" for name in names), "")


def _parents(kind: type[Resource], found: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of those that can have objects of a kind below them."""
    by, none_with = kind.about.childless or ("", ())
    wire = wire_name(registry()[_parent(kind)].attributes[by]) if by else ""
    return [str(one["id"]) for one in found if "id" in one and one.get(wire) not in none_with]


def _queries(kind: type[Resource]) -> list[dict[str, Any]]:
    for name in kind.about.query.values():
        return [{name: value} for value in kind.attributes[name].one_of]
    return [{}]


def _above(engine: Workspace, kind: type[Resource]) -> list[str]:
    try:
        return [str(one["id"]) for one in above(engine.life, kind)]
    except AuthenticationError:
        raise
    except SegformError:
        # As below: the reading itself tells it.
        return []


def _listed(engine: Workspace, kind: type[Resource], scope: dict[str, Any]) -> list[dict[str, Any]]:
    life = engine.life
    prior = {**_empty(kind), **scope}
    run = Run(kind, life.client, reader=life.reader, prior=prior)
    try:
        if kind.about.attach:
            found: list[dict[str, Any]] = hook(kind.about.attach).every(run)
            return found
        return life.reader.siblings(run)
    except AuthenticationError:
        raise
    except SegformError:
        # What cannot be listed is told by the reading itself.
        return []
