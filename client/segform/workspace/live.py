"""What a workspace holds, read by the definitions: every object once, lists wherever there are.

Kinds are listed in the order of `resources.KINDS`; what hangs below other objects is listed for
each of them. What a token may not see is noted, not an error. Requests go out many at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from segform.errors import (
    AuthenticationError,
    BadRequestError,
    BulkError,
    NotFoundError,
    PermissionDeniedError,
    SegformError,
)
from segform.lifecycle.collections import Collection
from segform.lifecycle.hooks import hook
from segform.lifecycle.keys import import_id_of, key_parts
from segform.lifecycle.run import Run
from segform.lifecycle.service import Lifecycle
from segform.resources import registry
from segform.resources.definition import Nested, Resource
from segform.resources.exact import dumps

Progress = Callable[[str, int, int], None]


class Found(NamedTuple):
    """An object: its kind, its import id, and its values in the form of a state."""

    kind: str
    id: str
    values: dict[str, Any]
    private: dict[str, Any]

    def __repr__(self) -> str:
        return f"Found({self.kind!r}, {self.id!r})"


class Unseen(NamedTuple):
    """What could not be read, and why; `kind` where it is all of one, `found` where it is some."""

    what: str
    why: str
    kind: str = ""
    found: str = ""


class Live:
    """The objects of a workspace, by kind and import id."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Found]] = {}
        self.unseen: list[Unseen] = []
        # What objects hang below and no kind manages, by its name in a snapshot.
        self.above: dict[str, list[dict[str, Any]]] = {}
        self._own: dict[str, dict[str, Found]] = {}
        self._keyed: dict[str, dict[str, list[Found]]] = {}
        self._sorted: dict[tuple[str, int], list[tuple[str, str]]] = {}

    def __iter__(self) -> Iterator[Found]:
        for held in self.objects.values():
            yield from held.values()

    def add(self, found: Found) -> None:
        """Add one that no list had."""
        self.objects.setdefault(found.kind, {})[found.id] = found
        self._own.pop(found.kind, None)
        self._keyed.pop(found.kind, None)
        self._sorted.clear()

    def get(self, kind: str, object_id: str) -> Found | None:
        """One object, or None."""
        return self.objects.get(kind, {}).get(object_id)

    def by_own_id(self, kind: str, own: str) -> Found | None:
        """One object by the id that it has itself, without that of what it hangs below."""
        if kind not in self._own:
            self._own[kind] = {str(one.values.get("id", one.id)): one for one in self.of(kind)}
        return self._own[kind].get(own)

    def with_key(self, kind: str, parts: list[Any]) -> list[Found]:
        """The objects whose natural key has these parts."""
        if kind not in self._keyed:
            about = registry()[kind].about
            held: dict[str, list[Found]] = {}
            for one in self.of(kind):
                held.setdefault(dumps(key_parts(about, one.values)), []).append(one)
            self._keyed[kind] = held
        return self._keyed[kind].get(dumps(parts), [])

    def beginning(self, kind: str, part: int, text: str) -> list[Found]:
        """The objects of whose natural key this part, as text, begins with `text`."""
        if (kind, part) not in self._sorted:
            about = registry()[kind].about
            held = ((str(key_parts(about, one.values)[part]), one.id) for one in self.of(kind))
            self._sorted[kind, part] = sorted(held)
        names = self._sorted[kind, part]
        first = bisect_left(names, (text,))
        last = first
        while last < len(names) and names[last][0].startswith(text):
            last += 1
        return [self.objects[kind][own] for _, own in names[first:last]]

    def of(self, kind: str) -> Iterable[Found]:
        """All objects of a kind."""
        return self.objects.get(kind, {}).values()


def observe(
    life: Lifecycle, kinds: Iterable[str] | None = None, progress: Progress | None = None
) -> Live:
    """Read the workspace, or those of its kinds that are named (and what they hang below).

    Raises `SegformError` for what is more than a missing permission.
    """
    live = Live()
    wanted = with_parents(kinds)
    for name, kind in registry().items():
        if name not in wanted or not stands_alone(kind):
            continue
        told = progress or (lambda *_: None)
        told(name, 0, 0)
        parent = _listed_below(kind)
        if any(one.kind == parent for one in live.unseen):
            live.objects[name] = {}
            words = registry()[parent].about.words
            why = f"they are listed below each {words}, of which none is seen"
            live.unseen.append(Unseen(f"all of kind {name}", why, name))
            continue
        try:
            if kind.about.above:
                live.above[kind.about.above[1]] = above(life, kind)
            stubs = list(_stubs(life, kind, live))
            live.objects[name] = {one.id: one for one in _read(life, name, stubs, told)}
        except AuthenticationError:
            raise
        except SegformError as problem:
            if not _forbidden(problem):
                raise
            live.objects[name] = {}
            live.unseen.append(Unseen(f"all of kind {name}", str(problem), name))
    return live


def _forbidden(problem: SegformError) -> bool:
    """Whether a token may not see something: of one request, or the first of many."""
    if isinstance(problem, BulkError):
        return any(isinstance(one, PermissionDeniedError) for one in problem.errors.values())
    return isinstance(problem, PermissionDeniedError)


def hidden(live: Live) -> Iterator[Unseen]:
    """What others refer to and no list has: a scoped token sees some, and is not told so."""
    told: set[tuple[str, str]] = set()
    refused = {one.kind for one in live.unseen}
    for found in live:
        for target, value in _named(found):
            if target not in live.objects or target in refused or (target, value) in told:
                continue
            if live.by_own_id(target, value):
                continue
            told.add((target, value))
            by, words = (registry()[kind].about.words for kind in (found.kind, target))
            why = f"{by} {found.id} refers to it, and no list has it"
            yield Unseen(f"the {words} {value}", why, found=target)


def _named(found: Found) -> Iterator[tuple[str, str]]:
    """Kind and id of what an object refers to; permissions name a type and an id."""
    for name, item in registry()[found.kind].attributes.items():
        value = found.values.get(name)
        if item.reference and isinstance(value, str):
            yield item.reference, value
        elif isinstance(item.type, Nested):
            yield from _typed(value)


def _typed(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for one in value:
            yield from _typed(one)
    elif isinstance(value, dict):
        kind, own = value.get("type"), value.get("id")
        if isinstance(kind, str) and isinstance(own, str) and kind.lower() in registry():
            yield kind.lower(), own
        for one in value.values():
            yield from _typed(one)


def with_parents(kinds: Iterable[str] | None) -> set[str]:
    """Kinds, and what they hang below or refer to; all kinds where it is None."""
    every = registry()
    if kinds is None:
        return set(every)
    todo, found = list(kinds), set[str]()
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        todo += [item.reference for item in every[name].attributes.values() if item.reference]
    return found


def stands_alone(kind: type[Resource]) -> bool:
    """Whether objects of the kind can be listed; others are parts of what is listed."""
    return not kind.about.attach or hasattr(hook(kind.about.attach), "every")


def above(life: Lifecycle, kind: type[Resource]) -> list[dict[str, Any]]:
    """What objects of a kind hang below that no kind manages; listed once in a process."""
    if kind.about.above is None:
        return []
    operation, family = kind.about.above

    def every() -> list[dict[str, Any]]:
        return [one for page in life.client.pages(operation) for one in page]

    return life.reader.shared((family,), lambda: Collection(every, lambda one: one["id"])).all()


def _stubs(life: Lifecycle, kind: type[Resource], live: Live) -> Iterator[dict[str, Any]]:
    """What identifies each object of a kind."""
    about = kind.about
    scopes = list(_scopes(kind, live))

    def listed(scope: dict[str, Any]) -> list[dict[str, Any]]:
        run = Run(kind, life.client, reader=life.reader, prior={**_empty(kind), **scope})
        try:
            if about.attach:
                return list(hook(about.attach).every(run))
            return [{**scope, **_identity(kind, one)} for one in life.reader.siblings(run)]
        except (NotFoundError, BadRequestError):
            # The parent went away meanwhile, or it is none of the sort that has such children.
            return []

    for found in many(life, listed, scopes):
        yield from found


def _listed_below(kind: type[Resource]) -> str:
    """The kind whose objects each have a list of this one; empty where there is one list of all."""
    names = (kind.about.path[parameter] for parameter in kind.about.scope)
    return next((kind.attributes[name].reference or "" for name in names), "")


def _scopes(kind: type[Resource], live: Live) -> Iterator[dict[str, Any]]:
    """The parents, or values of a query, that objects of a kind are listed by."""
    about = kind.about
    names = [about.path[p] for p in about.scope] + list(about.query.values())
    if not names:
        yield {}
        return
    [name] = names
    item = kind.attributes[name]
    if item.reference:
        by, none_with = about.childless or ("", ())
        for parent in live.of(item.reference):
            if parent.values.get(by) not in none_with:
                yield {name: parent.values.get("id", parent.id)}
    elif about.above:
        for raw in live.above[about.above[1]]:
            yield {name: raw["id"]}
    else:
        for value in item.one_of:
            yield {name: value}


def _empty(kind: type[Resource]) -> dict[str, Any]:
    return dict.fromkeys(kind.attributes)


def _identity(kind: type[Resource], raw: dict[str, Any]) -> dict[str, Any]:
    names = [n for n in kind.about.path.values() if n in kind.attributes]
    found = {name: raw[name] for name in names if name in raw}
    return found or {n: raw[n] for n in ("key", "value") if n in raw}


def _read(
    life: Lifecycle, name: str, stubs: list[dict[str, Any]], progress: Progress
) -> Iterator[Found]:
    kind = registry()[name]
    private = {"importing": True, **kind.about.adopt}
    done = 0

    def read(stub: dict[str, Any]) -> Found | None:
        nonlocal done
        found = life.read(name, {**_empty(kind), **stub}, dict(private))
        done += 1
        progress(name, done, len(stubs))
        if found is None:
            return None
        return Found(name, import_id_of(kind, found.values), found.values, found.private)

    for one in many(life, read, stubs):
        if one is not None:
            yield one


def many(life: Lifecycle, call: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    """`call` for each item, several at once where there are several."""
    if len(items) < 2:
        return [call(item) for item in items]
    from segform.transport.bulk import in_threads

    return in_threads(call, items, 16)
