"""One rule of a tracking plan by itself: the API writes and lists rules, and reads none alone.

Rules of many resources are read as one list for each plan. A rule that is there already with
another schema is somebody's, and is not overwritten by a create.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from segform.lifecycle.collections import Collection
from segform.lifecycle.run import Run
from segform.resources.exact import dumps, parsed
from segform.resources.parts import short
from segform.resources.values import UNKNOWN
from segform.tracking import rules as facts


class OneRule:
    """Create, read and delete of a rule, in place of the calls of an ordinary object."""

    @staticmethod
    def create(run: Run) -> dict[str, Any]:
        """Write the rule. Operation: `updateRulesInTrackingPlan`; may be repeated."""
        there = _find(run, _id(run.planned))
        wanted = run.planned["json_schema"]
        if there is not None and not facts.equal(dumps(there["jsonSchema"]), wanted):
            from segform.lifecycle.creating import AlreadyExistsError

            raise AlreadyExistsError(
                f"The tracking plan already has the rule {_id(run.planned)!r}, with another "
                "schema, and it was not made by this configuration, so it is not touched. To "
                "manage it, import it:\n\nimport {\n  to = segment_tracking_plan_rule.<name>\n"
                f'  id = "{_id(run.planned)}"\n}}'
            )
        if there is None:
            _write(run)
        return _live(run.planned["tracking_plan_id"], _rule(run.planned))

    @staticmethod
    def delete(run: Run) -> None:
        """Remove the rule. Operation: `removeRulesFromTrackingPlan`."""
        from segform.errors import NotFoundError

        removal = facts.RuleChanges([], [_rule(run.prior or run.planned)], 0)
        _, queries = facts.batches(removal)
        for query in queries:
            try:
                run.request("removeRulesFromTrackingPlan", query=query)
            except NotFoundError:
                continue

    @staticmethod
    def read(run: Run) -> dict[str, Any] | None:
        """The rule, out of the plan's list. Operation: `listRulesFromTrackingPlan`."""
        return _find(run, _id(run.prior or run.planned))


def plan(run: Run) -> None:
    """Version 1 where none is given, and the id that follows from the rest."""
    if run.planned.get("version") is UNKNOWN and run.config.get("version") is None:
        run.planned["version"] = Decimal(1)
    parts = [run.planned.get(name) for name in ("tracking_plan_id", "type", "key", "version")]
    run.planned["id"] = UNKNOWN if UNKNOWN in parts else _id(run.planned)


def finish(run: Run) -> None:
    """Write the schema where an update changes it. Operation: `updateRulesInTrackingPlan`."""
    before = (run.prior or {}).get("json_schema")
    if run.prior is None or (before and facts.equal(before, run.planned["json_schema"])):
        return
    with run.step("write the rule"):
        _write(run)
    run.live = _live(run.planned["tracking_plan_id"], _rule(run.planned))


def import_id(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """`tp_…:TRACK:Order Completed`: the plan, and the rule's key as everywhere."""
    plan_id, _, key = text.partition(":")
    try:
        if not plan_id or not key:
            raise ValueError("there is no rule behind the plan")
        kind, name, version = facts.parse_key(key)
    except ValueError as problem:
        raise ValueError(
            f"{short(text)} is no import id of a rule ({problem}): write "
            "`<plan>:TRACK:<event>`, with `@2` behind it for version 2"
        ) from None
    values = {"tracking_plan_id": plan_id, "type": kind, "key": name, "version": version}
    return {**values, "id": text}, {}


def _id(values: Mapping[str, Any]) -> str:
    rule = facts.rule_key(values["type"], values.get("key") or None, values["version"])
    return f"{values['tracking_plan_id']}:{rule}"


def _rule(values: Mapping[str, Any]) -> dict[str, Any]:
    rule = {"type": values["type"], "version": values["version"]}
    if values.get("key"):
        rule["key"] = values["key"]
    return {**rule, "jsonSchema": parsed(values["json_schema"])}


def _write(run: Run) -> None:
    changes = facts.RuleChanges([_rule(run.planned)], [], 0)
    [body], _ = facts.batches(changes)
    run.request("updateRulesInTrackingPlan", body=body)


def _live(plan_id: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as the API gives it, with its plan and an id."""
    found = {name: rule.get(name) for name in ("type", "key", "version", "jsonSchema")}
    return {**found, "trackingPlanId": plan_id, "id": _id({**rule, "tracking_plan_id": plan_id})}


def _find(run: Run, wanted: str) -> dict[str, Any] | None:
    from segform.errors import NotFoundError

    plan_id = wanted.partition(":")[0]

    def every() -> list[dict[str, Any]]:
        try:
            listed = run.pages("listRulesFromTrackingPlan", path={"trackingPlanId": plan_id})
        except NotFoundError:
            return []  # the plan is gone, and its rules with it
        return [_live(plan_id, one) for one in listed]

    def key(rule: dict[str, Any]) -> str:
        return str(rule["id"])

    if run.reader is None:
        return next((rule for rule in every() if key(rule) == wanted), None)
    shared = run.reader.shared((run.about.name, plan_id), lambda: Collection(every, key))
    return shared.read(wanted)
