"""What has to come before what, and what a plan was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from segform.resources import registry
from segform.resources.exact import dumps

from .desired import Declared, Desired, references
from .live import Live
from .plan import VOLATILE, Change, Refused


def before(one: Declared, wanted: Desired) -> Iterator[str]:
    """What has to be there before: what it refers to, or could be meant to by name."""
    yield from (ref.address for ref in references(one.values) if ref.address in wanted)
    for name, item in registry()[one.kind].attributes.items():
        value = one.values.get(name)
        if item.reference and value is not None and not any(references(value)):
            yield from (other.address for other in wanted.of(item.reference))
    for each in _objects(list(one.values.values())):
        # A source names its labels by what they are, and they have to be there.
        for name in _named_by_value().get(tuple(each), ()):
            yield from (
                other.address
                for other in wanted.of(name)
                if all(each[part] == other.values.get(part) for part in each)
            )


@lru_cache(maxsize=1)
def _named_by_value() -> dict[tuple[str, ...], list[str]]:
    """Keys of more than one part that others repeat whole -> kinds that have such a key."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name, kind in registry().items():
        key = kind.about.key
        if len(key) > 1 and all(
            part in kind.attributes and not kind.attributes[part].reference for part in key
        ):
            found.setdefault(key, []).append(name)
    return found


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in lists, at every depth."""
    if isinstance(value, Mapping):
        yield value
    for one in value.values() if isinstance(value, Mapping) else value:
        if isinstance(one, Mapping | list):
            yield from _objects(one)


def base(live: Live, kinds: set[str]) -> str:
    """A hash of what was seen of these kinds, without what changes on its own."""
    digest = hashlib.sha256()
    for found in sorted(live, key=lambda one: (one.kind, one.id)):
        if found.kind not in kinds:
            continue
        values = {key: value for key, value in found.values.items() if key not in VOLATILE}
        digest.update(dumps([found.kind, found.id, values]).encode())
    return digest.hexdigest()


def ordered(changes: list[Change], wanted: Desired, live: Live) -> list[Change]:
    """Deletions of children, then of parents, at the end; the rest parents first."""
    from graphlib import CycleError, TopologicalSorter

    makes = {one.address: one for one in changes if one.action != "delete"}
    graph = {at: [ref for ref in one.after if ref in makes] for at, one in makes.items()}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as problem:
        raise Refused(f"these refer to each other: {' -> '.join(problem.args[1])}") from None
    ranks = {name: place for place, name in enumerate(registry())}
    gone = sorted(
        (one for one in changes if one.action == "delete"),
        key=lambda one: (-ranks[one.kind], one.address),
    )
    return [*(makes[at] for at in order), *gone]
