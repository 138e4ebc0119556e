"""Spaces and what is in them: audiences, computed traits, filters, profiles warehouses."""

from __future__ import annotations

from typing import Any

import pytest

from segform_emulator import Emulator

from .api import POSTGRES, Api

ALPHA = {"accept": "application/vnd.segment.v1alpha+json"}
QUERY = {"query": "event('Order Completed').count() >= 1"}


def space(api: Api, name: str = "Shoppers", **more: Any) -> Any:
    """A space, which the control plane makes."""
    return api.control("POST", "spaces", {"name": name, **more})["space"]


def audience(api: Api, of: Any, name: str = "Big spenders", **more: Any) -> Any:
    body = {"name": name, "definition": QUERY, "audienceType": "USERS", **more}
    return api.post(f"/spaces/{of['id']}/audiences", body)["audience"]


def trait(api: Api, of: Any, name: str = "Orders") -> Any:
    body = {"name": name, "definition": {"type": "USERS", **QUERY}}
    return api.post(f"/spaces/{of['id']}/computed-traits", body)["computedTrait"]


def space_filter(api: Api, of: Any, name: str = "Staff", **more: Any) -> Any:
    body = {"integrationId": of["id"], "name": name, "if": "type = 'track'", **more}
    return api.post("/filters", body)["filter"]


def profiles_warehouse(api: Api, of: Any, **more: Any) -> Any:
    body = {"metadataId": POSTGRES, "settings": {"hostname": "db.example"}, **more}
    return api.post(f"/spaces/{of['id']}/profiles-warehouses", body)["profilesWarehouse"]


def test_a_space_is_made_by_the_control_plane_and_read_by_the_api(api: Api) -> None:
    assert api.get("/spaces")["spaces"] == []
    made = space(api)
    assert (made["slug"], made["name"]) == ("shoppers", "Shoppers")
    assert api.get("/spaces")["spaces"] == [made]
    assert api.get(f"/spaces/{made['id']}")["space"] == made
    assert api.refused("GET", "/spaces/none").status == 404
    for wrong, status in (({}, 400), ({"name": ""}, 400), ({"name": "x", "slug": "shoppers"}, 409)):
        assert api.refused("POST", "/_emulator/spaces", wrong).status == status
    audience(api, made)
    api.control("DELETE", f"spaces?id={made['id']}")
    assert api.get("/spaces")["spaces"] == []
    assert "audiences" not in api.control("GET", "dump")["workspaces"][0]


def test_an_audience_from_creation_to_deletion(api: Api) -> None:
    of = space(api)
    made = audience(api, of, description="Often")
    assert made["key"] == "big_spenders"
    assert made["spaceId"] == of["id"]
    assert made["status"] == "Computing"
    path = f"/spaces/{of['id']}/audiences/{made['id']}"
    found = api.get(path)["audience"]
    assert {name: found[name] for name in made if name != "options"} == {
        name: made[name] for name in made if name != "options"
    }
    assert found["options"]["filterByExternalIds"] == []
    assert api.get(f"/spaces/{of['id']}/audiences")["audiences"] == [found]
    changed = api.patch(path, {"name": "Whales"})["audience"]
    assert (changed["name"], changed["key"]) == ("Whales", "big_spenders")
    assert changed["description"] == "Often"
    assert changed["updatedAt"] > made["updatedAt"]
    assert api.delete(path) == {"status": "SUCCESS"}
    assert api.refused("GET", path).status == 404
    assert api.get(f"/spaces/{of['id']}/audiences")["audiences"] == []


def test_an_audience_is_locked_while_it_computes_and_the_clock_ends_it(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    of = space(api)
    made = audience(api, of)
    path = f"/spaces/{of['id']}/audiences/{made['id']}"
    other = {"definition": {"query": "trait('plan') = 'gold'"}}
    assert api.refused("PATCH", path, other).status == 409
    # What does not need it computed anew goes through, and so does the definition that it has.
    assert api.patch(path, {"description": "Why", "definition": QUERY})
    api.control("POST", "clock", {"advance": 60})
    assert api.get(path)["audience"]["status"] == "Live"
    assert api.patch(path, other)["audience"]["status"] == "Computing"
    assert api.patch(path, {"enabled": False})["audience"]["status"] == "Disabled"


def test_names_and_keys_of_audiences_are_their_own_in_a_space(api: Api) -> None:
    of, elsewhere = space(api), space(api, "Staff")
    audience(api, of, "A b")
    body = {"name": "A b", "definition": QUERY, "audienceType": "USERS"}
    assert api.refused("POST", f"/spaces/{of['id']}/audiences", body).status == 409
    assert audience(api, of, "A-b")["key"] == "a_b_2"
    mine = audience(api, elsewhere, "A b")
    assert api.refused("GET", f"/spaces/{of['id']}/audiences/{mine['id']}").status == 404
    for wrong in ({"name": " "}, {"definition": {"query": ""}}):
        assert (
            api.refused(
                "POST", f"/spaces/{of['id']}/audiences", {**body, "name": "C", **wrong}
            ).status
            == 422
        )


def test_a_page_of_audiences_holds_200_at_most_and_a_search_finds_by_name(api: Api) -> None:
    of = space(api)
    audience(api, of, "One")
    audience(api, of, "Two")
    path = f"/spaces/{of['id']}/audiences"
    assert len(api.get(f"{path}?pagination[count]=200")["audiences"]) == 2
    assert api.refused("GET", f"{path}?pagination[count]=201").status == 422
    found = api.get(f"{path}?search[query]=tw")["audiences"]
    assert [one["name"] for one in found] == ["Two"]


def test_schedules_are_for_linked_audiences_and_go_with_them(api: Api) -> None:
    of = space(api)
    users, linked = audience(api, of), audience(api, of, "Linked", audienceType="LINKED")
    body = {"strategy": "PERIODIC", "config": {"interval": "24h"}}
    root = f"/spaces/{of['id']}/audiences"
    assert api.refused("POST", f"{root}/{users['id']}/schedules", body).status == 400
    path = f"{root}/{linked['id']}/schedules"
    for wrong in ({**body, "config": None}, {**body, "config": {"interval": "1m"}}):
        assert api.refused("POST", path, wrong).status == 422
    made = api.post(path, body)["audienceSchedule"]
    assert api.get(path)["audienceSchedules"] == [made]
    assert api.get(f"{path}/{made['id']}")["audienceSchedule"] == made
    assert api.get(f"{root}/{linked['id']}?include=schedules")["audience"]["schedules"] == [made]
    days = {"days": [1], "hours": [8], "timezone": "Europe/Berlin"}
    other = {"strategy": "SPECIFIC_DAYS", "config": days}
    assert api.patch(f"{path}/{made['id']}", other)["audienceSchedule"]["config"] == days
    assert api.refused("GET", f"{root}/{users['id']}/schedules/{made['id']}").status == 404
    api.delete(f"{path}/{made['id']}")
    assert api.get(path)["audienceSchedules"] == []
    api.post(path, body)
    api.delete(f"{root}/{linked['id']}")
    assert "audienceSchedules" not in api.control("GET", "dump")["workspaces"][0]


def test_a_preview_runs_until_the_clock_has_moved_on(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    of = space(api)
    path = f"/spaces/{of['id']}/audiences/previews"
    made = api.post(path, {"definition": QUERY, "audienceType": "USERS"})["audiencePreview"]
    assert api.get(f"{path}/{made['id']}")["audiencePreview"]["status"] == "RUNNING"
    api.control("POST", "clock", {"advance": 60})
    found = api.get(f"{path}/{made['id']}")["audiencePreview"]
    assert (found["status"], found["size"]["count"]) == ("COMPLETED", 0)


def test_a_computed_trait_from_creation_to_deletion(api: Api) -> None:
    of = space(api)
    made = trait(api, of)
    path = f"/spaces/{of['id']}/computed-traits/{made['id']}"
    assert made["key"] == "orders"
    assert api.get(path)["computedTrait"] == made
    assert api.get(f"/spaces/{of['id']}/computed-traits")["computedTraits"] == [made]
    changed = api.patch(path, {"enabled": False})["computedTrait"]
    assert (changed["enabled"], changed["name"]) == (False, "Orders")
    definition = {"type": "USERS", "query": "1"}
    assert api.patch(path, {"definition": definition})["computedTrait"]["definition"] == definition
    assert api.refused("PATCH", path, {"name": ""}).status == 422
    api.delete(path)
    assert api.refused("GET", path).status == 404


def test_filters_of_a_space_are_ten_in_pages_with_a_number_for_a_cursor(api: Api) -> None:
    of = space(api)
    made = [space_filter(api, of, f"F{number}") for number in range(10)]
    body = {"integrationId": of["id"], "name": "F10", "if": "all"}
    assert api.refused("POST", "/filters", body).status == 400
    root = f"/filters?integrationId={of['id']}"
    assert api.get(root)["filters"] == made
    first = api.get(f"{root}&pagination[count]=4")
    assert first["pagination"] == {"current": 0, "next": 4, "totalEntries": 10}
    last = api.get(f"{root}&pagination[count]=4&pagination[cursor]=8")
    assert (last["filters"], "next" in last["pagination"]) == (made[8:], False)
    for wrong in ("count]=11", "count]=0", "cursor]=MA==", "count]=x"):
        assert api.refused("GET", f"{root}&pagination[{wrong}").status == 422
    path = f"/filters/{made[0]['id']}"
    changed = api.patch(path, {"integrationId": of["id"], "drop": True})["filter"]
    assert (changed["drop"], changed["name"]) == (True, "F0")
    assert api.refused("PATCH", path, {"drop": True}).status == 422
    assert api.refused("PATCH", path, {"integrationId": "none"}).status == 422
    assert api.refused("PATCH", path, {"integrationId": of["id"], "if": "= ="}).status == 422
    assert api.delete(path) == {"deleted": True}
    assert api.refused("GET", path).status == 404
    assert api.refused("GET", "/filters?integrationId=none").status == 404


def test_a_profiles_warehouse_has_no_read_of_its_own(api: Api) -> None:
    of = space(api)
    answer = api.send(
        "POST",
        f"/spaces/{of['id']}/profiles-warehouses",
        {"metadataId": POSTGRES, "name": "Mine", "settings": {"password": "s3cret", "a": 1}},
    )
    assert answer.status_code == 201
    made = answer.json()["data"]["profilesWarehouse"]
    assert made["settings"] == {"name": "Mine", "a": 1}
    assert made["schemaName"] == "shoppers"
    root = f"/spaces/{of['id']}/profiles-warehouses"
    path = f"{root}/{made['id']}"
    assert api.refused("GET", path).status == 404
    assert api.get(root)["profilesWarehouses"] == [made]
    again = {"metadataId": POSTGRES, "settings": {}}
    assert api.refused("POST", root, again).status == 409
    assert profiles_warehouse(api, of, schemaName="other")["schemaName"] == "other"
    assert api.refused("PATCH", path, {"enabled": False}).status == 422
    changed = api.patch(path, {"enabled": False, "settings": {"a": None, "b": 2}})
    assert changed["profilesWarehouse"]["settings"] == {"name": "Mine", "b": 2}
    assert api.refused("PATCH", path, {"settings": {}, "schemaName": "other"}).status == 409
    api.delete(path)
    assert api.refused("PATCH", path, {"settings": {}}).status == 404


def test_selective_syncs_of_a_profiles_warehouse(api: Api) -> None:
    of = space(api)
    path = f"/spaces/{of['id']}/profiles-warehouses/{profiles_warehouse(api, of)['id']}"
    before = api.get(f"{path}/selective-syncs")
    assert before["enableEventTables"] is False
    assert {one["enabled"] for one in before["items"]} == {True}
    name = before["items"][0]["collection"]
    change = {"syncOverrides": [{"collection": name, "enabled": False}], "enableEventTables": True}
    assert api.patch(f"{path}/selective-syncs", change) == {"status": "UPDATED"}
    assert api.patch(f"{path}/selective-syncs", change) == {"status": "UNCHANGED"}
    after = api.get(f"{path}/selective-syncs")
    assert after["enableEventTables"] is True
    assert [one["enabled"] for one in after["items"] if one["collection"] == name] == [False]


@pytest.mark.parametrize("role", ["other_workspace", "eu"])
def test_a_space_is_of_one_workspace(emulator: Emulator, api: Api, role: str) -> None:
    made = space(api)
    assert Api(emulator, role).get("/spaces")["spaces"] == []
    assert Api(emulator, role).refused("GET", f"/spaces/{made['id']}").status == 404


def test_every_write_in_a_space_leaves_an_event(api: Api) -> None:
    of = space(api)
    made = audience(api, of)
    api.patch(f"/spaces/{of['id']}/audiences/{made['id']}", {"name": "Whales"})
    api.delete(f"/spaces/{of['id']}/audiences/{made['id']}")
    trait(api, of)
    space_filter(api, of)
    profiles_warehouse(api, of)
    events = api.get("/audit-events")["events"][::-1]
    assert [(one["type"], one["resourceName"]) for one in events[:5]] == [
        ("Audience Created", "Big spenders"),
        ("Audience Modified", "Whales"),
        ("Audience Deleted", "Whales"),
        ("Computed Trait Created", "Orders"),
        ("Filter Created", "Staff"),
    ]
    assert {one["actor"] for one in events} == {"tokens/owner"}
    assert events[5]["type"] == "Profiles Sync Warehouse Created"
    assert {one["resourceId"] for one in events[:3]} == {made["id"]}


def test_a_hand_written_snapshot_of_a_space_is_completed() -> None:
    workspace = {
        "spaces": [{"id": "spa_1", "name": "Shop"}],
        "audiences": [{"id": "aud_1", "spaceId": "spa_1", "definition": QUERY}],
        "computedTraits": [
            {"id": "ct_1", "spaceId": "spa_1", "definition": {"type": "USERS", **QUERY}}
        ],
        "spaceFilters": [{"id": "f1", "integrationId": "spa_1", "name": "F", "if": "all"}],
        "profilesWarehouses": [{"id": "pw1", "spaceId": "spa_1", "metadataId": POSTGRES}],
        "credentials": [{"id": "c1"}],
    }
    head = {"format": "segform.snapshot", "version": 1}
    api = Api(Emulator(seed={**head, "workspaces": [workspace]}))
    for path in (
        "/spaces/spa_1",
        "/spaces/spa_1/audiences/aud_1",
        "/spaces/spa_1/computed-traits/ct_1",
        "/filters/f1",
        "/spaces/spa_1/profiles-warehouses",
        "/credentials/c1",
    ):
        assert api.get(path)
    assert api.emulator.checks.violations == []
    orphan = {**workspace, "spaces": []}
    assert api.refused("POST", "/_emulator/seed", {**head, "workspaces": [orphan]}).status == 400
