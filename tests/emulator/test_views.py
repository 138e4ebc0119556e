"""Lists are put together from what was shown before: never from what is no longer so."""

from __future__ import annotations

from typing import Any

from segform_emulator import Emulator

from .api import WEBHOOK, Api


def listed(api: Api, kind: str = "sources") -> Any:
    """A list, by way of the views that were kept from the one before."""
    found = api.get(f"/{kind}")[kind]
    assert api.get(f"/{kind}")[kind] == found
    return found


def test_a_change_is_in_the_next_list(api: Api) -> None:
    one, other = api.source("one"), api.source("other")
    assert listed(api) == [one, other]
    path = f"/sources/{one['id']}"
    changed = api.patch(path, {"name": "One", "settings": {"a": 1}})["source"]
    assert listed(api) == [changed, other]
    api.post("/labels", {"label": {"key": "team", "value": "web"}})
    label = {"key": "team", "value": "web"}
    api.put(f"{path}/labels", {"labels": [label]})
    keys = api.post(f"{path}/writekey")["source"]["writeKeys"]
    assert listed(api) == [{**changed, "labels": [label], "writeKeys": keys}, other]
    api.delete(path)
    assert listed(api) == [other]


def test_each_role_sees_its_own(emulator: Emulator, api: Api) -> None:
    one = api.source()
    assert listed(api) == [one]
    hidden = {**one, "writeKeys": []}
    assert listed(Api(emulator, "member")) == [hidden]
    assert listed(api) == [one]


def test_a_secret_stays_masked_and_new_ones_show(api: Api) -> None:
    source = api.source()
    made = api.destination(source["id"], WEBHOOK, settings={"sharedSecret": "0123456789abcdef"})
    assert listed(api, "destinations") == [made]
    given = {"settings": {"sharedSecret": "fedcba9876543210"}}
    changed = api.patch(f"/destinations/{made['id']}", given)["destination"]
    assert changed["settings"]["sharedSecret"].endswith("3210")
    assert listed(api, "destinations") == [changed]


def test_entries_of_functions_change_with_them(api: Api) -> None:
    body = {"code": "", "displayName": "Mine", "resourceType": "DESTINATION"}
    function = api.post("/functions", body)["function"]
    api.destination(api.source()["id"], function["catalogId"])
    before = listed(api, "destinations")[0]["metadata"]
    api.patch(f"/functions/{function['id']}", {"displayName": "Ours", "description": "New"})
    after = listed(api, "destinations")[0]["metadata"]
    assert (before["description"], after["description"]) == ("", "New")


def test_another_state_has_other_lists(api: Api) -> None:
    api.source("one")
    dump = api.control("GET", "dump")
    listed(api)
    api.control("POST", "reset")
    assert listed(api) == []
    api.control("POST", "seed", dump)
    assert [one["slug"] for one in listed(api)] == ["one"]
    api.control("POST", "seed?sources=3")
    assert len(listed(api)) == 3
