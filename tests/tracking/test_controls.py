"""Schema settings: what becomes of events that are unplanned or violate the plan."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.tracking import validate, validator
from segform.tracking.controls import apply

from .plans import INTEGER, TEXT, common, rule, track

PLAN = [
    rule(properties={"integer": INTEGER, "string": TEXT}),
    rule(None, {"email": TEXT}, type="IDENTIFY"),
    common({"properties": {"properties": {"properties": {"string": {"minLength": 3}}}}}),
]
ALL: dict[str, Any] = {
    "track": {
        "allowUnplannedEvents": True,
        "allowUnplannedEventProperties": True,
        "allowEventOnViolations": True,
        "allowPropertiesOnViolations": True,
        "commonEventOnViolations": "ALLOW",
    }
}


def only(**changes: Any) -> dict[str, Any]:
    forwarding = {key: changes.pop(key) for key in list(changes) if key.startswith("forwarding")}
    return {"track": {**ALL["track"], **changes}, **forwarding}


def test_the_payload_that_the_service_documents() -> None:
    """One unplanned property, two of a wrong type, both kinds omitted."""
    event = track(newProperty=1, integer=1.5, string=5)
    settings = only(allowUnplannedEventProperties=False, allowPropertiesOnViolations=False)
    outcome = apply(PLAN, settings, event)
    assert outcome.event is not None
    assert outcome.event["properties"] == {}
    assert outcome.event["context"]["protocols"] == {
        "omitted": ["newProperty"],
        "omitted_on_violation": ["integer", "string"],
        "violations": [
            {
                "type": "Invalid Type",
                "field": "properties.integer",
                "description": "Invalid type. Expected: integer, given: number",
            },
            {
                "type": "Invalid Type",
                "field": "properties.string",
                "description": "Invalid type. Expected: string, given: integer",
            },
        ],
    }
    assert outcome.word == "thinned out"
    assert event["properties"] == {"newProperty": 1, "integer": 1.5, "string": 5}


def test_unplanned_events() -> None:
    event = track("Other", a=1)
    assert apply(PLAN, ALL, event).word == "flagged"
    blocked = apply(PLAN, only(allowUnplannedEvents=False, forwardingBlockedEventsTo="s9"), event)
    assert (blocked.event, blocked.blocked, blocked.word) == (None, "unplanned", "dropped")
    assert blocked.forwarded_blocked == "s9"
    thinned = apply(PLAN, only(allowUnplannedEventProperties=False), event)
    assert thinned.omitted == ("a",)


def test_violating_events() -> None:
    event = track(integer="x")
    assert apply(PLAN, ALL, event).word == "flagged"
    settings = only(allowEventOnViolations=False, forwardingViolationsTo="s8")
    blocked = apply(PLAN, settings, event)
    assert (blocked.blocked, blocked.forwarded_violations) == ("violation", "s8")
    assert blocked.forwarded_blocked is None


@pytest.mark.parametrize(
    ("setting", "word"),
    [("ALLOW", "flagged"), ("BLOCK", "dropped"), ("OMIT_PROPERTIES", "thinned out")],
)
def test_the_common_rule(setting: str, word: str) -> None:
    outcome = apply(PLAN, only(commonEventOnViolations=setting), track(string="ab"))
    assert outcome.word == word
    assert (outcome.blocked == "common") is (setting == "BLOCK")


def test_the_common_rule_sees_what_is_left() -> None:
    settings = only(allowPropertiesOnViolations=False, commonEventOnViolations="BLOCK")
    plan = [rule(properties={"string": {"maxLength": 1}}), PLAN[2]]
    outcome = apply(plan, settings, track(string="ab"))
    assert outcome.word == "thinned out"


def test_traits() -> None:
    event = {"type": "identify", "traits": {"email": 5, "age": 1}}
    settings = {
        "identify": {
            "allowUnplannedTraits": False,
            "allowTraitsOnViolations": False,
            "commonEventOnViolations": "OMIT_TRAITS",
        }
    }
    outcome = apply(PLAN, settings, event)
    assert (outcome.omitted, outcome.omitted_on_violation) == (("age",), ("email",))
    assert outcome.event is not None
    assert outcome.event["traits"] == {}
    # The settings of track calls are not asked.
    assert apply(PLAN, only(allowUnplannedEvents=False), event).event is not None


def test_what_is_missing_cannot_be_omitted() -> None:
    plan = [rule(properties={"a": TEXT}, required=("a",))]
    outcome = apply(plan, only(allowPropertiesOnViolations=False), track())
    assert outcome.word == "flagged"
    assert outcome.omitted_on_violation == ()


def test_places_in_lists_are_omitted_from_behind() -> None:
    plan = [rule(properties={"p": {"type": "array", "items": {"properties": {"a": TEXT}}}})]
    event = track(p=[{"a": 1, "x": 1}, {"a": "ok", "x": 2}, 5])
    settings = only(allowUnplannedEventProperties=False, allowPropertiesOnViolations=False)
    outcome = apply(plan, settings, event)
    assert outcome.omitted == ("p.0.x", "p.1.x")
    assert outcome.omitted_on_violation == ("p.0.a",)
    assert outcome.event is not None
    assert outcome.event["properties"] == {"p": [{}, {"a": "ok"}, 5]}


def test_calls_that_no_plan_is_about_pass() -> None:
    event = {"type": "alias", "userId": "b", "previousId": "a"}
    assert apply(PLAN, only(allowUnplannedEvents=False), event).event == event


def test_the_steps_say_what_was_done() -> None:
    outcome = apply(PLAN, only(allowUnplannedEvents=False), track("Other"))
    assert outcome.steps == (
        "no rule of the plan is about this event: it is unplanned",
        "unplanned events are blocked",
    )


_VALUES = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([1.5, "a", "abcd"])


@given(
    st.dictionaries(st.sampled_from(["integer", "string", "other"]), _VALUES),
    st.fixed_dictionaries(
        {
            name: st.booleans()
            for name in (
                "allowUnplannedEvents",
                "allowUnplannedEventProperties",
                "allowEventOnViolations",
                "allowPropertiesOnViolations",
            )
        }
    ),
    st.sampled_from(["ALLOW", "BLOCK", "OMIT_PROPERTIES"]),
    st.sampled_from(["Order Completed", "Other"]),
)
def test_what_comes_through_is_what_the_settings_promise(
    properties: dict[str, Any], switches: dict[str, bool], common_setting: str, name: str
) -> None:
    settings = only(**switches, commonEventOnViolations=common_setting)
    event = track(name, **properties)
    plan = validator(PLAN)
    outcome = apply(plan, settings, event)
    if outcome.event is None:
        assert outcome.blocked in ("unplanned", "violation", "common")
        return
    passed = outcome.event["properties"]
    assert passed.items() <= properties.items()
    removed = {*outcome.omitted, *outcome.omitted_on_violation}
    assert removed == properties.keys() - passed.keys()
    if not switches["allowUnplannedEvents"]:
        assert name == "Order Completed"
    if not switches["allowUnplannedEventProperties"]:
        assert plan.unplanned(outcome.event).properties == []
    if not switches["allowPropertiesOnViolations"] or not switches["allowEventOnViolations"]:
        assert plan.of_rule(outcome.event) == []
    if common_setting != "ALLOW":
        assert plan.of_common(outcome.event) == []
    # Asked again, nothing more is done to it.
    assert apply(PLAN, settings, outcome.event).event == outcome.event or removed
    assert validate(PLAN, event) == [] or outcome.violations or removed
