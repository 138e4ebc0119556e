"""What a plan tells beside what changes: how an object is now, and the objects around it.

A reader of a plan has to know which sources a filter stands behind and what it does, although
only its condition changes. No secret and no settings are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from segform.resources import registry
from segform.resources.definition import SETTINGS, Nested

from .matching import title

if TYPE_CHECKING:
    from .bindings import Bindings
    from .live import Found, Live
    from .plan import Change

# A condition of a filter has at most 5 KB; what is longer (the code of a function) tells nothing.
_LONG = 5_000


def held(kind: str, values: Mapping[str, Any], paths: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """An object as it is: what a configuration may set, and its id.

    Of a map of objects (the rules of a plan) only the elements at these paths: there may be
    thousands of others, which stay as they are.
    """
    wanted = {path[:2] for path in paths}
    found: dict[str, Any] = {}
    for name, item in registry()[kind].attributes.items():
        value = values.get(name)
        if value is None or item.hides or item.type == SETTINGS:
            continue
        if not item.settable and name != "id":
            continue
        if isinstance(item.type, Nested) and item.type.mode == "map" and isinstance(value, Mapping):
            value = {key: one for key, one in value.items() if (name, key) in wanted}
        if value not in ({}, []) and not (isinstance(value, str) and len(value) > _LONG):
            found[name] = value
    return found


def beside(changes: Iterable[Change], live: Live, bindings: Bindings) -> Iterator[dict[str, Any]]:
    """The objects that stay and have to do with a change.

    They are those that refer to what changes, and all that these and the changes refer to.
    """
    every = list(changes)
    told = {(one.kind, one.id) for one in every if one.id}
    around = {(one.kind, one.id): one for one in _referring(every, live)}
    todo = [*around.values(), *(one for key in told if (one := live.get(*key)) is not None)]
    todo += [one for change in every if not change.id for one in _wanted(change, live)]
    while todo:
        one = todo.pop()
        around.setdefault((one.kind, one.id), one)
        todo += [
            other
            for other in _referred(one.kind, one.values, live)
            if (other.kind, other.id) not in around
        ]
    for key in sorted(around.keys() - told):
        one = around[key]
        yield {
            "address": bindings.address_of(one.kind, one.id) or f"{one.kind}.{title(one)}",
            "kind": one.kind,
            "id": one.id,
            "values": held(one.kind, one.values, ()),
        }


def _referring(changes: Iterable[Change], live: Live) -> Iterator[Found]:
    changed: dict[str, set[str]] = {}
    for one in changes:
        found = live.get(one.kind, one.id) if one.id else None
        if found is not None:
            changed.setdefault(one.kind, set()).add(str(found.values.get("id", found.id)))
    for name, kind in registry().items():
        links = [(at, item.reference) for at, item in kind.attributes.items() if item.reference]
        links = [(at, to) for at, to in links if to in changed]
        if links:
            yield from (
                one
                for one in live.of(name)
                if any(str(one.values.get(at)) in changed[to] for at, to in links)
            )


def _wanted(change: Change, live: Live) -> Iterator[Found]:
    """What an object that is yet to be made refers to."""
    values = {one.path[0]: one.after for one in change.differences if len(one.path) == 1}
    yield from _referred(change.kind, values, live)


def _referred(kind: str, values: Mapping[Any, Any], live: Live) -> Iterator[Found]:
    for name, item in registry()[kind].attributes.items():
        value = values.get(name)
        if item.reference and isinstance(value, str):
            found = live.by_own_id(item.reference, value)
            if found is not None:
                yield found
