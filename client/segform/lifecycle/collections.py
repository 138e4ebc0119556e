"""Reads of one collection by many threads at once: a few go out singly, more become one list.

Terraform refreshes object by object, up to its parallelism at a time, and does not say how many
there will be. So the first reads are single ones; from the fourth on, one thread lists the whole
collection and all others wait for that list and take their object from it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

# So many reads of a collection go out singly before it is listed.
SINGLE = 3

Object = dict[str, Any]


class Collection:
    """One collection (all sources; the filters of one destination). Thread-safe.

    * `fetch_one(id)`: the object, or None for its own 404; absent where the API has no such read;
    * `fetch_all()`: all objects;
    * `key(object)`: the id.
    """

    def __init__(
        self,
        fetch_all: Callable[[], list[Object]],
        key: Callable[[Object], str],
        fetch_one: Callable[[str], Object | None] | None = None,
    ) -> None:
        self._fetch_all = fetch_all
        self._fetch_one = fetch_one
        self._key = key
        self._condition = threading.Condition()
        self._listing = False
        self._found: dict[str, Object] | None = None
        self._refused = False
        self._reads = 0
        # Rises with each write, so that a list that began before one is not kept after it.
        self._writes = 0

    def read(self, wanted: str) -> Object | None:
        """One object, or None when it is gone. Absence from a list alone never says so."""
        with self._condition:
            self._reads += 1
            single = self._fetch_one is not None and (
                self._refused or (self._found is None and self._reads <= SINGLE)
            )
        if not single:
            found = self._listed().get(wanted)
            if found is not None:
                return found
        if self._fetch_one is not None:
            return self._fetch_one(wanted)
        # Nothing but lists can be asked: a second one has to agree.
        with self._condition:
            self._found = None
        return self._listed().get(wanted)

    def read_fresh(self, wanted: str) -> Object | None:
        """One object as it is now, past everything that was remembered."""
        if self._fetch_one is not None:
            return self._fetch_one(wanted)
        self.forget()
        return self.read(wanted)

    def all(self) -> list[Object]:
        """All objects, listed once until the next write."""
        return list(self._listed(raising=True).values())

    def forget(self) -> None:
        """Drop what was listed: something was written."""
        with self._condition:
            self._found = None
            self._writes += 1

    def _listed(self, *, raising: bool = False) -> dict[str, Object]:
        with self._condition:
            while self._listing:
                self._condition.wait()
            if self._found is not None:
                return self._found
            if self._refused and not raising and self._fetch_one is not None:
                return {}
            self._listing = True
            began = self._writes
        try:
            found = {self._key(item): item for item in self._fetch_all()}
        except BaseException:
            with self._condition:
                self._listing = False
                # Singles may be allowed where lists are not, or work where a page failed.
                self._refused = True
                self._condition.notify_all()
            if self._fetch_one is not None and not raising:
                return {}
            raise
        with self._condition:
            self._listing = False
            self._found = found if began == self._writes else None
            self._condition.notify_all()
            return found
