"""Sources and destinations together: methods, platforms, modes, regions, counts."""

from __future__ import annotations

from typing import Any

import pytest

from segform.catalog import (
    Catalog,
    check_connection,
    check_status,
    instances_allowed,
    inventory,
    methods_of,
    modes_of,
    platform_of,
    regions_of,
)

JAVASCRIPT, APPLE, PYTHON = "IqDTy1TpoU", "dZeHygTSD4", "XRksQPCr7X"
PIXEL, ADJUST, GA4 = (
    "5661eb58e954a874ca44cc07",
    "56f6ce7280412f644ff12fb2",
    "60ad61f9ff47a16b8fb7b5d9",
)


def _entry(**more: Any) -> dict[str, Any]:
    return {"id": "e", "name": "Tool", **more}


def test_platforms_of_sources(catalog: Catalog) -> None:
    found = {
        entry["slug"]: platform_of(entry)
        for entry in catalog.entries("source")
        if entry["slug"] in ("javascript", "apple", "python")
    }
    assert found == {
        "javascript": "browser",
        "apple": "mobile",
        "python": "server",
    }
    assert platform_of({"id": "x", "isCloudEventSource": True}) == "cloud"
    assert platform_of({"id": "x", "categories": ["Something new"]}) is None
    assert platform_of({"id": "x"}) is None


def test_methods_know_both_names_of_a_page_call() -> None:
    assert methods_of(_entry(supportedMethods={"pageview": True, "track": False})) == {
        "track": False,
        "identify": None,
        "group": None,
        "alias": None,
        "page": True,
    }
    assert methods_of(_entry(supportedMethods={"page": False}))["page"] is False


@pytest.mark.parametrize(
    ("facts", "platform", "modes"),
    [
        ({"components": [{"type": "BROWSER"}]}, "browser", (False, True)),
        ({"components": [{"type": "SERVER"}]}, "browser", (True, False)),
        ({"components": [{"type": "IOS"}, {"type": "SERVER"}]}, "mobile", (True, True)),
        ({"components": [{"type": "BROWSER"}]}, "mobile", (False, False)),
        ({"actions": [{"platform": "CLOUD"}]}, "browser", (True, False)),
        ({"actions": [{"platform": "WEB"}]}, "browser", (False, True)),
        ({"actions": [{"platform": "WEB"}]}, "server", (False, False)),
        ({"supportedFeatures": {"cloudModeInstances": "MULTIPLE"}}, "server", (True, False)),
        ({"supportedFeatures": {"cloudModeInstances": "0"}}, "browser", (False, None)),
        (
            {"actions": [{"platform": "CLOUD"}], "supportedPlatforms": {"mobile": False}},
            "mobile",
            (None, False),
        ),
        ({}, "browser", (None, None)),
        ({}, None, (None, None)),
        (
            {"connectionModes": {"cloud": {"web": True}, "device": {"web": False}}},
            "browser",
            (True, False),
        ),
    ],
)
def test_modes(facts: dict[str, Any], platform: str | None, modes: tuple[Any, Any]) -> None:
    found = modes_of(_entry(**facts), platform)
    assert (found["cloud"], found["device"]) == modes


@pytest.mark.parametrize(
    ("features", "allowed"),
    [
        ({"cloudModeInstances": "1"}, 1),
        ({"cloudModeInstances": "SINGLE", "deviceModeInstances": "NONE"}, 1),
        ({"cloudModeInstances": "0", "deviceModeInstances": "1"}, 1),
        ({"cloudModeInstances": "MULTIPLE", "deviceModeInstances": "1"}, None),
        ({}, None),
    ],
)
def test_instances(features: dict[str, str], allowed: int | None) -> None:
    assert instances_allowed(_entry(supportedFeatures=features)) == allowed


def test_one_too_many_is_an_error() -> None:
    single = _entry(supportedFeatures={"cloudModeInstances": "1"})
    assert check_connection(None, single, others=0) == []
    [problem] = check_connection(None, single, others=1)
    assert (problem.path, problem.severity) == (("metadata", "id"), "error")
    assert "has Tool already, and a source takes only 1" in problem.message
    assert check_connection(None, _entry(), others=9) == []


def test_a_region_where_it_is_not_offered_is_a_warning() -> None:
    american = _entry(supportedRegions=["us-west-2"])
    assert regions_of(american) == ("us",)
    assert check_connection(None, american, region="us") == []
    [problem] = check_connection(None, american, region="eu")
    assert problem.severity == "warning"
    assert "offered in US, and this workspace is in EU" in problem.message
    # Unknown on either side.
    assert check_connection(None, american) == []
    assert check_connection(None, _entry(), region="eu") == []


def test_a_platform_that_it_does_not_take_is_a_warning(catalog: Catalog) -> None:
    def said(source: str, destination: str) -> list[str]:
        entry = catalog.entry("destination", destination)
        assert entry is not None
        return [one.message for one in check_connection(catalog.entry("source", source), entry)]

    assert said(JAVASCRIPT, PIXEL) == []
    assert said(PYTHON, PIXEL) == [
        "Facebook Pixel takes no events of servers; it takes those of websites"
    ]
    assert said(JAVASCRIPT, GA4) == []


def test_old_entries_are_told() -> None:
    assert check_status(_entry(status="PUBLIC"), "destination") == []
    [problem] = check_status(_entry(status="DEPRECATED"), "destination")
    assert "calls Tool deprecated" in problem.message


def test_the_inventory_of_a_workspace(catalog: Catalog) -> None:
    sources: list[dict[str, Any]] = [
        {"id": "s1", "slug": "web", "metadataId": JAVASCRIPT},
        {"id": "s2", "slug": "server", "metadata": {"id": PYTHON}},
    ]
    destinations: list[dict[str, Any]] = [
        {"id": "d1", "name": "Analytics", "metadataId": GA4, "sourceId": "s1"},
        {"id": "d2", "metadata": {"id": PIXEL}, "sourceId": "s2", "enabled": False},
        {"id": "d3", "metadataId": "gone", "sourceId": "nobody"},
    ]
    ga4, pixel, gone = inventory(catalog, sources=sources, destinations=destinations)
    assert (ga4.name, ga4.source, ga4.platform) == ("Analytics", "web", "browser")
    assert ga4.methods["track"] is True
    assert ga4.modes["cloud"] is True
    assert (pixel.tool, pixel.enabled, pixel.platform) == ("Facebook Pixel", False, "server")
    assert (gone.known, gone.source, gone.modes) == (
        False,
        "nobody",
        {"cloud": None, "device": None},
    )


def test_modes_read_from_an_entry_agree_with_the_documented_table(large: Catalog) -> None:
    """Where an entry says that a mode is there, the documented table hardly ever denies it."""
    told = wrong = 0
    for entry in large.entries("destination"):
        bare = {key: value for key, value in entry.items() if key != "connectionModes"}
        for platform in ("browser", "mobile"):
            read, documented = modes_of(bare, platform), modes_of(entry, platform)
            for mode in ("cloud", "device"):
                if read[mode]:
                    told += 1
                    wrong += documented[mode] is False
    assert told > 100
    # That table knows no device mode of the actions that run in a browser.
    assert wrong / told < 0.12, (wrong, told)
