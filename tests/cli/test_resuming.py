"""A pull that was interrupted goes on where it stopped, and says what it took over."""

from __future__ import annotations

import json
import re
import stat
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform import Segment

from .conftest import Desk

pytestmark = pytest.mark.slow

SIZE = "sources=4&destinations=20&filters=8&plans=1&rules=5"


class Cut(Exception):
    """The machine was switched off, as far as the program is concerned."""


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A workspace that takes some seventy requests to read."""
    transport = desk.place.emulator.transport()
    with httpx.Client(base_url="https://emulator.example", transport=transport) as wire:
        wire.post(f"/_emulator/seed?{SIZE}").raise_for_status()
    desk.has()
    return desk


def cut_after(patch: pytest.MonkeyPatch, count: int) -> None:
    """Let the program end at a request, by an interrupt."""
    real, sent = Segment.request, 0

    def request(client: Any, operation: str, **options: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent > count:
            raise KeyboardInterrupt
        return real(client, operation, **options)

    patch.setattr(Segment, "request", request)


def interrupted(desk: Desk, patch: pytest.MonkeyPatch, count: int = 45) -> int:
    """A pull that ends in the middle; the requests that it had sent."""
    with patch.context() as one:
        cut_after(one, count)
        ended = desk.run("pull", "--out", "cut.json")
    assert ended.code == 130, ended
    assert not Path("cut.json").exists()
    return len(desk.place.sent())


def test_the_rest_is_read_and_the_snapshot_is_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.run("pull", "--out", "whole.json").code == 0
    every = len(desk.place.sent())
    before = interrupted(desk, monkeypatch)
    assert before < every
    [file] = Path(".segform/pull").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ended = desk.run("pull", "--out", "again.json")
    assert ended.code == 0, ended
    taken = int(re.findall(r"interrupted: (\d+) answers", ended.err)[0])
    after = len(desk.place.sent())
    assert taken >= before - 20
    assert after <= every - taken + 2
    assert Path("again.json").read_text() == Path("whole.json").read_text()
    # It is whole: the next one begins anew.
    assert list(Path(".segform/pull").iterdir()) == []
    assert "interrupted" not in desk.run("pull", "--out", "third.json").err


def test_twice_interrupted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = interrupted(desk, monkeypatch, 32)
    second = interrupted(desk, monkeypatch, 20)
    ended = desk.run("pull", "--out", "a.json")
    taken = int(re.findall(r"interrupted: (\d+) answers", ended.err)[0])
    assert taken >= first + second - 20
    assert desk.run("plan", "a.json", "--exit-code").code == 0


@pytest.mark.parametrize("why", ["asked", "age", "token", "workspace", "address", "head", "apply"])
def test_what_may_not_be_taken_over(desk: Desk, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    interrupted(desk, monkeypatch)
    [file] = Path(".segform/pull").iterdir()
    more: tuple[str, ...] = ()
    if why == "asked":
        more = ("--resume-within", "0")
    elif why == "apply":
        Path("more.py").write_text(
            "from segform.resources.label import Label\n"
            "from segform.workspace import Desired\n"
            "desired = Desired()\n"
            "desired.add(Label(key='brand', value='a'))\n"
        )
        assert desk.run("apply", "more.py", "--yes", "--bindings", "b.json").code == 0
        assert not file.exists()
    else:
        lines = file.read_text().splitlines()
        head = json.loads(lines[0])
        head.update(
            {
                "age": {"begun": time.time() - 3600},
                "token": {"mark": "0" * 32},
                "workspace": {"workspace": "another"},
                "address": {"url": "https://elsewhere.example"},
                "head": {"version": 2},
            }[why]
        )
        file.write_text("\n".join([json.dumps(head), *lines[1:]]) + "\n")
    desk.place.sent()
    ended = desk.run("pull", "--out", "a.json", *more)
    assert ended.code == 0
    assert "interrupted" not in ended.err
    assert "getWorkspace" in desk.place.sent()


def test_an_older_one_is_taken_over_where_that_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(desk, monkeypatch)
    [file] = Path(".segform/pull").iterdir()
    lines = file.read_text().splitlines()
    head = {**json.loads(lines[0]), "begun": time.time() - 3600}
    file.write_text("\n".join([json.dumps(head), *lines[1:]]) + "\n")
    ended = desk.run("pull", "--out", "a.json", "--resume-within", "90")
    assert "the oldest from 60 min ago, will be used again" in ended.err


def test_a_list_that_was_cut_short_is_read_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object could have come or gone between two of its pages; a torn line is none."""
    interrupted(desk, monkeypatch)
    [file] = Path(".segform/pull").iterdir()
    kept = [
        line
        for line in file.read_text().splitlines()
        if not ("whole" in json.loads(line) and "listSources" in line)
    ]
    file.write_text("\n".join(kept) + '\n{"key": "[')
    desk.place.sent()
    assert desk.run("pull", "--out", "a.json").code == 0
    assert "listSources" in desk.place.sent()


def test_no_write_key_and_no_token_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted(desk, monkeypatch)
    [file] = Path(".segform/pull").iterdir()
    text = file.read_text()
    keys = [key for one in desk.place.held()["sources"] for key in one.get("writeKeys", ())]
    assert keys
    assert not [key for key in keys if key in text]
    assert desk.place.emulator.token not in text
    # Nor the catalogue, which would make the file many times as large.
    assert '"metadata":{"' in text
    assert '"supportedMethods"' not in text


def test_a_folder_that_cannot_be_written_costs_the_resumption_alone(desk: Desk) -> None:
    Path(".segform").mkdir(exist_ok=True)
    Path(".segform/pull").write_text("in the way")
    assert desk.run("pull", "--out", "a.json").code == 0
    Path(".segform/pull").unlink()
    Path(".segform/pull").mkdir()
    victim = Path("victim")
    victim.write_text("theirs")
    workspace = desk.place.held()["id"]
    Path(f".segform/pull/{workspace}.jsonl").symlink_to(victim.absolute())
    assert desk.run("pull", "--out", "a.json").code == 0
    assert victim.read_text() == "theirs"
