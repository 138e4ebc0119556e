"""A state file of the official provider, kind by kind: upgraded, refreshed and planned it is empty.

The official provider was not run. The state has the official shape
(`tests/provider/official_state.py`), the configuration nothing but official attributes, and each
kind is looked at alone: what it refers to is there by its id.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from segform_emulator import Emulator
from tests.provider import official_state
from tests.provider.official import RESOURCES
from tests.provider.official_state import Form

from .core import Config, Core, Ref
from .shop import RULES_SET, shop

FORMS: list[Form] = ["created", "read", "imported"]


def official_shop() -> Config:
    """The workspace of all kinds, with what the official provider has of it."""
    ours = ("tracking_plan_rule", "source_schema_settings")
    config = shop(ours, tracking_plan={"rules": RULES_SET, "rules_by_key": None})
    del config["segment_source_tracking_plan_connection.app"]
    del config["segment_tracking_plan.shared"]
    # The official provider has no way to say that there are none.
    del config["segment_source.app"]["labels"]
    return config


# What an import of the official provider cannot know and its own plan would change: the schema
# settings of a connection, and a password that the API never shows.
LACKING = {
    ("segment_source_tracking_plan_connection", "imported"),
    ("segment_warehouse", "imported"),
    ("segment_profiles_warehouse", "imported"),
}
OFFICIAL = official_shop()
ADDRESSES = {address.partition(".")[0]: address for address in OFFICIAL}


def resolved(value: Any, core: Core) -> Any:
    """A configuration without references."""
    if isinstance(value, Ref):
        return core.values(value.address)[value.attribute]
    if isinstance(value, dict):
        return {key: resolved(one, core) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, core) for one in value]
    return value


def test_every_official_kind_is_there() -> None:
    assert set(ADDRESSES) == set(RESOURCES)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", RESOURCES)
def test_an_official_state_is_upgraded_refreshed_and_planned_empty(
    core: Core, emulator: Emulator, kind: str, form: Form
) -> None:
    core.apply(official_shop())
    address = ADDRESSES[kind]
    given = resolved(official_shop()[address], core)
    ids = {name: core.values(address).get(name) for name in parents(kind)}
    ids = {name: value for name, value in ids.items() if value is not None}
    headers = {"Authorization": f"Bearer {emulator.token}"}
    with httpx.Client(
        base_url="https://emulator.example", transport=emulator.transport(), headers=headers
    ) as api:
        values = official_state.attributes(kind, given, ids, lambda path: data(api, path), form)
    assert set(values) == {name.rstrip("!") for name in RESOURCES[kind]}
    core.state = {address: (json.dumps(values), b"")}
    core.order = [address]
    emulator.recorder.clear()
    config = {address: given}
    if (kind, form) in LACKING:
        assert [change.action for change in core.apply(config)] == ["update"]
        emulator.recorder.clear()
    assert core.plan(config) == []
    assert core.apply(config) == []
    # What the first refresh wrote down is what the next ones find.
    assert core.refresh() == {}
    assert [e["operation"] for e in emulator.recorder.entries if e["method"] != "GET"] == []


def parents(kind: str) -> list[str]:
    """The attributes by which the API's paths and import ids find an object."""
    names = ("id", "destination_id", "source_id", "tracking_plan_id", "warehouse_id", "space_id")
    return [name for name in names if any(key.rstrip("!") == name for key in RESOURCES[kind])]


def data(api: httpx.Client, path: str) -> Any:
    answer = api.get(f"/{path}")
    answer.raise_for_status()
    return answer.json()["data"]
