"""`segform compare` and `segform promote`: by addresses, for ids differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Desk
from .test_plan_apply import edited, off


def test_a_workspace_equals_its_snapshot(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    ended = desk.run("compare", "live", now, "--exit-code")
    assert (ended.code, ended.out) == (0, "No difference.\n")
    ended = desk.run("compare", now, edited(now, off), "--exit-code")
    assert (ended.code, ended.out) == (2, "differs: destination.hook\n    enabled: true | false\n")
    assert desk.place.writes() == []


def test_a_new_name_is_no_other_object_in_one_workspace(desk: Desk) -> None:
    """Not even where a new object has the old name."""
    desk.has()
    now = desk.snapshot()

    def rename(workspace: dict[str, Any]) -> None:
        held = workspace["destinations"][0]
        new = {**held, "id": f"{held['id']}-new", "settings": {}}
        held["name"] = "Renamed"
        workspace["destinations"].insert(0, new)
        workspace["trackingPlans"][0]["rules"].pop()

    ended = desk.run("compare", now, edited(now, rename))
    assert "differs: destination.hook\n    name: Hook | Renamed\n" in ended.out
    assert "only in B: destination.hook-2\n" in ended.out
    assert ": only in A\n" in ended.out
    assert "destination_id" not in ended.out


def test_promoted_once_and_then_equal(desk: Desk) -> None:
    """Development has the shop; production gets it, with ids of its own and without its people."""
    dev = desk.other("DEV_TOKEN", "dev")
    from tests.workspace.shop import shop

    engine = dev.engine()
    engine.apply(engine.plan(shop()), shop())
    planned = desk.run("promote", "live:DEV_TOKEN", "--exit-code")
    assert planned.code == 2
    assert desk.place.writes() == []
    assert "settings/sharedSecret" in planned.err
    done = desk.run("promote", "live:DEV_TOKEN", "--apply", "--yes")
    assert done.code == 0, done
    assert desk.place.held()["sources"][0]["id"] != dev.held()["sources"][0]["id"]
    assert "ann@shop.example" not in json.dumps(desk.place.held())
    assert "hush" not in json.dumps(desk.place.held())
    assert desk.run("promote", "live:DEV_TOKEN", "--exit-code").code == 0
    people = ("--without", "user", "--without", "user_group")
    assert desk.run("compare", "live:DEV_TOKEN", "live", "--exit-code", *people).code == 0


def test_what_may_differ_is_kept(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()

    def change(workspace: object) -> None:
        off(workspace)
        assert isinstance(workspace, dict)
        workspace["sources"][0]["settings"]["websiteUrl"] = "https://dev.example"
        workspace["sources"][0]["name"] = "Dev"

    theirs = edited(now, change, "dev.json")
    Path("policy.yaml").write_text(
        "differ:\n- destination.*.enabled\n- source.web.settings.websiteUrl\n"
    )
    policy = ("--policy", "policy.yaml")
    ended = desk.run("promote", theirs, *policy)
    assert [line for line in ended.out.splitlines() if line[:1] in "~+-±"][:1] == ["~ source.web"]
    assert desk.run("promote", theirs, *policy, "--apply", "--yes").code == 0
    held = desk.place.held()
    assert held["sources"][0]["name"] == "Dev"
    assert held["sources"][0]["settings"]["websiteUrl"] == "https://shop.example"
    assert held["destinations"][0]["enabled"] is True
    assert desk.run("promote", theirs, *policy, "--exit-code").code == 0


def test_a_part_of_a_setting_that_may_differ_is_kept(desk: Desk) -> None:
    """Beside it the other workspace's is taken over, at the same depth."""
    desk.has(
        source_settings={"websiteUrl": "https://shop.example", "x": {"a": "ours", "b": "ours"}}
    )
    now = desk.snapshot()

    def change(workspace: Any) -> None:
        workspace["sources"][0]["settings"]["x"] = {"a": "theirs", "b": "theirs"}

    theirs = edited(now, change, "dev.json")
    Path("policy.json").write_text('{"differ": ["source.web.settings.x.a"]}')
    promote = ("promote", theirs, "--policy", "policy.json")
    assert desk.run(*promote, "--apply", "--yes").code == 0
    [held] = desk.place.held()["sources"]
    assert held["settings"]["x"] == {"a": "ours", "b": "theirs"}
    assert desk.run(*promote, "--exit-code").code == 0


def test_people_that_the_bindings_know_are_left_alone(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    ended = desk.run("promote", edited(now, lambda held: held.update(groups=[], invites=[])))
    assert ended.out == "Nothing to do.\n"


def test_another_address_for_the_same_object_is_a_rename(desk: Desk) -> None:
    desk.has()
    [file] = desk.folder.glob("*.bindings.json")
    before = json.loads(file.read_text())["bindings"]
    assert "label.prod" in before
    now = desk.snapshot()
    assert desk.run("promote", now, "--apply", "--yes").code == 0
    after = json.loads(file.read_text())["bindings"]
    assert "label.prod" not in after
    assert sorted(after.values()) == sorted(before.values())
    assert desk.place.writes() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"differs": []}', "has `leave` and `differ`"),
        ('{"leave": ["gadget"]}', "is no kind"),
        ('{"differ": "source.web.name"}', "list of texts"),
        ('{"differ": ["name"]}', "names no attribute"),
    ],
)
def test_a_policy_that_is_none(desk: Desk, text: str, words: str) -> None:
    now = desk.snapshot()
    Path("policy.json").write_text(text)
    ended = desk.run("promote", now, "--policy", "policy.json")
    assert ended.code == 1
    assert words in ended.err


def test_a_variable_without_a_token(desk: Desk) -> None:
    ended = desk.run("compare", "live:NOBODY_HAS_THIS", "live")
    assert ended.code == 1
    assert "NOBODY_HAS_THIS holds no token" in ended.err


def test_users_and_groups_stay_out_unless_the_policy_says_otherwise(desk: Desk) -> None:
    """Also with a policy that speaks of other things."""
    dev = desk.other("DEV_TOKEN", "dev")
    dev.client.request("createUserGroup", body={"name": "Analysts"})
    dev.client.request("createLabel", body={"label": {"key": "team", "value": "web"}})
    Path("some.json").write_text('{"differ": ["source.*.enabled"]}')
    Path("all.json").write_text('{"leave": []}')
    for policy, more in (
        ((), False),
        (("--policy", "some.json"), False),
        (("--policy", "all.json"), True),
    ):
        ended = desk.run("promote", "live:DEV_TOKEN", *policy)
        assert "label.team-web" in ended.out
        assert ("user_group.analysts" in ended.out) is more
