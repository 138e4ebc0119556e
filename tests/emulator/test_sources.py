"""Sources: creation, keys, labels, schema settings, and what goes with them."""

from __future__ import annotations

import pytest

from .api import AMPLITUDE, POSTGRES, WEB, Api

ALPHA = {"accept": "application/vnd.segment.v1alpha+json"}


def test_create_answers_201_and_makes_one_write_key(api: Api) -> None:
    body = {"slug": "web", "enabled": True, "metadataId": WEB}
    answer = api.send("POST", "/sources", body)
    assert answer.status_code == 201
    source = answer.json()["data"]["source"]
    assert len(source["writeKeys"]) == 1
    assert len(source["writeKeys"][0]) == 32
    assert source["metadata"]["slug"] == "javascript"
    assert source["labels"] == []
    assert api.get(f"/sources/{source['id']}") == {"source": source, "trackingPlanId": None}


def test_stable_create_ignores_the_name_and_alpha_takes_it(api: Api) -> None:
    assert api.source("web", name="Website")["name"] == "web"
    body = {"slug": "app", "name": "App", "enabled": True, "metadataId": WEB}
    made = api.call("POST", "/sources", body, headers=ALPHA)["source"]
    assert made["name"] == "App"


def test_patch_leaves_alone_what_it_does_not_name(api: Api) -> None:
    source = api.source(settings={"websiteUrl": "https://a.example", "apiHost": "x"})
    path = f"/sources/{source['id']}"
    api.patch(path, {"name": "Website", "settings": {"apiHost": None}})
    after = api.get(path)["source"]
    assert after["name"] == "Website"
    assert after["settings"] == {"websiteUrl": "https://a.example"}
    assert (after["slug"], after["enabled"], after["writeKeys"]) == (
        "web",
        True,
        source["writeKeys"],
    )


def test_a_slug_is_free_only_once(api: Api) -> None:
    api.source("web")
    other = api.source("app")
    body = {"slug": "web", "enabled": True, "metadataId": WEB}
    assert api.refused("POST", "/sources", body).status == 409
    assert api.refused("PATCH", f"/sources/{other['id']}", {"slug": "web"}).status == 409
    assert api.patch(f"/sources/{other['id']}", {"slug": "app"})["source"]["slug"] == "app"


def test_what_is_required_is_said_in_the_services_words(api: Api) -> None:
    found = api.refused("POST", "/sources", {"slug": "web", "enabled": True})
    assert (found.status, found.type) == (422, "input-validation")
    assert found.message == '"metadataId" is required'
    assert found.errors[0]["field"] == "metadataId"


def test_an_unknown_catalogue_entry(api: Api) -> None:
    body = {"slug": "web", "enabled": True, "metadataId": "nothing"}
    assert api.refused("POST", "/sources", body).errors[0]["field"] == "metadataId"


def test_delete_takes_destinations_filters_and_connections_along(api: Api) -> None:
    source, kept = api.source("web"), api.source("app")
    destination = api.destination(source["id"])
    api.filter(destination)
    other = api.destination(kept["id"])
    plan = api.plan()
    api.post(f"/tracking-plans/{plan['id']}/sources", {"sourceId": source["id"]})
    assert api.delete(f"/sources/{source['id']}") == {"status": "SUCCESS"}
    assert api.refused("GET", f"/sources/{source['id']}").status == 404
    assert [d["id"] for d in api.get("/destinations")["destinations"]] == [other["id"]]
    assert api.refused("GET", f"/destination/{destination['id']}/filters").status == 404
    assert api.get(f"/tracking-plans/{plan['id']}/sources")["sources"] == []
    assert api.refused("DELETE", f"/sources/{source['id']}").status == 404


def test_new_sources_load_into_all_warehouses_unless_told_not_to(api: Api) -> None:
    body = {"metadataId": POSTGRES, "settings": {}, "name": "Main"}
    warehouse = api.post("/warehouses", body)["warehouse"]
    loaded = api.source("web")
    apart = api.source("app", disconnectAllWarehouses=True)
    path = f"/warehouses/{warehouse['id']}/connected-sources"
    assert [s["id"] for s in api.get(path)["sources"]] == [loaded["id"]]
    assert api.get(f"/sources/{apart['id']}/connected-warehouses")["warehouses"] == []
    found = api.get(f"/sources/{loaded['id']}/connected-warehouses")["warehouses"]
    assert [w["id"] for w in found] == [warehouse["id"]]


def test_a_warehouse_has_its_name_in_its_settings(api: Api) -> None:
    settings = {"host": "db.example", "password": "hush-hush"}
    body = {"metadataId": POSTGRES, "settings": settings, "name": "Main"}
    made = api.post("/warehouses", body)["warehouse"]
    assert "name" not in made
    assert made["settings"] == {"host": "db.example", "name": "Main"}
    path = f"/warehouses/{made['id']}"
    assert api.refused("PATCH", path, {"enabled": False}).errors[0]["field"] == "settings"
    after = api.patch(path, {"enabled": False, "settings": {}})["warehouse"]
    assert (after["enabled"], after["settings"]["name"]) == (False, "Main")


def test_connected_destinations(api: Api) -> None:
    source = api.source()
    destination = api.destination(source["id"])
    found = api.get(f"/sources/{source['id']}/connected-destinations")["destinations"]
    assert [one["id"] for one in found] == [destination["id"]]


def test_labels_are_replaced_or_added_one_value_a_key(api: Api) -> None:
    for value in ("production", "staging"):
        api.post("/labels", {"label": {"key": "environment", "value": value}})
    source = api.source()
    path = f"/sources/{source['id']}/labels"
    first = {"key": "environment", "value": "production"}
    second = {"key": "environment", "value": "staging"}
    assert api.put(path, {"labels": [first]})["labels"] == [first]
    assert api.post(path, {"labels": [second]})["labels"] == [second]
    assert api.get(f"/sources/{source['id']}")["source"]["labels"] == [second]
    assert api.refused("PUT", path, {"labels": [first, second]}).status == 422
    assert api.refused("PUT", path, {"labels": [{"key": "no", "value": "such"}]}).status == 422
    assert api.put(path, {"labels": []})["labels"] == []


def test_a_label_in_use_stays(api: Api) -> None:
    label = {"key": "environment", "value": "production", "description": "Real customers"}
    answer = api.send("POST", "/labels", {"label": label})
    assert answer.status_code == 201
    assert api.refused("POST", "/labels", {"label": label}).status == 409
    source = api.source()
    api.put(f"/sources/{source['id']}/labels", {"labels": [label]})
    assert api.refused("DELETE", "/labels/environment/production").status == 400
    api.put(f"/sources/{source['id']}/labels", {"labels": []})
    assert api.delete("/labels/environment/production") == {"status": "SUCCESS"}
    assert api.get("/labels") == {"labels": []}


@pytest.mark.parametrize("bad", ["1st", "", "white space", "-dash", "dot.ted", "under_score"])
def test_labels_start_with_a_letter(api: Api, bad: str) -> None:
    assert api.refused("POST", "/labels", {"label": {"key": bad, "value": "x"}}).status == 422
    assert api.refused("POST", "/labels", {"label": {"key": "x", "value": bad}}).status == 422


def test_write_keys_come_and_go(api: Api) -> None:
    source = api.source()
    more = api.post(f"/sources/{source['id']}/writekey")["source"]["writeKeys"]
    assert len(more) == 2
    path = f"/sources/{source['id']}/writekey/{more[0]}"
    assert api.delete(path) == {"status": "SUCCESS"}
    assert api.get(f"/sources/{source['id']}")["source"]["writeKeys"] == more[1:]
    assert api.refused("DELETE", path).status == 404


def test_schema_settings_are_merged(api: Api) -> None:
    source, other = api.source("web"), api.source("blocked")
    path = f"/sources/{source['id']}/settings"
    start = api.get(path)["settings"]
    assert start["track"]["commonEventOnViolations"] == "ALLOW"
    api.patch(path, {"track": {"allowUnplannedEvents": False}})
    api.patch(path, {"forwardingViolationsTo": other["id"]})
    after = api.get(path)["settings"]
    assert after["track"] == {**start["track"], "allowUnplannedEvents": False}
    assert after["forwardingViolationsTo"] == other["id"]
    assert after["identify"] == start["identify"]
    assert api.refused("PATCH", path, {"forwardingViolationsTo": ""}).status == 422
    body = {"identify": {"commonEventOnViolations": "OMIT_PROPERTIES"}}
    assert api.refused("PATCH", path, body).status == 422


def test_every_kind_of_the_catalogue(api: Api) -> None:
    assert api.get(f"/catalog/sources/{WEB}")["sourceMetadata"]["slug"] == "javascript"
    found = api.get(f"/catalog/destinations/{AMPLITUDE}")["destinationMetadata"]
    assert found["actions"]
    assert api.get(f"/catalog/warehouses/{POSTGRES}")["warehouseMetadata"]["slug"] == "postgres"
    for kind in ("sources", "destinations", "warehouses"):
        assert api.get(f"/catalog/{kind}")[f"{kind}Catalog"]
        assert api.refused("GET", f"/catalog/{kind}/none").status == 404
