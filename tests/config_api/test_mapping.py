"""Single legacy objects as a snapshot has them; what has no place is told, never lost."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.config_api import names
from segform.config_api.mapping import Mapper, made_id

W = "workspaces/acme"
JS = f"{W}/sources/js"
D = f"{JS}/destinations/braze"
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "contract/schemas/snapshot.schema.json").read_text()
)


PARTS = {
    part: jsonschema.Draft202012Validator({**schema, "$defs": SCHEMA["$defs"]})
    for part, schema in SCHEMA["$defs"].items()
}


def _fits(part: str, made: Any) -> None:
    PARTS[part].validate(made)


def _told(mapper: Mapper, kind: str) -> dict[str, str]:
    return {note.field: note.text for note in mapper.notes if note.kind == kind}


def test_a_source() -> None:
    mapper = Mapper({"javascript": "IqDTy1TpoU"})
    made = mapper.source(
        {
            "name": JS,
            "parent": W,
            "catalog_name": "catalog/sources/javascript",
            "write_keys": ["k1"],
            "library_config": {"retry_queue": True, "api_host": ""},
            "create_time": "2020-01-01T00:00:00Z",
            "news": {"a": [1]},
        }
    )
    assert made == {
        "id": made_id(JS),
        "slug": "js",
        "name": "js",
        "metadataId": "IqDTy1TpoU",
        "enabled": True,
        "settings": {},
        "writeKeys": ["k1"],
    }
    _fits("source", made)
    dropped = _told(mapper, "dropped")
    assert set(dropped) == {"library_config", "create_time", "news"}
    assert "settings in the app" in dropped["library_config"]
    assert "k1" not in repr(mapper.notes)
    assert set(_told(mapper, "assumed")) == {"enabled"}
    assert "new one" in _told(mapper, "kept")["write_keys"]


def test_nothing_to_say_of_what_says_nothing() -> None:
    mapper = Mapper({"javascript": "x"})
    mapper.source(
        {
            "name": JS,
            "catalog_name": "catalog/sources/javascript",
            "write_keys": [],
            "library_config": {"retry_queue": False, "api_host": ""},
            "create_time": "0001-01-01T00:00:00Z",
            "labels": {},
        }
    )
    assert _told(mapper, "dropped") == {}
    assert "token that may see them" in _told(mapper, "unreadable")["write_keys"]


def test_an_unknown_kind_is_kept_with_a_note() -> None:
    mapper = Mapper()
    made = mapper.source({"name": JS, "catalog_name": "catalog/sources/javascript"})
    assert made["metadataId"] == "catalog/sources/javascript"
    assert "catalog=" in _told(mapper, "unknown")["metadataId"]
    assert mapper.source({"name": f"{W}/sources/other"})["metadataId"] == "unknown"


def test_a_destination_and_its_options() -> None:
    mapper = Mapper({"braze": "54e"})
    mapper.ids[JS] = "s1"
    option = f"{D}/config/"
    made = mapper.destination(
        {
            "name": D,
            "enabled": True,
            "connection_mode": "DEVICE",
            "news": "of it",
            "update_time": "2020-01-01T00:00:00Z",
            "config": [
                {"name": option + "appId", "value": "a", "type": "string"},
                {"name": option + "rate", "value": Decimal("1.10")},
                {"name": option + "apiKey", "value": "•" * 10 + "abcd"},
                {"name": option + "keys", "value": {"a": ["•" * 10]}},
                {"name": option + "appId", "value": "b"},
                {"name": option + "none", "value": None},
                {"value": "x"},
                "nonsense",
            ],
        }
    )
    assert made["settings"] == {"appId": "a", "rate": Decimal("1.10")}
    assert (made["sourceId"], made["enabled"], made["name"]) == ("s1", True, "braze")
    assert "mode is chosen there" in _told(mapper, "dropped")["connection_mode"]
    assert set(_told(mapper, "dropped")) == {
        *("connection_mode", "config.appId", "config", "news", "update_time")
    }
    assert [note.value for note in mapper.notes if note.field == "config"] == [
        {"value": "x"},
        "nonsense",
    ]
    secrets = _told(mapper, "unreadable")
    assert set(secrets) == {"config.apiKey", "config.keys"}
    assert "set it anew" in secrets["config.apiKey"]


def test_what_is_not_of_its_form_is_told() -> None:
    """Nothing is dropped without a word, and nothing is switched on by an odd value."""
    mapper = Mapper({"braze": "54e"})
    mapper.ids[JS] = "s1"
    source = mapper.source({"name": JS, "display_name": ["Web"], "write_keys": "k1"})
    odd = {"enabled": "false", "config": {"appId": "a"}, "display_name": 7}
    destination = mapper.destination({"name": D, **odd})
    found = mapper.filter(
        {
            "name": f"{D}/filters/df_1",
            "if": True,
            "title": 1,
            "description": 2,
            "enabled": 1,
            "actions": [{"type": "sample_event", "path": 3, "fields": ["a"]}, "drop_event"],
        },
        destination,
    )
    plan = mapper.plan({"name": f"{W}/tracking-plans/rs_1", "rules": ["Order"]})
    assert (source["name"], destination["enabled"], destination["settings"]) == ("js", False, {})
    assert (found["enabled"], found["actions"]) == (False, [{"type": "SAMPLE"}])
    assert (plan["rules"], plan["type"]) == ([], "LIVE")
    assert "library or a template" in _told(mapper, "assumed")["type"]
    told = {
        (note.name.rpartition("/")[2], note.field): note.value
        for note in mapper.notes
        if "something else was told" in note.text
    }
    assert told == {
        ("js", "display_name"): ["Web"],
        ("js", "write_keys"): "k1",
        ("braze", "enabled"): "false",
        ("braze", "config"): {"appId": "a"},
        ("braze", "display_name"): 7,
        ("df_1", "if"): True,
        ("df_1", "title"): 1,
        ("df_1", "description"): 2,
        ("df_1", "enabled"): 1,
        ("df_1", "actions"): "drop_event",
        ("df_1", "actions.path"): 3,
        ("df_1", "actions.fields"): ["a"],
        ("rs_1", "rules"): ["Order"],
    }


@pytest.mark.parametrize(
    ("action", "made"),
    [
        ({"type": "drop_event"}, {"type": "DROP"}),
        ({"type": "sample_event", "percent": 0}, {"type": "SAMPLE", "percent": 0}),
        (
            {"type": "sample_event", "percent": Decimal("0.6"), "path": "userId"},
            {"type": "SAMPLE", "percent": Decimal("0.6"), "path": "userId"},
        ),
        (
            {"type": "whitelist_fields", "fields": {"properties": {"fields": ["a"]}}},
            {"type": "ALLOW_PROPERTIES", "fields": {"properties": ["a"]}},
        ),
        (
            {"type": "blacklist_fields", "fields": {"traits": ["b"], "context": {"fields": []}}},
            {"type": "DROP_PROPERTIES", "fields": {"traits": ["b"]}},
        ),
    ],
)
def test_actions_of_filters(action: dict[str, Any], made: dict[str, Any]) -> None:
    mapper = Mapper()
    name = f"{D}/filters/df_1"
    found = mapper.filter(
        {"name": name, "if": "all", "actions": [action], "title": "T", "enabled": True},
        {"id": "d1", "sourceId": "s1"},
    )
    assert found["actions"] == [made]
    assert [note.kind for note in mapper.notes] == ["made"]


def test_a_filter_with_things_nobody_knows() -> None:
    mapper = Mapper()
    found = mapper.filter(
        {
            "name": f"{D}/config/5f/filters/df_1",
            "actions": [{"type": "explode", "fields": {"news": {"fields": ["a"]}}, "more": 1}],
            "description": "why",
        },
        {"id": "d1", "sourceId": "s1"},
    )
    assert found["id"] == made_id(f"{D}/filters/df_1")
    assert found["actions"] == [{"type": "explode", "fields": {}}]
    assert found["description"] == "why"
    assert set(_told(mapper, "dropped")) == {"actions.fields.news", "actions.more"}
    assert "'explode'" in _told(mapper, "unknown")["actions"]


def test_schema_settings() -> None:
    mapper = Mapper()
    errors = f"{W}/sources/errors"
    mapper.ids.update({JS: "s1", errors: "s2"})
    made = mapper.schema(
        JS,
        {
            "name": f"{JS}/schema-config",
            "parent": JS,
            "allow_unplanned_track_events": False,
            "allow_unplanned_group_traits": True,
            "allow_track_properties_on_violations": False,
            "common_identify_event_on_violations": "OMIT_TRAITS",
            "forwarding_violations_to": "errors",
            "forwarding_blocked_events_to": "gone",
            "news": True,
        },
    )
    assert made == {
        "track": {"allowUnplannedEvents": False, "allowPropertiesOnViolations": False},
        "identify": {"commonEventOnViolations": "OMIT_TRAITS"},
        "forwardingViolationsTo": "s2",
    }
    dropped = _told(mapper, "dropped")
    assert set(dropped) == {"schema_config.forwarding_blocked_events_to", "schema_config.news"}


def test_a_plan_and_what_its_rules_cannot_tell() -> None:
    mapper = Mapper()
    schema = {"type": "object"}
    made = mapper.plan(
        {
            "name": f"{W}/tracking-plans/rs_1",
            "display_name": "Shop",
            "create_time": "2020-01-01T00:00:00Z",
            "update_time": "0001-01-01T00:00:00Z",
            "rules": {
                "events": [{"name": "Order", "rules": schema}, {"rules": schema}],
                "pages": [{"name": "Home"}],
            },
            "news": 1,
        }
    )
    _fits("trackingPlan", {**made, "sourceIds": []})
    assert [rule["key"] for rule in made["rules"]] == ["Order"]
    assert (made["createdAt"], "updatedAt" in made) == ("2020-01-01T00:00:00Z", False)
    assert {note.field: note.value for note in mapper.notes if note.kind == "dropped"} == {
        "rules.events[1]": {"rules": schema},
        "rules.pages": [{"name": "Home"}],
        "news": 1,
    }


def test_ids_are_of_their_names() -> None:
    assert made_id(JS) == made_id(JS) != made_id(f"{W}/sources/go")
    assert made_id(f"{W}/tracking-plans/rs_1").startswith("tp_")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.decimals(-9, 9, places=1),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("name", "value", "fields", "type", "a")), inner, max_size=3
        )
    ),
    max_leaves=6,
)
_KEYS = (
    *("parent", "slug", "display_name", "catalog_name", "write_keys", "library_config"),
    *("create_time", "update_time", "enabled", "connection_mode", "config", "if", "actions"),
    *("title", "description", "rules", "labels", "allow_unplanned_track_events"),
    *("forwarding_violations_to", "common_group_event_on_violations"),
)
ODD = st.dictionaries(st.sampled_from(_KEYS), JSON, max_size=8)


@given(ODD)
@settings(max_examples=150, deadline=None)
def test_whatever_the_service_says(raw: dict[str, Any]) -> None:
    """Odd objects end as objects of a snapshot and notes, not in an error of Python's."""
    mapper = Mapper()
    source = mapper.source({**raw, "name": JS})
    _fits("source", source)
    destination = mapper.destination({**raw, "name": D})
    _fits("destination", destination)
    _fits("filter", mapper.filter({**raw, "name": f"{D}/filters/df_1"}, destination))
    plan = mapper.plan({**raw, "name": f"{W}/tracking-plans/rs_1"})
    _fits("trackingPlan", json.loads(json.dumps(plan, default=float)))
    mapper.schema(JS, raw)
    for note in mapper.notes:
        assert str(note)
        names.parse(note.name)
