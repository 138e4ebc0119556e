"""Reads of one collection by many threads at once: a few go out singly, more become one list.

Terraform refreshes object by object, up to its parallelism at a time, and does not say how many
there will be. So the first reads are single ones; from the fourth on, one thread lists the whole
collection and all others wait for that list and take their object from it. What belongs to one
parent (the filters of a destination) is listed at once: it is few, and a list costs no more than a
read.

That an object is not in a list proves nothing (pages shift under concurrent deletes): only its
own 404 says that it is gone, or, where the API has no single read, a second list that agrees.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from segform.errors import APIStatusError, RateLimitError, ResponseDecodeError, SegformError

# So many reads of a collection go out singly before it is listed.
SINGLE = 3
# After so many lists in a row that failed, only single reads are tried.
_FAILURES = 2
# How many objects all lists together keep; one of a destination weighs some 50 KB.
MOST = 20_000
# How often `Collections` looks whether that is exceeded, in reads of a collection.
_LOOK = 32

Object = dict[str, Any]


class _Flight:
    """One list on its way; whoever needs it waits for `done`."""

    __slots__ = ("began", "done", "error", "found", "number")

    def __init__(self, number: int, began: int) -> None:
        self.number = number
        self.began = began
        self.done = threading.Event()
        self.found: dict[str, Object] = {}
        self.error: BaseException | None = None


class Collection:
    """One collection (all sources; the filters of one destination). Thread-safe.

    * `fetch_one(id)`: the object, or None for its own 404; absent where the API has no such read;
    * `fetch_all()`: all objects;
    * `key(object)`: the id;
    * `single()`: how many reads go out singly before it is listed;
    * `unread(id)`: whether an object has no single read, so that its first read may as well list;
    * `whole`: whether the list shows objects as fully as a single read; where it does not, every
      read is a single one.

    Errors of a list reach all who wait for it and are then forgotten. Where the service refused
    or broke the list itself (not where it was out of reach or throttled) single reads take over,
    for good after a 401 or 403 or a second failure.
    """

    def __init__(
        self,
        fetch_all: Callable[[], list[Object]],
        key: Callable[[Object], str],
        fetch_one: Callable[[str], Object | None] | None = None,
        *,
        whole: bool = True,
        single: Callable[[], int] = lambda: SINGLE,
        unread: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._whole = whole
        self._single = single
        self._unread = unread
        self._fetch_all = fetch_all
        self._fetch_one = fetch_one
        self._key = key
        self._lock = threading.Lock()
        self._flight: _Flight | None = None
        # The last list with its number, and the ids of the one before it.
        self._found: dict[str, Object] | None = None
        self._number = 0
        self._launched = 0
        self._earlier: frozenset[str] | None = None
        self._failures = 0
        self._reads = 0
        # Rises with each write, so that a list that began before one is not kept after it.
        self._writes = 0

    @property
    def held(self) -> int:
        """How many objects are kept in memory."""
        found = self._found
        return 0 if found is None else len(found)

    def read(self, wanted: str) -> Object | None:
        """One object, or None when it is gone. Absence from a list alone never says so."""
        one = self._fetch_one
        if one is None:
            return self._read_by_lists(wanted)
        if not self._whole:
            return one(wanted)
        with self._lock:
            self._reads += 1
            few = self._found is None and self._reads <= self._single()
            single = self._failures >= _FAILURES or (few and not self._unread(wanted))
        if single:
            return one(wanted)
        try:
            _, listed = self._listed()
        except SegformError as problem:
            if not _of_the_list(problem):
                raise
            return one(wanted)
        found = listed.get(wanted)
        return one(wanted) if found is None else found

    def _read_by_lists(self, wanted: str) -> Object | None:
        number, listed = self._listed()
        if wanted in listed:
            return listed[wanted]
        with self._lock:
            # Two lists with no write between them have agreed already.
            earlier = self._earlier if self._number == number else None
        if earlier is not None and wanted not in earlier:
            return None
        _, listed = self._listed(after=number)
        return listed.get(wanted)

    def read_fresh(self, wanted: str) -> Object | None:
        """One object as it is now, past everything that was remembered."""
        if self._fetch_one is not None:
            return self._fetch_one(wanted)
        self.forget()
        return self.read(wanted)

    def all(self) -> list[Object]:
        """All objects, listed once until the next write. Raises what the list raises."""
        return list(self._listed()[1].values())

    def forget(self) -> None:
        """Drop what was listed: something was written. The next reads are single ones again."""
        with self._lock:
            self._found = self._earlier = None
            self._reads = 0
            self._writes += 1

    def release(self) -> None:
        """Drop what was listed for want of memory: whoever needs it lists again."""
        with self._lock:
            self._found = self._earlier = None

    def _listed(self, after: int = 0) -> tuple[int, dict[str, Object]]:
        """Number and objects of a list newer than number `after`, made or waited for."""
        while True:
            with self._lock:
                if self._found is not None and self._number > after:
                    return self._number, self._found
                flight = self._flight
                leads = flight is None
                if flight is None:
                    self._launched += 1
                    flight = self._flight = _Flight(self._launched, self._writes)
                # One that began before a write may lack what that wrote.
                joins = flight.number > after and flight.began == self._writes
            if leads:
                self._fly(flight)
                return flight.number, flight.found
            flight.done.wait()
            if isinstance(flight.error, Exception) and joins:
                raise flight.error
            if flight.error is None and joins:
                return flight.number, flight.found
            # Otherwise it was too old, or its thread was interrupted: the next one may lead.

    def _fly(self, flight: _Flight) -> None:
        """List, for this thread and all who wait."""
        try:
            flight.found = dict(self._keyed(self._fetch_all()))
        except BaseException as problem:
            flight.error = problem
            raise
        finally:
            self._land(flight)

    def _land(self, flight: _Flight) -> None:
        with self._lock:
            self._flight = None
            if flight.error is None:
                self._failures = 0
                if flight.began == self._writes:
                    self._earlier = None if self._found is None else frozenset(self._found)
                    self._found, self._number = flight.found, flight.number
            elif _of_the_list(flight.error):
                self._failures = _FAILURES if _refused(flight.error) else self._failures + 1
        flight.done.set()

    def _keyed(self, items: list[Object]) -> Iterator[tuple[str, Object]]:
        for item in items:
            try:
                yield self._key(item), item
            except (KeyError, TypeError, AttributeError):
                # One odd object never fails a list; what is missing is read singly.
                continue


def _of_the_list(problem: BaseException) -> bool:
    """Whether the list itself is at fault, so that single reads may do better."""
    answered = isinstance(problem, (APIStatusError, ResponseDecodeError))
    return answered and not isinstance(problem, RateLimitError)


def _refused(problem: BaseException) -> bool:
    return isinstance(problem, APIStatusError) and problem.status_code in (401, 403)


class Collections:
    """The collections of one client by key, with a limit on what they keep. Thread-safe.

    A key is a kind's name and the ids of its parents. Above `most` objects the lists that were
    not used for longest are dropped; they are listed again when they are needed.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: dict[tuple[str, ...], Collection] = {}
        self._gets = 0

    def get(self, key: tuple[str, ...], make: Callable[[], Collection]) -> Collection:
        """The collection with this key, made by `make` when it is first needed."""
        with self._lock:
            found = self._known.pop(key, None)
            if found is None:
                found = make()
            # The last one in is the last one used.
            self._known[key] = found
            self._gets += 1
            if self._gets % _LOOK == 0:
                self._make_room(found)
            return found

    def _make_room(self, used: Collection) -> None:
        total = sum(one.held for one in self._known.values())
        for one in self._known.values():
            if total <= self._most:
                return
            if one is not used and one.held:
                total -= one.held
                one.release()

    def forget(self, name: str) -> None:
        """Drop what is remembered of a kind: one of its objects was written."""
        with self._lock:
            found = [one for key, one in self._known.items() if key[0] == name]
        for collection in found:
            collection.forget()
