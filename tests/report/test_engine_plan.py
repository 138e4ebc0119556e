"""Plans that the engine makes, in words; the workspace that it pulled beside them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

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
    assert {one["kind"] for one in document["changes"]} == {
        "source",
        "destination_filter",
        "tracking_plan",
    }
    text = render(review(load(document, snapshot=json.loads(json.dumps(held, default=str)))))
    source = held["workspaces"][0]["sources"][0]["name"]
    assert f"The source **{source}** is switched off" in text
    assert "After: Events where the type of call is “identify”" in text
    assert f"The event **{name}** in the plan" in text
    assert "voucher" in text
    assert "On **" in text
