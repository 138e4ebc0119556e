"""Features that a workspace may lack, and nobody else."""

from __future__ import annotations

from segform_emulator import Emulator

from .api import Api


def test_all_features_are_there_until_one_is_switched_off(emulator: Emulator, api: Api) -> None:
    told = api.control("GET", "features")
    assert told["workspace"] == "acme"
    assert all(told["features"].values())
    assert {"Functions", "Protocols", "Destination Subscriptions"} <= set(told["features"])
    assert not api.control("POST", "features", {"Functions": False})["features"]["Functions"]
    refused = api.refused("GET", "/functions?resourceType=SOURCE")
    assert (refused.status, refused.type) == (403, "forbidden")
    assert "Functions" in refused.message
    assert api.get("/transformations")["transformations"] == []
    assert Api(emulator, "other_workspace").get("/functions?resourceType=SOURCE")
    api.control("POST", "features", {"Functions": True})
    assert api.get("/functions?resourceType=SOURCE")["functions"] == []


def test_another_workspace_is_named_by_its_slug(emulator: Emulator, api: Api) -> None:
    api.control("POST", "features", {"workspace": "umbrella", "Protocols": False})
    assert Api(emulator, "other_workspace").refused("GET", "/tracking-plans").status == 403
    assert api.get("/tracking-plans")["trackingPlans"] == []
    assert not api.control("GET", "features?workspace=umbrella")["features"]["Protocols"]
    emulator.reset()
    assert Api(emulator, "other_workspace").get("/tracking-plans")["trackingPlans"] == []


def test_what_is_no_feature_is_refused(api: Api) -> None:
    for wrong in ({"Other": False}, {"Functions": "no"}, {"workspace": "none"}):
        assert api.refused("POST", "/_emulator/features", wrong).status == 400
    assert all(api.control("GET", "features")["features"].values())
