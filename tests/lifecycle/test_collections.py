"""Reads by many threads: few go out singly, many become one list, absence alone proves nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from segform.errors import (
    APIConnectionError,
    APIStatusError,
    BadRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)
from segform.lifecycle.collections import SINGLE, Collection, Collections

Object = dict[str, Any]


class Service:
    """A collection that counts how it is asked."""

    def __init__(self, size: int = 50) -> None:
        self.objects = {f"o{i}": {"id": f"o{i}"} for i in range(size)}
        self.asked: Counter[str] = Counter()
        self.hidden: set[str] = set()
        self.gate: Callable[[], None] = lambda: None
        self.fail: Exception | None = None

    def one(self, wanted: str) -> Object | None:
        self.asked["one"] += 1
        return self.objects.get(wanted)

    def all(self) -> list[Object]:
        self.asked["all"] += 1
        self.gate()
        if self.fail:
            raise self.fail
        return [item for key, item in self.objects.items() if key not in self.hidden]

    def collection(self, *, single: bool = True) -> Collection:
        return Collection(self.all, lambda item: item["id"], self.one if single else None)


def _in_threads(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def test_few_reads_are_single_and_many_become_one_list() -> None:
    service = Service()
    collection = service.collection()
    found: list[Object | None] = [None] * 50

    def read(index: int) -> None:
        found[index] = collection.read(f"o{index}")

    _in_threads(read, 50)
    assert found == list(service.objects.values())
    assert service.asked == {"one": SINGLE, "all": 1}


def test_absence_from_a_list_is_confirmed_singly() -> None:
    service = Service()
    collection = service.collection()
    for index in range(SINGLE):
        collection.read(f"o{index}")
    service.hidden.add("o9")
    assert collection.read("o9") == {"id": "o9"}
    assert collection.read("never") is None
    assert service.asked == {"one": SINGLE + 2, "all": 1}


def test_without_single_reads_a_second_list_has_to_agree() -> None:
    service = Service()
    collection = service.collection(single=False)
    assert collection.read("o1") == {"id": "o1"}
    assert service.asked["all"] == 1
    service.hidden.add("o2")
    collection.forget()

    def unhide() -> None:
        if service.asked["all"] == 3:
            service.hidden.clear()

    service.gate = unhide
    assert collection.read("o2") == {"id": "o2"}
    assert collection.read("never") is None


def test_a_write_drops_the_list_also_while_it_is_on_its_way() -> None:
    service = Service()
    collection = service.collection()
    service.gate = collection.forget
    collection.all()
    service.gate = lambda: None
    collection.all()
    collection.all()
    assert service.asked["all"] == 2


def _status(kind: type[APIStatusError], status: int) -> APIStatusError:
    return kind("no", operation="list", method="GET", path="/", status_code=status)


def test_where_lists_are_refused_reads_stay_single() -> None:
    service = Service()
    service.fail = _status(PermissionDeniedError, 403)
    collection = service.collection()
    for index in range(10):
        assert collection.read(f"o{index}") == {"id": f"o{index}"}
    assert service.asked == {"one": 10, "all": 1}
    with pytest.raises(PermissionDeniedError):
        collection.all()


def test_a_list_that_broke_once_is_tried_again_and_then_no_more() -> None:
    service = Service()
    collection = service.collection()
    for index in range(SINGLE):
        collection.read(f"o{index}")
    service.fail = _status(ServerError, 500)
    assert collection.read("o4") == {"id": "o4"}
    service.fail = None
    assert collection.read("o5") == {"id": "o5"}
    assert service.asked == {"one": SINGLE + 1, "all": 2}
    collection.forget()
    service.asked.clear()
    service.fail = _status(ServerError, 500)
    for index in range(20):
        assert collection.read(f"o{index}") == {"id": f"o{index}"}
    assert service.asked == {"one": 20, "all": 2}


def test_a_parent_that_is_gone_is_asked_singly() -> None:
    service = Service(size=0)
    service.fail = _status(NotFoundError, 404)
    collection = service.collection()
    assert [collection.read(f"o{index}") for index in range(6)] == [None] * 6


@pytest.mark.parametrize(
    "problem",
    [
        APIConnectionError("down", operation="list", method="GET", path="/"),
        _status(RateLimitError, 429),
        RuntimeError("a bug"),
    ],
)
def test_what_single_reads_would_meet_as_well_is_an_error(problem: Exception) -> None:
    service = Service()
    collection = service.collection()
    for index in range(SINGLE):
        collection.read(f"o{index}")
    service.fail = problem
    with pytest.raises(type(problem)):
        collection.read("o4")
    service.fail = None
    assert collection.read("o4") == {"id": "o4"}
    assert service.asked == {"one": SINGLE, "all": 2}


def test_a_failed_list_is_an_error_where_there_is_nothing_else() -> None:
    service = Service()
    service.fail = _status(BadRequestError, 400)
    collection = service.collection(single=False)
    with pytest.raises(BadRequestError):
        collection.read("o1")
    service.fail = None
    assert collection.read("o1") == {"id": "o1"}


class Waiters:
    """Threads that read one collection while its list is held back."""

    def __init__(self, service: Service, collection: Collection, count: int) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.found: list[Object | BaseException | None] = [None] * count
        self.count = count
        self.collection = collection
        service.gate = self.gate

    def gate(self) -> None:
        self.begun.set()
        assert self.go_on.wait(20)

    def work(self, index: int) -> None:
        try:
            self.found[index] = self.collection.read(f"o{index}")
        except BaseException as problem:
            self.found[index] = problem

    def run(self, between: Callable[[], None] = lambda: None) -> None:
        """All wait for the first list; then `between`; then it goes on."""
        threads = [threading.Thread(target=self.work, args=(i,)) for i in range(self.count)]
        threads[0].start()
        assert self.begun.wait(20)
        flight = self.collection._flight
        assert flight is not None
        waiting = threading.Semaphore(0)
        wait = flight.done.wait

        def counted(timeout: float | None = None) -> bool:
            waiting.release()
            return wait(timeout)

        flight.done.wait = counted  # type: ignore[method-assign]  # counts who waits
        for thread in threads[1:]:
            thread.start()
        for _ in threads[1:]:
            assert waiting.acquire(timeout=20)
        between()
        self.go_on.set()
        for thread in threads:
            thread.join(20)
            assert not thread.is_alive()


def test_an_error_reaches_all_who_wait_and_is_then_forgotten() -> None:
    service = Service()
    service.fail = _status(ServerError, 503)
    collection = service.collection(single=False)
    waiters = Waiters(service, collection, 128)
    waiters.run()
    assert service.asked["all"] == 1
    assert all(isinstance(found, ServerError) for found in waiters.found)
    service.fail = None
    assert collection.read("o1") == {"id": "o1"}


def test_an_interrupt_ends_its_own_thread_only() -> None:
    service = Service()
    collection = service.collection(single=False)
    waiters = Waiters(service, collection, 8)
    first = [True]
    list_all = service.all

    def interrupted() -> list[Object]:
        found = list_all()
        if first.pop() if first else False:
            raise KeyboardInterrupt
        return found

    collection._fetch_all = interrupted
    waiters.run()
    assert isinstance(waiters.found[0], KeyboardInterrupt)
    assert waiters.found[1:] == [{"id": f"o{i}"} for i in range(1, 8)]
    assert service.asked["all"] == 2


def test_an_interrupt_is_not_taken_for_a_refusal() -> None:
    def interrupted() -> list[Object]:
        raise KeyboardInterrupt

    collection = Collection(interrupted, lambda item: item["id"], lambda wanted: {"id": wanted})
    for index in range(SINGLE):
        collection.read(f"o{index}")
    with pytest.raises(KeyboardInterrupt):
        collection.read("o4")


def test_who_comes_after_a_write_does_not_join_a_list_from_before() -> None:
    service = Service()
    collection = service.collection(single=False)
    waiters = Waiters(service, collection, 4)
    late: list[Object | None] = []

    def read_late() -> None:
        late.append(collection.read("new"))

    thread = threading.Thread(target=read_late)

    def write() -> None:
        service.hidden.add("new")  # the list on its way does not have it yet
        service.objects["new"] = {"id": "new"}
        collection.forget()
        thread.start()
        service.gate = service.hidden.clear

    waiters.run(write)
    thread.join(20)
    assert late == [{"id": "new"}]
    assert waiters.found == [{"id": f"o{i}"} for i in range(4)]


def test_two_lists_say_of_any_number_that_they_are_gone() -> None:
    service = Service(size=5)
    collection = service.collection(single=False)
    assert [collection.read(f"o{index}") for index in range(5, 45)] == [None] * 40
    assert service.asked["all"] == 2
    assert collection.read("o1") == {"id": "o1"}
    collection.forget()
    service.objects["o9"] = {"id": "o9"}
    assert collection.read("o9") == {"id": "o9"}
    assert service.asked["all"] == 3


def test_many_threads_whose_objects_are_gone_share_both_lists() -> None:
    service = Service(size=1)
    collection = service.collection(single=False)
    waiters = Waiters(service, collection, 30)
    waiters.run()
    assert waiters.found == [{"id": "o0"}, *([None] * 29)]
    assert service.asked["all"] == 2


def test_one_odd_object_fails_no_list() -> None:
    service = Service(size=5)
    service.objects["odd"] = {}
    collection = service.collection()
    assert len(collection.all()) == 5
    assert collection.read("o3") == {"id": "o3"}


def test_after_a_write_the_first_reads_are_single_again() -> None:
    service = Service()
    collection = service.collection()
    collection.all()
    collection.forget()
    service.asked.clear()
    for index in range(SINGLE):
        collection.read(f"o{index}")
    assert service.asked == {"one": SINGLE}


def test_fresh_reads_pass_what_was_remembered() -> None:
    service = Service()
    collection = service.collection()
    collection.all()
    del service.objects["o1"]
    assert collection.read("o1") == {"id": "o1"}
    assert collection.read_fresh("o1") is None


def test_collections_keep_no_more_than_they_may() -> None:
    services = [Service(size=10) for _ in range(64)]
    known = Collections(most=50)

    def one(index: int) -> Collection:
        return known.get(("filter", f"d{index}"), services[index].collection)

    for index in range(64):
        one(index).all()
    assert sum(one(index).held for index in range(64)) <= 50 + 31 * 10
    last = one(63)
    assert last is one(63)
    for _ in range(32):
        assert one(63).all()
    assert sum(one(index).held for index in range(60, 64)) >= 10
    assert services[63].asked["all"] == 1, "what is in use is kept"
    assert services[0].asked["all"] == 1
    assert one(0).read("o1") == {"id": "o1"}, "what was dropped is asked for again"


def test_a_write_to_a_kind_drops_all_its_collections_and_no_others() -> None:
    filters, sources = Service(size=3), Service(size=3)
    known = Collections()
    for key, service in ((("filter", "d1"), filters), (("filter", "d2"), filters)):
        known.get(key, service.collection).all()
    known.get(("source",), sources.collection).all()
    known.forget("filter")
    assert known.get(("filter", "d1"), filters.collection).held == 0
    assert known.get(("filter", "d2"), filters.collection).held == 0
    assert known.get(("source",), sources.collection).held == 3


def test_what_only_the_last_of_two_lists_lacks_is_listed_again() -> None:
    """Without a single read, two lists have to agree that an object is gone."""
    service = Service(3)
    collection = service.collection(single=False)
    hides = iter([set(), {"o1"}, set()])

    def hide() -> None:
        service.hidden = next(hides)

    service.gate = hide
    assert collection.read("never") is None
    assert service.asked == {"all": 2}
    assert collection.read("o1") == {"id": "o1"}
    assert service.asked == {"all": 3}


def test_a_fresh_read_without_a_single_one_lists_anew() -> None:
    service = Service(3)
    collection = service.collection(single=False)
    assert collection.read("o1") == {"id": "o1"}
    service.objects["o1"] = {"id": "o1", "name": "new"}
    assert collection.read("o1") == {"id": "o1"}
    assert collection.read_fresh("o1") == {"id": "o1", "name": "new"}
    del service.objects["o1"]
    assert collection.read_fresh("o1") is None
