"""The journal: a killed run's object is found again, anybody else's never taken."""

from __future__ import annotations

import json
import os
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
    assert second.adoptable("source", "web", HASH, ["src0"]) is None, "what we made is gone"
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


def test_a_line_torn_inside_a_character_costs_that_line_alone(path: Path) -> None:
    first = Journal(path)
    first.made(first.intend("tracking_plan", "Café", HASH, []), "tp_1")
    with path.open("ab") as file:
        file.write('{"intent": "x", "key": "Café'.encode()[:-1])
    second = Journal(path)
    assert second.warning == ""
    assert second.adoptable("tracking_plan", "Café", HASH, ["tp_1"]) == "tp_1"


@pytest.mark.parametrize("key", ["a\u2028b", "a\x85b", "a\nb", "\ud800", '"}', "a\x1cb"])
def test_no_key_breaks_a_line(path: Path, key: str) -> None:
    first = Journal(path)
    first.made(first.intend("tracking_plan", key, HASH, []), "tp_1")
    assert path.read_bytes().count(b"\n") == 2
    assert Journal(path).adoptable("tracking_plan", key, HASH, ["tp_1"]) == "tp_1"


@pytest.mark.parametrize("line", ["5", "[]", '"kind"', "null", '{"kind": 1}', "[" * 100_000, ""])
def test_lines_that_say_nothing_are_passed_over(path: Path, line: str) -> None:
    Journal(path).intend("source", "web", HASH, [])
    with path.open("a") as file:
        file.write(line + "\n")
    later = Journal(path)
    later.intend("source", "ios", HASH, [])
    assert [len(Journal(path).open_intents("source", key)) for key in ("web", "ios")] == [1, 1]


def test_what_is_no_file_is_a_warning_and_no_wait(tmp_path: Path) -> None:
    pipe = tmp_path / "ws.jsonl"
    os.mkfifo(pipe)
    journal = Journal(pipe)
    assert "not a file" in journal.warning
    journal.intend("source", "web", HASH, [])
    assert Journal(tmp_path).warning


def test_that_a_folder_cannot_be_written_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "ws.jsonl"
    monkeypatch.setattr(os, "access", lambda where, mode: False)
    journal = Journal(path)
    assert "cannot be written" in journal.warning
    journal.intend("source", "web", HASH, [])
    assert not path.parent.exists()


def test_a_file_that_others_may_read_is_closed_to_them(path: Path) -> None:
    Journal(path).intend("source", "web", HASH, [])
    path.chmod(0o644)
    Journal(path).intend("source", "ios", HASH, [])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_full_disk_is_a_warning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(path)
    intent = journal.intend("source", "web", HASH, [])

    def full(handle: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    journal.made(intent, "src1")
    assert "No space left" in journal.warning


def test_short_writes_are_gone_on_with(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:7]))
    journal = Journal(path)
    journal.made(journal.intend("source", "web", HASH, []), "src1")
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 2


def _retire(path: Path, count: int) -> None:
    maker = Journal(path)
    for index in range(count):
        maker.made(maker.intend("source", f"s{index}", HASH, []), f"id{index}")
    later = Journal(path)
    for index in range(count):
        later.retire(f"id{index}")


def test_dropping_what_is_over_keeps_what_other_processes_wrote(path: Path) -> None:
    first = Journal(path)
    for index in range(200):
        first.made(first.intend("source", f"s{index}", HASH, []), f"id{index}")
    second, beside = Journal(path), Journal(path)
    beside.made(beside.intend("label", "a/b", HASH, ["x"]), "a:b")
    third = Journal(path)
    third.retire("a:b")
    for index in range(200):
        second.retire(f"id{index}")
    second.intend("source", "last", HASH, [])
    beside.intend("source", "beside", HASH, [])
    assert path.read_bytes().count(b"\n") < 20
    fresh = Journal(path)
    assert len(fresh.open_intents("source", "last")) == 1
    assert len(fresh.open_intents("source", "beside")) == 1
    assert fresh.open_intents("label", "a/b") == [], "it was retired by a third process"


def test_killed_while_it_drops_what_is_over_nothing_is_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Journal(path).intend("source", "open", HASH, [])
    replaced: list[Path] = []

    def killed(self: Path, target: Path) -> Path:
        replaced.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        _retire(path, 210)
    monkeypatch.undo()
    assert len(replaced) == 1
    assert replaced[0].exists()
    later = Journal(path)
    assert len(later.open_intents("source", "open")) == 1
    for index in range(199, 205):
        later.retire(f"id{index}")
    assert not replaced[0].exists()
    assert len(Journal(path).open_intents("source", "open")) == 1


def test_a_writer_that_waited_writes_into_the_file_that_replaced_its_own(path: Path) -> None:
    """Eight journals on one file, as eight processes have them; two of them shorten it."""
    for half in range(2):
        maker = Journal(path)
        for index in range(150):
            maker.made(maker.intend("source", f"{half}-{index}", HASH, []), f"{half}-{index}")
    journals = [Journal(path) for _ in range(8)]
    barrier = threading.Barrier(8, timeout=30)

    def work(which: int) -> None:
        barrier.wait()
        for index in range(150):
            if which < 2:
                journals[which].retire(f"{which}-{index}")
                journals[which].retire(f"{1 - which}-{index}")
            elif index < 20:
                journals[which].intend("label", f"{which}/{index}", HASH, [])

    threads = [threading.Thread(target=work, args=(which,)) for which in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
        assert not thread.is_alive()
    found = Journal(path)
    kept = [found.open_intents("label", f"{w}/{i}") for w in range(2, 8) for i in range(20)]
    assert all(len(one) == 1 for one in kept)
    assert not any(found.open_intents("source", f"{h}-{i}") for h in range(2) for i in range(150))


def test_an_object_met_again_is_retired_once(path: Path) -> None:
    _retire(path, 3)
    size = path.stat().st_size
    again = Journal(path)
    for index in range(3):
        again.retire(f"id{index}")
    again.retire("never heard of")
    assert path.stat().st_size == size


def test_adopted_ends_all_open_intents_of_the_object(path: Path) -> None:
    Journal(path).intend("source", "web", HASH, [])
    Journal(path).intend("source", "web", HASH, [])
    third = Journal(path)
    third.adopted("source", "web", "src1")
    later = Journal(path)
    assert later.adoptable("source", "web", "another body", ["src1"]) == "src1"
    later.retire("src1")
    assert Journal(path).open_intents("source", "web") == []


def test_without_a_file_it_remembers_nothing_for_later_and_fails_nobody() -> None:
    journal = Journal(None)
    journal.made(journal.intend("source", "web", HASH, []), "src1")
    journal.retire("src1")
    assert journal.warning == ""
    assert journal.adoptable("source", "web", HASH, ["src1"]) is None
