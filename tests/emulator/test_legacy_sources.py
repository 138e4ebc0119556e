"""The legacy face: workspaces, sources, their schema settings, the catalogue, and pages."""

from __future__ import annotations

from typing import Any

import pytest

from segform_emulator import Emulator
from segform_emulator.families.sources import SCHEMA_DEFAULTS

from .api import POSTGRES, PYTHON, Api
from .legacy_api import JS, Legacy, W


@pytest.fixture
def legacy(emulator: Emulator) -> Legacy:
    return Legacy(emulator)


def test_the_workspace_of_the_token(api: Api, legacy: Legacy) -> None:
    public = api.get("/")["workspace"]
    one = legacy.get(W)
    assert (one["name"], one["display_name"], one["id"]) == (W, public["name"], public["id"])
    assert legacy.get("workspaces") == {"workspaces": [one], "next_page_token": ""}
    assert Legacy(legacy.emulator, "eu").get("workspaces")["workspaces"] == []


def test_a_source_is_the_same_through_both(api: Api, legacy: Legacy) -> None:
    made = legacy.source(display_name="Website")
    public = api.get("/sources")["sources"][0]
    assert (public["slug"], public["name"], public["enabled"]) == ("js", "Website", True)
    assert public["writeKeys"] == made["write_keys"]
    api.patch(f"/sources/{public['id']}", {"name": "Shop", "slug": "shop"})
    after = legacy.get(f"{W}/sources/shop")
    assert after == {**made, "name": f"{W}/sources/shop", "display_name": "Shop"}
    assert legacy.refused("GET", JS) == (404, 5)
    api.delete(f"/sources/{public['id']}")
    assert legacy.get(f"{W}/sources")["sources"] == []


def test_a_source_of_the_public_api(api: Api, legacy: Legacy) -> None:
    api.source("py", metadataId=PYTHON)
    one = legacy.get(f"{W}/sources/py")
    assert one["catalog_name"] == "catalog/sources/python"
    assert one["display_name"] == "py"
    assert one["create_time"] == "0001-01-01T00:00:00Z"
    assert legacy.get(f"{W}/sources/") == {"sources": [one], "next_page_token": ""}
    assert legacy.delete(f"{W}/sources/py") == {}
    assert api.get("/sources")["sources"] == []
    assert legacy.refused("DELETE", f"{W}/sources/py") == (404, 5)


def test_a_source_loads_into_warehouses_as_any_other(api: Api, legacy: Legacy) -> None:
    body = {"metadataId": POSTGRES, "settings": {}}
    warehouse = api.post("/warehouses", body)["warehouse"]
    legacy.source()
    found = api.get(f"/warehouses/{warehouse['id']}/connected-sources")["sources"]
    assert [one["slug"] for one in found] == ["js"]


def test_library_config_is_kept_here(legacy: Legacy) -> None:
    made = legacy.source(library_config={"retry_queue": True, "api_host": "api.example"})
    assert made["library_config"] == {
        "metrics_enabled": False,
        "retry_queue": True,
        "cross_domain_id_enabled": False,
        "api_host": "api.example",
    }
    assert legacy.get(JS) == made


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"name": JS}, 400),
        ({"catalog_name": "catalog/sources/javascript"}, 400),
        ({"name": "js", "catalog_name": "catalog/sources/javascript"}, 400),
        ({"name": f"{JS}/", "catalog_name": "catalog/sources/javascript"}, 400),
        ({"name": f"{W}/sources/", "catalog_name": "catalog/sources/javascript"}, 400),
        (
            {"name": "workspaces/umbrella/sources/js", "catalog_name": "catalog/sources/go"},
            400,
        ),
        ({"name": JS, "catalog_name": "catalog/sources/none"}, 400),
        ({"name": JS, "catalog_name": "javascript"}, 400),
        ({"name": 1, "catalog_name": "catalog/sources/javascript"}, 400),
        (
            {"name": JS, "catalog_name": "catalog/sources/go", "library_config": {"api_host": 1}},
            400,
        ),
        ({"name": JS, "catalog_name": "catalog/sources/go", "display_name": ["a"]}, 400),
        ({"name": f"{W}/sources/there", "catalog_name": "catalog/sources/go"}, 409),
    ],
)
def test_sources_that_cannot_be_made(legacy: Legacy, given: Any, status: int) -> None:
    legacy.source("there")
    code = {400: 3, 409: 6}[status]
    assert legacy.refused("POST", f"{W}/sources", {"source": given}) == (status, code)
    assert [one["name"] for one in legacy.get(f"{W}/sources")["sources"]] == [f"{W}/sources/there"]


# Schema settings


def settings(api: Api, slug: str = "js") -> Any:
    found = {one["slug"]: one["id"] for one in api.get("/sources")["sources"]}
    return api.get(f"/sources/{found[slug]}/settings")["settings"]


def test_schema_config_is_flat(api: Api, legacy: Legacy) -> None:
    legacy.source()
    made = legacy.get(f"{JS}/schema-config")
    assert made == {
        "name": f"{JS}/schema-config",
        "parent": JS,
        "allow_unplanned_track_events": True,
        "allow_unplanned_track_event_properties": True,
        "allow_track_event_on_violations": True,
        "allow_track_event_properties_on_violations": True,
        "allow_track_properties_on_violations": True,
        "common_track_event_on_violations": "ALLOW",
        "allow_unplanned_identify_traits": True,
        "allow_identify_traits_on_violations": True,
        "common_identify_event_on_violations": "ALLOW",
        "allow_unplanned_group_traits": True,
        "allow_group_traits_on_violations": True,
        "common_group_event_on_violations": "ALLOW",
        "forwarding_violations_to": "",
        "forwarding_blocked_events_to": "",
    }
    assert settings(api) == SCHEMA_DEFAULTS


def test_schema_config_changes_what_the_mask_says(api: Api, legacy: Legacy) -> None:
    legacy.source()
    legacy.source("violations")
    body = {
        "schema_config": {
            "allow_unplanned_track_events": False,
            "common_track_event_on_violations": "BLOCK",
            "allow_unplanned_group_traits": False,
            "forwarding_violations_to": "violations",
            "forwarding_blocked_events_to": f"{W}/sources/violations",
        },
        "update_mask": {
            "paths": [
                "schema_config.allow_unplanned_track_events",
                "schema_config.common_track_event_on_violations",
                "schema_config.allow_identify_traits_on_violations",
                "schema_config.allow_track_properties_on_violations",
                "schema_config.forwarding_violations_to",
                "schema_config.forwarding_blocked_events_to",
            ]
        },
    }
    made = legacy.patch(f"{JS}/schema-config", body)
    assert made == legacy.get(f"{JS}/schema-config")
    assert made["forwarding_violations_to"] == "violations"
    public = settings(api)
    assert public["track"] == {
        **SCHEMA_DEFAULTS["track"],
        "allowUnplannedEvents": False,
        # Emptied: in the mask, without a value.
        "allowPropertiesOnViolations": False,
        "commonEventOnViolations": "BLOCK",
    }
    assert public["identify"]["allowTraitsOnViolations"] is False
    # Given, but not in the mask.
    assert public["group"] == SCHEMA_DEFAULTS["group"]
    target = {one["slug"]: one["id"] for one in api.get("/sources")["sources"]}["violations"]
    assert public["forwardingViolationsTo"] == public["forwardingBlockedEventsTo"] == target
    paths = [
        "schema_config.common_track_event_on_violations",
        "schema_config.forwarding_violations_to",
    ]
    after = legacy.patch(f"{JS}/schema-config", {"update_mask": {"paths": paths}})
    assert after["common_track_event_on_violations"] == "ALLOW"
    assert after["forwarding_violations_to"] == ""
    assert "forwardingViolationsTo" not in settings(api)
    assert settings(api)["forwardingBlockedEventsTo"] == target


def test_schema_config_of_the_public_api(api: Api, legacy: Legacy) -> None:
    source = api.source("js")
    body = {"group": {"commonEventOnViolations": "OMIT_TRAITS"}}
    api.patch(f"/sources/{source['id']}/settings", body)
    made = legacy.get(f"{JS}/schema-config")
    assert made["common_group_event_on_violations"] == "OMIT_TRAITS"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("common_track_event_on_violations", "OMIT_TRAITS"),
        ("common_track_event_on_violations", 1),
        ("allow_unplanned_track_events", "yes"),
        ("allow_unplanned_track_events", 1),
        ("forwarding_violations_to", "nowhere"),
        ("forwarding_violations_to", ["js"]),
        ("name", "x"),
    ],
)
def test_schema_config_with_values_that_do_not_fit(legacy: Legacy, field: str, value: Any) -> None:
    legacy.source()
    before = legacy.get(f"{JS}/schema-config")
    paths = ["schema_config.allow_unplanned_group_traits", f"schema_config.{field}"]
    body = {"schema_config": {field: value}, "update_mask": {"paths": paths}}
    assert legacy.refused("PATCH", f"{JS}/schema-config", body) == (400, 3)
    assert legacy.get(f"{JS}/schema-config") == before


# The catalogue, and pages


def test_the_catalogue_by_slug(legacy: Legacy) -> None:
    source = legacy.get("catalog/sources/javascript")
    assert source["name"] == "catalog/sources/javascript"
    assert source["display_name"] == "Javascript"
    assert source in legacy.get("catalog/sources")["sources"]
    one = legacy.get("catalog/destinations/adjust")
    assert one["display_name"] == "Adjust"
    kinds = {setting["name"].rpartition("/")[2]: setting["type"] for setting in one["settings"]}
    assert (kinds["appToken"], kinds["customEvents"]) == ("string", "map")
    assert one in legacy.get("catalog/destinations")["destinations"]
    assert legacy.refused("GET", "catalog/sources/none") == (404, 5)
    assert legacy.refused("GET", "catalog/destinations/none") == (404, 5)
    assert legacy.refused("GET", "catalog/warehouses/postgres") == (501, 12)


def test_pages(legacy: Legacy) -> None:
    legacy.emulator.seed(sources=105)
    first = legacy.get(f"{W}/sources")
    assert len(first["sources"]) == 100
    rest = legacy.get(f"{W}/sources", page_token=first["next_page_token"])
    assert (len(rest["sources"]), rest["next_page_token"]) == (5, "")
    names: list[str] = []
    token, asked = "", 0
    while token or not asked:
        page = legacy.get(f"{W}/sources", page_size=50, page_token=token)
        names += [one["name"] for one in page["sources"]]
        token, asked = page["next_page_token"], asked + 1
    assert asked == 3
    assert names == [one["name"] for one in first["sources"] + rest["sources"]]
    assert len(legacy.get(f"{W}/sources", page_size=0)["sources"]) == 100
    assert len(legacy.get(f"{W}/sources", page_size=1000)["sources"]) == 105
    # Beyond the end there is nothing.
    assert legacy.get(f"{W}/sources", page_token="OTk5") == {"sources": [], "next_page_token": ""}


@pytest.mark.parametrize(
    "query",
    [
        {"page_size": "1001"},
        {"page_size": "9" * 5000},
        {"page_size": "-1"},
        {"page_size": "1_0"},
        {"page_size": "ten"},
        {"page_size": "\u0661"},
        {"page_size": ["1", "1.5"]},
        {"page_token": "!"},
        {"page_token": "LTU="},  # -5
        {"page_token": "MV8w"},  # 1_0
        {"page_token": "A"},
        {"page_token": "A" * 400},
    ],
)
def test_pages_that_cannot_be(legacy: Legacy, query: Any) -> None:
    legacy.source()
    assert legacy.refused("GET", f"{W}/sources", params=query) == (400, 3)
