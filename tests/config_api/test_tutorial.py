"""Segment's own tutorials with our clients: on the legacy API and on the Public API, one result.

A JavaScript web source and a Google Analytics destination; then a tracking plan that is connected.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from segform import Segment
from segform.config_api import AsyncConfigAPI, ConfigAPI
from segform_emulator import Emulator

from .both import JS, async_legacy, legacy, public, state

GA = {
    "id": "54521fd525e721e32a72ee99",
    "slug": "google-analytics",
    "name": "Google Analytics",
    "options": [
        {"name": "anonymizeIp", "type": "boolean", "defaultValue": False},
        {"name": "enableServerIdentify", "type": "boolean", "defaultValue": False},
        {"name": "trackingId", "type": "string", "label": "Website Tracking ID"},
    ],
}
ANALYTICS = f"{JS}/destinations/google-analytics"
SCHEMA = {
    "type": "object",
    "properties": {
        "properties": {
            "type": "object",
            "properties": {"username": {"type": "string"}},
            "required": ["username"],
        }
    },
    "required": ["properties"],
}
# What differs between any two runs, and what only the legacy API knows.
VARYING = ("id", "sourceId", "sourceIds", "workspaceId", "writeKeys", "createdAt", "updatedAt")


def the_legacy_way(client: ConfigAPI) -> None:
    source = client.sources.create("js", catalog_name="catalog/sources/javascript")
    assert len(source["write_keys"][0]) == 32
    made = client.destinations.create(
        ANALYTICS, connection_mode="CLOUD", config={"trackingId": "UA-970334309-1"}
    )
    assert made["enabled"] is False
    client.destinations.update(ANALYTICS, enabled=True, config={"enableServerIdentify": True})
    plan = client.tracking_plans.create(
        display_name="My Tracking Plan", rules={"events": [{"name": "Logged In", "rules": SCHEMA}]}
    )
    client.tracking_plans.sources.create(plan["name"], source["name"])


async def the_legacy_way_awaited(client: AsyncConfigAPI) -> None:
    source = await client.sources.create("js", catalog_name="catalog/sources/javascript")
    await client.destinations.create(
        ANALYTICS, connection_mode="CLOUD", config={"trackingId": "UA-970334309-1"}
    )
    await client.destinations.update(ANALYTICS, enabled=True, config={"enableServerIdentify": True})
    plan = await client.tracking_plans.create(
        display_name="My Tracking Plan", rules={"events": [{"name": "Logged In", "rules": SCHEMA}]}
    )
    await client.tracking_plans.sources.create(plan["name"], source["name"])
    await client.close()


def the_public_way(segment: Segment) -> None:
    javascript = next(
        one["id"] for one in segment.catalog.sources.list() if one["slug"] == "javascript"
    )
    source = segment.sources.create(slug="js", enabled=True, metadata_id=javascript)
    made = segment.destinations.create(
        source_id=source["id"],
        metadata_id=str(GA["id"]),
        enabled=False,
        settings={"trackingId": "UA-970334309-1"},
    )
    segment.destinations.update(made["id"], enabled=True, settings={"enableServerIdentify": True})
    plan = segment.tracking_plans.create(name="My Tracking Plan", type="LIVE")
    segment.tracking_plans.rules.update(
        plan["id"],
        rules=[{"type": "TRACK", "key": "Logged In", "version": 1, "jsonSchema": SCHEMA}],
    )
    segment.tracking_plans.sources.add(plan["id"], source_id=source["id"])


def ends_in(value: Any) -> Any:
    """A state without what varies."""
    if isinstance(value, dict):
        return {key: ends_in(one) for key, one in value.items() if key not in VARYING}
    return [ends_in(one) for one in value] if isinstance(value, list) else value


def end_state(emulator: Emulator) -> Any:
    held = state(emulator)
    assert held["trackingPlans"][0]["sourceIds"] == [held["sources"][0]["id"]]
    assert held["destinations"][0]["sourceId"] == held["sources"][0]["id"]
    assert held["destinations"][0]["settings"] == {
        "anonymizeIp": False,
        "enableServerIdentify": True,
        "trackingId": "UA-970334309-1",
    }
    return ends_in({key: value for key, value in held.items() if key != "legacy"})


@pytest.fixture
def made(tmp_path: Path) -> Callable[[], Emulator]:
    file = tmp_path / "destinations.json"
    file.write_text(json.dumps([GA]))
    return lambda: Emulator(catalog=[file])


def test_in_process(made: Callable[[], Emulator]) -> None:
    old, awaited, new = made(), made(), made()
    with legacy(old) as client:
        the_legacy_way(client)
    asyncio.run(the_legacy_way_awaited(async_legacy(awaited)))
    with public(new) as segment:
        the_public_way(segment)
    assert end_state(old) == end_state(new)
    assert end_state(awaited) == end_state(new)


def test_over_sockets(made: Callable[[], Emulator]) -> None:
    old, new = made(), made()
    with old.serve() as server, ConfigAPI(old.token, url=server.url, workspace="acme") as client:
        the_legacy_way(client)
    with new.serve() as server, Segment(new.token, url=server.url) as segment:
        the_public_way(segment)
    assert end_state(old) == end_state(new)


def test_one_workspace_by_both(made: Callable[[], Emulator]) -> None:
    """What one makes the other sees: they are two doors to one workspace."""
    emulator = made()
    with legacy(emulator) as client, public(emulator) as segment:
        the_legacy_way(client)
        source = next(segment.sources.list())
        assert source["slug"] == "js"
        segment.sources.update(source["id"], name="Renamed")
        assert client.sources.get("js")["display_name"] == "Renamed"
        destination = next(segment.destinations.list())
        segment.destinations.update(destination["id"], settings={"anonymizeIp": True})
        config = {one["name"]: one["value"] for one in client.destinations.get(ANALYTICS)["config"]}
        assert config[f"{ANALYTICS}/config/anonymizeIp"] is True
