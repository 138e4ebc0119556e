"""Tracking plan: its rules, in the form that the configuration chose, written by difference.

`private["owns"]` remembers which form that was: `rules`, `rules_by_key`, or `""` for a plan whose
rules are somebody else's. A state cannot say it: both collections are empty in the last case and
in that of a plan that owns its rules and has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.lifecycle.meaning import respell
from segform.lifecycle.run import Run
from segform.lifecycle.sight import sees_all
from segform.resources.exact import dumps, parsed
from segform.resources.parts import short
from segform.resources.tracking_plan import RULES, RULES_BY_KEY
from segform.resources.values import UNKNOWN, is_known
from segform.tracking import rules as rule_facts

FORMS = ("rules", "rules_by_key")
# Consent Management writes this rule into every plan of the workspace, on its own.
_SERVERS_OWN = ("TRACK", "Segment Consent Preference Updated")


def owner(config: Mapping[str, Any]) -> str:
    """Which form the configuration uses; `""` for none.

    One that is empty beside the other is none: so Terraform writes it when it generates
    configuration. One that is unknown beside the other has to turn out to be none.
    """
    given = [form for form in FORMS if config.get(form) is not None]
    unknown = [form for form in given if config[form] is UNKNOWN]
    filled = [form for form in given if form not in unknown and len(config[form]) > 0]
    return next(iter(filled or unknown or given), "")


def plan(run: Run) -> None:
    """Complete the planned rules: keys of the map spelled out, the unused form empty."""
    owns = owner(run.config)
    planned = run.planned
    if planned.get("rules_by_key") not in (None, UNKNOWN):
        planned["rules_by_key"] = {
            key: _from_key(key, element) for key, element in planned["rules_by_key"].items()
        }
    for form, empty in (("rules", []), ("rules_by_key", {})):
        # Both may be unknown, and one of them turn out to be null.
        if form != owns and run.config.get(form) is not UNKNOWN:
            planned[form] = empty
    if run.prior is not None:
        before = run.private.get("owns", owner_of_state(run.prior))
        if before and not owns:
            run.warnings.append(
                (
                    "The rules of this tracking plan are no longer managed",
                    (
                        "Neither `rules` nor `rules_by_key` is in the configuration, so nothing is "
                        "deleted and the plan keeps its rules. To delete them, write "
                        f"`{before} = {'[]' if before == 'rules' else '{}'}`."
                    ),
                )
            )
        if owns != before:
            # The rules themselves may be equal; the update is what makes the state remember.
            planned["updated_at"] = UNKNOWN
    run.private["owns"] = owns


def owner_of_state(prior: Mapping[str, Any]) -> str:
    """The form that a state without private data uses (one of the official provider)."""
    return next((form for form in FORMS if prior.get(form)), "rules")


def _from_key(key: str, element: Any) -> Any:
    """An element of the map with type, key and version taken from its key."""
    if element is None or element is UNKNOWN:
        return element
    try:
        kind, name, version = rule_facts.parse_key(key)
    except ValueError:
        return element  # the check on the configuration has said so already
    return {**element, "type": kind, "key": name, "version": version}


def finish(run: Run) -> None:
    """Write the rules that differ, in as few requests as the API allows.

    Operations: `updateRulesInTrackingPlan` and `removeRulesFromTrackingPlan`, at most 200 rules
    each, never a replacement of the whole set; then `getTrackingPlan` for the time of the change.
    """
    owns = run.private.get("owns", "")
    wanted = to_rules(run.planned.get(owns)) if owns else []
    wrote = False
    if owns and is_known(run.planned.get(owns)):
        changes = rule_facts.diff(_before(run, owns), wanted)
        patches, removals = rule_facts.batches(changes)
        # Removals first: a rule that leaves makes room below the plan's limit.
        for query in removals:
            with run.step("remove rules"):
                run.request("removeRulesFromTrackingPlan", query=query)
        for body in patches:
            with run.step("write its rules"):
                run.request("updateRulesInTrackingPlan", body=body)
        wrote = bool(patches or removals)
        run.values[owns] = run.planned[owns]
    if wrote or not run.live.get("updatedAt"):
        with run.step("read it back"):
            run.live = {**run.live, **run.request("getTrackingPlan")["trackingPlan"]}


def _before(run: Run, owns: str) -> list[dict[str, Any]]:
    """The rules that the plan has, as far as this resource is to know them."""
    if run.prior is None and not run.adopted:
        return []
    prior = run.prior or {}
    owned = next((prior[form] for form in (owns, *FORMS) if prior.get(form)), None)
    if owned is not None and not run.adopted:
        return to_rules(owned)
    # The state knew of no rule, so no plan has shown what there is: nothing unseen is removed,
    # unless the configuration says in so many words that there are none.
    named = {identity(rule) for rule in to_rules(run.planned.get(owns))}
    return [
        rule
        for rule in read_rules(run)
        if identity(rule) in named
        or (not named and (rule["type"], rule.get("key")) != _SERVERS_OWN)
    ]


def complete(run: Run) -> None:
    """Read the rules, where this resource owns them. Operation: `listRulesFromTrackingPlan`."""
    prior = run.prior or {}
    owns = run.private.get("owns", owner_of_state(prior))
    run.values.update({"rules": [], "rules_by_key": {}})
    if not owns:
        return
    mine = prior.get(owns)
    known = {identity(rule) for rule in to_rules(mine)}
    found = [
        rule
        for rule in read_rules(run)
        if (rule["type"], rule.get("key")) != _SERVERS_OWN or identity(rule) in known
    ]
    if owns == "rules":
        live: Any = [_element(rule) for rule in found]
        run.values["rules"] = respell(RULES, mine, live) if mine else live
    else:
        live = {rule_facts.rule_key(*identity(rule)): _element(rule) for rule in found}
        run.values["rules_by_key"] = respell(RULES_BY_KEY, mine, live) if mine else live


def read_rules(run: Run) -> list[dict[str, Any]]:
    """All rules of the plan, as the API gives them."""
    return run.pages("listRulesFromTrackingPlan")


def identity(rule: Mapping[str, Any]) -> tuple[str, str | None, Any]:
    """What makes a rule the same one: type, key and version."""
    return rule["type"], rule.get("key") or None, rule["version"]


def _element(rule: Mapping[str, Any]) -> dict[str, Any]:
    kind, key, version = identity(rule)
    return {"type": kind, "key": key, "version": version, "json_schema": dumps(rule["jsonSchema"])}


def to_rules(value: Any) -> list[dict[str, Any]]:
    """The rules of either form, as the API takes them."""
    if value is None or value is UNKNOWN:
        return []
    elements = value.values() if isinstance(value, dict) else value
    made = []
    for element in elements:
        rule = {"type": element["type"], "version": element["version"]}
        if element.get("key"):
            rule["key"] = element["key"]
        rule["jsonSchema"] = parsed(element["json_schema"])
        made.append(rule)
    return made


def import_id(text: str) -> tuple[dict[str, str], dict[str, Any]]:
    """`tp_x`, `tp_x#rules_by_key` or `tp_x#unmanaged`: the id, and which form the rules take."""
    plan_id, _, form = text.partition("#")
    forms = {"": "rules", "rules": "rules", "rules_by_key": "rules_by_key", "unmanaged": ""}
    if not plan_id or form not in forms:
        raise ValueError(
            f"{short(text)} is no import id of a tracking plan: write `tp_…` for rules as a set, "
            "`tp_…#rules_by_key` for rules as a map, `tp_…#unmanaged` for none"
        )
    return {"id": plan_id}, {"owns": forms[form]}


def is_connected(run: Run) -> bool | str:
    """Whether sources use the plan; why that cannot be told where the token may not see them all.

    Operations: `listSourcesFromTrackingPlan`; where it shows none, `listSources`.
    """
    from segform.errors import NotFoundError

    pages = run.client.pages("listSourcesFromTrackingPlan", path=run.path())
    try:
        if next(iter(pages), []):
            return True
    except NotFoundError:
        return False  # it is gone, and the reading tells that
    if sees_all(run, "source"):
        return False
    return (
        "this token sees no source that uses it, and it may not see all: it sees no source, or "
        "only sources with one label"
    )


def fold(body: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A plan as a snapshot has it: its rules, in whichever form, as the API gives them."""
    form = next((form for form in FORMS if values.get(form)), "rules")
    return {**body, "rules": to_rules(values.get(form))}


def unfold(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the rules by key."""
    made = {name: one for name, one in raw.items() if name != "rules"}
    made["rulesByKey"] = {
        rule_facts.rule_key(rule["type"], rule.get("key"), rule["version"]): {
            "jsonSchema": rule["jsonSchema"]
        }
        for rule in raw.get("rules") or ()
    }
    return made
