"""Reads of objects by their definition, shared within a process (see `collections`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from segform.contract import operation as facts_of
from segform.resources.definition import Kind, Resource
from segform.transport.paging import Walk

from .catalog import Requests
from .collections import SINGLE, Collection, Collections
from .hooks import hook, shaped
from .mapping import wire_name
from .run import Run, path_of

# Entries of a page, as lists are read.
PAGE = 200
# After so many reads of whatever kind a process is taken to refresh a whole workspace.
MANY = 30


class _Begun:
    """A list of which the first page was read: `entries`, and how many `pages` it has in all."""

    def __init__(self, client: Requests, operation: str, path: dict[str, Any]) -> None:
        self._client, self._operation, self._path = client, operation, path
        self._walk = Walk(facts_of(operation), count=PAGE)
        answer = self._page(self._walk.due()[0])
        self.entries = self._walk.take(answer)
        self._next = self._walk.due()
        place = answer.get("pagination")
        told = place.get("totalEntries") if isinstance(place, Mapping) else None
        self.pages = 1
        if self._next:
            # The service need not tell; then there is at least one page more.
            total = told if isinstance(told, int) else len(self.entries) + 1
            self.pages = -(-total // max(1, len(self.entries)))

    def _page(self, query: dict[str, Any]) -> dict[str, Any]:
        return self._client.request(self._operation, path=self._path, query=query)

    def all(self) -> list[Any]:
        """All entries; the pages after the first are read now."""
        found = list(self.entries)
        while self._next:
            found += self._walk.take(self._page(self._next[0]))
            self._next = self._walk.due()
        return found


def _list_key(run: Run, operation: str) -> tuple[str, ...]:
    return (run.about.name, operation, *map(str, run.path().values()))


class Reader:
    """Reads, lists and forgets objects of all kinds over one client."""

    def __init__(self, client: Requests) -> None:
        self._client = client
        self._collections = Collections()
        self._reads = 0
        # Lists of which a foretelling has read the first page, by kind, operation and path; and
        # how many pages it learned that they have.
        self._begun: dict[tuple[str, ...], _Begun] = {}
        self._pages: dict[tuple[str, ...], int] = {}

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
        for held in (self._begun, self._pages):
            for key in [key for key in list(held) if key[0] == about.name]:
                held.pop(key, None)

    def begin(self, run: Run, operation: str) -> int:
        """Read the first page of a list below an object; how many pages are to be read after it.

        Whoever reads the list next goes on from there (`go_on`). Nothing is read of one that is
        begun, nor of one whose length is known.
        """
        key = _list_key(run, operation)
        if key in self._begun:
            return self._pages[key] - 1
        if key not in self._pages:
            begun = self._begun[key] = _Begun(self._client, operation, run.path())
            self._pages[key] = begun.pages
            return begun.pages - 1
        return self._pages[key]

    def go_on(self, run: Run, operation: str) -> list[Any] | None:
        """All entries of a list that was begun a moment ago, once; None of any other."""
        begun = self._begun.pop(_list_key(run, operation), None)
        return None if begun is None else begun.all()

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

        # Imported by its id alone, an object may not say yet by what its list is asked for.
        whole = not about.list_fields and len(query) == len(about.query)
        return Collection(fetch_all, key, one, whole=whole, single=single)

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
