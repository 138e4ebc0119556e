"""Transformations: what they refer to, versions of the input, lists that are replaced."""

from __future__ import annotations

from typing import Any

import pytest

from .api import AMPLITUDE, Api

BETA = {"accept": "application/vnd.segment.v1beta+json"}


def body(source: Any, **more: Any) -> dict[str, Any]:
    return {
        "name": "Rename",
        "sourceId": source["id"],
        "enabled": True,
        "if": "event='Order Placed'",
        **more,
    }


def transformation(api: Api, source: Any, **more: Any) -> Any:
    return api.post("/transformations", body(source, **more))["transformation"]


def test_a_transformation_from_creation_to_deletion(api: Api) -> None:
    source = api.source()
    hashing = {"algorithm": "sha256", "paths": ["properties.email"], "encoding": "HEX"}
    answer = api.send(
        "POST",
        "/transformations",
        body(source, newEventName="Paid", hashPropertiesConfiguration=hashing),
    )
    assert answer.status_code == 200
    made = answer.json()["data"]["transformation"]
    assert made["hashPropertiesConfiguration"] == hashing
    for name in ("propertyRenames", "propertyValueTransformations", "fqlDefinedProperties"):
        assert made[name] == []
    path = f"/transformations/{made['id']}"
    assert api.get(path)["transformation"] == made
    assert api.get("/transformations")["transformations"] == [made]
    assert api.delete(path) == {"status": "SUCCESS"}
    assert api.refused("GET", path).status == 404


def test_a_patch_replaces_lists_and_leaves_the_rest(api: Api) -> None:
    source = api.source()
    renames = [{"oldName": "a", "newName": "b"}, {"oldName": "c", "newName": "d"}]
    made = transformation(api, source, propertyRenames=renames, newEventName="Paid")
    path = f"/transformations/{made['id']}"
    after = api.patch(path, {"propertyRenames": renames[1:], "drop": True})["transformation"]
    assert after == {**made, "propertyRenames": renames[1:], "drop": True}
    cleared = api.patch(path, {"newEventName": "", "propertyRenames": []})["transformation"]
    assert "newEventName" not in cleared
    assert cleared["propertyRenames"] == []


def test_what_it_refers_to_has_to_be_there(api: Api) -> None:
    source = api.source()
    assert api.refused("POST", "/transformations", body({"id": "none"})).status == 404
    wrong = body(source, destinationMetadataId="none")
    assert api.refused("POST", "/transformations", wrong).status == 422
    made = transformation(api, source, destinationMetadataId=AMPLITUDE)
    path = f"/transformations/{made['id']}"
    assert api.refused("PATCH", path, {"sourceId": "none"}).status == 404
    other = api.source("other")
    moved = api.patch(path, {"sourceId": other["id"]})["transformation"]
    assert moved["sourceId"] == other["id"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"if": " "},
        {"enabled": "yes"},
        {"fqlDefinedProperties": [{"fql": "a", "propertyName": "b"}] * 2},
        {"propertyValueTransformations": [{"propertyPaths": [], "propertyValue": "x"}] * 11},
        {"propertyValueTransformations": [{"propertyPaths": ["a"] * 11, "propertyValue": "x"}]},
        {"propertyRenames": [{"oldName": "a"}]},
        {"hashPropertiesConfiguration": {"algorithm": "sha256"}},
        {"newEventName": None},
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(api: Api, wrong: dict[str, Any]) -> None:
    source = api.source()
    assert api.refused("POST", "/transformations", body(source, **wrong)).status == 422
    made = transformation(api, source)
    assert api.refused("PATCH", f"/transformations/{made['id']}", wrong).status == 422
    assert api.get("/transformations")["transformations"] == [made]


def test_the_beta_version_lacks_the_newer_attributes(api: Api) -> None:
    source = api.source()
    given = body(source, drop=True, fqlDefinedProperties=[{"fql": "a", "propertyName": "b"}])
    made = api.call("POST", "/transformations", given, headers=BETA)["transformation"]
    assert "drop" not in made
    assert made["fqlDefinedProperties"] == []
    path = f"/transformations/{made['id']}"
    assert api.send("PATCH", path, {"name": "x"}, headers=BETA).status_code == 422
    change = {"transformationId": made["id"], "name": "x", "drop": True}
    after = api.call("PATCH", path, change, headers=BETA)["transformation"]
    assert after == {**made, "name": "x"}


def test_it_goes_with_its_source(api: Api) -> None:
    source, other = api.source(), api.source("other")
    transformation(api, source)
    kept = transformation(api, other)
    api.delete(f"/sources/{source['id']}")
    assert api.get("/transformations")["transformations"] == [kept]


def test_a_token_for_labelled_sources_sees_theirs(api: Api) -> None:
    api.post("/labels", {"label": {"key": "environment", "value": "production"}})
    source = api.source()
    api.put(
        f"/sources/{source['id']}/labels",
        {"labels": [{"key": "environment", "value": "production"}]},
    )
    mine = transformation(api, source)
    transformation(api, api.source("other"))
    scoped = Api(api.emulator, "label_scoped")
    assert scoped.get("/transformations")["transformations"] == [mine]
    assert scoped.refused("POST", "/transformations", body(source)).status == 403
