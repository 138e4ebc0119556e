"""What a plan would leave behind: a workspace without what it needs, or references to nothing."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from segform.lifecycle.guard import Guard
from segform.lifecycle.hooks import hook
from segform.lifecycle.keys import key_text
from segform.resources import registry

from .desired import Declared
from .live import Live
from .plan import Change, Plan


def remaining(client: Any, guard: Guard, plan: Plan) -> Iterator[str]:
    """Problems of the plan as a whole, in words; none where what is needed stays."""
    hooks: dict[str, list[str]] = {}
    for name, kind in registry().items():
        if kind.about.remains:
            hooks.setdefault(kind.about.remains, []).append(name)
    for named, kinds in hooks.items():
        hit = [one for one in plan if one.kind in kinds and one.action != "create"]
        if not hit:
            continue
        live: Live = plan.live
        before = {name: [one.values for one in live.of(name)] for name in kinds}
        changed = {(one.kind, one.id): one for one in hit}
        after: dict[str, list[Any]] = {name: [] for name in kinds}
        for name in kinds:
            for found in live.of(name):
                change = changed.get((name, found.id))
                if change is None:
                    after[name].append(found.values)
                elif change.action == "update":
                    after[name].append({**found.values, **plan.planned[change.address]})
        problem = hook(named)(client, before, after)
        if problem is None:
            continue
        names = []
        for change in hit:
            there = live.get(change.kind, change.id or "")
            values = there.values if there else {}
            key = key_text(registry()[change.kind].about, values)
            if guard.lets_go(change.kind, values, key):
                break
            names.append(f"{change.kind}:{key}")
        else:
            key = shlex.quote(names[0])
            yield (
                f"{problem.message}. {problem.mend}; if it is meant, let it go: "
                f"`--let-go {key}`, `let_go=` in Python."
            )


def perhaps_renamed(made: Iterable[Change], gone: Iterable[Change]) -> Iterator[str]:
    """Where a kind has one object less and one more: it may be the same, under another name."""
    news: dict[str, list[str]] = {}
    for change in made:
        if change.action == "create":
            news.setdefault(change.kind, []).append(change.address)
    old: dict[str, list[str]] = {}
    for change in gone:
        old.setdefault(change.kind, []).append(change.address)
    for kind, lost in old.items():
        others = news.get(kind, [])
        if len(others) != 1:
            continue
        more = f" (or one of {len(lost) - 1} others)" if len(lost) > 1 else ""
        yield (
            f"{lost[0]}{more} is no longer declared and {others[0]} is new: if they are one "
            f"object, declare it with `renamed_from={lost[0]!r}`, and it is changed in place"
        )


def left_hanging(wanted: Iterable[Declared], gone: Iterable[Change], live: Live) -> Iterator[str]:
    """What is wanted and refers, by an id, to what the plan deletes."""
    deleted: dict[tuple[str, str], str] = {}
    for change in gone:
        found = live.get(change.kind, change.id or "")
        if found is not None:
            deleted[change.kind, str(found.values.get("id", found.id))] = change.address
    for one in wanted if deleted else ():
        for name, item in registry()[one.kind].attributes.items():
            value = one.values.get(name)
            address = deleted.get((item.reference or "", value)) if isinstance(value, str) else None
            if address is not None:
                yield (
                    f"{one.address} {name}: it refers to {address} ({value}), which this plan "
                    f"deletes. Keep {address}, or leave out {one.address} too."
                )
