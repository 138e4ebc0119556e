"""A plan of the engine in words: what its report says is what the workspace would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from segform.report import PlanError, load, render, review
from segform.report.planned import workspace_of
from segform.resources.exact import dumps, loads
from segform.workspace import Plan

from .conftest import Place
from .shop import shop

SCHEMA = Path(__file__).parents[2] / "contract" / "schemas" / "plan.schema.json"


@pytest.fixture
def snapshot(place: Place) -> dict[str, Any]:
    """The shop, deployed and pulled."""
    engine = place.engine()
    engine.apply(engine.plan(shop()), shop())
    return engine.pull()


def told(plan: Plan, snapshot: dict[str, Any] | None = None) -> str:
    """The plan as it is written, in words."""
    document = loads(dumps(plan.to_dict()))
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert not [error.message for error in validator.iter_errors(document)]
    assert "hush" not in dumps(document)
    return render(review(load(document, snapshot=snapshot)), "text")


@pytest.mark.parametrize("beside", [False, True])
def test_a_filter_is_told_with_what_stays(
    place: Place, snapshot: dict[str, Any], beside: bool
) -> None:
    before = json.loads(json.dumps(snapshot))
    held = snapshot["workspaces"][0]["filters"][0]
    held["if"] = 'event = "Refund"'
    said = told(place.engine().plan(snapshot), before if beside else None)
    assert f"The filter {held['title']} in front of Hook changes." in said
    assert "After: Events where the event name is “Refund”: they are not sent." in said


@pytest.mark.parametrize("beside", [False, True])
def test_a_rule_that_goes_is_told_and_no_other(
    place: Place, snapshot: dict[str, Any], beside: bool
) -> None:
    before = json.loads(json.dumps(snapshot))
    rules = snapshot["workspaces"][0]["trackingPlans"][0]["rules"]
    rules.remove(next(rule for rule in rules if rule["type"] == "TRACK"))
    plan = place.engine().plan(snapshot)
    assert "rules_by_key.TRACK:Order Completed: removed" in str(plan)
    said = told(plan, before if beside else None)
    assert "The event Order Completed in the plan Shop: it is not in the plan any more" in said
    assert "On Website, " in said
    assert "new to the plan" not in said
    assert "identify" not in said.lower()


def test_a_schema_is_graded_whole_although_the_plan_tells_its_parts(
    place: Place, snapshot: dict[str, Any]
) -> None:
    """A type that widens breaks nothing, whatever stays around it."""
    engine = place.engine()

    def rule(kind: Any) -> dict[str, Any]:
        total = {"type": kind, "minimum": 1}
        schema = {"properties": {"properties": {"properties": {"total": total}}}, "type": "object"}
        return {"TRACK:Order Completed": {"json_schema": schema}}

    engine.apply(
        engine.plan(shop(plan_rules_by_key=rule("integer"))),
        shop(plan_rules_by_key=rule("integer")),
    )
    wider = told(engine.plan(shop(plan_rules_by_key=rule("number"))))
    assert "Breaks what is sent today" not in wider
    assert "total" in wider
    engine.apply(
        engine.plan(shop(plan_rules_by_key=rule("number"))), shop(plan_rules_by_key=rule("number"))
    )
    narrower = told(engine.plan(shop(plan_rules_by_key=rule("integer"))))
    assert "Breaks what is sent today" in narrower


def test_what_refers_to_what_is_deleted_is_refused(place: Place, snapshot: dict[str, Any]) -> None:
    workspace = snapshot["workspaces"][0]
    gone = next(one for one in workspace["sources"] if one["slug"] == "web")
    workspace["sources"].remove(gone)
    workspace["trackingPlans"][0]["sourceIds"] = []
    plan = place.engine(let_go=["source:web"]).plan(snapshot)
    assert any(
        problem.startswith("destination.") and f"refers to source.web ({gone['id']})" in problem
        for problem in plan.problems
    )
    assert place.writes()[-1:] != ["deleteSource"]


def test_events_are_not_tested_against_half_a_workspace(
    place: Place, snapshot: dict[str, Any]
) -> None:
    plan = loads(dumps(place.engine().plan(snapshot).to_dict()))
    with pytest.raises(PlanError, match="tells only what changes"):
        workspace_of(plan)
