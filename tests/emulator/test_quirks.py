"""The quirks of the service, one by one, and the table that says which test holds which."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from segform_emulator import Emulator
from segform_emulator.contract import document, operations

from .api import AMPLITUDE, POSTGRES, WEB, WEBHOOK, Api, track

ROOT = Path(__file__).resolve().parents[2]
HERE = "tests/emulator/test_quirks.py"
BULLETS = "•" * 10
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
SPACED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00")

# What is odd about the service -> the test that holds the emulator to it.
QUIRKS = {
    1: ("a warehouse's name is one of its settings", "test_01_the_name_of_a_warehouse"),
    2: ("a warehouse is not updated without settings", "test_02_warehouses_need_settings"),
    3: ("the stable creation of a source takes no name", "test_03_a_source_is_named_later"),
    4: ("some creations answer 201, some 200", "test_04_which_creations_answer_201"),
    5: ("writes to plans and rules answer a status only", "test_05_plans_answer_a_status"),
    6: ("two paths are in the singular", "test_06_singular_paths"),
    7: ("what was just made may not be found yet", "test_07_not_found_yet"),
    8: ("secrets come back as a mask", "test_08_a_mask_that_is_sent_back_is_the_secret"),
    9: ("schemas of rules come back rewritten", "test_09_schemas_come_back_rewritten"),
    10: ("disconnecting everything works on creation only", "test_10_disconnect_on_creation"),
    11: ("times come in two forms", "test_11_times_in_two_forms"),
    12: ("the ends of a list have no cursor", "test_12_absent_cursors"),
    13: ("plans and rules have pages of their own", "test_13_pages_of_plans_and_of_rules"),
    14: ("a source takes its destinations along", "test_14_destinations_go_with_their_source"),
    15: ("404 for what is another's, 403 by role", "test_15_other_workspaces_and_roles"),
    16: ("two requests a minute for selective sync", "test_16_selective_sync_twice_a_minute"),
    17: ("five writes a minute for subscriptions", "test_17_five_subscriptions_a_minute"),
    18: ("two operations ended and are still there", "test_18_operations_that_ended"),
}


def test_the_table_is_complete() -> None:
    """Eighteen quirks are known; each has a test of its own, and no test has none."""
    tree = ast.parse((ROOT / HERE).read_text(encoding="utf-8"))
    there = [one.name for one in tree.body if isinstance(one, ast.FunctionDef)]
    numbered = [name for name in there if re.match(r"test_\d\d_", name)]
    assert list(QUIRKS) == list(range(1, 19))
    assert [name for _, name in QUIRKS.values()] == numbered
    for number, (_, name) in QUIRKS.items():
        assert name.startswith(f"test_{number:02}_")


def warehouse(api: Api, **more: Any) -> Any:
    body = {"metadataId": POSTGRES, "settings": {}, **more}
    return api.post("/warehouses", body)["warehouse"]


def test_01_the_name_of_a_warehouse(api: Api) -> None:
    made = warehouse(api, name="Main", settings={"host": "db"})
    assert "name" not in made
    assert made["settings"]["name"] == "Main"
    path = f"/warehouses/{made['id']}"
    renamed = api.patch(path, {"name": "Other", "settings": {}})["warehouse"]
    assert renamed["settings"] == {**made["settings"], "name": "Other"}
    assert api.get("/warehouses")["warehouses"] == [renamed]


def test_02_warehouses_need_settings(api: Api) -> None:
    path = f"/warehouses/{warehouse(api)['id']}"
    refused = api.refused("PATCH", path, {"enabled": False})
    assert (refused.status, refused.message) == (422, '"settings" is required')
    assert api.patch(path, {"enabled": False, "settings": {}})["warehouse"]["enabled"] is False


def test_03_a_source_is_named_later(api: Api) -> None:
    made = api.source("web", name="Web shop")
    assert made["name"] == "web"
    named = api.patch(f"/sources/{made['id']}", {"name": "Web shop"})["source"]
    assert (named["name"], named["slug"]) == ("Web shop", "web")


def test_04_which_creations_answer_201(api: Api) -> None:
    source = api.source()
    settings: dict[str, Any] = {"settings": {}}
    space = api.control("POST", "spaces", {"name": "Shop"})["space"]
    model = {"sourceId": source["id"], "name": "All", "description": "", "enabled": True}
    model |= {"query": "SELECT 1", "queryIdentifierColumn": "id"}
    destination = {"sourceId": source["id"], "metadataId": AMPLITUDE, **settings}
    credential = {"name": "Lake", "settings": {"type": "Snowflake"}}
    made = {
        "createSource": {"slug": "two", "enabled": True, "metadataId": WEB},
        "createWarehouse": {"metadataId": POSTGRES, **settings},
        "createLabel": {"label": {"key": "team", "value": "web"}},
        "createInvites": {"invites": [{"email": "ann@shop.example"}]},
        "createCredential": credential,
        "createReverseEtlModel": model,
        "createProfilesWarehouse": {"metadataId": POSTGRES, **settings},
        "createDestination": destination,
        "createFunction": {"code": "", "displayName": "Mine", "resourceType": "SOURCE"},
        "createTrackingPlan": {"name": "Shop", "type": "LIVE"},
        "createUserGroup": {"name": "Shop"},
    }
    found = {}
    for op_id, body in made.items():
        path = operations()[op_id].path.replace("{spaceId}", space["id"])
        found[op_id] = api.send("POST", path, body).status_code
    assert found == {op_id: 201 if index < 7 else 200 for index, op_id in enumerate(made)}
    linked = f"/warehouses/{api.get('/warehouses')['warehouses'][0]['id']}/connected-sources"
    assert api.send("POST", f"{linked}/{source['id']}").status_code == 201
    # These are all; deletions answer 200 too.
    created = {op_id for op_id, one in operations().items() if one.status != 200}
    assert created == {*list(made)[:7], "addConnectionFromSourceToWarehouse"}
    assert api.send("DELETE", f"/sources/{source['id']}").status_code == 200


def test_05_plans_answer_a_status(api: Api) -> None:
    path = f"/tracking-plans/{api.plan()['id']}"
    done = {"status": "SUCCESS"}
    assert api.patch(path, {"name": "Shops"}) == done
    assert api.put(f"{path}/rules", {"rules": [track("A")]}) == done
    assert api.patch(f"{path}/rules", {"rules": [track("B")]}) == done
    gone = "rules[0][type]=TRACK&rules[0][key]=A&rules[0][version]=1"
    assert api.delete(f"{path}/rules?{gone}") == done
    source_id = api.source()["id"]
    assert api.post(f"{path}/sources", {"sourceId": source_id}) == done
    assert api.delete(f"{path}/sources?sourceId={source_id}") == done
    assert api.delete(path) == done


def test_06_singular_paths(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    made = api.filter(destination)
    assert api.get(f"/destination/{destination['id']}/filters")["filters"] == [made]
    assert api.refused("GET", f"/destinations/{destination['id']}/filters").status == 404
    group = api.post("/groups", {"name": "Shop"})["userGroup"]["id"]
    api.post("/invites", {"invites": [{"email": "ann@shop.example"}]})
    emails = {"emails": ["ann@shop.example"]}
    # Adding and listing in the plural, replacing and removing in the singular.
    assert api.post(f"/groups/{group}/users", emails)["userGroup"]["memberCount"] == 1
    assert api.put(f"/group/{group}/users", emails)["userGroup"]["memberCount"] == 1
    assert api.refused("PUT", f"/groups/{group}/users", emails).status == 404
    gone = f"users?emails.0={quote('ann@shop.example')}"
    assert api.refused("DELETE", f"/groups/{group}/{gone}").status == 404
    assert api.delete(f"/group/{group}/{gone}") == {"status": "SUCCESS"}


def test_07_not_found_yet(api: Api) -> None:
    plan, source = api.plan(), api.source()
    path, body = f"/tracking-plans/{plan['id']}/sources", {"sourceId": source["id"]}
    api.emulator.fault("hidden", operation="addSourceToTrackingPlan", count=2)
    assert [api.refused("POST", path, body).status for _ in range(2)] == [404, 404]
    assert api.post(path, body) == {"status": "SUCCESS"}
    assert [one["id"] for one in api.get(path)["sources"]] == [source["id"]]


def test_08_a_mask_that_is_sent_back_is_the_secret(api: Api) -> None:
    secret = {"sharedSecret": "0123456789abcdef"}
    made = api.destination(api.source()["id"], WEBHOOK, settings=secret)
    shown = made["settings"]["sharedSecret"]
    assert shown == BULLETS + "cdef"
    path = f"/destinations/{made['id']}"
    kept = api.patch(path, {"settings": {"globalHook": "https://shop.example"}})["destination"]
    assert kept["settings"]["sharedSecret"] == shown
    stored = api.emulator.at(0).destinations[made["id"]]["settings"]
    assert stored["sharedSecret"] == secret["sharedSecret"]
    api.patch(path, {"settings": {"sharedSecret": shown}})
    stored = api.emulator.at(0).destinations[made["id"]]["settings"]
    assert stored["sharedSecret"] == shown
    # An empty secret stays empty, so that it can be told from one that is there.
    empty = api.destination(made["sourceId"], WEBHOOK, settings={"sharedSecret": ""})
    assert empty["settings"]["sharedSecret"] == ""


def test_09_schemas_come_back_rewritten(api: Api) -> None:
    path = f"/tracking-plans/{api.plan()['id']}/rules"
    properties = {"total": {"type": "number"}, "note": {"type": ["string", "null"]}}
    api.patch(path, {"rules": [track("Paid", type="object", properties=properties)]})
    (rule,) = api.get(path)["rules"]
    after = rule["jsonSchema"]["properties"]
    assert after["total"] == {"id": "/properties/total", "type": ["number"]}
    assert after["note"]["type"] == ["string", "null"]
    assert rule["jsonSchema"] != {"type": "object", "properties": properties}
    # A second time it stays as it is.
    api.patch(path, {"rules": [{**track("Paid"), "jsonSchema": rule["jsonSchema"]}]})
    assert api.get(path)["rules"][0]["jsonSchema"] == rule["jsonSchema"]


def test_10_disconnect_on_creation(api: Api) -> None:
    store = warehouse(api)["id"]
    path = f"/warehouses/{store}/connected-sources"
    kept = api.source("kept")
    api.source("apart", disconnectAllWarehouses=True)
    assert [one["slug"] for one in api.get(path)["sources"]] == ["kept"]
    # In an update it is no attribute, and ignored as any other that is not known.
    api.patch(f"/sources/{kept['id']}", {"disconnectAllWarehouses": True})
    assert [one["slug"] for one in api.get(path)["sources"]] == ["kept"]
    other = warehouse(api, disconnectAllSources=True)["id"]
    assert api.get(f"/warehouses/{other}/connected-sources")["sources"] == []
    api.patch(f"/warehouses/{store}", {"settings": {}, "disconnectAllSources": True})
    assert [one["slug"] for one in api.get(path)["sources"]] == ["kept"]


def test_11_times_in_two_forms(api: Api) -> None:
    path = f"/tracking-plans/{api.plan()['id']}"
    api.patch(f"{path}/rules", {"rules": [track("A")]})
    api.post("/functions", {"code": "", "displayName": "Mine", "resourceType": "SOURCE"})
    found = [
        api.get(path)["trackingPlan"]["createdAt"],
        api.get(f"{path}/rules")["rules"][0]["updatedAt"],
        api.get("/functions?resourceType=SOURCE")["functions"][0]["createdAt"],
        api.get("/audit-events")["events"][0]["timestamp"],
    ]
    for text in found:
        assert ISO.fullmatch(text), text
        assert dt.datetime.fromisoformat(text).tzinfo is not None
    # The other form, where it is asked for.
    api.control("POST", "timestamps", {"form": "spaced"})
    (rule,) = api.get(f"{path}/rules")["rules"]
    assert SPACED.fullmatch(rule["updatedAt"]), rule
    assert dt.datetime.fromisoformat(rule["updatedAt"]).tzinfo is not None
    # Questions may have either form, and a plus sign that nobody encoded.
    now = api.emulator.clock.now().replace(microsecond=0) + dt.timedelta(seconds=5)
    for text in (now.isoformat(), str(now), now.isoformat().replace("+00:00", "Z")):
        for sent in (quote(text), text):
            before = api.get(f"/audit-events?endTime={sent}")["events"]
            assert (len(before), api.get(f"/audit-events?startTime={sent}")["events"]) == (3, [])


def test_12_absent_cursors(api: Api) -> None:
    for number in range(3):
        api.source(f"s{number}")
    first = api.get("/sources?pagination[count]=2")["pagination"]
    last = api.get(f"/sources?pagination[count]=2&pagination[cursor]={first['next']}")
    assert set(first) == {"current", "next", "totalEntries"}
    assert set(last["pagination"]) == {"current", "previous", "totalEntries"}
    whole = api.get("/sources")["pagination"]
    assert set(whole) == {"current", "totalEntries"}


def test_13_pages_of_plans_and_of_rules(api: Api) -> None:
    plans = [api.plan(name) for name in ("A", "B", "C")]
    path = f"/tracking-plans/{plans[0]['id']}/rules"
    api.patch(path, {"rules": [track(f"E{number}") for number in range(5)]})
    found = api.get("/tracking-plans?pagination[count]=2")
    assert (len(found["trackingPlans"]), found["pagination"]["totalEntries"]) == (2, 3)
    assert all("rules" not in plan for plan in found["trackingPlans"])
    rules = api.get(f"{path}?pagination[count]=3")
    assert (len(rules["rules"]), rules["pagination"]["totalEntries"]) == (3, 5)


def test_14_destinations_go_with_their_source(api: Api) -> None:
    source, other = api.source(), api.source("other")
    gone, kept = api.destination(source["id"]), api.destination(other["id"])
    api.delete(f"/sources/{source['id']}")
    assert api.refused("GET", f"/destinations/{gone['id']}").status == 404
    assert api.get("/destinations")["destinations"] == [kept]


def test_15_other_workspaces_and_roles(emulator: Emulator, api: Api) -> None:
    mine = api.source()
    path = f"/sources/{mine['id']}"
    assert Api(emulator, "other_workspace").refused("GET", path).status == 404
    assert Api(emulator, "revoked").refused("GET", path).status == 401
    member = Api(emulator, "member")
    assert member.refused("DELETE", path).status == 403
    assert member.get(path)["source"]["writeKeys"] == []
    assert Api(emulator, "label_scoped").refused("GET", path).status == 403
    assert api.get(path)["source"] == mine


def test_16_selective_sync_twice_a_minute(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    api.control("POST", "limits", {"enforce": True})
    family = [one for one in operations().values() if one.family == "selective_sync"]
    assert len(family) == 6
    for operation in family:
        path = re.sub(r"{\w+}", "none", operation.path)
        statuses = [api.send(operation.method, path, {}).status_code for _ in range(3)]
        assert (statuses[2], 429 in statuses[:2]) == (429, False), operation.id
    api.control("POST", "clock", {"advance": 60})
    assert api.send("GET", path).status_code != 429


@pytest.mark.parametrize("wait", [59, 60])
def test_17_five_subscriptions_a_minute(api: Api, wait: int) -> None:
    now = dt.datetime.fromisoformat(api.control("POST", "clock", {"stopped": True})["now"])
    # Windows are fixed: this one begins with the minute.
    api.control("POST", "clock", {"advance": 60 - now.second - now.microsecond / 1e6})
    destination = api.destination(api.source()["id"])
    path = f"/destinations/{destination['id']}/subscriptions"
    body = {"name": "All", "actionId": "gA673j6ij2yCB8n9Fztpj9", "enabled": True}
    body |= {"trigger": 'type = "track"'}
    api.control("POST", "limits", {"enforce": True})
    statuses = [api.send("POST", path, body).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    api.control("POST", "clock", {"advance": wait})
    # So that 60 of them take twelve minutes.
    assert api.send("POST", path, body).status_code == (200 if wait == 60 else 429)


def test_18_operations_that_ended(api: Api) -> None:
    ended = {op for op, facts in document()["operations"].items() if "sunset" in facts}
    assert ended == {
        "batchQueryMessagingSubscriptionsForSpace",
        "replaceMessagingSubscriptionsInSpaces",
    }
    space_id = api.control("POST", "spaces", {"name": "Shop"})["space"]["id"]
    for op_id in ended:
        operation = operations()[op_id]
        assert document()["operations"][op_id]["sunset"] == "2025-12-15"
        path = operation.path.replace("{spaceId}", space_id)
        answer = api.send(operation.method, path, {"subscriptions": []})
        assert answer.status_code == 200
