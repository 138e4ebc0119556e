"""`segform pull`: the whole workspace as a snapshot, told beforehand, with what was not seen."""

from __future__ import annotations

import json
import re
import stat
from decimal import Decimal
from typing import Any

import httpx
import pytest

from segform.resources.exact import loads
from segform.workspace import files

from .conftest import Desk


def test_every_form_is_the_same_snapshot_and_nothing_is_written(desk: Desk) -> None:
    desk.has()
    for out in ("a.json", "a.yaml", "folder"):
        ended = desk.run("pull", "--out", out)
        assert (ended.code, ended.out) == (0, "")
    found = [files.read(desk.folder / out) for out in ("a.json", "a.yaml", "folder")]
    assert found[0] == found[1] == found[2]
    assert loads(desk.run("pull").out) == found[0]
    assert desk.place.writes() == []
    assert stat.S_IMODE((desk.folder / "a.json").stat().st_mode) == 0o600


def test_versions_of_rules_stay_exact(desk: Desk) -> None:
    desk.has()
    plan = desk.place.held()["trackingPlans"][0]["id"]
    rule = {"type": "TRACK", "key": "Paid", "version": 1.1, "jsonSchema": {}}
    desk.place.client.request(
        "updateRulesInTrackingPlan", path={"trackingPlanId": plan}, body={"rules": [rule]}
    )
    for out in ("a.json", "a.yaml"):
        desk.run("pull", "--out", out)
        [held] = files.read(desk.folder / out)["workspaces"][0]["trackingPlans"]
        assert Decimal("1.1") in [one["version"] for one in held["rules"]]
        assert desk.run("plan", out, "--exit-code").code == 0


def test_requests_are_told_beforehand(desk: Desk) -> None:
    transport = desk.place.emulator.transport()
    with httpx.Client(base_url="https://emulator.example", transport=transport) as wire:
        wire.post("/_emulator/seed?sources=20&destinations=60&filters=30&plans=3&rules=40")
    desk.has()
    ended = desk.run("pull", "--out", "a.json")
    told = int(re.findall(r"about (\d+) requests", ended.err)[0])
    sent = len(desk.place.sent())
    assert abs(told - sent) <= 0.1 * sent


def test_what_a_token_may_not_see_is_listed_and_never_planned(desk: Desk) -> None:
    desk.has()
    whole = desk.snapshot("whole.json")
    desk.hide("listUsers")
    ended = desk.run("pull", "--out", "a.json")
    assert ended.code == 0
    assert "not seen: all of kind user" in ended.err
    refused = desk.run("apply", whole, "--yes")
    assert refused.code == 3
    assert "may not see any user" in refused.err
    assert desk.run("plan", "a.json", "--exit-code").code == 0
    assert desk.place.writes() == []


def test_what_a_list_leaves_out_is_listed_where_others_refer_to_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that is scoped by label gets shorter lists, and is not told so."""
    from segform import Segment

    desk.has()
    real = Segment.pages

    def pages(client: Any, name: str, **options: Any) -> Any:
        return iter([[]]) if name == "listSources" else real(client, name, **options)

    monkeypatch.setattr(Segment, "pages", pages)
    web = desk.place.held()["sources"][0]["id"]
    # What is bound is read by its id.
    ended = desk.run("pull", "--out", "a.json")
    assert (ended.code, "not seen" in ended.err) == (0, False)
    [file] = desk.folder.glob("*.bindings.json")
    file.unlink()
    ended = desk.run("pull", "--out", "a.json")
    assert ended.code == 0
    assert ended.err.count(f"not seen: the source {web}: destination ") == 1
    assert "refers to it, and no list has it" in ended.err


def test_bindings_of_what_was_read(desk: Desk) -> None:
    desk.has()
    [file] = desk.folder.glob("*.bindings.json")
    before = json.loads(file.read_text())
    file.unlink()
    assert desk.run("pull", "--out", "a.json", "--bind").code == 0
    after = json.loads(file.read_text())
    assert set(after["bindings"].values()) >= set(before["bindings"].values())


def test_a_family_that_is_gone_leaves_the_folder(desk: Desk) -> None:
    (desk.folder / "folder").mkdir()
    (desk.folder / "folder" / "gadgets.json").write_text("[]")
    desk.run("pull", "--out", "folder")
    assert not (desk.folder / "folder" / "gadgets.json").exists()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", "{", "a.json:1:2: it is not JSON"),
        ("a.json", "{}", "is no snapshot"),
        ("a.yaml", "a: &a [x]\nb: *a\n", "is no snapshot"),
        ("a.yaml", "a: 1\n- b\n", "a.yaml:2:1: it is not YAML"),
        ("a.yaml", "a: .inf\n", "no number that JSON knows"),
        ("a.json", "[" * 100_000, "nested too deeply to be read"),
    ],
)
def test_a_file_that_is_no_snapshot(desk: Desk, name: str, text: str, words: str) -> None:
    (desk.folder / name).write_text(text)
    ended = desk.run("plan", name)
    assert ended.code == 1
    assert words in ended.err
