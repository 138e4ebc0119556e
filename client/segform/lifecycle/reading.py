"""Reads of objects by their definition, shared within a process (see `collections`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from segform.resources.definition import Kind, Resource

from .catalog import Requests
from .collections import SINGLE, Collection, Collections
from .mapping import wire_name
from .run import Run, path_of


def hook(name: str) -> Any:
    """The function or class that a definition names as `module:function`."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def shaped(about: Kind, found: Mapping[str, Any]) -> dict[str, Any]:
    """The API's object in the form that the definition knows."""
    return dict(hook(about.shape)(found)) if about.shape else dict(found)


# After so many reads of whatever kind a process is taken to refresh a whole workspace.
MANY = 30


class Reader:
    """Reads, lists and forgets objects of all kinds over one client."""

    def __init__(self, client: Requests) -> None:
        self._client = client
        self._collections = Collections()
        self._reads = 0

    def read(self, run: Run, *, fresh: bool = False) -> dict[str, Any] | None:
        """The API's object that `run` is about; None when its own 404 says that it is gone."""
        self._reads += 1
        collection = self._collection(run)
        wanted = self._id(run)
        return collection.read_fresh(wanted) if fresh else collection.read(wanted)

    def siblings(self, run: Run) -> list[dict[str, Any]]:
        """All objects of the collection that `run`'s object belongs to."""
        return self._collection(run).all()

    def forget(self, about: Kind) -> None:
        """Drop what is remembered of a kind: one of its objects was written."""
        self._collections.forget(about.name)

    def _collection(self, run: Run) -> Collection:
        about = run.about
        parents = {p: v for p, v in run.path().items() if p in about.scope}
        query = path_of(about.query, run.live, run.planned, run.prior or {})
        key = (about.name, *map(str, parents.values()), *map(str, query.values()))
        if about.reads:
            return self.shared(key, lambda: hook(about.reads)(self._client))
        return self.shared(key, lambda: self._make(run, parents, query))

    def shared(self, key: tuple[str, ...], make: Callable[[], Collection]) -> Collection:
        """The collection with this key (a kind's name first), made when it is first needed."""
        return self._collections.get(key, make)

    def _make(self, run: Run, parents: dict[str, Any], query: dict[str, Any]) -> Collection:
        about = run.about
        client = self._client

        def fetch_all() -> list[dict[str, Any]]:
            pages = client.pages(about.operations.list or "", path=parents, query=query or None)
            return [shaped(about, item) for page in pages for item in page]

        own = [p for p in about.path if p not in about.scope]

        def fetch_one(wanted: str) -> dict[str, Any] | None:
            from segform.errors import NotFoundError

            try:
                data = client.request(about.operations.read or "", path={**parents, own[0]: wanted})
            except NotFoundError:
                return None
            found = data[about.envelope]
            return None if found is None else shaped(about, found)

        wires = [wire_name(run.kind.attributes[about.path[p]]) for p in own]

        def key(item: dict[str, Any]) -> str:
            return "/".join(str(item.get(wire)) for wire in wires)

        one = fetch_one if about.operations.read else None

        def single() -> int:
            return self._single(run.kind)

        return Collection(fetch_all, key, one, whole=not about.list_fields, single=single)

    def _single(self, kind: type[Resource]) -> int:
        """How many reads of a collection of this kind go out singly before it is listed."""
        if kind.about.scope:
            return 0
        # Who has read that many will read them all. Lists with the catalogue's entries in them
        # are heavy, and wait until there is no doubt.
        heavy = any(item.flat for item in kind.attributes.values())
        return SINGLE if heavy else self.few()

    def few(self) -> int:
        """How many single reads may still be cheaper than a list."""
        return SINGLE if self._reads <= MANY else 0

    @staticmethod
    def _id(run: Run) -> str:
        path = run.path()
        return "/".join(str(path[p]) for p in run.about.path if p not in run.about.scope)
