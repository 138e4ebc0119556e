"""Functions with their versions, and insert functions at work for sources and destinations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segform_emulator import Emulator

from .api import AMPLITUDE, WEBHOOK, Api

BULLETS = "•" * 10
ALPHA = {"accept": "application/vnd.segment.v1alpha+json"}


def setting(name: str, sensitive: bool = False, kind: str = "STRING") -> dict[str, Any]:
    return {
        "name": name,
        "label": name.title(),
        "description": "",
        "type": kind,
        "required": False,
        "sensitive": sensitive,
    }


def function(api: Api, kind: str = "SOURCE", **more: Any) -> Any:
    body = {"code": "// one", "displayName": "Mine", "resourceType": kind, **more}
    return api.post("/functions", body)["function"]


def instance(api: Api, made: Any, integration_id: str, **more: Any) -> Any:
    body = {
        "functionId": made["id"].partition("_")[2],
        "integrationId": integration_id,
        "name": "At work",
        "settings": {},
        **more,
    }
    return api.post("/insert-function-instances", body)["insertFunctionInstance"]


def codes(api: Api, made: Any) -> list[tuple[str, bool]]:
    versions = api.get(f"/functions/{made['id']}/versions", headers=ALPHA)["versions"]
    return [(one["code"], one["isDeployed"]) for one in versions]


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [("SOURCE", "sfnc_"), ("DESTINATION", "dfn_"), ("INSERT_DESTINATION", "ifnd_")],
)
def test_a_function_is_known_by_its_kind(api: Api, kind: str, prefix: str) -> None:
    answer = api.send(
        "POST",
        "/functions",
        {"code": "", "displayName": "Mine", "resourceType": kind, "description": ""},
    )
    assert answer.status_code == 200
    made = answer.json()["data"]["function"]
    assert made["id"].startswith(prefix)
    assert made["displayName"] == ("Mine" if kind == "SOURCE" else "Mine (Acme)")
    assert api.get(f"/functions/{made['id']}")["function"] == made
    path = f"/functions/{made['id']}"
    renamed = api.patch(path, {"displayName": made["displayName"]})["function"]
    assert renamed["displayName"] == made["displayName"]


def test_a_list_needs_a_type_and_lacks_code_and_settings(api: Api) -> None:
    made = function(api, settings=[setting("url")])
    function(api, "DESTINATION")
    [found] = api.get("/functions?resourceType=SOURCE")["functions"]
    assert found == {name: made[name] for name in found}
    assert not {"code", "settings", "deployedAt"} & set(found)
    assert api.refused("GET", "/functions").status == 422
    assert api.refused("GET", "/functions?resourceType=source").status == 422


def test_a_patch_leaves_out_what_stays_and_replaces_settings(api: Api) -> None:
    made = function(api, settings=[setting("a"), setting("b")], description="Why")
    path = f"/functions/{made['id']}"
    after = api.patch(path, {"settings": [setting("b", sensitive=True)]})["function"]
    assert [one["name"] for one in after["settings"]] == ["b"]
    assert after["settings"][0]["sensitive"]
    assert (after["description"], after["code"]) == ("Why", "// one")
    assert api.patch(path, {"settings": [], "description": ""})["function"]["description"] == ""
    twice = {"settings": [setting("a"), setting("a")]}
    assert api.refused("PATCH", path, twice).status == 422
    assert api.refused("PATCH", path, {"displayName": " "}).status == 422
    assert api.refused("PATCH", path, {"code": None}).status == 422


def test_other_code_is_a_version_and_only_a_deployment_makes_it_the_latest(api: Api) -> None:
    made = function(api)
    assert (made["deployedAt"], made["isLatestVersion"]) == (None, False)
    path = f"/functions/{made['id']}"
    assert api.post(f"{path}/deploy") == {"functionDeployment": {"status": "SUCCESS"}}
    deployed = api.get(path)["function"]
    assert deployed["isLatestVersion"]
    assert deployed["deployedAt"]
    assert not api.patch(path, {"code": "// two"})["function"]["isLatestVersion"]
    assert api.patch(path, {"code": "// two"})["function"]["deployedAt"] == deployed["deployedAt"]
    assert codes(api, made) == [("// two", False), ("// one", True)]
    api.post(f"{path}/deploy")
    assert codes(api, made) == [("// two", True), ("// one", False)]


def test_a_version_is_restored_as_a_new_one(api: Api) -> None:
    made, other = function(api), function(api)
    path = f"/functions/{made['id']}/versions"
    api.patch(f"/functions/{made['id']}", {"code": "// two"})
    first = api.get(path)["versions"][-1]
    assert api.get(f"{path}/{first['id']}")["version"] == first
    restored = api.post(path, {"versionId": first["id"]})["version"]
    assert (restored["code"], restored["id"] != first["id"]) == ("// one", True)
    assert api.get(f"/functions/{made['id']}")["function"]["code"] == "// one"
    assert len(api.get(path)["versions"]) == 3
    body = {"versionId": first["id"]}
    assert api.refused("POST", f"/functions/{other['id']}/versions", body).status == 404
    assert api.refused("GET", f"/functions/{other['id']}/versions/{first['id']}").status == 404


def test_only_source_functions_are_deployed(api: Api) -> None:
    made = function(api, "INSERT_DESTINATION")
    assert made["isLatestVersion"]
    assert made["deployedAt"]
    assert api.refused("POST", f"/functions/{made['id']}/deploy").status == 400
    assert api.refused("POST", "/functions/none/deploy").status == 404


def test_versions_exist_in_alpha_only(api: Api) -> None:
    made = function(api)
    path = f"/functions/{made['id']}/versions"
    answer = api.send("GET", path, headers={"accept": "application/vnd.segment.v1+json"})
    assert answer.status_code == 404


def test_a_deleted_function_takes_versions_and_instances_along(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    made = function(api, "INSERT_DESTINATION")
    used = instance(api, made, destination["id"])
    assert api.delete(f"/functions/{made['id']}") == {"status": "SUCCESS"}
    assert api.refused("DELETE", f"/functions/{made['id']}").status == 404
    assert api.refused("GET", f"/insert-function-instances/{used['id']}").status == 404
    held = api.control("GET", "dump")["workspaces"][0]
    assert not {"functions", "functionVersions", "insertFunctionInstances"} & set(held)


def test_an_instance_names_its_function_without_the_prefix(api: Api) -> None:
    destination = api.destination(api.source()["id"])
    made = function(api, "INSERT_DESTINATION")
    bare = made["id"].removeprefix("ifnd_")
    used = instance(api, made, destination["id"], enabled=True)
    assert (used["classId"], used["enabled"]) == (bare, True)
    body = {"integrationId": destination["id"], "name": "x", "settings": {}}
    for wrong in (made["id"], "none", function(api, "DESTINATION")["id"].removeprefix("dfn_")):
        refused = api.refused("POST", "/insert-function-instances", {**body, "functionId": wrong})
        assert refused.status == 404
    for name in (made["id"], bare):
        found = api.get(f"/insert-function-instances?functionId={name}")["instances"]
        assert found == [used]
    assert api.refused("GET", "/insert-function-instances?functionId=none").status == 404
    assert api.refused("GET", "/insert-function-instances").status == 422


def test_a_function_fits_the_kind_of_its_integration(api: Api) -> None:
    source = api.source()
    destination = api.destination(source["id"])
    at_source, at_destination = (
        function(api, "INSERT_SOURCE"),
        function(api, "INSERT_DESTINATION"),
    )
    assert at_source["id"].startswith("ifns_")
    assert instance(api, at_source, source["id"])["integrationId"] == source["id"]
    assert instance(api, at_destination, destination["id"])
    body = {"name": "x", "settings": {}}
    for made, integration, status in (
        (at_source, destination["id"], 400),
        (at_destination, source["id"], 400),
        (at_destination, "none", 404),
    ):
        wrong = {**body, "functionId": made["id"][5:], "integrationId": integration}
        assert api.refused("POST", "/insert-function-instances", wrong).status == status


def test_sensitive_settings_come_back_as_a_mask_everywhere(api: Api) -> None:
    source = api.source()
    settings = [
        setting("key", sensitive=True),
        setting("map", sensitive=True, kind="TEXT_MAP"),
        setting("url"),
    ]
    made = function(api, "INSERT_SOURCE", settings=settings)
    given = {"key": "0123secret", "map": {"a": "hidden-value"}, "url": "https://x.example"}
    used = instance(api, made, source["id"], settings=given)
    assert used["settings"]["key"] == f"{BULLETS}cret"
    assert used["settings"]["url"] == given["url"]
    assert used["encryptedSettings"] == {
        "key": f"{BULLETS}cret",
        "map": {"a": f"{BULLETS}alue"},
    }
    path = f"/insert-function-instances/{used['id']}"
    for answer in (
        api.send("GET", path),
        api.send("GET", f"/insert-function-instances?functionId={made['id']}"),
        api.send("PATCH", path, {"settings": {"url": "y"}}),
        api.send("GET", "/audit-events"),
    ):
        assert answer.status_code == 200
        assert "0123secret" not in answer.text
        assert "hidden-value" not in answer.text
    [stored] = api.control("GET", "dump")["workspaces"][0]["insertFunctionInstances"]
    assert stored["settings"] == {**given, "url": "y"}
    number = api.patch(path, {"settings": {"key": 123456}})["insertFunctionInstance"]
    assert number["settings"]["key"] == BULLETS


def test_an_update_of_an_instance_needs_settings_and_merges_them(api: Api) -> None:
    source = api.source()
    made = function(api, "INSERT_SOURCE", settings=[setting("a"), setting("b")])
    used = instance(api, made, source["id"], settings={"a": "1", "b": "2"})
    path = f"/insert-function-instances/{used['id']}"
    assert api.refused("PATCH", path, {"name": "Other"}).status == 422
    body = {"name": "Other", "enabled": True, "settings": {"a": None}}
    after = api.patch(path, body)["insertFunctionInstance"]
    assert (after["name"], after["enabled"], after["settings"]) == ("Other", True, {"b": "2"})
    assert after["updatedAt"] > used["updatedAt"]
    assert after["createdAt"] == used["createdAt"]
    assert api.get(path)["insertFunctionInstance"] == after
    assert api.delete(path) == {"status": "SUCCESS"}
    assert api.refused("PATCH", path, body).status == 404


def test_instances_go_with_what_they_are_attached_to(api: Api) -> None:
    source = api.source()
    first = api.destination(source["id"], AMPLITUDE)
    second = api.destination(source["id"], WEBHOOK)
    made = function(api, "INSERT_DESTINATION")
    one, two = (instance(api, made, to["id"]) for to in (first, second))
    api.delete(f"/destinations/{first['id']}")
    found = api.get(f"/insert-function-instances?functionId={made['id']}")["instances"]
    assert [left["id"] for left in found] == [two["id"]] != [one["id"]]
    api.delete(f"/sources/{source['id']}")
    assert not api.get(f"/insert-function-instances?functionId={made['id']}")["instances"]


def test_functions_come_in_pages(api: Api) -> None:
    made = [function(api, displayName=f"F{index}")["id"] for index in range(5)]
    found: list[str] = []
    query = "resourceType=SOURCE&pagination.count=2"
    cursor = ""
    while True:
        page = api.get(f"/functions?{query}{cursor}")
        found += [one["id"] for one in page["functions"]]
        if not page["pagination"].get("next"):
            break
        cursor = f"&pagination.cursor={page['pagination']['next']}"
    assert found == made


def test_a_destination_function_is_what_a_destination_is_made_of(api: Api) -> None:
    source = api.source()
    settings = [setting("key", sensitive=True), setting("url"), setting("map", kind="TEXT_MAP")]
    made = function(api, "DESTINATION", settings=settings)
    given = {"key": "0123secret", "map": {"a": "b"}}
    destination = api.destination(source["id"], made["catalogId"], settings=given)
    assert destination["metadata"]["id"] == made["catalogId"]
    assert destination["metadata"]["name"] == "Mine (Acme)"
    types = {one["name"]: one["type"] for one in destination["metadata"]["options"]}
    assert types == {"key": "password", "url": "string", "map": "map"}
    assert destination["settings"] == {"key": f"{BULLETS}cret", "url": "", "map": {"a": "b"}}
    listed = api.send("GET", f"/sources/{source['id']}/connected-destinations")
    assert "0123secret" not in listed.text
    refused = api.refused("DELETE", f"/functions/{made['id']}")
    assert (refused.status, destination["id"] in refused.message) == (400, True)
    dump = api.control("GET", "dump")
    assert Emulator(seed=dump).dump() == dump
    api.delete(f"/destinations/{destination['id']}")
    assert api.delete(f"/functions/{made['id']}") == {"status": "SUCCESS"}
    body = {"sourceId": source["id"], "metadataId": made["catalogId"], "settings": {}}
    assert api.refused("POST", "/destinations", body).status == 422


def test_a_source_function_is_what_a_source_is_made_of(api: Api) -> None:
    made = function(api, settings=[setting("token", sensitive=True)])
    source = api.source("mine", metadataId=made["catalogId"], settings={"token": "0123secret"})
    assert source["metadata"]["name"] == "Mine"
    assert source["settings"] == {"token": f"{BULLETS}cret"}
    assert "0123secret" not in api.send("GET", "/sources").text
    other = Api(api.emulator, "other_workspace")
    body = {"slug": "x", "enabled": True, "metadataId": made["catalogId"]}
    assert other.refused("POST", "/sources", body).status == 422
    wrong = {"sourceId": source["id"], "metadataId": made["catalogId"], "settings": {}}
    assert api.refused("POST", "/destinations", wrong).status == 422


def test_a_folder_keeps_what_was_made_of_functions(tmp_path: Path) -> None:
    before = Emulator(data=tmp_path)
    api = Api(before)
    made = function(api, "DESTINATION")
    api.destination(api.source()["id"], made["catalogId"])
    dump = before.dump()
    before.close()
    after = Emulator(data=tmp_path)
    assert after.dump() == dump
    after.close()
