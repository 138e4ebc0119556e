"""Reads by many threads: few go out singly, many become one list, absence alone proves nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from segform.lifecycle.collections import SINGLE, Collection

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


def test_where_lists_are_refused_reads_stay_single() -> None:
    service = Service()
    service.fail = PermissionError("no")
    collection = service.collection()
    for index in range(10):
        assert collection.read(f"o{index}") == {"id": f"o{index}"}
    assert service.asked == {"one": 10, "all": 1}
    with pytest.raises(PermissionError):
        collection.all()


def test_a_failed_list_is_an_error_where_there_is_nothing_else() -> None:
    service = Service()
    service.fail = PermissionError("no")
    collection = service.collection(single=False)
    with pytest.raises(PermissionError):
        collection.read("o1")
    service.fail = None
    assert collection.read("o1") == {"id": "o1"}


def test_fresh_reads_pass_what_was_remembered() -> None:
    service = Service()
    collection = service.collection()
    collection.all()
    del service.objects["o1"]
    assert collection.read("o1") == {"id": "o1"}
    assert collection.read_fresh("o1") is None
