"""Rules between the two forms: nothing lost, versions exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from segform.config_api import rules

TEXT = st.text(max_size=8)
VERSIONS = st.integers(-3, 2**60) | st.decimals("0.1", "99", places=2).map(Decimal.normalize)
SCHEMAS = st.dictionaries(
    st.sampled_from(["$schema", "type", "properties", "required", "description"]),
    TEXT.filter(bool),
    max_size=4,
)
FILLED = SCHEMAS.filter(bool)


def _rules(events: list[tuple[str, Any, Any]], parts: dict[str, Any]) -> list[dict[str, Any]]:
    made = [{"type": kind, "version": 1, "jsonSchema": parts[kind]} for kind in parts]
    made.extend(
        {"type": "TRACK", "key": key, "version": version, "jsonSchema": schema}
        for key, version, schema in events
    )
    return made


PUBLIC = st.builds(
    _rules,
    st.lists(
        st.tuples(TEXT.filter(bool), VERSIONS, SCHEMAS),
        unique_by=lambda event: (event[0], Decimal(str(event[1]))),
        max_size=5,
    ),
    st.fixed_dictionaries({}, optional=dict.fromkeys(("COMMON", "IDENTIFY", "GROUP"), FILLED)),
)


def _key(rule: Any) -> tuple[str, str, str]:
    return rule["type"], rule.get("key", ""), str(rule["version"])


@given(PUBLIC)
def test_there_and_back(public: list[dict[str, Any]]) -> None:
    legacy, left = rules.from_public(public)
    assert left == []
    again, remarks = rules.to_public(legacy)
    assert remarks == []
    assert sorted(again, key=_key) == sorted(public, key=_key)


LEGACY_EVENTS = st.fixed_dictionaries(
    {"name": TEXT},
    optional={"description": TEXT, "version": VERSIONS, "rules": SCHEMAS, "labels": TEXT},
)
LEGACY = st.fixed_dictionaries(
    {},
    optional={
        "global": SCHEMAS,
        "identify": SCHEMAS,
        "group": SCHEMAS,
        "events": st.lists(LEGACY_EVENTS, max_size=5),
        "page": SCHEMAS,
    },
)


@given(LEGACY)
def test_every_event_is_a_rule_or_a_remark(legacy: dict[str, Any]) -> None:
    made, remarks = rules.to_public(legacy)
    events = [rule for rule in made if rule["type"] == "TRACK"]
    dropped = [one for one in remarks if "second" in one.text]
    given_events = legacy.get("events", [])
    assert len(events) + len(dropped) == len(given_events)
    assert {rule["key"] for rule in events} == {event["name"] for event in given_events}
    identities = [_key(rule) for rule in made]
    assert len(set(identities)) == len(identities)
    for event in given_events:
        told = event.get("description")
        if told:
            shown = [rule["jsonSchema"].get("description") for rule in events]
            shown += [one.value for one in remarks] + [
                one.value.get("description") for one in dropped
            ]
            assert told in shown
        if event.get("labels"):
            assert any(event["labels"] in (one.value, event["labels"]) for one in remarks)
    if legacy.get("page"):
        assert any(one.field == "rules.page" for one in remarks)


def test_the_documents_example() -> None:
    schema = {"type": "object", "required": ["properties"]}
    event = {"name": "User Logged In", "description": "Sent when a user logs in", "rules": schema}
    legacy = {"global": {"type": "object"}, "identify": {}, "events": [event]}
    made, remarks = rules.to_public(legacy)
    assert remarks == []
    assert made == [
        {"type": "COMMON", "version": 1, "jsonSchema": {"type": "object"}},
        {
            "type": "TRACK",
            "key": "User Logged In",
            "version": 1,
            "jsonSchema": {**schema, "description": "Sent when a user logs in"},
        },
    ]
    assert "description" not in schema


def test_what_cannot_be_read_is_told() -> None:
    legacy: dict[str, Any] = {
        "global": "x",
        "events": [
            "x",
            {"rules": {}},
            {"name": "A", "version": "2", "rules": []},
            {"name": "B", "description": "one", "rules": {"description": "two"}},
        ],
    }
    made, remarks = rules.to_public(legacy)
    assert [rule["key"] for rule in made] == ["A", "B"]
    assert made[0]["version"] == 1
    assert {one.field for one in remarks} == {
        "rules.global",
        "rules.events[0]",
        "rules.events[1]",
        "rules.events[2].version",
        "rules.events[2].rules",
        "rules.events[3].description",
    }
    assert rules.to_public({"events": {"a": 1}})[1][0].field == "rules.events"
    assert rules.to_public({}) == ([], [])


def test_what_the_legacy_form_has_no_place_for() -> None:
    page = {"type": "PAGE", "key": "Home", "version": 1, "jsonSchema": {}}
    second = {"type": "COMMON", "version": 2, "jsonSchema": {"a": 1}}
    first = {"type": "COMMON", "version": 1, "jsonSchema": {"a": 1}}
    legacy, left = rules.from_public([page, second, first, first])
    assert legacy == {"global": {"a": 1}, "events": []}
    assert left == [page, second, first]
