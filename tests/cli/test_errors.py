"""Bad input and bad days: what is wrong is said in a line, and nothing is lost over it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from segform.cli import _place, why
from segform.workspace import files

from .conftest import Desk

_LABELS = """
from segform.resources.label import Label
from segform.workspace import Desired
desired = Desired()
for number in range(40):
    desired.add(Label(key="brand", value=f"b{number}"), f"b{number}")
"""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("import no_such_module\n", 1, "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def f(:\n", 1, "it is not Python: invalid syntax"),
        (
            "from segform.workspace import Desired\n\nDesired().add(1, 2, 3, 4)\n",
            3,
            "TypeError: ",
        ),
        (
            f"{_LABELS}\ndesired.add(Label(key='brand', value='b'), 'b1')\n",
            8,
            "label.b1 is declared twice",
        ),
        ("import sys\n\nsys.exit(3)\n", 3, "it ends the program (SystemExit)"),
        ("import helper\n", 0, "helper.py:2:1: ZeroDivisionError: division by zero"),
    ],
)
def test_what_a_python_file_raises_is_told_with_its_line(
    desk: Desk, text: str, line: int, words: str
) -> None:
    Path("wanted.py").write_text(text)
    Path("helper.py").write_text("def half():\n    return 1 / 0\n\nhalf()\n")
    for command in ("plan", "apply", "drift"):
        ended = desk.run(command, "wanted.py")
        assert ended.code == 1
        assert words in ended.err
        assert not line or ended.err.startswith(f"Error: wanted.py:{line}:1: ")
        assert "Traceback" not in ended.err
        assert len(ended.err.splitlines()) == 1
    with pytest.raises(ValueError, match=r"\.py:\d+:1: ") as raised:
        files.of_python(Path("wanted.py"))
    # For whoever writes Python the way there is still known.
    assert raised.value.__cause__ is not None


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "now.json", "--output"),
        ("report", "now.json", "--output"),
        ("drift", "now.json", "--output"),
        ("plan", "now.json", "--out"),
        ("pull", "--out"),
        ("events", "events", "--output"),
        ("codeowners", "events", "--root", ".", "--output"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(desk: Desk, arguments: tuple[str, ...]) -> None:
    desk.has()
    desk.snapshot()
    Path("events").mkdir()
    Path("events/paid.yaml").write_text("name: Paid\ncall: track\nowner: growth\n")
    Path("pyproject.toml").write_text('[tool.segform.owners]\ngrowth = "@acme/growth"\n')
    Path("blocked").write_text("a file, where a folder is wanted")
    ended = desk.run(*arguments, "blocked/out.json")
    assert ended.code == 1
    assert "Traceback" not in ended.err
    last = ended.err.splitlines()[-1]
    assert last.startswith("Error: ")
    assert "blocked" in last
    assert "[Errno" not in last
    assert Path("blocked").read_text() == "a file, where a folder is wanted"
    # It is known before a workspace is read.
    assert desk.place.sent() == []


def test_what_the_system_says_is_told_without_its_numbers() -> None:
    assert why(OSError(28, "No space left on device")) == "No space left on device"
    assert why(OSError(2, "No such file", "x.json")) == "x.json: No such file"
    assert why(OSError("odd")) == "odd"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
@pytest.mark.parametrize("arguments", [("--help",), ("check", "now.json"), ("report", "now.json")])
def test_a_full_disk_is_an_error_in_a_line(desk: Desk, arguments: tuple[str, ...]) -> None:
    desk.has()
    desk.snapshot()
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "segform", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "Error: No space left on device\n"


def test_a_file_that_could_not_be_written_whole_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "plan.json"
    out.write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left") as raised:
        files.put(out, "after")
    assert raised.value.filename == str(out)
    assert [one.name for one in tmp_path.iterdir()] == ["plan.json"]
    assert out.read_text() == "before"


def test_a_snapshots_folder_is_taken_wherever_a_snapshot_is(desk: Desk) -> None:
    """And what is wrong in it is found in the file where it stands."""
    desk.has()
    folder = desk.snapshot("folder")
    whole = desk.snapshot("whole.json")
    event = Path("event.json")
    event.write_text('{"type": "track", "event": "Paid", "userId": "u"}')
    plan = Path("fixtures.json")
    plan.write_text(
        json.dumps(
            {
                "format": "segform.fixtures",
                "version": 1,
                "fixtures": [{"name": "x", "event": {"type": "track", "event": "y"}, "expect": {}}],
            }
        )
    )
    [destination] = json.loads(whole.read_text())["workspaces"][0]["destinations"]
    for command, rest in (
        ("report", ()),
        ("explain", (event, "--destination", destination["id"], "--snapshot")),
        ("test", (plan, "--against")),
        ("plan", ()),
    ):
        said = [desk.run(command, *rest, one) for one in (folder, whole)]
        assert said[0].out == said[1].out, command
        assert said[0].code == said[1].code, command
    found = {}
    for one in (folder, whole):
        ended = desk.run("check", one, "--format", "json")
        found[one] = json.loads(ended.out)["findings"]
    strip = [
        [{key: each[key] for key in each if key not in ("file", "line", "column")} for each in them]
        for them in found.values()
    ]
    assert sorted(strip[0], key=json.dumps) == sorted(strip[1], key=json.dumps)
    assert strip[0]
    for each in found[folder]:
        text = Path(each["file"]).read_text().splitlines()
        assert Path(each["file"]).parent == folder
        assert 1 <= each["line"] <= len(text)


def test_a_folder_with_a_snapshots_folder_in_it(desk: Desk) -> None:
    """Looked through as a whole, the files of the snapshot are no files of their own."""
    desk.has()
    desk.snapshot("envs/prod")
    ended = desk.run("check", ".", "--format", "json")
    notes = json.loads(ended.out).get("notes", [])
    assert not [one for one in notes if "not segform's" in one]
    assert "`workspaces` is not a list" not in ended.out


def test_report_takes_yaml(desk: Desk) -> None:
    desk.has()
    desk.snapshot("a.yaml")
    desk.snapshot("a.json")
    assert desk.run("report", "a.yaml").out == desk.run("report", "a.json").out


def test_compare_looks_for_its_files_before_it_reads_a_workspace(desk: Desk) -> None:
    for sides in (("live", "no.json"), ("no.json", "live")):
        ended = desk.run("compare", *sides)
        assert ended.code == 1
        assert "there is no file no.json" in ended.err
        assert desk.place.sent() == []


def test_a_command_that_is_mistyped_is_told_the_nearest(desk: Desk) -> None:
    assert "Did you mean 'plan'?" in desk.run("pln").err
    assert "Did you mean" not in desk.run("frobnicate").err


def test_a_dash_is_standard_output(desk: Desk) -> None:
    desk.has()
    assert json.loads(desk.run("pull", "--out", "-").out)["format"] == "segform.snapshot"
    assert not Path("-").exists()


def test_a_plan_says_how_it_is_carried_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    Path("wanted.py").write_text(_LABELS)
    ended = desk.run("plan", "wanted.py", "--out", "plan.json")
    assert "written: plan.json; `segform apply wanted.py --plan plan.json`" in ended.err
    monkeypatch.setenv("CI", "true")
    assert "written: " not in desk.run("plan", "wanted.py", "--out", "plan.json").err
    for command in ("apply", "plan"):
        ended = desk.run(command, "plan.json")
        assert ended.code == 1
        assert "plan.json is a plan" in ended.err
        assert "segform apply FILE --plan plan.json" in ended.err


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_apply_that_is_ended_binds_what_it_made(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C, and SIGTERM by which CI ends a job: what is under way is finished, and bound."""
    Path("wanted.py").write_text(_LABELS)
    real = _place.say
    sent = False

    def say(words: str, before: str = "") -> None:
        nonlocal sent
        real(words, before)
        if words.startswith("[3/") and not sent:
            sent = True
            os.kill(os.getpid(), getattr(signal, name))

    monkeypatch.setattr(_place, "say", say)
    before = signal.getsignal(signal.SIGTERM)
    ended = desk.run("apply", "wanted.py", "--bindings", "b.json", "--yes")
    assert signal.getsignal(signal.SIGTERM) is before
    assert ended.code == 130
    assert ended.err.count("interrupted: changes that are under way are finished") == 1
    made = [one["value"] for one in desk.place.held()["labels"] if one["key"] == "brand"]
    bound = json.loads(Path("b.json").read_text())["bindings"]
    assert 3 <= len(made) < 40
    assert len(bound) == len(made)
    assert f"{len(made)} of 40 changes done" in ended.err
    assert desk.run("apply", "wanted.py", "--bindings", "b.json", "--yes").code == 0


_READERS: tuple[tuple[Any, ...], ...] = (
    ("plan", "now.json"),
    ("pull",),
    ("drift", "now.json"),
    ("compare", "live", "now.json"),
    ("promote", "now.json"),
    ("export", "--format", "hcl", "--out", "code"),
    ("doctor",),
)


@pytest.mark.parametrize("arguments", _READERS, ids=lambda one: one[0])
def test_what_only_reads_holds_a_client_that_cannot_write(
    desk: Desk, arguments: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.has()
    desk.snapshot()
    real, asked = _place.client, []

    def client(**options: Any) -> Any:
        asked.append(options.get("read_only"))
        return real(**options)

    monkeypatch.setattr(_place, "client", client)
    desk.run(*arguments)
    assert asked
    assert all(asked)


def test_a_snapshot_of_another_workspace_is_no_plan_of_creates(desk: Desk) -> None:
    """A wrong token is one clear error, and says what is for bringing things over."""
    desk.has()
    now = desk.snapshot()
    said = json.loads(now.read_text())
    said["workspaces"][0] |= {"id": "another", "slug": "dev", "name": "Dev"}
    now.write_text(json.dumps(said))
    for arguments in (
        ("plan", now),
        ("apply", now, "--yes"),
        ("plan", "--to", now),
        ("drift", now),
    ):
        ended = desk.run(*arguments)
        assert ended.code == 3
        assert "is of the workspace Dev (dev), and the token's is Acme (acme)" in ended.err
        assert "segform promote" in ended.err
    assert desk.place.writes() == []
    assert desk.run("promote", now).code == 0
    del said["workspaces"][0]["id"]
    now.write_text(json.dumps(said))
    assert desk.run("plan", now).code == 0


def test_a_journal_that_cannot_be_written_is_told_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, where it is known; afterwards, where the disk became full in between."""
    Path("wanted.py").write_text(_LABELS)
    Path("blocked").write_text("")
    monkeypatch.setenv("SEGFORM_JOURNAL", "blocked/journal")
    ended = desk.run("apply", "wanted.py", "--yes")
    assert ended.code == 0
    assert ended.err.count("The journal cannot be used") == 1
    assert ended.err.index("The journal cannot be used") < ended.err.index("[1/40]")
    monkeypatch.delenv("SEGFORM_JOURNAL")
    Path("wanted.py").write_text(_LABELS.replace("b{number}", "c{number}"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("segform.lifecycle.journal.Journal._write", full)
    ended = desk.run("apply", "wanted.py", "--yes", "--bindings", "other.json")
    assert ended.code == 0
    assert ended.err.count("The journal cannot be used") == 1


def test_bindings_that_cannot_be_written_are_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segform.workspace import Bindings

    Path("b.json").write_text('{"format": "segform.bindings", "version": 1, "bindings": {}}')
    bindings = Bindings(Path("b.json"))
    before = sorted(Path().iterdir())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left") as raised:
        bindings.save()
    assert raised.value.filename == "b.json"
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "now.json", "--complete", "sources"), "there is no kind 'sources'; there are: "),
        (("compare", "now.json", "now.json", "--without", "sources"), "there is no kind 'sources'"),
        (("plan", "now.json", "--target", "source.wbe"), "Did you mean source.web?"),
        (("apply", "now.json", "--target", "source.zzz"), "it is not declared in now.json\n"),
        (("apply", "now.json", "--plan", "broken"), "broken:2:1: it is not JSON"),
        (("plan", "now.json", "--to", "now.json"), "give FILE or --to, not both"),
        (("promote", "now.json", "--policy", "odd.json"), "odd.json: the policy's `leave` has"),
        (("plan", "now.json", "--bindings", "list.json"), "its `format` has to be"),
    ],
)
def test_a_mistake_in_the_options_is_told_before_a_workspace_is_read(
    desk: Desk, arguments: tuple[str, ...], words: str
) -> None:
    desk.has()
    desk.snapshot()
    Path("broken").write_text("{\n")
    Path("list.json").write_text("{}")
    Path("odd.json").write_text('{"leave": 3}')
    ended = desk.run(*arguments)
    assert ended.code == 1
    assert words in ended.err
    assert set(desk.place.sent()) <= {"getWorkspace"}


def test_broken_bindings_are_in_nobodys_way_in_an_emergency(desk: Desk) -> None:
    desk.has()
    Path("broken.bindings.json").write_text("{}")
    ended = desk.run("disable", "source", "web")
    assert ended.code == 0
    assert "left out: broken.bindings.json is no bindings file of segform" in ended.err
    named = desk.run("disable", "source", "web", "--bindings", "broken.bindings.json")
    assert named.code == 1


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (
            '{"source.a": "s1", "source.b": "s1"}',
            "two addresses for one object, source.a and source.b",
        ),
        ('{"sauce.a": "s1"}', "'sauce.a': there is no kind 'sauce'"),
        ('{"source.a": 3}', "an id is a text"),
        ('{"source.a": null}', "an id is a text"),
        ("[]", "is no bindings file of segform"),
        (
            '{\n<<<<<<< HEAD\n"source.a": "s1"\n=======\n"source.b": "s2"\n>>>>>>> b\n}',
            "of a merge",
        ),
    ],
)
def test_bindings_that_somebody_edited(desk: Desk, held: str, words: str) -> None:
    """One object under two addresses would be renamed back and forth, run after run."""
    desk.has()
    now = desk.snapshot()
    Path("b.json").write_text(f'{{"format": "segform.bindings", "version": 1, "bindings": {held}}}')
    ended = desk.run("plan", now, "--bindings", "b.json")
    assert ended.code == 1
    assert words in ended.err
    assert "b.json" in ended.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff", "plan.json is not UTF-8. Save it as UTF-8"),
        (b"[" * 100_000, "plan.json is nested too deeply to be read"),
        (b"[]", "plan.json: a plan is a JSON object"),
        (b"{}", "plan.json: it is neither a plan of segform nor one of terraform"),
    ],
)
def test_a_report_names_the_file_that_it_cannot_read(
    desk: Desk, content: bytes, words: str
) -> None:
    Path("plan.json").write_bytes(content)
    ended = desk.run("report", "plan.json", "--out", "told.md")
    assert ended.code == 1
    assert ended.err.startswith(f"Error: {words}")
    assert not Path("told.md").exists()


def test_what_explain_and_test_were_given_is_named(desk: Desk) -> None:
    Path("event.json").write_text("[]")
    assert "event.json: an event is an object" in desk.run("explain", "event.json", "-d", "x").err
    assert "no fixtures in event.json; " in desk.run("test", "event.json").err
    assert "no fixtures in this folder; " in desk.run("test").err


def test_a_name_that_is_none_of_a_snapshots_is_told_before_anything_is_read(desk: Desk) -> None:
    ended = desk.run("pull", "--out", "shop.txt")
    assert ended.code == 1
    assert ended.err == "Error: shop.txt: a snapshot is a .json or .yaml file, or a folder\n"
    assert desk.place.sent() == []


def test_a_workspace_that_cannot_be_saved_is_not_written_to(desk: Desk) -> None:
    Path("wanted.py").write_text(_LABELS)
    Path(".segform").mkdir()
    Path(".segform/snapshots").write_text("")
    ended = desk.run("apply", "wanted.py", "--yes")
    assert ended.code == 1
    assert "the workspace cannot be saved before it is written to, so nothing was: " in ended.err
    assert "Run this in a folder that can be written" in ended.err
    assert desk.place.writes() == []
