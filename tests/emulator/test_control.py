"""What the control plane turns: consistency, limits, chance, roles, seeds."""

from __future__ import annotations

from typing import Any

from segform_emulator import Emulator, example
from segform_emulator.auth import Role
from segform_emulator.contract import operations
from segform_emulator.making import PARTS

from .api import AMPLITUDE, WEBHOOK, Api
from .test_spaces import space
from .test_subscriptions import model
from .test_transformations import transformation

# Eventual consistency


def test_what_was_made_is_not_found_at_once_when_asked_for(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    old, plan = api.source("old"), api.plan()
    assert api.control("POST", "consistency", {"seconds": 5}) == {"seconds": 5}
    new = api.source("new")
    path = f"/tracking-plans/{plan['id']}/sources"
    refused = api.refused("POST", path, {"sourceId": new["id"]})
    assert (refused.status, refused.type) == (404, "not-found")
    assert api.refused("GET", f"/sources/{new['id']}").status == 404
    assert [one["slug"] for one in api.get("/sources")["sources"]] == ["old"]
    assert api.post(path, {"sourceId": old["id"]})
    api.control("POST", "clock", {"advance": 6})
    assert api.post(path, {"sourceId": new["id"]}) == {"status": "SUCCESS"}
    assert [one["slug"] for one in api.get("/sources")["sources"]] == ["old", "new"]


def test_what_was_deleted_is_still_listed_for_a_while_when_asked_for(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    api.source("stays")
    gone = api.source("gone")
    api.control("POST", "consistency", {"seconds": 5})
    api.delete(f"/sources/{gone['id']}")
    assert {one["slug"] for one in api.get("/sources")["sources"]} == {"stays", "gone"}
    assert api.refused("GET", f"/sources/{gone['id']}").status == 404
    api.control("POST", "clock", {"advance": 6})
    assert [one["slug"] for one in api.get("/sources")["sources"]] == ["stays"]


def test_consistency_is_strong_until_asked_for_and_after_a_reset(api: Api) -> None:
    assert api.control("GET", "consistency") == {"seconds": 0}
    api.control("POST", "consistency", {"seconds": 3600})
    api.control("POST", "reset")
    assert api.get(f"/sources/{api.source()['id']}")
    api.control("POST", "consistency", {"seconds": 3600})
    made = api.source("new")
    api.control("POST", "consistency", {"seconds": 0})
    assert api.get(f"/sources/{made['id']}")


# Limits and quotas


def test_a_quota_of_a_day_is_the_workspaces(emulator: Emulator, api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    api.control("POST", "limits", {"enforce": True})
    headers = {"accept": "application/vnd.segment.v1alpha+json"}
    body = _example("createDownload")
    path = "/customer-insights/download"
    answers = [api.send("POST", path, body, headers=headers) for _ in range(121)]
    assert [one.status_code for one in answers] == [200] * 120 + [429]
    assert answers[0].headers["x-ratelimit-remaining"] == "119"
    data = answers[-1].json()["errors"][0]["data"]
    assert data["consumedPoints"] == 121
    other = Api(emulator, "other_workspace")
    assert other.send("POST", path, body, headers=headers).status_code == 200
    api.emulator.clock.advance(data["msBeforeNext"] / 1000 - 1)
    assert api.send("POST", path, body, headers=headers).status_code == 429
    api.emulator.clock.advance(2)
    assert api.send("POST", path, body, headers=headers).status_code == 200


def _example(operation: str) -> Any:
    return example.body(operations()[operation])


def test_a_quota_of_a_month_is_the_spaces_and_the_minute_counts_too(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    one, other = space(api), space(api, "Other")
    api.control("POST", "limits", {"enforce": True})
    body = {"definition": {"query": "1"}, "audienceType": "USERS"}
    codes: list[int] = []
    for _ in range(141):
        for _ in range(5):
            path = f"/spaces/{one['id']}/audiences/previews"
            codes.append(api.send("POST", path, body).status_code)
        api.emulator.clock.advance(60)
    assert codes[:700] == [200] * 700
    assert codes[700:] == [429] * 5
    path = f"/spaces/{other['id']}/audiences/previews"
    codes = [api.send("POST", path, body).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


# Faults by chance


def test_a_fault_strikes_by_chance_the_same_way_each_run(api: Api) -> None:
    def run(**more: Any) -> list[int]:
        api.control("DELETE", "faults")
        fault = {"kind": "error_before", "status": 503, "count": 0, "probability": 0.3, **more}
        api.control("POST", "faults", fault)
        return [api.send("GET", "/").status_code for _ in range(200)]

    first = run()
    assert 30 <= first.count(503) <= 90
    assert run() == first
    assert run(random=1) != first
    assert set(run(probability=0)) == {200}
    assert run(probability=0.5, count=3).count(503) == 3


# What roles see


def test_a_role_for_a_label_reaches_nothing_beyond_its_sources(
    emulator: Emulator, api: Api
) -> None:
    api.post("/labels", {"label": {"key": "environment", "value": "production"}})
    mine, other = api.source("mine"), api.source("other")
    label = {"labels": [{"key": "environment", "value": "production"}]}
    api.put(f"/sources/{mine['id']}/labels", label)
    made = {source["slug"]: api.destination(source["id"]) for source in (mine, other)}
    renamed = {source["slug"]: transformation(api, source) for source in (mine, other)}
    models = {source["slug"]: model(api, source) for source in (mine, other)}
    scoped = Api(emulator, "label_scoped")
    assert [one["id"] for one in scoped.get("/sources")["sources"]] == [mine["id"]]
    assert [one["id"] for one in scoped.get("/destinations")["destinations"]] == [
        made["mine"]["id"]
    ]
    assert [one["id"] for one in scoped.get("/transformations")["transformations"]] == [
        renamed["mine"]["id"]
    ]
    assert [one["id"] for one in scoped.get("/reverse-etl-models")["models"]] == [
        models["mine"]["id"]
    ]
    for slug, status in (("mine", 200), ("other", 403)):
        for path in (
            f"/destinations/{made[slug]['id']}",
            f"/transformations/{renamed[slug]['id']}",
            f"/reverse-etl-models/{models[slug]['id']}",
        ):
            assert scoped.send("GET", path).status_code == status, path
    body = {"metadataId": AMPLITUDE, "settings": {}}
    assert scoped.refused("POST", "/destinations", {**body, "sourceId": other["id"]}).status == 403
    assert scoped.post("/destinations", {**body, "sourceId": mine["id"], "metadataId": WEBHOOK})


def test_roles_of_ones_own(emulator: Emulator, api: Api) -> None:
    """A role may read nothing but whose it is, or not find what it does not see."""
    source = api.source("web")
    destination = api.destination(source["id"])
    for role in (
        Role("nothing", reads=frozenset()),
        Role("hiding", label=("environment", "production"), hides=True),
    ):
        emulator.tokens[role.name] = emulator.auth.add(0, role)
    nothing, hiding = Api(emulator, "nothing"), Api(emulator, "hiding")
    assert nothing.get("/")["workspace"]["id"] == emulator.workspaces[0].id
    paths = [f"/sources/{source['id']}", f"/destinations/{destination['id']}"]
    for path in (*paths, "/sources", "/tracking-plans", "/labels"):
        assert nothing.send("GET", path).status_code == 403, path
    for path in paths:
        for method in ("GET", "PATCH", "DELETE"):
            assert hiding.send(method, path, {}).status_code == 404, path
    body = {"metadataId": WEBHOOK, "settings": {}, "sourceId": source["id"]}
    assert hiding.refused("POST", "/destinations", body).status == 404
    assert hiding.get("/sources")["sources"] == []


# Seeds


def test_a_seed_of_one_size_is_always_the_same() -> None:
    sizes = dict.fromkeys(PARTS, 7)
    one, other, third = (Emulator(ids=5) for _ in range(3))
    one.seed(None, **sizes)
    other.seed(None, **sizes)
    assert one.dump() == other.dump()
    third.seed(None, ids=1, **sizes)
    assert third.dump() != one.dump()
    held = one.dump()["workspaces"][0]
    counts = {name: len(held[name]) for name in held if isinstance(held[name], list)}
    assert set(counts.values()) == {1, 7}
    # Nothing that it made is answered wrongly, and nothing that is made later has one of its ids.
    api = Api(one)
    for path in (
        "/sources",
        "/destinations",
        "/warehouses",
        "/tracking-plans",
        "/transformations",
        "/reverse-etl-models",
        "/credentials",
        "/groups",
        "/invites",
        "/spaces",
        "/functions?resourceType=SOURCE",
    ):
        assert api.get(path)
    assert api.source("new")["id"] not in {source["id"] for source in held["sources"]}
    assert one.checks.violations == []
    assert Emulator(seed=one.dump()).dump() == one.dump()
