"""Snapshots that somebody edited: whatever is in them, commands say what is wrong and where."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import Desk

_ODD: tuple[Any, ...] = (
    *(None, 3, -1, 1.5, True, 10**30, "", "x", "\x1b[2J", "•" * 8, "${x}", "a:b", "s" * 3000),
    *([], {}, [None], [3], [[]], [{}], ["a", "a"], {"a": None}, {"": ""}),
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    if isinstance(value, (dict, list)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(one, (*at, key))


def odd(snapshot: Any, chance: random.Random) -> tuple[Any, list[Any]]:
    """A snapshot with one to three things changed, left out or doubled; and which."""
    made, said = copy.deepcopy(snapshot), []
    for _ in range(chance.choice((1, 1, 2, 3))):
        path = chance.choice([one for one in paths(made) if len(one) >= 3] or [()])
        held = made
        for step in path[:-1]:
            held = held[step]
        what = chance.choice(("set", "set", "set", "leave out", "double")) if path else ""
        if what == "set":
            held[path[-1]] = copy.deepcopy(chance.choice(_ODD))
        elif what == "leave out":
            del held[path[-1]]
        elif what == "double" and isinstance(held, list):
            held.append(copy.deepcopy(held[path[-1]]))
        said.append((what, path))
    return made, said


def try_all(desk: Desk, number: int, chance: random.Random) -> None:
    desk.has()
    whole = json.loads(desk.snapshot("whole.json").read_text())
    Path("event.json").write_text('{"type": "track", "event": "Paid", "userId": "u"}')
    commands: tuple[tuple[str, ...], ...] = (
        ("check", "f.json"),
        ("report", "f.json"),
        ("report", "f.json", "--format", "markdown"),
        ("plan", "f.json", "--out", "p.json"),
        ("report", "p.json"),
        ("drift", "f.json"),
        ("promote", "f.json"),
        ("compare", "whole.json", "f.json"),
        ("explain", "event.json", "--destination", "Hook", "--snapshot", "f.json"),
    )
    for turn in range(number):
        made, said = odd(whole, chance)
        Path("f.json").write_text(json.dumps(made))
        Path("p.json").unlink(missing_ok=True)
        exports = [
            ("export", "f.json", "--format", form, "--out", f"{form}{turn}")
            for form in ("hcl", "cdktf", "python")
        ]
        for command in (*commands, *exports):
            ended = desk.run(*command)
            assert ended.code in (0, 1, 3), (command, said)
            assert ended.code != 1 or command[0] == "check" or "Error: " in ended.err, said


def test_no_snapshot_is_too_odd(desk: Desk) -> None:
    """A raised exception would fail the test: `main` turns none but its own into words."""
    try_all(desk, 15, random.Random(7))


@pytest.mark.full
def test_no_snapshot_is_too_odd_in_full(desk: Desk) -> None:
    seed = random.randrange(10**9)
    print("seed", seed)
    try_all(desk, 600, random.Random(seed))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("groups",), 3, "groups: it is not a list"),
        (("groups", 0), "x", "groups: element 0 is not an object"),
        (("sources", 0, "id"), None, "sources: element 0 has no id"),
        (("invites",), [{}], "invites: element 0 has no email"),
        (("sources", 0, "name"), 3, "source.web name: it is not a text"),
        (("destinations", 0, "settings"), "x", "settings: it is not an object"),
        (("filters", 0, "actions", 0), "x", "actions.0: it is not an object"),
        (("trackingPlans", 0, "rules"), 3, "rules: it is not a list"),
        (("trackingPlans", 0, "rules", 0, "type"), None, "type: it is missing"),
        (("trackingPlans", 0, "sourceIds"), [3], "sourceIds: it is not a list of ids"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    desk: Desk, path: tuple[Any, ...], value: Any, words: str
) -> None:
    desk.has()
    now = desk.snapshot()
    made = json.loads(now.read_text())
    held = made["workspaces"][0]
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = value
    now.write_text(json.dumps(made, indent=2))
    for command in (("plan", now), ("compare", now, now), ("export", now, "--format", "hcl")):
        ended = desk.run(*command)
        assert ended.code == 1
        assert words in ended.err
        file, line, _ = ended.err.removeprefix("Error: ").split(":", 2)
        assert Path(file).name == "now.json"
        assert 1 < int(line) <= len(now.read_text().splitlines())
