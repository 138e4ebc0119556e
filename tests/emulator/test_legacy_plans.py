"""The legacy face: tracking plans, their rules as one object, and source connections."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segform_emulator import Emulator

from .api import Api, track
from .legacy_api import JS, Legacy, W

TRAITS = {"type": "object", "properties": {"traits": {"type": "object"}}}


@pytest.fixture
def legacy(emulator: Emulator) -> Legacy:
    return Legacy(emulator)


def public_id(plan: Any) -> str:
    return "tp_" + str(plan["name"]).rpartition("/rs_")[2]


def rules(api: Api, plan: Any) -> Any:
    return api.get(f"/tracking-plans/{public_id(plan)}/rules")["rules"]


def keys(api: Api, plan: Any) -> list[tuple[str, Any, str]]:
    return [(one["type"], one.get("key"), str(one["version"])) for one in rules(api, plan)]


def change(legacy: Legacy, plan: Any, paths: list[str], method: str = "PATCH", **given: Any) -> Any:
    masked = [f"tracking_plan.{path}" for path in paths]
    body = {"tracking_plan": given, "update_mask": {"paths": masked}}
    return legacy.call(method, plan["name"], body)


def event(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "rules": {"type": "object"}, **more}


def test_a_plan_is_the_same_through_both(api: Api, legacy: Legacy) -> None:
    made = legacy.plan("Shop")
    one = api.get(f"/tracking-plans/{public_id(made)}")["trackingPlan"]
    assert (one["name"], one["type"]) == ("Shop", "LIVE")
    assert (made["create_time"], made["update_time"]) == (one["createdAt"], one["updatedAt"])
    assert made["rules"] == {"events": []}
    api.patch(f"/tracking-plans/{one['id']}", {"name": "Store"})
    after = legacy.get(made["name"])
    assert after["display_name"] == "Store"
    assert legacy.get(f"{W}/tracking-plans")["tracking_plans"] == [after]
    other = api.plan("Other")
    found = legacy.get(f"{W}/tracking-plans/{other['id'].replace('tp_', 'rs_')}")
    assert found["display_name"] == "Other"
    assert legacy.delete(made["name"]) == {}
    assert legacy.refused("GET", made["name"]) == (404, 5)
    assert [p["id"] for p in api.get("/tracking-plans")["trackingPlans"]] == [other["id"]]


def test_ids_of_the_other_api_name_no_plan(api: Api, legacy: Legacy) -> None:
    plan = api.plan()
    assert legacy.refused("GET", f"{W}/tracking-plans/{plan['id']}") == (404, 5)
    assert api.refused("GET", f"/tracking-plans/{plan['id'].replace('tp_', 'rs_')}").status == 404


def test_ids_that_a_snapshot_made_up(legacy: Legacy) -> None:
    dump = legacy.emulator.dump()
    names = ("plan", "rs_1", "tp_1")
    dump["workspaces"][0]["trackingPlans"] = [
        {"id": name, "name": name, "slug": name, "type": "LIVE"} for name in names
    ]
    legacy.emulator.seed(dump)
    found = legacy.get(f"{W}/tracking-plans")["tracking_plans"]
    assert len(found) == len(names)
    for one in found:
        assert legacy.get(one["name"]) == one


def test_the_rules_object_is_the_rules_of_the_public_api(api: Api, legacy: Legacy) -> None:
    made = legacy.plan(
        events=[
            event("A", description="Why", version=Decimal("1.1")),
            event("A", version=2),
            event("B"),
        ],
        identify=TRAITS,
        group={**TRAITS, "description": "Groups"},
        **{"global": TRAITS},
    )
    assert set(keys(api, made)) == {
        ("COMMON", None, "1"),
        ("TRACK", "A", "1.1"),
        ("TRACK", "A", "2"),
        ("TRACK", "B", "1"),
        ("IDENTIFY", None, "1"),
        ("GROUP", None, "1"),
    }
    stored = {(one["type"], one.get("key"), str(one["version"])): one for one in rules(api, made)}
    assert stored["TRACK", "A", "1.1"]["jsonSchema"]["description"] == "Why"
    assert made["rules"]["identify"] == stored["IDENTIFY", None, "1"]["jsonSchema"]
    assert made["rules"]["group"]["description"] == "Groups"
    first = made["rules"]["events"][0]
    assert (first["name"], first["description"], str(first["version"])) == ("A", "Why", "1.1")
    assert "description" not in first["rules"]
    # As it came, it can be sent back.
    assert change(legacy, made, ["rules"], rules=made["rules"])["rules"] == made["rules"]


def test_rules_of_the_public_api(api: Api, legacy: Legacy) -> None:
    plan = api.plan()
    given = [
        track("A", 1, description="Why"),
        {"type": "IDENTIFY", "version": 1, "jsonSchema": {"title": "old"}},
        {"type": "IDENTIFY", "version": 2, "jsonSchema": {"title": "new"}},
        {"type": "PAGE", "key": "Home", "version": 1, "jsonSchema": {}},
    ]
    api.put(f"/tracking-plans/{plan['id']}/rules", {"rules": given})
    found = legacy.get(f"{W}/tracking-plans/{plan['id'].replace('tp_', 'rs_')}")
    assert [one["description"] for one in found["rules"]["events"]] == ["Why"]
    assert found["rules"]["identify"]["title"] == "new"
    assert set(found["rules"]) == {"events", "identify"}
    # A single rule is replaced under the version that was shown; pages are not touched.
    change(legacy, found, ["rules"], rules={"identify": {"title": "newest"}})
    assert set(keys(api, found)) == {("IDENTIFY", None, "2"), ("PAGE", "Home", "1")}


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_masks(api: Api, legacy: Legacy, method: str) -> None:
    made = legacy.plan("Shop", events=[event("A"), event("B")], identify=TRAITS, group=TRAITS)
    untouched = change(legacy, made, [], method, display_name="x", rules={"events": []})
    assert untouched == made
    named = change(legacy, made, ["display_name"], method, display_name="Store", rules={})
    assert (named["display_name"], named["rules"]) == ("Store", made["rules"])
    assert named["update_time"] > made["update_time"]
    some = change(
        legacy,
        made,
        ["rules.events", "rules.group"],
        method,
        rules={"events": [event("B"), event("C")], "identify": {"title": "not in the mask"}},
    )
    assert set(some["rules"]) == {"events", "identify"}
    assert some["rules"]["identify"] == made["rules"]["identify"]
    assert set(keys(api, made)) == {
        ("TRACK", "B", "1"),
        ("TRACK", "C", "1"),
        ("IDENTIFY", None, "1"),
    }
    emptied = change(legacy, made, ["display_name", "rules"], method)
    assert (emptied["display_name"], emptied["rules"]) == ("", {"events": []})
    assert rules(api, made) == []


def test_a_rule_that_stays_keeps_the_time_of_its_creation(api: Api, legacy: Legacy) -> None:
    made = legacy.plan(events=[event("A")])
    before = rules(api, made)[0]
    change(legacy, made, ["rules"], rules={"events": [event("A"), event("B")]})
    after = rules(api, made)[0]
    assert after["createdAt"] == before["createdAt"]
    assert after["updatedAt"] > before["updatedAt"]


def test_more_rules_than_the_public_api_takes_at_once(api: Api, legacy: Legacy) -> None:
    made = legacy.plan(events=[event(f"Event {number}") for number in range(450)])
    assert len(made["rules"]["events"]) == 450
    after = change(legacy, made, ["rules.events"], rules={"events": made["rules"]["events"][:210]})
    assert after["rules"]["events"] == made["rules"]["events"][:210]
    found = api.get(f"/tracking-plans/{public_id(made)}/rules", params={"pagination[count]": 500})
    assert len(found["rules"]) == 210


@pytest.mark.parametrize(
    "given",
    [
        {"events": {}},
        {"events": ["A"]},
        {"events": [{"rules": {}}]},
        {"events": [event("")]},
        {"events": [event("A", version="one")]},
        {"events": [event("A", version=True)]},
        {"events": [event("A", description=1)]},
        {"events": [{"name": "A", "rules": []}]},
        {"events": [event("A")] * 250 + [{"name": 1}]},
        {"identify": "x"},
        {"group": [1]},
        {"global": True},
        "x",
    ],
)
def test_rules_that_do_not_fit(legacy: Legacy, given: Any) -> None:
    made = legacy.plan(events=[event("A")])
    before = legacy.emulator.dump()
    plan = {"display_name": "New", "rules": given}
    assert legacy.refused("POST", f"{W}/tracking-plans", {"tracking_plan": plan}) == (400, 3)
    mask = {"paths": ["tracking_plan.display_name", "tracking_plan.rules"]}
    body = {"tracking_plan": plan, "update_mask": mask}
    assert legacy.refused("PUT", made["name"], body) == (400, 3)
    assert legacy.emulator.dump() == before


@pytest.mark.parametrize("given", [None, {}, {"display_name": ""}, {"display_name": 1}, []])
def test_plans_that_cannot_be_made(legacy: Legacy, given: Any) -> None:
    assert legacy.refused("POST", f"{W}/tracking-plans", {"tracking_plan": given}) == (400, 3)


# Source connections


def test_connections_are_the_same_through_both(api: Api, legacy: Legacy) -> None:
    legacy.source()
    legacy.source("other")
    plan = legacy.plan()
    last = plan["name"].rpartition("/")[2]
    name = f"{plan['name']}/source-connections"
    first = legacy.post(name, {"source_name": JS})
    assert legacy.post(name, {"source_name": JS}) == first
    other = api.get("/sources")["sources"][1]
    api.post(f"/tracking-plans/{public_id(plan)}/sources", {"sourceId": other["id"]})
    found = legacy.get(name)
    assert found["connections"] == [
        {"source_name": JS, "tracking_plan_id": last},
        {"source_name": f"{W}/sources/other", "tracking_plan_id": last},
    ]
    assert legacy.get(name, page_size=1)["connections"] == found["connections"][:1]
    assert legacy.delete(f"{name}/js") == {}
    public = api.get(f"/tracking-plans/{public_id(plan)}/sources")["sources"]
    assert [one["slug"] for one in public] == ["other"]
    assert legacy.refused("DELETE", f"{name}/js") == (404, 5)
    assert legacy.refused("DELETE", f"{name}/none") == (404, 5)


def test_connections_that_cannot_be_made(legacy: Legacy) -> None:
    legacy.source()
    first, second = legacy.plan("a"), legacy.plan("b")
    legacy.post(f"{first['name']}/source-connections", {"source_name": JS})
    name = f"{second['name']}/source-connections"
    for given in (JS, f"{W}/sources/none", "js", "", None, 1, ["js"]):
        assert legacy.refused("POST", name, {"source_name": given}) == (400, 3)
    assert legacy.refused("POST", f"{W}/tracking-plans/rs_0/source-connections", {}) == (404, 5)
    body = {"source_names": [JS]}
    assert legacy.refused("POST", f"{name}:batchCreateConnections", body) == (501, 12)
