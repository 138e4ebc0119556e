"""What the bindings know and no list has: gone on evidence, or only out of the token's sight.

A token that is limited to labels or to single objects gets shorter lists, and is not told so.
What is bound was there: before it is planned anew, or told as deleted, it is read by its id, and
where it is not found `segform.lifecycle.sight` has to say that it is gone. Where nothing is
missing this asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from segform.errors import NotVisibleError, PermissionDeniedError
from segform.lifecycle.keys import import_id_of
from segform.lifecycle.service import LookUpError
from segform.resources import registry

from .desired import Ref
from .live import Found, Live, Unseen, hidden

if TYPE_CHECKING:
    from .bindings import Bindings
    from .desired import Declared
    from .engine import Workspace
    from .plan import Plan

_MOST_NAMED = 5


class Absent(NamedTuple):
    """An object that is bound and not seen: its address, what its id says of it, and why.

    `why` is empty where the token may not see any of its kind, which is told elsewhere, and where
    another was asked for before it and the answer is the same.
    """

    address: str
    id: str
    values: dict[str, Any]
    why: str = ""


class Bound(NamedTuple):
    """An address that is bound, its id, and the ids of what it hangs below, where that is known."""

    address: str
    id: str
    below: Mapping[str, str]


def bound(bindings: Bindings, wanted: Iterable[Declared]) -> Iterator[Bound]:
    """What is declared and bound, under its old name too, with the parents that it names."""
    for one in wanted:
        known = bindings.get(one.address)
        if known is None and one.renamed_from:
            known = bindings.get(one.renamed_from)
        if known is None:
            continue
        below = {}
        for name, item in registry()[one.kind].attributes.items():
            value = one.values.get(name)
            if isinstance(value, Ref) and value.attribute == "id":
                value = (bindings.get(value.address) or "").rpartition(":")[2]
            if (item.reference or item.either) and isinstance(value, str) and value:
                below[name] = value
        yield Bound(one.address, known, below)


def missing(engine: Workspace, live: Live, bound: Iterable[Bound]) -> list[Absent]:
    """Of what is bound, what the token does not see and what is not gone for sure.

    What is found by its id, although no list has it, is added to `live`. Once one is not to be
    seen, no others are asked for. Operations: those that read one object, `listAuditEvents`.
    """
    ranks = {name: place for place, name in enumerate(registry())}
    refused = {one.kind for one in live.unseen}
    found: list[Absent] = []
    asking = True
    # What others hang below comes first.
    for address, object_id, below in sorted(
        bound, key=lambda one: ranks.get(_kind(one.address), 0)
    ):
        kind = _kind(address)
        if kind not in live.objects or live.get(kind, object_id):
            continue
        try:
            values, _ = engine.life.import_stub(kind, object_id)
        except LookUpError:
            continue  # no id of this kind: nothing was ever there
        away = Absent(address, object_id, {k: v for k, v in values.items() if v is not None})
        if kind in refused or not asking:
            found.append(away)
            continue
        try:
            there = _read(engine, kind, {**values, **below})
        except (NotVisibleError, PermissionDeniedError) as problem:
            asking = False
            found.append(away._replace(why=str(problem)))
            continue
        if there is not None:
            live.add(there)
    return found


def _kind(address: str) -> str:
    return address.partition(".")[0]


def _read(engine: Workspace, kind: str, values: dict[str, Any]) -> Found | None:
    """An object by its id; None where it is gone for sure."""
    private = {"importing": True, **registry()[kind].about.adopt, **engine.memory.seen()}
    read = engine.life.read(kind, values, private, known=True)
    if read is None:
        return None
    return Found(kind, import_id_of(registry()[kind], read.values), read.values, read.private)


def unseen(found: Iterable[Absent], live: Live) -> Iterator[Unseen]:
    """What is absent, for a list of what was not seen; kinds that are refused are on it already."""
    refused = {one.kind for one in live.unseen}
    for one in found:
        kind = _kind(one.address)
        if kind not in refused:
            why = one.why or "it is bound, and no list has it"
            yield Unseen(f"{one.address} ({one.id})", why, found=kind)


def leave_out(
    plan: Plan, wanted: Iterable[Declared], away: list[Absent], bindings: Path | None
) -> None:
    """Note in a plan what is not planned because the token does not see it, as few problems."""
    live: Live = plan.live
    refused = {one.kind for one in live.unseen}
    plan.warnings += [f"{one.what} could not be seen: {one.why}" for one in live.unseen]
    hit = [one for one in wanted if one.kind in refused]
    plan.unseen = {one.address for one in hit} | {one.address for one in away}
    said = []
    if hit:
        kinds = ", ".join(sorted({registry()[one.kind].about.words for one in hit}))
        said.append(
            f"the token may not see any {kinds}, so that none can be planned: leave them out, or "
            "use a token that may"
        )
    mine = [one for one in away if _kind(one.address) not in refused]
    if mine:
        said.append(_problem(mine, bindings))
    if said:
        plan.problems.append(". And ".join(said))


def _problem(mine: list[Absent], bindings: Path | None) -> str:
    names = ", ".join(f"{one.address} ({one.id})" for one in mine[:_MOST_NAMED])
    more = f" and {len(mine) - _MOST_NAMED} more" if len(mine) > _MOST_NAMED else ""
    why = next((one.why for one in mine if one.why), "")
    several = len(mine) > 1
    return (
        f"{len(mine)} bound object{'s' if several else ''} cannot be seen with this token, so that "
        f"nothing is planned of {'them' if several else 'it'}: {names}{more}. {why} If "
        f"{'they are' if several else 'it is'} really gone, take the line{'s' if several else ''} "
        f"out of {bindings or 'the bindings'}."
    )


def doubts(plan: Plan) -> Iterator[str]:
    """Of what would be made: whether it may be there, where the token does not see all of its kind.

    What is not bound can only be looked for in lists, and these may be shorter than they seem.
    """
    makes: dict[str, list[str]] = {}
    for change in plan:
        if change.action == "create":
            makes.setdefault(change.kind, []).append(change.address)
    for one in hidden(plan.live) if makes else ():
        for address in makes.pop(one.found, ())[:1]:
            words = registry()[one.found].about.words
            yield (
                f"{address}: this token may not see every {words}, so that it may be there already "
                f"(not seen: {one.what}: {one.why})"
            )
