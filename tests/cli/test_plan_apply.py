"""`segform plan` and `segform apply`: the reviewed plan or nothing."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import jsonschema_rs
import pytest

from tests.workspace.shop import SOURCE_ADMIN

from .conftest import Desk

SCHEMAS = Path(__file__).resolve().parents[2] / "contract" / "schemas"


def edited(path: Path, change: Any, name: str = "wanted.json") -> Path:
    """A snapshot with a change to its workspace, beside it."""
    found = json.loads(path.read_text())
    change(found["workspaces"][0])
    out = path.with_name(name)
    out.write_text(json.dumps(found))
    return out


def off(workspace: Any) -> None:
    """Switch the destination off."""
    workspace["destinations"][0]["enabled"] = False


def test_what_was_pulled_plans_empty(desk: Desk) -> None:
    desk.has()
    ended = desk.run("plan", desk.snapshot(), "--exit-code")
    assert (ended.code, ended.out) == (0, "Nothing to do.\n")
    assert desk.place.writes() == []


def test_a_plan_is_shown_written_and_bound(desk: Desk) -> None:
    desk.has()
    wanted = edited(desk.snapshot(), off)
    ended = desk.run("plan", wanted, "--exit-code", "--out", "plan.json")
    assert ended.code == 2
    assert "~ destination.hook\n    enabled: true -> false" in ended.out
    written = json.loads(Path("plan.json").read_text())
    schema = json.loads((SCHEMAS / "plan.schema.json").read_text())
    jsonschema_rs.validator_for(schema).validate(written)
    told = json.loads(desk.run("plan", wanted, "--json").out)
    assert told["changes"] == written["changes"]
    assert desk.place.writes() == []
    assert desk.run("apply", wanted, "--plan", "plan.json").code == 0
    assert desk.place.writes() == ["updateDestination"]
    assert desk.run("plan", wanted, "--exit-code").code == 0


def test_a_stale_plan_is_refused_and_nothing_is_written(desk: Desk) -> None:
    desk.has()
    wanted = edited(desk.snapshot(), off)
    desk.run("plan", wanted, "--out", "plan.json")
    path = {"sourceId": desk.place.held()["sources"][0]["id"]}
    desk.place.client.request("updateSource", path=path, body={"name": "Theirs"})
    desk.place.sent()
    ended = desk.run("apply", wanted, "--plan", "plan.json")
    assert ended.code == 3
    assert "has changed since plan.json was made: plan again" in ended.err
    assert desk.place.writes() == []


def test_another_file_than_the_reviewed_one_is_refused(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    desk.run("plan", edited(now, off), "--out", "plan.json")

    def more(workspace: Any) -> None:
        off(workspace)
        workspace["destinations"][0]["name"] = "Other"

    desk.place.sent()
    ended = desk.run("apply", edited(now, more), "--plan", "plan.json")
    assert (ended.code, desk.place.writes()) == (3, [])


@pytest.mark.parametrize("text", ["{}", "[]", '{"format": "segform.plan", "version": 2}', "{"])
def test_a_file_that_is_no_plan(desk: Desk, text: str) -> None:
    desk.has()
    wanted = edited(desk.snapshot(), off)
    Path("plan.json").write_text(text)
    assert desk.run("apply", wanted, "--plan", "plan.json").code == 1
    assert desk.place.writes() == []


def test_nobody_to_ask_is_an_error(desk: Desk) -> None:
    desk.has()
    ended = desk.run("apply", edited(desk.snapshot(), off))
    assert ended.code == 1
    assert "--yes" in ended.err
    assert desk.place.writes() == []


def test_a_snapshot_is_saved_first_and_goes_back(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    before = desk.place.held()

    def change(workspace: Any) -> None:
        off(workspace)
        workspace["filters"] = []
        workspace["labels"].append({"key": "team", "value": "web"})

    assert desk.run("apply", edited(now, change), "--yes").code == 0
    assert desk.place.held() != before
    [saved] = Path(".segform/snapshots").rglob("*.json")
    assert saved.stat().st_mode & 0o077 == 0
    ended = desk.run("plan", "--to", saved)
    assert ended.code == 0
    assert "destination_filter.no-pages is made anew, with another id" in ended.err
    assert "- label.team" in ended.out
    assert desk.run("apply", "--to", saved, "--yes").code == 0
    after = desk.place.held()
    for family in ("labels", "sources", "destinations", "trackingPlans"):
        assert _shown(after[family]) == _shown(before[family])
    [filter_now], [filter_then] = after["filters"], before["filters"]
    assert (filter_now["title"], filter_now["if"]) == (filter_then["title"], filter_then["if"])
    assert desk.run("plan", "--to", saved, "--exit-code").code == 0


def test_going_back_makes_nothing_ours_that_was_not(desk: Desk) -> None:
    """Else the next apply of the code would delete whatever else the workspace has."""
    Path("wanted.py").write_text(
        "from segform.resources.label import Label\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        "desired.add(Label(key='brand', value='a'))\n"
    )
    theirs = {"slug": "theirs", "enabled": True, "metadataId": "IqDTy1TpoU"}
    desk.place.client.request("createSource", body=theirs)
    assert desk.run("apply", "wanted.py", "--yes").code == 0
    [saved] = Path(".segform/snapshots").rglob("*.json")
    assert desk.run("apply", "--to", saved, "--yes").code == 0
    assert [one["key"] for one in desk.place.held().get("labels", [])].count("brand") == 0
    ended = desk.run("plan", "wanted.py")
    assert [line for line in ended.out.splitlines() if line[:1] in ("-", "~", "±")] == []


def _shown(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    moments = ("updatedAt", "createdAt", "actionAt")
    return [{key: one for key, one in item.items() if key not in moments} for item in objects]


def test_a_guarded_deletion_is_refused_until_it_is_let_go(desk: Desk) -> None:
    desk.has()

    def change(workspace: Any) -> None:
        workspace["functions"] = []
        workspace["insertFunctionInstances"] = []

    wanted = edited(desk.snapshot(), change)
    ended = desk.run("apply", wanted, "--yes")
    assert ended.code == 3
    assert "let it go" in ended.err
    assert desk.place.writes() == []
    name = "function:INSERT_DESTINATION/Clean (Acme)"
    assert desk.run("apply", wanted, "--yes", "--let-go", name).code == 0
    assert "functions" not in desk.place.held()


def test_too_much_is_refused_until_it_is_forced(desk: Desk) -> None:
    def many(workspace: Any) -> None:
        workspace["labels"] = [{"key": "k", "value": f"v{n}"} for n in range(40)]

    empty = desk.snapshot()
    assert desk.run("apply", edited(empty, many), "--yes").code == 0
    desk.place.sent()
    none = edited(empty, lambda workspace: workspace.update(labels=[]), "none.json")
    ended = desk.run("apply", none, "--yes")
    assert ended.code == 3
    assert "40 of 4" in ended.err
    assert desk.place.writes() == []
    assert desk.run("apply", none, "--yes", "--force").code == 0


def test_one_target(desk: Desk) -> None:
    desk.has()

    def change(workspace: Any) -> None:
        off(workspace)
        workspace["filters"][0]["enabled"] = False

    wanted = edited(desk.snapshot(), change)
    ended = desk.run("apply", wanted, "--yes", "--target", "destination.hook", "--json")
    assert ended.code == 0
    told = [json.loads(line) for line in ended.out.splitlines()]
    assert [one["event"] for one in told] == ["plan", "begun", "done", "end"]
    assert {one["address"] for one in told[1:3]} == {"destination.hook"}


def test_a_python_file(desk: Desk) -> None:
    Path("brands.py").write_text("BRANDS = ['a', 'b']\n")
    Path("wanted.py").write_text(
        "from brands import BRANDS\n"
        "from segform.resources.label import Label\n"
        "from segform.workspace import Desired\n"
        "def desired():\n"
        "    made = Desired()\n"
        "    for one in BRANDS:\n"
        "        made.add(Label(key='brand', value=one), one)\n"
        "    return made\n"
    )
    assert desk.run("apply", "wanted.py", "--yes").code == 0
    assert len([one for one in desk.place.held()["labels"] if one["key"] == "brand"]) == 2
    Path("empty.py").write_text("")
    ended = desk.run("plan", "--python", "empty.py")
    assert ended.code == 1
    assert "desired = Desired()" in ended.err


def test_an_interrupt_lets_what_is_under_way_finish(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(workspace: Any) -> None:
        workspace["labels"] = [{"key": "k", "value": f"v{n}"} for n in range(60)]

    wanted = edited(desk.snapshot(), many)
    applying: Any = import_module("segform.workspace.applying")
    calls = 0

    class Interrupted(SimpleQueue[Any]):
        def get(self, *arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == 3:
                raise KeyboardInterrupt
            return super().get(*arguments)

    monkeypatch.setattr(applying, "SimpleQueue", Interrupted)
    ended = desk.run("apply", wanted, "--yes")
    assert ended.code == 130
    monkeypatch.setattr(applying, "SimpleQueue", SimpleQueue)
    made = len(desk.place.held()["labels"])
    [bindings] = desk.folder.glob("*.bindings.json")
    assert 0 < made < 60
    assert len(json.loads(bindings.read_text())["bindings"]) >= made
    assert f"{made} of 60 changes done" in ended.err
    assert desk.run("apply", wanted, "--yes").code == 0
    assert len(desk.place.held()["labels"]) == 60


def test_names_cannot_steer_a_terminal(desk: Desk) -> None:
    desk.has()

    def change(workspace: Any) -> None:
        workspace["destinations"][0]["name"] = "\x1b[2J\u202eevil"

    ended = desk.run("plan", edited(desk.snapshot(), change))
    assert "evil" in ended.out
    assert "\x1b" not in ended.out + ended.err
    assert "\u202e" not in ended.out + ended.err


def test_a_reading_command_cannot_write(desk: Desk) -> None:
    """`plan` and the like hold a client that refuses writes, whatever the code does."""
    from segform import ReadOnlyError
    from segform.cli import _place

    with _place.client(read_only=True) as wire, pytest.raises(ReadOnlyError):
        wire.request("createLabel", body={"label": {"key": "a", "value": "b"}})


def test_the_last_owner_does_not_go_by_accident(desk: Desk) -> None:
    """Not by a deletion, not by a change of what they may do; with a second owner it may."""
    desk.has()
    assert desk.run("pull", "--out", "now.json", "--bind").code == 0
    now = Path("now.json").absolute()
    [owner] = json.loads(now.read_text())["workspaces"][0]["users"]
    desk.place.sent()

    def leave(workspace: Any) -> None:
        workspace["users"] = []

    def demote(workspace: Any) -> None:
        for one in workspace["users"][0]["permissions"]:
            one["roleId"] = SOURCE_ADMIN

    for change in (leave, demote):
        ended = desk.run("apply", edited(now, change), "--yes")
        assert ended.code == 3, ended
        assert f"would be left without an owner ({owner['email']})" in ended.err
        assert f"let it go: `--let-go user:{owner['email']}`" in ended.err
        assert desk.place.writes() == []
        let_go = ("--let-go", f"user:{owner['email']}")
        assert desk.run("plan", edited(now, change), *let_go).code == 0
    desk.place.accept("ann@shop.example")
    group = {"name": "Owners", "members": ["ann@shop.example"]}
    client = desk.place.client
    made = client.request("createUserGroup", body={"name": group["name"]})["userGroup"]["id"]
    path = {"userGroupId": made}
    client.request("addUsersToUserGroup", path=path, body={"emails": group["members"]})
    grant = [
        {"roleId": one["roleId"], "resources": one["resources"]} for one in owner["permissions"]
    ]
    client.request("addPermissionsToUserGroup", path=path, body={"permissions": grant})
    assert desk.run("pull", "--out", "then.json").code == 0
    everybody = ("--complete", "user")
    ended = desk.run("plan", edited(Path("then.json").absolute(), leave), *everybody)
    assert "without an owner" in ended.err  # Ann goes too, and her group has nobody left

    def only(workspace: Any) -> None:
        kept = [one for one in workspace["users"] if one["email"] != owner["email"]]
        workspace["users"] = kept

    ended = desk.run("plan", edited(Path("then.json").absolute(), only), *everybody)
    assert ended.code == 0, ended


def test_colours_are_for_terminals_and_never_with_no_color(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.has()
    wanted = edited(desk.snapshot(), off)
    assert "\x1b" not in desk.run("plan", wanted).out
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[33m~ destination.hook\x1b[0m" in desk.run("plan", wanted).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in desk.run("plan", wanted).out
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in desk.run("plan", wanted).out


def test_children_of_declared_objects_go_where_that_is_said(desk: Desk) -> None:
    """A filter that somebody made in the app: nobody's, until the destination is wholly ours."""
    desk.has()
    now = desk.snapshot()
    [hook] = desk.place.held()["destinations"]
    body = {"title": "Theirs", "if": 'type = "page"', "actions": [{"type": "DROP"}]}
    desk.place.client.request(
        "createFilterForDestination",
        path={"destinationId": hook["id"]},
        body={**body, "sourceId": hook["sourceId"], "enabled": True},
    )
    desk.place.sent()
    assert desk.run("plan", now, "--exit-code").code == 0
    ended = desk.run("plan", now, "--children", "--exit-code")
    assert (ended.code, ended.out) == (2, "- destination_filter.theirs\n\n1 to delete.\n")
    assert desk.run("apply", now, "--children", "--yes").code == 0
    assert desk.place.writes() == ["removeFilterFromDestination"]


def test_a_rename_is_asked_for(desk: Desk) -> None:
    """Another name and another key at once: nobody can know whether it is the same object."""
    text = (
        "from segform.resources.destination import Destination\n"
        "from segform.resources.source import Source\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        "source = Source(slug='s', enabled=True, metadata={'id': 'IqDTy1TpoU'}, settings={})\n"
        "desired.add(source, 's')\n"
        "hook = Destination(name='Hook', enabled=True, source_id=source, settings={},\n"
        "                   metadata={'id': '614a3c7d791c91c41bae7599'})\n"
        "desired.add(hook, 'hook')\n"
    )
    Path("wanted.py").write_text(text)
    assert desk.run("apply", "wanted.py", "--yes").code == 0
    renamed = text.replace("name='Hook'", "name='Other'").replace("'hook')", "'other')")
    Path("wanted.py").write_text(renamed)
    ended = desk.run("plan", "wanted.py")
    assert "1 to create, 1 to delete." in ended.out
    assert "declare it with `renamed_from='destination.hook'`" in ended.err
    said = renamed.replace("'other')", "'other', renamed_from='destination.hook')")
    Path("wanted.py").write_text(said)
    ended = desk.run("plan", "wanted.py")
    assert "~ destination.other" in ended.out
    assert "renamed_from" not in ended.err


def test_what_somebody_made_meanwhile_is_told_without_terraform(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between plan and create somebody takes the key: the words are none of an import block."""
    from segform.cli import _doing

    Path("wanted.py").write_text(
        "from segform.resources.source import Source\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        "web = Source(slug='web', enabled=True, metadata={'id': 'IqDTy1TpoU'}, settings={})\n"
        "desired.add(web)\n"
    )
    real = _doing._foretold

    def foretold(*arguments: Any, **more: Any) -> Any:
        body = {"slug": "web", "enabled": True, "metadataId": "IqDTy1TpoU"}
        desk.place.client.request("createSource", body=body)
        return real(*arguments, **more)

    monkeypatch.setattr(_doing, "_foretold", foretold)
    ended = desk.run("apply", "wanted.py", "--yes")
    assert ended.code == 1
    assert "already has a source 'web'" in ended.err
    assert "Plan again: " in ended.err
    assert "import {" not in ended.err
    monkeypatch.setattr(_doing, "_foretold", real)
    assert desk.run("apply", "wanted.py", "--yes").code == 0
    assert len(desk.place.held()["sources"]) == 1


def test_counts_come_in_their_order(desk: Desk) -> None:
    """Though changes are done by many threads at once."""
    Path("wanted.py").write_text(
        "from segform.resources.label import Label\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        "for number in range(60):\n"
        "    desired.add(Label(key='brand', value=f'b{number}'), f'b{number}')\n"
    )
    ended = desk.run("apply", "wanted.py", "--yes")
    lines = [line for line in ended.err.splitlines() if line.startswith("[")]
    assert [line.partition("]")[0] for line in lines] == [f"[{one}/60" for one in range(1, 61)]
    assert "60 of 60 changes done" in ended.err


def test_a_reviewed_plan_is_refused_where_anything_that_it_saw_has_changed(desk: Desk) -> None:
    """Also where it would do the very same: the review was of another workspace."""
    desk.has()

    def change(workspace: Any) -> None:
        workspace["sources"][0]["name"] = "Reviewed"

    wanted = edited(desk.snapshot(), change)
    assert desk.run("plan", wanted, "--out", "plan.json").code == 0
    client = desk.place.client
    client.request("createLabel", body={"label": {"key": "their", "value": "s"}})
    desk.place.sent()
    ended = desk.run("apply", wanted, "--plan", "plan.json")
    assert ended.code == 3
    assert "the workspace has changed since plan.json was made" in ended.err
    assert desk.place.writes() == []


def test_what_this_machine_remembers_is_its_owners_alone(desk: Desk) -> None:
    """Salted hashes of what was written, journal and lock: nobody else needs them."""
    desk.has()

    def change(workspace: Any) -> None:
        workspace["destinations"][0]["settings"]["sharedSecret"] = "hush-hush"

    desk.run("apply", edited(desk.snapshot(), change), "--yes")
    found = [one for one in Path(".segform").rglob("*") if one.is_file()]
    assert [one for one in found if one.parent.name == "managed"]
    assert [one for one in found if one.stat().st_mode & 0o077] == []
    assert [one for one in found if b"hush-hush" in one.read_bytes()] == []
