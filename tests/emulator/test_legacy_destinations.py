"""The legacy face: destinations, their config and the meaning of masks."""

from __future__ import annotations

from typing import Any

import pytest

from segform_emulator import Emulator

from .api import ADJUST, WEBHOOK, Api
from .legacy_api import JS, WEBHOOK_NAME, Legacy, option, options

ADJUST_NAME = f"{JS}/destinations/adjust"
BULLETS = "•" * 10


@pytest.fixture
def legacy(emulator: Emulator) -> Legacy:
    made = Legacy(emulator)
    made.source()
    return made


def test_a_destination_is_the_same_through_both(api: Api, legacy: Legacy) -> None:
    config = [option(ADJUST_NAME, "appToken", "0123456789"), option(ADJUST_NAME, "mine", [1], "")]
    made = legacy.destination(ADJUST_NAME, enabled=True, display_name="Mine", config=config)
    public = api.get("/destinations")["destinations"][0]
    assert public["metadata"]["id"] == ADJUST
    assert (public["name"], public["enabled"]) == ("Mine", True)
    assert public["settings"]["delayTime"] == 0
    assert options(made) == public["settings"]
    assert options(made)["appToken"] == f"{BULLETS}6789"
    kinds = {one["name"].rpartition("/")[2]: one["type"] for one in made["config"]}
    assert (kinds["mine"], kinds["customEvents"], kinds["delayTime"]) == ("list", "map", "number")
    settings = {"delayTime": 5, "a": None, "aa": 1.5}
    api.patch(f"/destinations/{public['id']}", {"name": "Other", "settings": settings})
    after = legacy.get(ADJUST_NAME)
    assert (after["display_name"], options(after)["delayTime"]) == ("Other", 5)
    assert list(options(after)) == sorted([*options(made), "aa"])
    assert legacy.get(f"{JS}/destinations")["destinations"] == [after]
    assert legacy.delete(ADJUST_NAME) == {}
    assert api.get("/destinations")["destinations"] == []
    assert legacy.refused("GET", ADJUST_NAME) == (404, 5)
    assert legacy.refused("DELETE", ADJUST_NAME) == (404, 5)


def test_destinations_of_the_public_api(api: Api, legacy: Legacy) -> None:
    source_id = api.get("/sources")["sources"][0]["id"]
    first, second = (api.destination(source_id, WEBHOOK, name=name) for name in "ab")
    found = legacy.get(f"{JS}/destinations")["destinations"]
    assert [one["name"] for one in found] == [
        WEBHOOK_NAME,
        f"{JS}/destinations/{second['id']}",
    ]
    assert [one["display_name"] for one in found] == ["a", "b"]
    for one in found:
        assert legacy.get(one["name"]) == one
        assert one["connection_mode"] == "UNSPECIFIED"
        assert one["create_time"] == "0001-01-01T00:00:00Z"
    assert legacy.get(f"{JS}/destinations/{first['id']}") == found[0]
    assert legacy.change(found[1]["name"], ["enabled"])["enabled"] is False
    assert api.get(f"/destinations/{first['id']}")["destination"]["enabled"] is True


def test_one_of_a_kind(legacy: Legacy) -> None:
    legacy.destination()
    body = {"destination": {"name": WEBHOOK_NAME}}
    assert legacy.refused("POST", f"{JS}/destinations", body) == (409, 6)
    other = f"{legacy.source('other')['name']}/destinations/actions-webhook"
    assert legacy.destination(other)["name"] == other


def test_data_without_a_mask_changes_nothing(api: Api, legacy: Legacy) -> None:
    made = legacy.destination(enabled=True, connection_mode="cloud")
    given = {
        "enabled": False,
        "display_name": "x",
        "connection_mode": "DEVICE",
        "config": [option(WEBHOOK_NAME, "sharedSecret", "new", "password")],
    }
    before = legacy.emulator.dump()
    assert legacy.patch(WEBHOOK_NAME, {"destination": given}) == made
    masks: list[Any] = [None, {}, {"paths": None}, {"paths": []}]
    for mask in masks:
        body = {"destination": given, "update_mask": mask}
        assert legacy.patch(WEBHOOK_NAME, body) == made
    assert legacy.emulator.dump() == before
    # What is not in the mask stays, whatever else is.
    after = legacy.change(WEBHOOK_NAME, ["enabled"], **given)
    assert after == {**made, "enabled": False, "update_time": after["update_time"]}
    assert after["update_time"] > made["update_time"]
    assert api.get("/destinations")["destinations"][0]["enabled"] is False


def test_a_path_without_a_value_is_emptied(api: Api, legacy: Legacy) -> None:
    config = [option(ADJUST_NAME, "delayTime", 7, "number"), option(ADJUST_NAME, "mine", 1, "")]
    made = legacy.destination(
        ADJUST_NAME, enabled=True, display_name="A", connection_mode="CLOUD", config=config
    )
    assert options(made)["mine"] == 1
    after = legacy.change(
        ADJUST_NAME, ["enabled", "display_name", "connection_mode", "config"], enabled=None
    )
    assert (after["enabled"], after["display_name"]) == (False, "")
    assert after["connection_mode"] == "UNSPECIFIED"
    assert "mine" not in options(after)
    assert options(after)["delayTime"] == 0
    public = api.get("/destinations")["destinations"][0]
    assert (public["enabled"], public["name"]) == (False, "")
    assert public["settings"] == options(after)


def test_config_changes_the_options_that_are_given(api: Api, legacy: Legacy) -> None:
    config = [
        option(ADJUST_NAME, "appToken", "tok"),
        option(ADJUST_NAME, "customEvents", {"a": "b"}, "map"),
        option(ADJUST_NAME, "delayTime", 7, "number"),
    ]
    legacy.destination(ADJUST_NAME, config=config)
    after = legacy.change(
        ADJUST_NAME,
        ["config"],
        config=[option(ADJUST_NAME, "delayTime", 1.5, "number"), {**config[1], "value": None}],
    )
    assert str(options(after)["delayTime"]) == "1.5"
    assert options(after)["customEvents"] == {}
    stored = api.control("GET", "dump")["workspaces"][0]["destinations"][0]["settings"]
    assert stored["appToken"] == "tok"


def test_a_secret_that_is_not_named_stays(api: Api, legacy: Legacy) -> None:
    secret = option(WEBHOOK_NAME, "sharedSecret", "0123456789", "password")
    made = legacy.destination(config=[secret])
    assert options(made)["sharedSecret"] == f"{BULLETS}6789"
    legacy.change(WEBHOOK_NAME, ["enabled"], enabled=True)
    stored = api.control("GET", "dump")["workspaces"][0]["destinations"][0]
    assert stored["settings"]["sharedSecret"] == "0123456789"


@pytest.mark.parametrize(
    ("paths", "given"),
    [
        (["enabled"], {"enabled": 1}),
        (["enabled"], {"enabled": "yes"}),
        (["display_name"], {"display_name": {}}),
        (["connection_mode"], {"connection_mode": "WIRE"}),
        (["connection_mode"], {"connection_mode": 1}),
        (["config"], {"config": {}}),
        (["config"], {"config": "x"}),
        (["config"], {"config": [1]}),
        (["config"], {"config": [{}]}),
        (["config"], {"config": [{"name": "appToken", "value": "x"}]}),
        (["config"], {"config": [option(WEBHOOK_NAME, "appToken", "x")]}),
        (["config"], {"config": [option(ADJUST_NAME, "", "x")]}),
        (["config"], {"config": [option(ADJUST_NAME, "appToken", 1)]}),
        (["config"], {"config": [option(ADJUST_NAME, "setDelay", 1, "boolean")]}),
        (["config"], {"config": [option(ADJUST_NAME, "delayTime", True, "number")]}),
        (["config"], {"config": [{**option(ADJUST_NAME, "delayTime", 1), "type": 1}]}),
        (["name"], {"name": "x"}),
        (["parent"], {}),
        (["config.appToken"], {}),
        (["none"], {}),
    ],
)
def test_updates_with_values_that_do_not_fit(legacy: Legacy, paths: Any, given: Any) -> None:
    legacy.destination(ADJUST_NAME)
    before = legacy.emulator.dump()
    masked = [f"destination.{path}" for path in ["enabled", "display_name", *paths]]
    body = {"destination": given, "update_mask": {"paths": masked}}
    assert legacy.refused("PATCH", ADJUST_NAME, body) == (400, 3)
    assert legacy.emulator.dump() == before


@pytest.mark.parametrize(
    "body",
    [
        {"destination": [], "update_mask": {"paths": []}, "x": 1},
        {"destination": {}, "update_mask": "destination.enabled"},
        {"destination": {}, "update_mask": {"paths": "destination.enabled"}},
        {"destination": {}, "update_mask": {"paths": [1]}},
        {"destination": {}, "update_mask": {"paths": ["enabled"]}},
        {"destination": "x", "update_mask": {"paths": ["destination.enabled"]}},
    ],
)
def test_masks_that_are_none(legacy: Legacy, body: Any) -> None:
    legacy.destination()
    assert legacy.refused("PATCH", WEBHOOK_NAME, body) == (400, 3)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "actions-webhook"},
        {"name": f"{JS}/destinations/none"},
        {"name": "workspaces/acme/sources/other/destinations/actions-webhook"},
        {"name": WEBHOOK_NAME, "enabled": 1},
        {"name": WEBHOOK_NAME, "connection_mode": []},
        {"name": WEBHOOK_NAME, "config": [option(ADJUST_NAME, "sharedSecret", "x")]},
    ],
)
def test_destinations_that_cannot_be_made(legacy: Legacy, given: Any) -> None:
    body = {"destination": given}
    assert legacy.refused("POST", f"{JS}/destinations", body) == (400, 3)
    assert legacy.emulator.dump()["workspaces"][0]["destinations"] == []


def test_what_only_this_face_knows_goes_with_its_object(legacy: Legacy) -> None:
    legacy.destination(connection_mode="DEVICE")
    kept = legacy.emulator.at(0).more["legacy"]
    assert len(kept) == 2
    legacy.delete(JS)
    assert not kept
