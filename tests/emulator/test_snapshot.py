"""Snapshots: dump, seed and dump again are equal; the folder keeps what happened."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segform_emulator import Emulator
from segform_emulator.contract import document
from segform_emulator.exact import dumps, loads

from .api import AMPLITUDE, Api, track

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "contract/schemas/snapshot.schema.json").read_text("utf-8"))
VALID = jsonschema_rs.validator_for(SCHEMA)


def filled(emulator: Emulator) -> Api:
    api = Api(emulator)
    api.control("POST", "seed?sources=5&destinations=12&filters=6&plans=2&rules=4&warehouses=2")
    return api


def test_the_numbers_that_were_asked_for() -> None:
    held = filled(Emulator()).control("GET", "dump")["workspaces"][0]
    found = {name: len(held[name]) for name in held if isinstance(held[name], list)}
    assert found == {
        "labels": 1,
        "sources": 5,
        "destinations": 12,
        "filters": 6,
        "trackingPlans": 2,
        "warehouses": 2,
    }
    assert [len(plan["rules"]) for plan in held["trackingPlans"]] == [4, 4]
    refused = Api(Emulator()).refused("POST", "/_emulator/seed?unknown=1")
    assert refused.status == 400


def test_made_up_objects_keep_to_the_contract() -> None:
    api = filled(Emulator())
    for path in ("/sources", "/destinations", "/tracking-plans", "/labels", "/warehouses"):
        assert api.get(path)
    for plan in api.get("/tracking-plans")["trackingPlans"]:
        assert len(api.get(f"/tracking-plans/{plan['id']}/rules")["rules"]) == 4
    assert api.emulator.checks.violations == []


def test_a_dump_is_a_snapshot_and_seeds_another_emulator() -> None:
    api = filled(Emulator())
    dump = api.control("GET", "dump")
    assert VALID.is_valid(dump), next(VALID.iter_errors(dump)).message
    other = Api(Emulator())
    other.send("POST", "/_emulator/seed", dumps(dump)).raise_for_status()
    assert other.control("GET", "dump") == dump
    # Tokens open the place that they opened before.
    assert other.get("/")["workspace"]["id"] == dump["workspaces"][0]["id"]


def test_what_is_no_snapshot_changes_nothing() -> None:
    api = filled(Emulator())
    dump = api.control("GET", "dump")
    orphan = {"id": "d", "metadataId": AMPLITUDE, "sourceId": "none"}
    head = {"format": "segform.snapshot", "version": 1}
    for wrong in (
        {"format": "other"},
        {**head, "version": 2, "workspaces": []},
        {**head, "workspaces": "none"},
        {**head, "workspaces": [{"destinations": [orphan]}]},
        {**head, "workspaces": [{"sources": [{"id": "s", "slug": "s", "metadataId": "none"}]}]},
        {**head, "workspaces": [{"trackingPlans": [{"rules": []}]}]},
        {**head, "workspaces": [{}] * 9},
    ):
        assert api.refused("POST", "/_emulator/seed", wrong).status == 400
    assert api.control("GET", "dump") == dump


def test_a_hand_written_snapshot_is_completed() -> None:
    source = {"id": "s1", "slug": "web", "metadataId": "IqDTy1TpoU"}
    plan = {"id": "tp_1", "type": "LIVE", "rules": [track("Paid", 2)], "sourceIds": ["s1"]}
    snapshot = {
        "format": "segform.snapshot",
        "version": 1,
        "workspaces": [{"slug": "mine", "sources": [source], "trackingPlans": [plan]}],
    }
    assert VALID.is_valid(snapshot)
    api = Api(Emulator(seed=snapshot))
    assert api.get("/")["workspace"]["slug"] == "mine"
    found = api.get("/sources/s1")
    assert (found["source"]["name"], found["trackingPlanId"]) == ("web", "tp_1")
    assert len(found["source"]["writeKeys"]) == 1
    assert api.get("/tracking-plans/tp_1/rules")["rules"][0]["version"] == 2
    assert api.emulator.checks.violations == []


NAMES = st.text(min_size=1, max_size=20)
VERSIONS = st.one_of(
    st.integers(1, 10**20), st.decimals("0.0001", "1e6", allow_nan=False, allow_infinity=False)
)
SCHEMAS = st.dictionaries(
    st.sampled_from(["type", "description", "required", "title"]), st.just("object")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals("-9", "9", places=3) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    slugs=st.lists(NAMES, unique=True, min_size=1, max_size=4),
    rules=st.lists(st.tuples(NAMES, VERSIONS, SCHEMAS), max_size=4),
    values=st.dictionaries(NAMES, VALUES, max_size=4),
)
def test_dump_seed_dump_are_equal(
    slugs: list[str], rules: list[tuple[str, Any, Any]], values: dict[str, Any]
) -> None:
    api = Api(Emulator())
    for slug in slugs:
        source = api.call(
            "POST",
            "/sources",
            dumps(
                {"slug": slug, "enabled": True, "metadataId": "IqDTy1TpoU", "settings": values}
            ).encode(),
        )["source"]
    api.call(
        "POST",
        "/destinations",
        dumps({"sourceId": source["id"], "metadataId": AMPLITUDE, "settings": values}).encode(),
    )
    plan = api.plan()
    body = [track(key, version, **schema) for key, version, schema in rules]
    api.call("PATCH", f"/tracking-plans/{plan['id']}/rules", dumps({"rules": body}).encode())
    api.post(f"/tracking-plans/{plan['id']}/sources", {"sourceId": source["id"]})
    first = api.send("GET", "/_emulator/dump").text
    other = Emulator(seed=loads(first))
    assert dumps(other.dump()) == first
    assert loads(first)["workspaces"][0]["sources"][0]["slug"] == slugs[0]


def test_a_folder_keeps_objects_and_tokens(tmp_path: Path) -> None:
    before = Emulator(data=tmp_path)
    api = filled(before)
    source, plan = api.source("mine"), api.plan()
    versions = [1, Decimal("1.1"), 9007199254740993]
    body = dumps({"rules": [track("A", version) for version in versions]})
    api.call("PATCH", f"/tracking-plans/{plan['id']}/rules", body)
    api.post(f"/tracking-plans/{plan['id']}/sources", {"sourceId": source["id"]})
    api.patch(f"/sources/{source['id']}/settings", {"track": {"allowUnplannedEvents": False}})
    gone = api.get("/destinations")["destinations"][0]
    api.delete(f"/destinations/{gone['id']}")
    dump, tokens = before.dump(), before.tokens
    with pytest.raises(ValueError, match="another emulator"):
        Emulator(data=tmp_path)
    before.close()
    after = Emulator(data=tmp_path)
    assert after.dump() == dump
    assert after.tokens == tokens
    Api(after).control("POST", "reset")
    empty = after.dump()
    after.close()
    again = Emulator(data=tmp_path)
    assert again.dump() == empty
    again.close()


def test_as_many_workspaces_as_are_asked_for(tmp_path: Path) -> None:
    emulator = Emulator(data=tmp_path, workspaces=5)
    assert [one["slug"] for one in emulator.dump()["workspaces"]][3:] == [
        "workspace-4",
        "workspace-5",
    ]
    ids = [one.id for one in emulator.workspaces]
    tokens = [emulator.tokens[name] for name in ("workspace_4", "workspace_5")]
    last = Api(emulator, "workspace_5")
    last.call("POST", "/labels", {"label": {"key": "a", "value": "b"}})
    assert [len(one["labels"]) for one in emulator.dump()["workspaces"]] == [0, 0, 0, 0, 1]
    emulator.close()
    # A folder keeps its workspaces and tokens, and can get more of them.
    again = Emulator(data=tmp_path, workspaces=6)
    assert [one.id for one in again.workspaces][:5] == ids
    assert again.tokens["workspace_5"] == tokens[1]
    assert len(again.dump()["workspaces"][4]["labels"]) == 1
    again.reset()
    assert [one.id for one in again.workspaces][:5] == ids
    assert len(again.workspaces) == 6
    again.close()
    fewer = Emulator(data=tmp_path)
    assert (len(fewer.workspaces), fewer.tokens) == (6, again.tokens)
    fewer.reset()
    assert len(fewer.workspaces) == 6
    fewer.close()


def test_reading_is_not_writing(tmp_path: Path) -> None:
    emulator = Emulator(data=tmp_path)
    api = filled(emulator)
    assert emulator.store is not None
    changes = emulator.store._db.total_changes
    for path in ("/sources", "/destinations", "/tracking-plans"):
        api.get(path)
    assert emulator.store._db.total_changes == changes
    api.source("one")
    # The source, its two warehouses, and an event of the audit trail.
    assert emulator.store._db.total_changes - changes <= 4
    emulator.close()


def test_its_contract_is_a_copy_of_the_projects() -> None:
    own = document()
    theirs = json.loads((ROOT / "contract/segment-public-api.json").read_text("utf-8"))
    assert own == theirs


def test_more_catalogue_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "destinations.json"
    entry = {"id": "0" * 24, "name": "Own", "slug": "own", "options": [], "actions": []}
    file.write_text(json.dumps([entry]), encoding="utf-8")
    api = Api(Emulator(catalog=[file]))
    found = api.get(f"/catalog/destinations/{'0' * 24}")["destinationMetadata"]
    assert found["name"] == "Own"
    assert api.get(f"/catalog/destinations/{AMPLITUDE}")
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"other": []}', encoding="utf-8")
    with pytest.raises(ValueError, match="no catalogue"):
        Emulator(catalog=[wrong])


def test_a_folder_needs_the_catalogue_that_it_was_made_with(tmp_path: Path) -> None:
    file = tmp_path / "destinations.json"
    entry = {"id": "0" * 24, "name": "Own", "slug": "own", "options": [], "actions": []}
    file.write_text(json.dumps([entry]), encoding="utf-8")
    before = Emulator(catalog=[file], data=tmp_path / "kept")
    api = Api(before)
    api.destination(api.source()["id"], "0" * 24)
    before.close()
    with pytest.raises(ValueError, match="--catalog"):
        Emulator(data=tmp_path / "kept")
    Emulator(catalog=[file], data=tmp_path / "kept").close()
