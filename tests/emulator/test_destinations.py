"""Destinations and their filters: defaults, masks, instances, the singular path."""

from __future__ import annotations

from .api import ADJUST, AMPLITUDE, WEBHOOK, Api

BULLETS = "•" * 10


def test_create_answers_200_with_the_whole_catalogue_entry(api: Api) -> None:
    source = api.source()
    body = {"sourceId": source["id"], "metadataId": AMPLITUDE, "settings": {}}
    answer = api.send("POST", "/destinations", body)
    assert answer.status_code == 200
    made = answer.json()["data"]["destination"]
    assert made["metadata"]["actions"]
    assert len(made["id"]) == 24
    assert api.get(f"/destinations/{made['id']}")["destination"] == made


def test_settings_are_filled_with_defaults(api: Api) -> None:
    made = api.destination(api.source()["id"])
    assert made["settings"]["endpoint"] == "north_america"


def test_secrets_come_back_as_ten_bullets_and_four_characters(api: Api) -> None:
    settings = {"apiKey": "0123456789abdada", "secretKey": ""}
    made = api.destination(api.source()["id"], settings=settings)
    assert made["settings"]["apiKey"] == f"{BULLETS}dada"
    assert made["settings"]["secretKey"] == ""
    short = api.patch(f"/destinations/{made['id']}", {"settings": {"secretKey": "abc"}})
    assert short["destination"]["settings"]["secretKey"] == BULLETS


def test_a_mask_that_is_sent_back_loses_the_secret(api: Api) -> None:
    made = api.destination(api.source()["id"], settings={"apiKey": "0123456789abdada"})
    path = f"/destinations/{made['id']}"

    def stored() -> str:
        dump = api.control("GET", "dump")["workspaces"][0]
        key: str = dump["destinations"][0]["settings"]["apiKey"]
        return key

    api.patch(path, {"enabled": False})
    assert stored() == "0123456789abdada"
    api.patch(path, {"settings": {"apiKey": made["settings"]["apiKey"]}})
    assert stored() == f"{BULLETS}dada"


def test_patch_merges_settings_key_by_key_and_null_means_default(api: Api) -> None:
    made = api.destination(api.source()["id"], settings={"endpoint": "europe", "custom": {"a": 1}})
    path = f"/destinations/{made['id']}"
    after = api.patch(path, {"settings": {"endpoint": None, "more": 2}})["destination"]
    assert after["settings"]["endpoint"] == "north_america"
    assert after["settings"]["custom"] == {"a": 1}
    assert after["settings"]["more"] == 2
    assert api.patch(path, {"name": "Mine"})["destination"]["name"] == "Mine"
    assert api.patch(path, {"name": None})["destination"]["name"] != "Mine"


def test_one_instance_for_each_source_where_the_catalogue_says_so(api: Api) -> None:
    source, other = api.source("web"), api.source("app")
    entry = api.emulator.catalog.entries["destinations"][ADJUST]
    entry["supportedFeatures"] = {**entry["supportedFeatures"], "cloudModeInstances": "SINGLE"}
    api.destination(source["id"], ADJUST)
    api.destination(other["id"], ADJUST)
    body = {"sourceId": source["id"], "metadataId": ADJUST, "settings": {}}
    found = api.refused("POST", "/destinations", body)
    assert (found.status, found.type) == (400, "bad-request")
    assert found.message == "Multiple configurations of this destination type not supported."
    api.destination(source["id"], WEBHOOK)
    api.destination(source["id"], WEBHOOK)


def test_of_no_source(api: Api) -> None:
    body = {"sourceId": "none", "metadataId": AMPLITUDE, "settings": {}}
    assert api.refused("POST", "/destinations", body).status == 404


def test_filters_live_below_the_singular_path(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    made = api.filter(destination, description="Why")
    path = f"/destination/{destination['id']}/filters"
    assert api.get(path)["filters"] == [made]
    assert api.get(f"{path}/{made['id']}")["filter"] == made
    after = api.patch(f"{path}/{made['id']}", {"description": None})["filter"]
    assert "description" not in after
    assert after["updatedAt"] > made["updatedAt"]
    assert api.refused("GET", f"/destinations/{destination['id']}/filters").status == 404
    assert api.delete(f"{path}/{made['id']}") == {"status": "SUCCESS"}
    assert api.refused("DELETE", f"{path}/{made['id']}").status == 404


def test_a_filter_belongs_to_its_own_destination_and_source(api: Api) -> None:
    source = api.source()
    first, second = api.destination(source["id"]), api.destination(source["id"], WEBHOOK)
    made = api.filter(first)
    path = f"/destination/{second['id']}/filters/{made['id']}"
    assert api.refused("GET", path).status == 404
    body = {"sourceId": "other", "if": "all", "actions": [], "title": "x", "enabled": True}
    assert api.refused("POST", f"/destination/{first['id']}/filters", body).status == 422


def test_actions_keep_to_the_contract(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    path = f"/destination/{destination['id']}/filters"
    body = {"sourceId": destination["sourceId"], "if": "all", "title": "x", "enabled": True}
    for actions in ([{"type": "KEEP"}], [{"type": "SAMPLE", "percent": 2}], [{"type": "SAMPLE"}]):
        assert api.refused("POST", path, {**body, "actions": actions}).status == 422
    made = api.filter(destination, actions=[{"type": "SAMPLE", "percent": 0.1}])
    assert str(made["actions"][0]["percent"]) == "0.1"


def test_deleting_a_destination_takes_its_filters_along(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    api.filter(destination)
    api.delete(f"/destinations/{destination['id']}")
    assert api.control("GET", "dump")["workspaces"][0]["filters"] == []
