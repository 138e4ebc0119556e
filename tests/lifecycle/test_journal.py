"""The journal: a killed run's object is found again, anybody else's never taken."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest

from segform.lifecycle.journal import Journal, body_hash

HASH = body_hash({"slug": "web", "settings": {"secret": "hush"}})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "ws.jsonl"


def test_an_id_that_was_written_down_is_adopted(path: Path) -> None:
    first = Journal(path)
    first.made(first.intend("source", "web", HASH, []), "src1")
    assert first.adoptable("source", "web", HASH, ["src1"]) is None, "this very process made it"
    second = Journal(path)
    assert second.adoptable("source", "web", "another body", ["src0", "src1"]) == "src1"
    assert second.adoptable("source", "ios", HASH, ["src1"]) is None
    assert second.adoptable("destination", "web", HASH, ["src1"]) is None


def test_killed_before_the_answer_only_a_single_new_equal_one_is_adopted(path: Path) -> None:
    Journal(path).intend("tracking_plan", "Shop", HASH, ["tp_old"])
    later = Journal(path)
    assert later.adoptable("tracking_plan", "Shop", HASH, ["tp_old"]) is None
    assert later.adoptable("tracking_plan", "Shop", HASH, ["tp_old", "tp_new"]) == "tp_new"
    assert later.adoptable("tracking_plan", "Shop", HASH, ["tp_1", "tp_2"]) is None
    assert later.adoptable("tracking_plan", "Shop", "another body", ["tp_new"]) is None


def test_refused_and_retired_entries_are_no_claim(path: Path) -> None:
    first = Journal(path)
    first.refused(first.intend("source", "a", HASH, []))
    first.made(first.intend("source", "b", HASH, []), "b1")
    first.retire("b1")  # not by the process that made it
    assert [one.key for one in Journal(path).open_intents("source", "b")] == ["b"]
    Journal(path).retire("b1")
    third = Journal(path)
    assert third.open_intents("source", "a") == []
    assert third.open_intents("source", "b") == []


def test_the_file_is_ours_alone_and_holds_no_secret(path: Path) -> None:
    journal = Journal(path)
    journal.made(journal.intend("source", "web", HASH, ["s"]), "src1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    text = path.read_text()
    assert "hush" not in text
    assert all(json.loads(line) for line in text.splitlines())


def test_a_torn_last_line_is_survived(path: Path) -> None:
    first = Journal(path)
    first.made(first.intend("source", "web", HASH, []), "src1")
    with path.open("a") as file:
        file.write('{"intent": "x", "kind": "sou')
    second = Journal(path)
    second.intend("source", "ios", HASH, [])
    third = Journal(path)
    assert third.adoptable("source", "web", HASH, ["src1"]) == "src1"
    assert len(third.open_intents("source", "ios")) == 1


def test_a_folder_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    journal = Journal(tmp_path / "file" / "ws.jsonl")
    journal.made(journal.intend("source", "web", HASH, []), "src1")
    assert "SEGFORM_JOURNAL" in journal.warning


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine\n")
    link = tmp_path / "ws.jsonl"
    link.symlink_to(target)
    journal = Journal(link)
    journal.intend("source", "web", HASH, [])
    assert target.read_text() == "mine\n"
    assert journal.warning


def test_the_environment_moves_it_or_turns_it_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGFORM_JOURNAL", str(tmp_path / "elsewhere"))
    Journal.open("ws/../1").intend("source", "web", HASH, [])
    assert [p.name for p in (tmp_path / "elsewhere").iterdir()] == ["ws_.._1.jsonl"]
    monkeypatch.setenv("SEGFORM_JOURNAL", "off")
    assert Journal.open("ws").path is None


def test_many_threads_write_whole_lines(path: Path) -> None:
    journal = Journal(path)

    def work(name: int) -> None:
        for index in range(10):
            journal.made(journal.intend("source", f"{name}-{index}", HASH, []), f"{name}{index}")

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 160


def test_retired_entries_are_dropped_in_time(path: Path) -> None:
    first = Journal(path)
    for index in range(210):
        first.made(first.intend("source", f"s{index}", HASH, []), f"id{index}")
    first.intend("source", "open", HASH, [])
    second = Journal(path)
    for index in range(210):
        second.retire(f"id{index}")
    second.intend("source", "later", HASH, [])
    assert len(path.read_text().splitlines()) < 60
    third = Journal(path)
    assert len(third.open_intents("source", "open")) == 1
    assert len(third.open_intents("source", "later")) == 1
