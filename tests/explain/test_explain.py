"""What becomes of an event, step by step: each step that can stop, change or leave open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import segform_emulator as emulator_package
from segform.explain import ExplainError, explain
from segform_emulator import Emulator
from tests.fql.trees import events

from .shop import CATALOG, EVENT, PLAN, SNAPSHOT, filtering, told, transforming

DROP = {"type": "DROP"}
STEPS = [
    "connection",
    "integrations",
    "schema",
    "source transformations",
    "methods",
    "filters",
    "destination transformations",
    "mappings",
]


def cut(*keys: str) -> dict[str, Any]:
    return {"type": "DROP_PROPERTIES", "fields": {"properties": list(keys)}}


def test_an_event_that_arrives_as_it_is() -> None:
    found = told()
    assert (found.arrives, found.share) == (True, 1)
    assert found.answer == "It arrives, as 1 request, as it is."
    assert [step.name for step in found.steps] == STEPS
    assert {step.outcome for step in found.steps} == {"passes"}
    assert found.event == EVENT
    [sent] = found.sent
    assert (sent.mapping, sent.action, sent.problem) == ("Track calls", "log", None)
    assert sent.payload == {"event": "Order Completed", "total": 5, "email": "ann@shop.example"}
    assert found.warnings == []


# Connection


@pytest.mark.parametrize("what", ["sources", "destinations"])
def test_what_is_off_gets_nothing(what: str) -> None:
    off: dict[str, Any] = {f"{what}_": {"enabled": False}}
    found = told(**off)
    assert found.arrives is False
    assert [step.name for step in found.steps] == ["connection"]
    assert f"the {what[:-1]} {'Web' if what == 'sources' else 'Analytics'} is off" in found.answer


def test_a_source_that_the_snapshot_lacks() -> None:
    found = told(sources=[])
    assert "the source s1 is not in the snapshot" in found.step("connection").details


# Integrations object


@pytest.mark.parametrize(
    ("integrations", "outcome", "words"),
    [
        ({}, "passes", "no integrations object"),
        ({"All": True}, "passes", "does not name this destination"),
        ({"All": False}, "dropped", "“All” is false, and this destination is not named"),
        ({"All": False, "Other": True}, "dropped", "not named"),
        ({"All": False, "Analytics (Actions)": True}, "passes", "and not false"),
        ({"All": False, "Actions Analytics": {"session_id": 1}}, "passes", "options"),
        ({"Actions Analytics": False}, "dropped", "“Actions Analytics” is false"),
        ({"actions analytics": False}, "passes", "does not name"),
    ],
)
def test_the_integrations_object(integrations: Any, outcome: str, words: str) -> None:
    found = told({**EVENT, "integrations": integrations})
    step = found.step("integrations")
    assert step.outcome == outcome
    assert words in step.words
    assert found.arrives is (outcome == "passes")
    misspelt = "actions analytics" in integrations
    assert any("case-sensitive" in one for one in step.warnings) is misspelt
    assert any("integration filters" in one for one in step.open)


def test_without_the_catalogue_a_name_is_not_known() -> None:
    found = told({**EVENT, "integrations": {"Some": False}}, catalog=None)
    assert found.step("integrations").outcome == "unknown"
    assert found.arrives is None
    assert found.answer.startswith("Whether it arrives is not known here: the object names")
    assert told({**EVENT, "integrations": {"All": False}}, catalog=None).arrives is False


def test_what_the_integrations_object_is_not_documented_for() -> None:
    found = told({"type": "alias", "integrations": {"All": True}})
    assert any("alias" in one for one in found.step("integrations").open)
    found = told({**EVENT, "integrations": {"Segment.io": False}})
    assert any("Analytics.js" in one for one in found.step("integrations").open)


# Schema settings


def test_a_plan_that_has_nothing_against_it() -> None:
    found = told({**EVENT, "properties": {"total": 5}}, trackingPlans=[PLAN])
    assert found.step("schema").words == "the plan Shop has nothing against it"


def test_an_unplanned_event_is_blocked() -> None:
    settings_ = {
        "schemaSettings": {
            "track": {"allowUnplannedEvents": False},
            "forwardingBlockedEventsTo": "s2",
        }
    }
    found = told({**EVENT, "event": "Other"}, trackingPlans=[PLAN], sources_=settings_)
    step = found.step("schema")
    assert (found.arrives, step.outcome) == (False, "dropped")
    assert "unplanned events are blocked" in step.details
    assert "blocked events are forwarded to the source s2" in step.details
    assert any("cloud-mode" in one for one in step.open)
    assert found.steps[-1] is step


def test_unplanned_properties_are_taken_out() -> None:
    settings_ = {"schemaSettings": {"track": {"allowUnplannedEventProperties": False}}}
    found = told(trackingPlans=[PLAN], sources_=settings_)
    step = found.step("schema")
    assert step.outcome == "changed"
    assert "properties.coupon is taken out" in step.details
    assert found.answer == "It arrives, as 1 request, changed by schema."


def test_a_violation_that_only_shows() -> None:
    found = told({**EVENT, "properties": {"total": "five"}}, trackingPlans=[PLAN])
    assert "shows as a violation of the plan Shop" in found.step("schema").words
    assert found.arrives is True


def test_a_plan_that_cannot_be_evaluated() -> None:
    rule = {**PLAN["rules"][0], "jsonSchema": {"type": "nonsense"}}
    found = told(trackingPlans=[{**PLAN, "rules": [rule]}])
    assert found.step("schema").outcome == "unknown"
    assert found.arrives is None


# Transformations

RENAME = {"propertyRenames": [{"oldName": "total", "newName": "value"}]}


def test_transformations_of_source_and_destination() -> None:
    found = told(
        transformations=[
            transforming("Name", "event = 'Order Completed'", newEventName="Ordered"),
            transforming("Rename", "all", destinationMetadataId="m1", **RENAME),
            transforming("Elsewhere", "all", destinationMetadataId="m9", drop=True),
            transforming("Off", "all", enabled=False, drop=True),
            transforming("Others", "event = 'x'", drop=True),
        ]
    )
    step = found.step("source transformations")
    assert step.outcome == "changed"
    assert "“Name” calls it “Ordered”" in step.details
    assert "event is “Ordered”, was “Order Completed”" in step.details
    assert "“Off” is off" in step.details
    assert "“Others” is for other events (the event name is “x”)" in step.details
    scoped = found.step("destination transformations")
    assert "properties.value is 5, which was not there" in scoped.details
    assert found.sent[0].payload == {"event": "Ordered", "email": "ann@shop.example"}
    assert any("Event Tester" in one for one in scoped.open)
    assert found.answer.endswith(
        "changed by source transformations and destination transformations."
    )


def test_a_transformation_that_drops() -> None:
    found = told(transformations=[transforming("No orders", "all", drop=True)])
    assert found.answer == "It does not arrive: the transformation “No orders” drops it."


def test_two_transformations_of_which_the_order_matters() -> None:
    two = [
        transforming("One", "all", propertyValueTransformations=[
            {"propertyPaths": ["properties.total"], "propertyValue": "1"}]),
        transforming("Two", "all", **RENAME),
    ]  # fmt: skip
    [warning] = told(transformations=two).step("source transformations").warnings
    assert "“One”, “Two”" in warning
    assert "not documented" in warning
    two[0] = transforming("One", "all", newEventName="x")
    assert told(transformations=two).step("source transformations").warnings == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"if": "a =="}, "no `==`"),
        ({"hashPropertiesConfiguration": {"algorithm": "odd", "paths": ["a"]}}, "no algorithm"),
        ({"propertyRenames": [{}]}, "not as the API has it"),
    ],
)
def test_a_transformation_that_cannot_be_carried_out(change: dict[str, Any], words: str) -> None:
    found = told(transformations=[transforming("Bad", change.pop("if", "all"), **change)])
    step = found.step("source transformations")
    assert step.outcome == "unknown"
    assert words in step.words
    assert found.arrives is None


# Methods


def test_calls_that_the_destination_does_not_take() -> None:
    found = told(destination="Old mail")
    assert found.answer == (
        "It does not arrive: the destination takes no track calls, "
        "which is looked at before its filters."
    )
    found = told({"type": "page", "name": "Home"}, destination="Old mail")
    assert found.step("methods").words == "the destination takes page calls"
    assert found.step("mappings").outcome == "skipped"
    assert found.arrives is True
    assert found.answer == (
        "It gets to the destination, as it is; "
        "the destination's own code maps the event, which is not known here."
    )
    found = told({"type": "screen"}, destination="Old mail")
    assert found.step("methods").words == "screen calls are not in the catalogue"


# Filters


def test_filters_that_are_for_others_or_off() -> None:
    found = told(
        filters=[
            filtering("Others", "event = 'x'", DROP),
            filtering("Off", "all", DROP, enabled=False),
            filtering("Elsewhere", "all", DROP, destinationId="d2"),
            filtering("Other source", "all", DROP, sourceId="s2"),
        ]
    )
    assert found.arrives is True
    assert found.step("filters").details == (
        "“Off” is off",
        "“Others” is for other events (the event name is “x”)",
    )


def test_a_filter_that_drops() -> None:
    found = told(filters=[filtering("No orders", "contains(event, 'Order')", DROP)])
    step = found.step("filters")
    assert found.answer == "It does not arrive: the filter “No orders” drops it."
    assert step.details == (
        "“No orders” is for it (the event name contains “Order”): they are not sent",
    )
    assert any("Business tier" in one for one in step.open)
    assert found.share == 0


def test_filters_run_by_type() -> None:
    filters = [
        filtering("Keep", "all", {"type": "ALLOW_PROPERTIES", "fields": {"properties": ["total"]}}),
        filtering("Cut", "properties.total = 5", cut("total")),
        filtering("Drop", "properties.coupon = 'y'", DROP),
        filtering("Half", "properties.coupon = 'x'", {"type": "SAMPLE", "percent": 0.5}),
    ]
    found = told(filters=filters)
    names = [one.split("”")[0][1:] for one in found.step("filters").details if "is for" in one]
    assert names == ["Half", "Drop", "Cut", "Keep"]
    assert found.event is not None
    assert found.event["properties"] == {}
    assert (found.arrives, found.share) == (None, 0.5)
    assert found.answer == "50 % of such events arrive, drawn at random."


def test_orders_that_differ_are_told() -> None:
    cutting = filtering("Cut", "all", cut("email"))
    dropping = filtering("Drop", "properties.email != null", DROP)
    found = told(filters=[cutting, dropping])
    assert found.arrives is False
    [warning] = found.step("filters").warnings
    assert "by their type" in warning
    assert warning.endswith("in that order it passes")
    assert told(filters=[dropping, cutting]).step("filters").warnings == ()


def test_samples() -> None:
    none = filtering("None", "all", {"type": "SAMPLE", "percent": 0})
    assert told(filters=[none]).answer == "It does not arrive: the filter “None” drops it."
    every = filtering("All", "all", {"type": "SAMPLE", "percent": 1})
    assert told(filters=[every]).arrives is True
    both = [filtering(name, "all", {"type": "SAMPLE", "percent": 0.5}) for name in "ab"]
    assert told(filters=both).share == 0.25
    same = filtering("Same", "all", {"type": "SAMPLE", "percent": 0.999, "path": "userId"})
    found = told(filters=[same])
    assert found.arrives is None
    assert any("not documented" in one for one in found.step("filters").details)


@pytest.mark.parametrize(
    ("if_", "actions", "words"),
    [
        ("a ==", [DROP], "no `==`"),
        ("foo(a)", [DROP], "no function foo"),
        ("all", [{"type": "ODD"}], "no action"),
        ("all", [{"type": "DROP_PROPERTIES"}], "needs `fields`"),
        ("all", [{"type": "SAMPLE", "percent": "x"}], "SAMPLE needs"),
    ],
)
def test_a_filter_that_fails_drops(if_: str, actions: list[Any], words: str) -> None:
    found = told(filters=[filtering("Bad", if_, *actions)])
    assert found.answer == (
        "It does not arrive: the filter “Bad” fails, and the service drops the event then."
    )
    assert words in found.step("filters").details[0]


def test_statements_that_may_be_read_otherwise() -> None:
    mixed = 'type = "page" and userId = "u1" or event = "Order Completed"'
    found = told(filters=[filtering("Mixed", mixed, DROP)])
    assert found.arrives is False
    assert any("mixes `and` and `or`" in one for one in found.step("filters").warnings)
    never = told(filters=[filtering("Never", 'type = "track" and type = "page"', DROP)])
    assert any("never hold together" in one for one in never.step("filters").warnings)


def test_what_browsers_cannot_carry_out_is_told() -> None:
    found = told(filters=[filtering("Upper", "uppercase(event) = 'X'", DROP)])
    assert any("“Upper” cannot be carried out" in one for one in found.step("filters").open)


def test_filters_are_not_for_s3() -> None:
    catalog = {"m1": {**CATALOG["m1"], "slug": "amazon-s3"}}
    found = told(filters=[filtering("All", "all", DROP)], catalog=catalog)
    assert found.step("filters").words == "filters are not applied for S3 and warehouses"


# Functions


def test_functions_are_not_run() -> None:
    instance = {"id": "i1", "name": "Enrich", "integrationId": "d1", "enabled": True}
    found = told(insertFunctionInstances=[instance])
    assert found.step("destination functions").outcome == "unknown"
    assert found.arrives is None
    assert "the code of “Enrich” is not run here" in found.answer
    assert told(insertFunctionInstances=[{**instance, "enabled": False}]).arrives is True
    found = told(insertFunctionInstances=[{**instance, "integrationId": "s1"}])
    assert found.step("source functions").outcome == "unknown"
    before = [{**instance, "integrationId": "s1"}]
    found = told({**EVENT, "integrations": {"All": False}}, insertFunctionInstances=before)
    assert found.answer.endswith("(if source functions left it as it is).")


# Mappings


def mapping(**change: Any) -> list[dict[str, Any]]:
    [one] = SNAPSHOT["workspaces"][0]["subscriptions"]
    return [{**one, **change}]


def test_no_mapping_for_it() -> None:
    for several, words in (
        (mapping(trigger='type = "identify"'), "“Track calls” is for other events"),
        (mapping(enabled=False), "“Track calls” is off"),
        (mapping(modelId="r1"), "“Track calls” is for a Reverse ETL model"),
        (mapping(trigger="type =="), "“Track calls” never fires"),
        (mapping(trigger="event in ['a']"), "“Track calls” never fires"),
    ):
        found = told(subscriptions=several)
        assert found.answer == "It does not arrive: no mapping is for it."
        assert any(words in one for one in found.step("mappings").details), words
    assert told(subscriptions=[]).answer == (
        "It does not arrive: the destination works by mappings, and has none."
    )


def test_mappings_that_cannot_send() -> None:
    found = told(subscriptions=mapping(settings={"event": {"@path": "$.none"}}))
    assert found.answer == (
        "It does not arrive: its mappings cannot send it: "
        "the action needs event, which this event does not have."
    )
    found = told(subscriptions=mapping(settings={"event": {"@path": 5}}))
    assert "it fails: error at /event/@path" in found.answer
    found = told(subscriptions=mapping(settings={"event": "x", "totl": 5}))
    assert found.arrives is True
    assert found.warnings == ["“Track calls”, /totl: the action has no field totl"]


def test_triggers_that_are_decided_in_two_ways() -> None:
    found = told(subscriptions=mapping(trigger="properties.total != 6"))
    assert (found.arrives, found.warnings) == (True, [])
    found = told(subscriptions=mapping(trigger='!contains(properties.none, "x")'))
    assert found.arrives is False
    [warning] = found.warnings
    assert "does not fire by Segment's evaluator of triggers" in warning


# What is asked for


def test_who_is_meant() -> None:
    assert told(destination="Old mail").destination == "Old mail"
    assert told(destination="Analytics", source="web").source == "Web"
    assert told(destination="Analytics", source="iOS").source == "iOS"
    for name, words in (
        ("Analytics", r"several destinations .* d1 \(source s1\), d3"),
        ("Analytix", "Did you mean 'Analytics'"),
        ("zzz", "There are: Analytics, Old mail"),
        ("Numbers", "is a warehouse"),
    ):
        with pytest.raises(ExplainError, match=words):
            told(destination=name)
    one = SNAPSHOT["workspaces"][0]
    assert explain(EVENT, "d1", one).arrives is True
    with pytest.raises(ExplainError, match="the snapshot has none"):
        explain(EVENT, "d1", {"workspaces": []})
    with pytest.raises(ExplainError, match="an event is an object"):
        explain([], "d1", one)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ExplainError, match="a snapshot is an object"):
        explain(EVENT, "d1", [])  # type: ignore[arg-type]  # wrong on purpose


def test_a_catalogue_may_be_asked() -> None:
    class Known:
        def entry(self, kind: str, entry_id: str) -> Any:
            return CATALOG.get(entry_id) if kind == "destination" else None

    assert (
        told({**EVENT, "integrations": {"Actions Analytics": False}}, catalog=Known()).arrives
        is False
    )


def test_as_text_and_as_json() -> None:
    hostile = "No\x1b[2J\u202eorders\n"
    found = told({**EVENT, "event": "A\x07"}, filters=[filtering(hostile, "all", DROP)])
    text = found.to_text()
    assert text.startswith("track “A\\x07” from Web to Analytics\n\nIt does not arrive: ")
    assert not [char for char in text if not char.isprintable() and char != "\n"]
    assert "DROPPED" in text
    document = json.loads(json.dumps(found.to_json()))
    assert (document["format"], document["arrives"]) == ("segform.explanation", False)
    assert [step["name"] for step in document["steps"]] == STEPS[:6]
    sent = told().to_text()
    assert '"total": 5' in sent
    assert "What the documentation leaves open" in sent
    assert max(map(len, sent.splitlines())) <= 100


@settings(max_examples=100, deadline=None)
@given(events)
def test_any_event_has_an_explanation(event: dict[str, Any]) -> None:
    found = explain(event, "d1", SNAPSHOT, CATALOG)
    assert found.answer.endswith(".")
    assert found.to_text()


def test_a_dump_of_the_emulator() -> None:
    """What `segform emulate` dumps is a snapshot, with its catalogue beside it."""
    emulator = Emulator()
    emulator.seed(sources=3, destinations=6, filters=6, plans=2, rules=4)
    dumped = json.loads(json.dumps(emulator.dump(), default=str))
    text = Path(emulator_package.__file__).with_name("catalog.json").read_text(encoding="utf-8")
    catalog = {entry["id"]: entry for entry in json.loads(text)["destinations"]}
    answers = set()
    for destination in dumped["workspaces"][0]["destinations"]:
        found = explain(EVENT, destination["id"], dumped, catalog)
        assert {"connection", "integrations"} <= {step.name for step in found.steps}
        answers.add(found.answer)
    assert answers
