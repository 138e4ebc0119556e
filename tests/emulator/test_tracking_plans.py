"""Tracking plans: rules in batches, rewritten schemas, exact versions, one plan a source."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from .api import Api, track


def rules_of(api: Api, plan: Any, count: int = 1000) -> list[Any]:
    found: list[Any] = api.get(f"/tracking-plans/{plan['id']}/rules?pagination[count]={count}")[
        "rules"
    ]
    return found


def path_of(plan: Any) -> str:
    return f"/tracking-plans/{plan['id']}/rules"


def test_create_answers_200_and_two_may_have_one_name(api: Api) -> None:
    answer = api.send("POST", "/tracking-plans", {"name": "Shop", "type": "LIVE"})
    assert answer.status_code == 200
    first, second = answer.json()["data"]["trackingPlan"], api.plan("Shop")
    assert first["id"].startswith("tp_")
    assert first["slug"] != second["slug"]


def test_update_answers_only_a_status(api: Api) -> None:
    plan = api.plan()
    path = f"/tracking-plans/{plan['id']}"
    assert api.patch(path, {"name": "Store", "description": ""}) == {"status": "SUCCESS"}
    after = api.get(path)["trackingPlan"]
    assert (after["name"], after["description"], after["type"]) == ("Store", "", "LIVE")
    assert after["updatedAt"] > plan["updatedAt"]


def test_lists_by_type(api: Api) -> None:
    api.plan()
    body = {"name": "Library", "type": "RULE_LIBRARY"}
    library = api.post("/tracking-plans", body)["trackingPlan"]
    found = api.get("/tracking-plans?type=RULE_LIBRARY")["trackingPlans"]
    assert [plan["id"] for plan in found] == [library["id"]]
    assert api.refused("GET", "/tracking-plans?type=WRONG").status == 422


@pytest.mark.parametrize(
    "text", ["1", "1.1", "0.1", "9007199254740993", "2.50", "1.0", "0.30000000000000000001"]
)
def test_versions_are_exact(api: Api, text: str) -> None:
    plan = api.plan()
    body = f'{{"rules":[{{"type":"TRACK","key":"A","version":{text},"jsonSchema":{{}}}}]}}'
    answer = api.send("PATCH", path_of(plan), body)
    assert answer.json() == {"data": {"status": "SUCCESS"}}
    (rule,) = rules_of(api, plan)
    assert Decimal(str(rule["version"])) == Decimal(text)
    query = f"rules[0][type]=TRACK&rules[0][key]=A&rules[0][version]={text}"
    api.delete(f"{path_of(plan)}?{query}")
    assert rules_of(api, plan) == []


def test_schemas_come_back_rewritten(api: Api) -> None:
    plan = api.plan()
    total = {"type": "number"}
    schema = {
        "type": "object",
        "properties": {"properties": {"type": "object", "properties": {"total": total}}},
    }
    api.patch(path_of(plan), {"rules": [track("Paid", **schema)]})
    (rule,) = rules_of(api, plan)
    stored = rule["jsonSchema"]
    assert stored["$schema"] == "http://json-schema.org/draft-07/schema#"
    inner = stored["properties"]["properties"]["properties"]["total"]
    assert inner["type"] == ["number"]
    assert inner["id"] == "/properties/properties/properties/total"
    assert rule["deprecatedAt"] == "0001-01-01T00:00:00.000Z"
    api.patch(path_of(plan), {"rules": [track("Paid", **stored)]})
    assert rules_of(api, plan)[0]["jsonSchema"] == stored


def test_rules_without_a_name_have_no_key(api: Api) -> None:
    plan = api.plan()
    rules = [{"type": "IDENTIFY", "key": "ignored", "version": 1, "jsonSchema": {}}]
    api.patch(path_of(plan), {"rules": rules})
    (rule,) = rules_of(api, plan)
    assert "key" not in rule
    nameless = {"type": "TRACK", "version": 1, "jsonSchema": {}}
    assert api.refused("PATCH", path_of(plan), {"rules": [nameless]}).status == 422


def test_patch_upserts_and_new_key_renames(api: Api) -> None:
    plan = api.plan()
    api.patch(path_of(plan), {"rules": [track("A"), track("B")]})
    created = {rule["key"]: rule["createdAt"] for rule in rules_of(api, plan)}
    api.patch(path_of(plan), {"rules": [track("A", type="object")]})
    api.patch(path_of(plan), {"rules": [{**track("B"), "newKey": "C"}]})
    after = {rule["key"]: rule for rule in rules_of(api, plan)}
    assert set(after) == {"A", "C"}
    assert after["A"]["jsonSchema"]["type"] == "object"
    assert after["A"]["createdAt"] == created["A"]
    assert after["C"]["createdAt"] == created["B"]


def test_put_replaces_the_whole_set(api: Api) -> None:
    plan = api.plan()
    api.put(path_of(plan), {"rules": [track("A"), track("B")]})
    api.put(path_of(plan), {"rules": [track("B"), track("B", 2)]})
    assert [(rule["key"], rule["version"]) for rule in rules_of(api, plan)] == [("B", 1), ("B", 2)]


def test_more_than_200_rules_fit_no_request(api: Api) -> None:
    plan = api.plan()
    many = [track(f"E{number}") for number in range(201)]
    for method in ("PATCH", "PUT"):
        found = api.refused(method, path_of(plan), {"rules": many})
        assert found.status == 422
        assert found.message == "rules must contain less than or equal to 200 items"
    query = "&".join(
        f"rules[{n}][type]=TRACK&rules[{n}][key]={n}&rules[{n}][version]=1" for n in range(201)
    )
    assert api.refused("DELETE", f"{path_of(plan)}?{query}").status == 422
    assert rules_of(api, plan) == []


def test_put_fails_on_a_plan_that_holds_more_than_200(api: Api) -> None:
    plan = api.plan()
    api.patch(path_of(plan), {"rules": [track(f"E{number}") for number in range(200)]})
    api.put(path_of(plan), {"rules": [track(f"E{number}") for number in range(200)]})
    api.patch(path_of(plan), {"rules": [track("One more")]})
    found = api.refused("PUT", path_of(plan), {"rules": []})
    assert (found.status, found.type) == (400, "bad-request")
    assert found.message == (
        "Can not replace more than 200 existing rules in the tracking plan. "
        "Please use DELETE and PATCH methods."
    )
    assert len(rules_of(api, plan)) == 201
    assert len(rules_of(api, plan, 200)) == 200


@pytest.mark.parametrize(
    "query",
    [
        "rules[0][type]=TRACK&rules[0][key]=A&rules[0][version]=1",
        "rules.0[type]=TRACK&rules.0[key]=A&rules.0[version]=1",
        'rules=[{"type":"TRACK","key":"A","version":1}]',
        'rules={"type":"TRACK","key":"A","version":1}',
    ],
)
def test_forms_in_which_clients_name_rules(api: Api, query: str) -> None:
    plan = api.plan()
    api.patch(path_of(plan), {"rules": [track("A"), track("B")]})
    assert api.delete(f"{path_of(plan)}?{query}") == {"status": "SUCCESS"}
    assert [rule["key"] for rule in rules_of(api, plan)] == ["B"]
    assert api.delete(f"{path_of(plan)}?{query}") == {"status": "SUCCESS"}


@pytest.mark.parametrize(
    "query", ["", "rules={'type': 'TRACK'}", "rules[0][type]=TRACK", "rules[0][version]=1"]
)
def test_rules_that_cannot_be_read(api: Api, query: str) -> None:
    plan = api.plan()
    assert api.refused("DELETE", f"{path_of(plan)}?{query}").status == 422


def test_a_source_has_one_plan(api: Api) -> None:
    source, first, second = api.source(), api.plan("A"), api.plan("B")
    body = {"sourceId": source["id"]}
    path = f"/tracking-plans/{first['id']}/sources"
    assert api.post(path, body) == {"status": "SUCCESS"}
    assert api.post(path, body) == {"status": "SUCCESS"}
    assert api.refused("POST", f"/tracking-plans/{second['id']}/sources", body).status == 400
    assert api.get(f"/sources/{source['id']}")["trackingPlanId"] == first["id"]
    assert [one["id"] for one in api.get(path)["sources"]] == [source["id"]]
    assert api.delete(f"{path}?sourceId={source['id']}") == {"status": "SUCCESS"}
    assert api.get(f"/sources/{source['id']}")["trackingPlanId"] is None
    assert api.refused("DELETE", f"{path}?sourceId={source['id']}").status == 404
    assert api.refused("DELETE", path).status == 422


def test_deleting_a_plan_frees_its_sources(api: Api) -> None:
    source, plan = api.source(), api.plan()
    api.post(f"/tracking-plans/{plan['id']}/sources", {"sourceId": source["id"]})
    assert api.delete(f"/tracking-plans/{plan['id']}") == {"status": "SUCCESS"}
    assert api.get(f"/sources/{source['id']}")["trackingPlanId"] is None
    assert api.refused("GET", path_of(plan)).status == 404
