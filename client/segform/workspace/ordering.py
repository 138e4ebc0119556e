"""What has to come before what, and what a plan was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from segform.resources import registry
from segform.resources.exact import dumps

from .desired import Declared, Desired, references
from .live import Found, Live
from .plan import VOLATILE, Change, Refused


class Meant:
    """What has to be there before what, among the declared objects.

    What an attribute names by a text is looked up: by the objects' ids, where they are known, and
    by the parts of their keys, such as the address of a user.
    """

    def __init__(self, wanted: Desired, found: Mapping[str, Found]) -> None:
        self._wanted = wanted
        self._found = found
        self._texts: dict[str, dict[str, list[str]]] = {}
        self._keys: dict[str, dict[tuple[Any, ...], list[str]]] = {}

    def before(self, one: Declared) -> Iterator[str]:
        """The addresses that an object refers to, or could mean by name."""
        yield from (ref.address for ref in references(one.values) if ref.address in self._wanted)
        for name, item in registry()[one.kind].attributes.items():
            if item.reference:
                for text in _texts(one.values.get(name)):
                    yield from self._by_text(item.reference, text)
        for each in _objects(list(one.values.values())):
            # A source names its labels by what they are, and they have to be there.
            for name in _named_by_value().get(tuple(each), ()):
                yield from self._by_key(name, tuple(each.values()))

    def _by_text(self, kind: str, text: str) -> Iterable[str]:
        if kind not in self._texts:
            held: dict[str, list[str]] = {}
            for other in self._wanted.of(kind):
                parts = [other.values.get(name) for name in registry()[kind].about.key]
                if other.address in self._found:
                    parts.append(self._found[other.address].values.get("id"))
                for part in {one.casefold() for one in parts if isinstance(one, str)}:
                    held.setdefault(part, []).append(other.address)
            self._texts[kind] = held
        return self._texts[kind].get(text.casefold(), ())

    def _by_key(self, kind: str, parts: tuple[Any, ...]) -> Iterable[str]:
        if kind not in self._keys:
            held: dict[tuple[Any, ...], list[str]] = {}
            for other in self._wanted.of(kind):
                key = tuple(other.values.get(name) for name in registry()[kind].about.key)
                if _plain(key):
                    held.setdefault(key, []).append(other.address)
            self._keys[kind] = held
        return self._keys[kind].get(parts, ()) if _plain(parts) else ()


def _plain(parts: Iterable[Any]) -> bool:
    """Whether these are texts; others are references, or nothing that a key can be."""
    return all(isinstance(one, str) for one in parts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (one for one in value if isinstance(one, str))


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
