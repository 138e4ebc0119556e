"""Plans that the engine makes, in words; the workspace that it pulled beside them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs

from segform import Segment
from segform.report import load, render, review
from segform.workspace import Workspace
from segform_emulator import Emulator


def _engine(folder: Path) -> tuple[Emulator, Workspace]:
    emulator = Emulator()
    emulator.snapshots.made_up(
        {"sources": 2, "destinations": 3, "filters": 2, "plans": 1, "rules": 3}
    )
    client = Segment(emulator.token, url="https://emulator.example", transport=emulator.transport())
    return emulator, Workspace(client, bindings=folder / "bindings.json", folder=folder)


def _schema() -> Any:
    path = Path(__file__).parents[2] / "contract" / "schemas" / "plan.schema.json"
    return jsonschema_rs.validator_for(json.loads(path.read_text(encoding="utf-8")))


def test_a_plan_of_the_engine_is_told(tmp_path: Path) -> None:
    _, engine = _engine(tmp_path)
    held = engine.pull()
    wanted: dict[str, Any] = copy.deepcopy(held)
    [workspace] = wanted["workspaces"]
    workspace["sources"][0]["enabled"] = False
    workspace["filters"][0]["if"] = 'type = "identify"'
    plan = workspace["trackingPlans"][0]
    name = plan["rules"][0].get("key")
    plan["rules"][0]["jsonSchema"] = {
        "type": "object",
        "properties": {
            "properties": {
                "type": "object",
                "properties": {"voucher": {"type": "string"}},
                "required": ["voucher"],
            }
        },
        "required": ["properties"],
    }
    document = json.loads(json.dumps(engine.plan(wanted).to_dict(), default=str))
    assert list(_schema().iter_errors(document)) == []
    assert {one["kind"] for one in document["changes"]} == {
        "source",
        "destination_filter",
        "tracking_plan",
    }
    text = render(review(load(document, snapshot=json.loads(json.dumps(held, default=str)))))
    # The plan by itself names the same, and does not hold what it does not need.
    assert "beside" in document
    alone = render(review(load(document)))
    for line in text.splitlines():
        assert line in alone or " uses it: " in line or " use it: " in line or "code>" in line
    source = held["workspaces"][0]["sources"][0]["name"]
    assert f"The source **{source}** is switched off" in text
    assert "After: Events where the type of call is “identify”" in text
    assert f"The event **{name}** in the plan" in text
    assert "voucher" in text
    assert "On **" in text


def test_what_stays_is_told_by_names_and_references(tmp_path: Path) -> None:
    """No settings, no write key, no rule; the filter's destination and source are there."""
    _, engine = _engine(tmp_path)
    wanted: dict[str, Any] = copy.deepcopy(engine.pull())
    [workspace] = wanted["workspaces"]
    changed = workspace["filters"][0]
    changed["if"] = 'type = "identify"'
    document = json.loads(json.dumps(engine.plan(wanted).to_dict(), default=str))
    held = {(one["kind"], one["id"]): one["values"] for one in document["beside"]}
    destination = held["destination", changed["destinationId"]]
    [told] = [one for one in workspace["destinations"] if one["id"] == changed["destinationId"]]
    assert destination["name"] == told["name"]
    assert destination["source_id"] == told["sourceId"]
    # What changes is told in short, so that the report can say what the filter does.
    assert document["changes"][0]["before"]["actions"]
    named = {name for values in held.values() for name in values}
    assert not named & {"settings", "write_keys", "rules", "rules_by_key", "code"}
    text = render(review(load(document)))
    assert f"in front of **{told['name']}**" in text


def test_a_plan_that_changes_nothing_tells_nothing_beside(tmp_path: Path) -> None:
    _, engine = _engine(tmp_path)
    assert "beside" not in engine.plan(engine.pull()).to_dict()


def test_what_is_deleted_has_its_name(tmp_path: Path) -> None:
    _, engine = _engine(tmp_path)
    wanted: dict[str, Any] = copy.deepcopy(engine.pull())
    [workspace] = wanted["workspaces"]
    engine.adopt(engine.plan(wanted))
    gone = workspace["filters"].pop()
    document = json.loads(json.dumps(engine.plan(wanted).to_dict(), default=str))
    assert [one["action"] for one in document["changes"]] == ["delete"]
    assert f"The filter **{gone['title']}**" in render(review(load(document)))
