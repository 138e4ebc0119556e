"""Requests and minutes are told beforehand, within 10 % of what they were, under limits on a clock.

The emulator refuses above its limits, on its own clock; the client waits on the same one, so that
minutes pass in no time. One thread at a time, for a clock that is moved by whoever waits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from segform.cli import _place as commands
from tests.workspace import clock as clocks

from .conftest import Desk, Ended
from .test_plan_apply import edited

pytestmark = pytest.mark.slow


class Clock:
    """Commands under a clock that stands still but for their waits."""

    def __init__(self, desk: Desk, patch: pytest.MonkeyPatch, clock: clocks.Clock) -> None:
        self.desk, self.clock = desk, clock
        real = commands.client
        patch.setattr(commands, "client", lambda **options: clock.drives(real(**options)))

    def run(self, *arguments: object) -> tuple[Ended, float, int]:
        """A command; the minutes that it took, and the requests."""
        self.desk.place.sent()
        # What others used of this minute is theirs to know: begin a new one.
        self.clock.sleep(60)
        before = self.clock.now
        ended = self.desk.run(*arguments)
        assert ended.code == 0, ended
        return ended, (self.clock.now - before) / 60, len(self.desk.place.sent())


@pytest.fixture
def clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Commands on a clock."""
    with clocks.stopped(desk.place.emulator) as one:
        yield Clock(desk, monkeypatch, one)


def told(err: str, what: str) -> tuple[int, float]:
    """Requests and minutes of a line like `to do it: about 90 requests, 3.5 min`."""
    [line] = [one for one in err.splitlines() if what in one]
    line = line.replace("under 1 s", "0 s")
    found = re.search(r"about (\d+) requests?.*, ([\d.]+) (s|min)$", line)
    assert found, line
    return int(found[1]), float(found[2]) / (60 if found[3] == "s" else 1)


def near(one: float, other: float) -> bool:
    return abs(one - other) <= 0.1 * other


def seeded(desk: Desk, size: str, limit: int) -> None:
    transport = desk.place.emulator.transport()
    with httpx.Client(base_url="https://emulator.example", transport=transport) as wire:
        wire.post(f"/_emulator/seed?{size}").raise_for_status()
    desk.has()
    desk.place.emulator.limits.configure({"enforce": True, "default": limit})


def test_pull_and_plan(desk: Desk, clock: Clock) -> None:
    seeded(desk, "sources=6&destinations=50&filters=9&plans=2&rules=9", 30)
    ended, minutes, sent = clock.run("pull", "--out", "now.json")
    requests, foretold = told(ended.err, "to read all of it")
    assert minutes > 3
    assert near(requests, sent)
    assert near(foretold, minutes)
    ended, minutes, sent = clock.run("plan", "now.json")
    requests, foretold = told(ended.err, "to read what is compared")
    assert near(requests, sent)
    assert near(foretold, minutes)


@pytest.mark.parametrize("limit", [60, 100, 120, 180, 300])
def test_apply(desk: Desk, clock: Clock, limit: int) -> None:
    """Sources with a name and labels, mappings at five a minute, rules, changes and deletions."""
    seeded(desk, "sources=5&destinations=20&filters=30&plans=3&rules=40", limit)
    now = desk.snapshot()

    def change(held: Any) -> None:
        for number in range(20):
            made = {**held["sources"][-1], "id": f"new{number}", "slug": f"new-{number}"}
            label = {"key": "environment", "value": "prod"}
            held["sources"].append({**made, "name": f"New {number}", "labels": [label]})
        [mapping] = held["subscriptions"]
        held["subscriptions"] += [
            {**mapping, "id": f"new{number}", "name": f"Mapping {number}"} for number in range(22)
        ]
        held["trackingPlans"].append(
            {
                **{key: held["trackingPlans"][0][key] for key in ("type",)},
                "id": "tp_new",
                "name": "New",
                "rules": [
                    {"type": "TRACK", "key": f"Event {n}", "version": 1, "jsonSchema": {}}
                    for n in range(450)
                ],
            }
        )
        for one in held["filters"]:
            one["enabled"] = False
        held["destinations"][0]["name"] = "Other"

    wanted = edited(now, change)
    ended, minutes, sent = clock.run("apply", wanted, "--yes", "--force")
    reading, before = told(ended.err, "to read all of it")
    writing, after = told(ended.err, "to do it")
    assert minutes > 4
    assert near(reading + writing, sent), (reading, writing, sent)
    assert near(before + after, minutes), (before, after, minutes)


def test_rules_of_many_pages(desk: Desk, clock: Clock) -> None:
    """How long a plan is nobody knows before its first page is read: that is what is read first."""
    seeded(desk, "sources=4&destinations=8&plans=3&rules=1850", 30)
    for command, what in ((("pull", "--out", "now.json"), "all of it"), (("plan", "now.json"), "")):
        ended, minutes, sent = clock.run(*command)
        requests, foretold = told(ended.err, f"to read {what}")
        # The journal of an apply apart, it is known to the request.
        assert requests == sent
        assert near(foretold, minutes)
    rules = [one for one in desk.place.held()["trackingPlans"] if len(one["rules"]) > 1000]
    assert rules


def test_a_pull_of_many_rules_that_was_interrupted(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of which only the first page was read is not taken over, and is foretold anew."""
    from .test_resuming import interrupted

    seeded(desk, "sources=2&destinations=4&plans=2&rules=1850", 30)
    before = json.loads(desk.snapshot().read_text())["workspaces"]
    interrupted(desk, monkeypatch, 24)
    ended, _, sent = clock.run("pull", "--out", "a.json")
    requests, _ = told(ended.err, "to read all of it")
    assert abs(requests - sent) <= max(3, 0.1 * sent)
    assert json.loads((desk.folder / "a.json").read_text())["workspaces"] == before


def test_what_was_taken_over_is_not_foretold_again(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .test_resuming import interrupted

    seeded(desk, "sources=6&destinations=50&filters=9&plans=2&rules=9", 30)
    interrupted(desk, monkeypatch, 60)
    ended, minutes, sent = clock.run("pull", "--out", "a.json")
    assert "going on with a pull" in ended.err
    requests, foretold = told(ended.err, "to read all of it")
    assert abs(requests - sent) <= max(3, 0.1 * sent)
    assert abs(foretold - minutes) <= max(0.1, 0.1 * minutes)
