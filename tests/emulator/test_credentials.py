"""Credentials: redacted, merged, and kept while somebody uses them."""

from __future__ import annotations

from typing import Any

import pytest

from segform_emulator import Emulator

from .api import POSTGRES, Api

SETTINGS = {"type": "snowflake", "username": "loader", "password": "hunter2hunter2"}


def credential(api: Api, name: str = "Loader", **settings: Any) -> Any:
    return api.post("/credentials", {"name": name, "settings": {**SETTINGS, **settings}})[
        "credential"
    ]


def test_a_credential_from_creation_to_deletion(api: Api) -> None:
    answer = api.send("POST", "/credentials", {"name": "Loader", "settings": SETTINGS})
    assert answer.status_code == 201
    made = answer.json()["data"]["credential"]
    assert made["settings"] == {**SETTINGS, "password": "•" * 10 + "ter2"}
    path = f"/credentials/{made['id']}"
    assert api.get(path)["credential"] == made
    assert api.get("/credentials")["credentials"] == [made]
    changed = api.patch(path, {"settings": {"role": "r"}})["credential"]
    assert changed["settings"] == {**made["settings"], "role": "r"}
    assert changed["updatedAt"] > made["updatedAt"]
    assert api.patch(path, {"settings": {"role": None}})["credential"]["settings"] == {
        **made["settings"]
    }
    held = api.control("GET", "dump")["workspaces"][0]["credentials"][0]
    assert held["settings"]["password"] == "hunter2hunter2"
    assert api.delete(path) == {"status": "SUCCESS"}
    assert api.refused("GET", path).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "settings": {}},
        {"name": "x", "settings": {"type": ""}},
        {"name": " ", "settings": {"type": "a"}},
        {"settings": {"type": "a"}},
        {"name": "x", "settings": []},
    ],
)
def test_a_credential_that_is_none(api: Api, body: Any) -> None:
    assert api.refused("POST", "/credentials", body).status == 422
    assert api.get("/credentials")["credentials"] == []


def test_its_type_stays(api: Api) -> None:
    path = f"/credentials/{credential(api)['id']}"
    assert api.refused("PATCH", path, {"settings": {"type": "redshift"}}).status == 422
    assert api.patch(path, {"settings": {"type": "snowflake"}})


def test_one_in_use_stays_and_tells_by_whom(api: Api) -> None:
    made = credential(api)
    path = f"/credentials/{made['id']}"
    warehouse = api.post(
        "/warehouses", {"metadataId": POSTGRES, "settings": {"credentialId": made["id"]}}
    )["warehouse"]
    source = api.source(settings={"credentialId": made["id"]})
    found = api.get(f"{path}/consumers?sourcesPagination[count]=1")
    assert [one["id"] for one in found["warehouses"]] == [warehouse["id"]]
    assert [one["id"] for one in found["sources"]] == [source["id"]]
    assert found["warehousesPagination"]["totalEntries"] == 1
    refused = api.refused("DELETE", path)
    assert (refused.status, warehouse["id"] in refused.message) == (409, True)
    api.delete(f"/warehouses/{warehouse['id']}")
    api.delete(f"/sources/{source['id']}")
    assert api.delete(path)


def test_who_may(emulator: Emulator, api: Api) -> None:
    """The service says of each operation which roles may use it."""
    path = f"/credentials/{credential(api)['id']}"
    admin = Api(emulator, "source_admin")
    assert admin.get(path)
    assert credential(admin, "Second")
    for method, body in (("PATCH", {"name": "x"}), ("DELETE", None)):
        assert admin.refused(method, path, body).status == 403
    for role in ("member", "no_source_admin", "label_scoped"):
        assert Api(emulator, role).refused("GET", path).status == 403
        assert Api(emulator, role).refused("GET", "/credentials").status == 403


def test_a_snapshot_has_them_whole(api: Api) -> None:
    credential(api)
    dump = api.control("GET", "dump")
    assert Emulator(seed=dump).dump() == dump
