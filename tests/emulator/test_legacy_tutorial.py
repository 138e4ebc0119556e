"""The service's own tutorials, and that either API ends in the same state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from segform_emulator import Emulator

from .api import WEB, Api
from .legacy_api import JS, Legacy, W, option

GA = "54521fd525e721e32a72ee99"
NAME = f"{JS}/destinations/google-analytics"
ENTRY = {
    "id": GA,
    "slug": "google-analytics",
    "name": "Google Analytics",
    "options": [
        {"name": "anonymizeIp", "type": "boolean", "defaultValue": False},
        {
            "name": "enableServerIdentify",
            "type": "boolean",
            "defaultValue": False,
            "label": "Enable Server Side Identify",
        },
        {"name": "trackingId", "type": "string", "label": "Website Tracking ID"},
    ],
}
# What may differ between two runs, and what only the old API knows.
VARYING = ("id", "sourceId", "workspaceId", "writeKeys", "createdAt", "updatedAt", "legacy")


def emulator(folder: Path) -> Emulator:
    file = folder / "destinations.json"
    file.write_text(json.dumps([ENTRY]))
    return Emulator(catalog=[file])


def without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without(one) for key, one in value.items() if key not in VARYING}
    return [without(one) for one in value] if isinstance(value, list) else value


def tutorial(legacy: Legacy) -> None:
    source = legacy.post(
        f"{W}/sources", {"source": {"name": JS, "catalog_name": "catalog/sources/javascript"}}
    )
    assert (source["name"], source["parent"]) == (JS, W)
    assert source["catalog_name"] == "catalog/sources/javascript"
    assert len(source["write_keys"][0]) == 32
    made = legacy.post(
        f"{JS}/destinations",
        {
            "destination": {
                "name": NAME,
                "connection_mode": "CLOUD",
                "config": [option(NAME, "trackingId", "UA-970334309-1")],
            }
        },
    )
    assert (made["name"], made["parent"]) == (NAME, JS)
    assert made["display_name"] == "Google Analytics"
    assert made["enabled"] is False
    assert made["connection_mode"] == "CLOUD"
    assert made["create_time"] == made["update_time"]
    assert {
        "name": f"{NAME}/config/trackingId",
        "display_name": "Website Tracking ID",
        "value": "UA-970334309-1",
        "type": "string",
    } in made["config"]
    after = legacy.patch(
        NAME,
        {
            # The text of a boolean is in the tutorial.
            "destination": {
                "enabled": "true",
                "config": [option(NAME, "enableServerIdentify", True, "boolean")],
            },
            "update_mask": {"paths": ["destination.enabled", "destination.config"]},
        },
    )
    assert after["enabled"] is True
    assert after["update_time"] > after["create_time"]
    assert [(one["name"].rpartition("/")[2], one["value"]) for one in after["config"]] == [
        ("anonymizeIp", False),
        ("enableServerIdentify", True),
        ("trackingId", "UA-970334309-1"),
    ]


def the_same_today(api: Api) -> None:
    source = api.post("/sources", {"slug": "js", "enabled": True, "metadataId": WEB})["source"]
    body = {
        "sourceId": source["id"],
        "metadataId": GA,
        "enabled": False,
        "settings": {"trackingId": "UA-970334309-1"},
    }
    made = api.post("/destinations", body)["destination"]
    changes = {"enabled": True, "settings": {"enableServerIdentify": True}}
    api.patch(f"/destinations/{made['id']}", changes)


def test_both_ways_end_in_the_same_state(tmp_path: Path) -> None:
    old, new = emulator(tmp_path), emulator(tmp_path)
    tutorial(Legacy(old))
    the_same_today(Api(new))
    assert without(old.dump()) == without(new.dump())
    assert old.dump()["workspaces"][0]["destinations"][0]["settings"]["enableServerIdentify"]


def test_the_protocols_tutorial(tmp_path: Path) -> None:
    """The other one: a plan with an event, one more event, and the source connected."""
    made = emulator(tmp_path)
    legacy = Legacy(made)
    legacy.source()
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {
            "properties": {
                "type": "object",
                "properties": {"username": {"type": "string", "description": ""}},
                "required": ["username"],
            }
        },
        "required": ["properties"],
    }
    first = {"name": "User Logged In", "description": "Sent on every login", "rules": schema}
    plan = legacy.plan("My Tracking Plan", events=[first])
    assert plan["name"].startswith(f"{W}/tracking-plans/rs_")
    assert [one["name"] for one in plan["rules"]["events"]] == ["User Logged In"]
    second = {"name": "User Created", "rules": schema}
    after = legacy.call(
        "PUT",
        plan["name"],
        {
            "update_mask": {"paths": ["tracking_plan.display_name", "tracking_plan.rules"]},
            "tracking_plan": {"display_name": "Updated", "rules": {"events": [first, second]}},
        },
    )
    assert after["display_name"] == "Updated"
    assert after["create_time"] == plan["create_time"]
    assert after["update_time"] > plan["update_time"]
    assert [one["description"] for one in after["rules"]["events"]] == ["Sent on every login", ""]
    assert after["rules"]["events"][0]["rules"]["$schema"] == schema["$schema"]
    connected = legacy.post(f"{plan['name']}/source-connections", {"source_name": JS})
    assert connected == {
        "source_name": JS,
        "tracking_plan_id": plan["name"].rpartition("/")[2],
    }
    api = Api(made)
    public = api.get("/tracking-plans")["trackingPlans"][0]
    assert public["name"] == "Updated"
    rules = api.get(f"/tracking-plans/{public['id']}/rules")["rules"]
    assert [(one["type"], one["key"], str(one["version"])) for one in rules] == [
        ("TRACK", "User Logged In", "1"),
        ("TRACK", "User Created", "1"),
    ]
    assert rules[0]["jsonSchema"]["description"] == "Sent on every login"
