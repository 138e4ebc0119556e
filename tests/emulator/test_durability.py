"""Killed at any moment under load, it comes back with every answered write and no half one."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform_emulator import Emulator

from .api import AMPLITUDE, POSTGRES, WEB, Api, track
from .test_server import program

RULES = 40
WRITERS = 6


class Writer:
    """One client that writes until the connection breaks, and remembers what was answered.

    `there`, `gone`: paths whose last answered write left or removed them; `doubtful`: the one whose
    answer never came.
    """

    def __init__(self, url: str, token: str, name: str, seed: int) -> None:
        self.http = httpx.Client(
            base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=20
        )
        self.name = name
        self.random = random.Random(seed)
        self.there: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self.plans: dict[str, int] = {}
        self.doubtful = ""
        self.number = 0

    def run(self) -> None:
        """Write."""
        acts: list[Callable[[], None]] = [self.create, self.create, self.rename, self.delete]
        try:
            while True:
                self.random.choice([*acts, self.rules])()
        except httpx.HTTPError:
            self.http.close()

    def send(self, method: str, path: str, body: Any = None, about: str = "") -> Any:
        """One write."""
        self.doubtful = about or path
        answer = self.http.request(method, path, json=body)
        assert answer.status_code < 300, answer.text
        self.doubtful = ""
        return answer.json()["data"]

    def create(self) -> None:
        """A source, and in the same breath its connection and a destination."""
        self.number += 1
        slug = f"{self.name}-{self.number}"
        body = {"slug": slug, "enabled": True, "metadataId": WEB}
        made = self.send("POST", "/sources", body, about=slug)["source"]
        self.there[f"/sources/{made['id']}"] = {"slug": slug, "name": slug}
        body = {"sourceId": made["id"], "metadataId": AMPLITUDE, "settings": {"apiKey": slug}}
        made = self.send("POST", "/destinations", body)["destination"]
        self.there[f"/destinations/{made['id']}"] = {"enabled": True}

    def sources(self) -> list[str]:
        """Paths of what is there."""
        return [path for path in self.there if path.startswith("/sources/")]

    def rename(self) -> None:
        """A new name."""
        for path in self.random.sample(self.sources(), min(1, len(self.sources()))):
            self.number += 1
            name = f"renamed {self.number}"
            before = self.there.pop(path)
            self.send("PATCH", path, {"name": name})
            self.there[path] = {**before, "name": name}

    def delete(self) -> None:
        """A destination less."""
        held = [path for path in self.there if path.startswith("/destinations/")]
        for path in self.random.sample(held, min(1, len(held))):
            self.there.pop(path)
            self.send("DELETE", path)
            self.gone.add(path)

    def rules(self) -> None:
        """A plan's rules, all of one round: a plan with rules of two rounds is half written."""
        if not self.plans:
            body = {"name": self.name, "type": "LIVE"}
            made = self.send("POST", "/tracking-plans", body)["trackingPlan"]
            self.plans[made["id"]] = 0
        (plan_id,) = self.plans
        self.number += 1
        rules = [track(f"E{index}", 1, title=str(self.number)) for index in range(RULES)]
        self.send("PATCH", f"/tracking-plans/{plan_id}/rules", {"rules": rules})
        self.plans[plan_id] = self.number


def check(folder: Path, writers: list[Writer]) -> int:
    """What the folder holds against what was answered; how many things were looked at."""
    emulator = Emulator(data=folder)
    api = Api(emulator)
    looked = 0
    for writer in writers:
        for path, expected in writer.there.items():
            found = next(iter(api.get(path).values()))
            assert {name: found[name] for name in expected} == expected, path
            looked += 1
        for path in writer.gone:
            assert api.send("GET", path).status_code == 404, path
            looked += 1
        for plan_id, number in writer.plans.items():
            if not number:
                continue
            found = api.get(f"/tracking-plans/{plan_id}/rules?pagination[count]=1000")["rules"]
            rounds = {int(rule["jsonSchema"]["title"]) for rule in found}
            assert len(found) == RULES, plan_id
            assert len(rounds) == 1, plan_id
            assert rounds.pop() >= number, plan_id
            looked += len(found)
    half_written(emulator, writers)
    dump = emulator.dump()
    assert Emulator(seed=dump).dump() == dump
    emulator.close()
    return looked


def half_written(emulator: Emulator, writers: list[Writer]) -> None:
    """A write's parts are there together: object, connections, event of the audit trail."""
    held = emulator.workspaces[0]
    (warehouse_id,) = held.warehouses
    events = list(held.more["audit_events"].values())
    told = {one["resourceId"] for one in events if one["type"].endswith("Created")}
    for source_id, source in held.sources.items():
        assert (warehouse_id, source_id) in held.loads, source["slug"]
        assert source_id in told, source["slug"]
    assert {pair[1] for pair in held.loads} == set(held.sources)
    for one in held.destinations.values():
        assert one["sourceId"] in held.sources
        assert one["id"] in told
    assert set(held.rules) == set(held.plans)
    numbers = [int(one["id"].partition("/")[2]) for one in events]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    # Nothing that was not asked for: besides what was answered, only what was on its way.
    known = {path.rpartition("/")[2] for one in writers for path in one.there}
    doubtful = {one.doubtful for one in writers}
    for source_id, source in held.sources.items():
        on_its_way = {source["slug"], f"/sources/{source_id}"} & doubtful
        assert source_id in known or on_its_way, source["slug"]


def kill_once(folder: Path, seed: int) -> int:
    """Writers against a program, killed after a while that the seed says."""
    dice = random.Random(seed)
    with program("--data", str(folder)) as (process, url, token):
        head = {"authorization": f"Bearer {token}"}
        body = {"metadataId": POSTGRES, "settings": {}}
        httpx.post(f"{url}/warehouses", headers=head, json=body).raise_for_status()
        writers = [Writer(url, token, f"w{index}", seed + index) for index in range(WRITERS)]
        with ThreadPoolExecutor(WRITERS) as pool:
            ends = [pool.submit(writer.run) for writer in writers]
            try:
                until = time.monotonic() + 20
                while sum(len(one.there) for one in writers) < 10 and time.monotonic() < until:
                    threading.Event().wait(0.01)
                threading.Event().wait(dice.uniform(0.05, 0.8))
            finally:
                # Writers go on for as long as it lives.
                process.kill()
            for end in ends:
                end.result(20)
        process.wait(20)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert sqlite3.connect(folder / "segment.sqlite").execute(
        "PRAGMA integrity_check"
    ).fetchone() == ("ok",)
    return check(folder, writers)


@pytest.mark.parametrize("seed", range(3))
def test_killed_under_load_it_comes_back_with_every_answered_write(
    tmp_path: Path, seed: int
) -> None:
    assert kill_once(tmp_path, seed) > 10


@pytest.mark.full
@pytest.mark.timeout(1_200)
def test_killed_under_load_many_times(tmp_path: Path) -> None:
    start = random.SystemRandom().randrange(10**6)
    print(f"seeds from {start}")
    for number in range(60):
        kill_once(tmp_path / str(number), start + number)


def test_a_write_that_the_disk_refuses_is_an_error_and_the_next_one_keeps_both(
    tmp_path: Path,
) -> None:
    emulator = Emulator(data=tmp_path)
    api = Api(emulator)
    assert emulator.store is not None
    pages = emulator.store._db.execute("PRAGMA page_count").fetchone()[0]
    emulator.store._db.execute(f"PRAGMA max_page_count = {pages + 1}")
    refused = api.refused(
        "POST",
        "/sources",
        {
            "slug": "big",
            "enabled": True,
            "metadataId": WEB,
            "settings": {"a": "x" * 100_000},
        },
    )
    assert (refused.status, refused.type) == (500, "emulator-defect")
    emulator.store._db.execute("PRAGMA max_page_count = 1000000")
    api.source("small")
    dump = emulator.dump()
    emulator.checks.clear()
    emulator.close()
    after = Emulator(data=tmp_path)
    assert after.dump() == dump
    after.close()


def test_it_writes_in_wal_mode_with_each_answer(tmp_path: Path) -> None:
    emulator = Emulator(data=tmp_path)
    Api(emulator).source("mine")
    other = sqlite3.connect(tmp_path / "segment.sqlite")
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    rows = other.execute("SELECT content FROM objects WHERE part = 'sources'").fetchall()
    assert len(rows) == 1
    other.close()
    emulator.close()
