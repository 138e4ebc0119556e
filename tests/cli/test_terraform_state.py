"""One object has one owner: what a Terraform state owns is not written; drift has three sides."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from segform.resources import registry
from segform.resources.exact import dumps, loads

from .conftest import Desk
from .test_plan_apply import edited, off

# What only Terraform can have in a state, so that a look for it finds every leak.
SECRET = "hush-of-the-state"


def state_of(
    desk: Desk, *kinds: str, form: str = "file", change: Any = None, name: str = "terraform.tfstate"
) -> Path:
    """A state that owns the objects of some kinds, as they are now."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    engine = desk.place.engine(bindings=None, journal=False)
    for one in engine.observe(kinds or None):
        if kinds and one.kind not in kinds:
            continue
        values = dict(one.values)
        if one.kind == "destination":
            values["settings"] = dumps({**loads(values["settings"]), "sharedSecret": SECRET})
        if change is not None:
            change(one.kind, values)
        number = len([each for each in found if each[0] == one.kind])
        found.append((one.kind, f"n{number}", values))
    resources: list[dict[str, Any]] = []
    for kind, label, values in found:
        head = {"mode": "managed", "type": f"segment_{kind}", "name": label}
        if form == "file":
            instance = {"schema_version": 0, "attributes": values, "index_key": "a"}
            resources.append({**head, "module": "module.shop", "instances": [instance]})
        else:
            at = f'module.shop.segment_{kind}.{label}["a"]'
            resources.append({**head, "address": at, "values": values})
    other = {"mode": "managed", "type": "null_resource", "name": "x", "instances": [], "values": {}}
    data = {**other, "mode": "data", "type": "segment_source"}
    if form == "file":
        document: Any = {"version": 4, "serial": 1, "resources": [*resources, other, data]}
    else:
        module = {"resources": [*resources, other, data]}
        document = {
            "format_version": "1.0",
            "values": {"root_module": {"child_modules": [module], "resources": []}},
        }
    path = desk.folder / name
    path.write_text(dumps(document))
    desk.place.sent()
    return path


@pytest.mark.parametrize("form", ["file", "shown"])
def test_what_terraform_owns_is_not_written(desk: Desk, form: str) -> None:
    desk.has()
    wanted = edited(desk.snapshot(), off)
    state = ("--terraform-state", state_of(desk, "destination", form=form))
    for command in (("plan",), ("apply", "--yes")):
        ended = desk.run(*command, wanted, *state)
        assert ended.code == 3
        words = (
            'destination.hook: it is owned by Terraform, as module.shop.segment_destination.n0["a"]'
        )
        assert words in ended.err
        assert SECRET not in ended.out + ended.err
    assert desk.place.writes() == []
    assert desk.run("apply", wanted, "--yes").code == 0
    assert desk.place.writes() == ["updateDestination"]


def test_what_others_own_does_not_hinder(desk: Desk) -> None:
    """A state of other objects, several states, and what is declared by both and equal."""
    desk.has()
    now = desk.snapshot()
    one = state_of(desk, "label", name="a.tfstate")
    other = state_of(desk, "function", name="b.tfstate")
    states = ("--terraform-state", one, "--terraform-state", other)
    ended = desk.run("apply", edited(now, off), "--yes", *states)
    assert ended.code == 0, ended
    assert "owned by Terraform, so not bound: " in ended.err
    assert desk.place.writes() == ["updateDestination"]


def test_what_terraform_owns_is_neither_bound_nor_made_anew(desk: Desk) -> None:
    desk.has()
    label = {"key": "theirs", "value": "a"}
    desk.place.client.request("createLabel", body={"label": label})
    now = desk.snapshot()
    state = ("--terraform-state", state_of(desk, "label"))
    [file] = desk.folder.glob("*.bindings.json")
    file.unlink()
    assert desk.run("apply", edited(now, off), "--yes", *state).code == 0
    bound = json.loads(file.read_text())["bindings"]
    assert "destination.hook" in bound
    assert not [one for one in bound if one.startswith("label.")]
    desk.place.client.request("deleteLabel", path=label)
    desk.place.sent()
    ended = desk.run("apply", now, "--yes", *state)
    assert ended.code == 3
    assert "label.theirs-a: it is owned by Terraform" in ended.err
    assert desk.place.writes() == []


def test_what_goes_along_with_a_deletion_is_owned_too(desk: Desk) -> None:
    desk.has()

    def none(workspace: Any) -> None:
        workspace.update(destinations=[], filters=[], subscriptions=[], insertFunctionInstances=[])

    wanted = edited(desk.snapshot(), none)
    state = ("--terraform-state", state_of(desk, "destination_filter"))
    ended = desk.run("apply", wanted, "--yes", *state)
    assert ended.code == 3
    assert "destination.hook: what Terraform owns would go along: module.shop" in ended.err
    assert desk.place.writes() == []


def test_a_complete_kind_leaves_what_terraform_owns(desk: Desk) -> None:
    desk.place.client.request("createLabel", body={"label": {"key": "theirs", "value": "a"}})
    empty = desk.snapshot()
    desk.place.client.request("createLabel", body={"label": {"key": "theirs", "value": "b"}})
    state = ("--terraform-state", state_of(desk, "label"))
    none = edited(empty, lambda held: held.update(labels=[]))
    assert desk.run("plan", none, "--complete", "label", "--exit-code").code == 2
    assert desk.run("plan", none, "--complete", "label", "--exit-code", *state).code == 0


def test_one_rule_of_a_plan_is_owned(desk: Desk) -> None:
    """The other rules of the plan may be changed; this one not."""
    desk.has()
    now = desk.snapshot()
    plan = desk.place.held()["trackingPlans"][0]["id"]
    key = "TRACK:Order Completed"
    rule = {
        **dict.fromkeys(registry()["tracking_plan_rule"].attributes),
        "id": f"{plan}:{key}",
        "tracking_plan_id": plan,
        "type": "TRACK",
        "key": "Order Completed",
        "version": 1,
        "json_schema": '{"type":"object"}',
    }
    instance = {"attributes": rule}
    resource = {"mode": "managed", "type": "segment_tracking_plan_rule", "name": "one"}
    path = desk.folder / "rules.tfstate"
    path.write_text(
        json.dumps({"version": 4, "resources": [{**resource, "instances": [instance]}]})
    )

    def change(number: int) -> Any:
        def one(held: Any) -> None:
            rules = held["trackingPlans"][0]["rules"]
            rules[number]["jsonSchema"] = {"type": "object", "description": "changed"}

        return one

    keys = [
        one.get("key")
        for one in json.loads(now.read_text())["workspaces"][0]["trackingPlans"][0]["rules"]
    ]
    mine, other = keys.index("Order Completed"), keys.index(None)
    ended = desk.run("plan", edited(now, change(mine)), "--terraform-state", path)
    assert ended.code == 3
    assert "a part of it is owned by Terraform: segment_tracking_plan_rule.one" in ended.err
    assert desk.run("plan", edited(now, change(other)), "--terraform-state", path).code == 0


def test_drift_says_which_side_changed(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    state = ("--terraform-state", state_of(desk))
    assert desk.run("drift", now, *state, "--exit-code").code == 0
    held = desk.place.held()
    [hook], [web] = held["destinations"], held["sources"]
    client = desk.place.client
    client.request("updateDestination", path={"destinationId": hook["id"]}, body={"enabled": False})
    client.request("updateSource", path={"sourceId": web["id"]}, body={"name": "Theirs"})

    def change(workspace: Any) -> None:
        workspace["sources"][0]["name"] = "Ours"
        workspace["filters"][0]["enabled"] = False

    wanted = edited(now, change)
    desk.place.sent()
    ended = desk.run("drift", wanted, *state, "--format", "json", "--exit-code")
    assert (ended.code, desk.place.writes()) == (2, [])
    found = {one["address"]: one for one in json.loads(ended.out)["drift"]}
    [enabled] = found["destination.hook"]["attributes"]
    assert enabled == {
        "path": ["enabled"],
        "declared": True,
        "state": True,
        "live": False,
        "cause": "workspace",
    }
    assert found["destination.hook"]["terraform"] == 'module.shop.segment_destination.n0["a"]'
    assert found["destination.hook"]["by"]["who"] == "tokens/owner"
    [name] = found["source.web"]["attributes"]
    assert (name["declared"], name["state"], name["live"]) == ("Ours", "Website", "Theirs")
    assert name["cause"] == "code and workspace"
    [paused] = found["destination_filter.no-pages"]["attributes"]
    assert paused["cause"] == "code"
    # Nobody did it in the workspace, so the audit trail is not asked about it.
    assert "by" not in found["destination_filter.no-pages"]
    assert set(found) == {"destination.hook", "source.web", "destination_filter.no-pages"}
    text = desk.run("drift", wanted, *state).out
    assert "enabled: true -> false (workspace)" in text
    assert SECRET not in text + ended.out


def test_drift_of_a_state_alone(desk: Desk) -> None:
    desk.has()
    state = ("--terraform-state", state_of(desk))
    held = desk.place.held()
    path = {"destinationId": held["destinations"][0]["id"]}
    client = desk.place.client
    client.request(
        "removeFilterFromDestination", path={**path, "filterId": held["filters"][0]["id"]}
    )
    client.request("updateDestination", path=path, body={"name": "Theirs"})
    desk.place.sent()
    ended = desk.run("drift", *state, "--format", "json", "--exit-code")
    assert (ended.code, desk.place.writes()) == (2, [])
    found = {one["kind"]: one for one in json.loads(ended.out)["drift"]}
    assert {kind: one["how"] for kind, one in found.items()} == {
        "destination": "changed",
        "destination_filter": "deleted",
    }
    [name] = found["destination"]["attributes"]
    assert (name["declared"], name["live"], name["cause"]) == ("Hook", "Theirs", "workspace")
    assert found["destination_filter"]["by"]["what"] == "Destination Filter Deleted"
    assert desk.run("drift").code == 1


def test_a_state_that_is_behind(desk: Desk) -> None:
    """Code and workspace agree; the state was not refreshed since."""

    def older(kind: str, values: dict[str, Any]) -> None:
        if kind == "source":
            values["name"] = "Before"

    desk.has()
    state = ("--terraform-state", state_of(desk, change=older))
    ended = desk.run("drift", desk.snapshot(), *state, "--format", "json")
    [one] = json.loads(ended.out)["drift"]
    [name] = one["attributes"]
    assert (name["state"], name["live"], name["cause"]) == ("Before", "Website", "state")


def test_standard_input(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.has()
    wanted = edited(desk.snapshot(), off)
    text = state_of(desk, "destination").read_text()
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert desk.run("plan", wanted, "--terraform-state", "-").code == 3
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert desk.run("plan", wanted, "--terraform-state", "-").code == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no Terraform state"),
        ("{}", "is no Terraform state"),
        ('{"version": 3, "resources": []}', "is a state of version 3"),
        ('{"version": 4, "resources": [{}]}', "no Terraform state that can be read"),
        ('{"format_version": "1.0", "resource_changes": []}', "is a plan, not a state"),
        ('{"format_version": "2.0"}', "1.x is read"),
        ('{"encrypted_data": "x", "meta": {}}', "is encrypted"),
    ],
)
def test_a_file_that_is_no_state(desk: Desk, text: str, words: str) -> None:
    (desk.folder / "x.tfstate").write_text(text)
    ended = desk.run("drift", "--terraform-state", "x.tfstate")
    assert ended.code == 1
    assert words in ended.err


def test_the_state_of_another_workspace(desk: Desk) -> None:
    def foreign(kind: str, values: dict[str, Any]) -> None:
        values.update({"workspace_id": "elsewhere"} if kind == "source" else {})

    desk.has()
    state = state_of(desk, "source", change=foreign)
    ended = desk.run("drift", "--terraform-state", state)
    assert ended.code == 1
    assert "is the state of another workspace (elsewhere)" in ended.err
