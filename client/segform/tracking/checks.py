"""The tracking plan's check on one configuration: rules that the service will take."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from segform.resources.parts import Problem

from . import rules


def one_rule(values: Mapping[str, Any]) -> list[Problem]:
    """A rule by itself: valid, and keyed as its type wants. What is unknown is not looked at."""
    element = {name: values.get(name) for name in ("type", "key", "version", "json_schema")}
    if element["version"] is None:
        element["version"] = Decimal(1)
    found = rules.check([element], path=("rule",))
    # The paths of the check on a set, without the set and the place in it.
    return [Problem(one.path[2:], one.message, one.mend, one.severity) for one in found]


def tracking_plan(values: Mapping[str, Any]) -> list[Problem]:
    """One form of rules at most, and each rule valid, keyed right and given once."""
    by_set, by_key = values.get("rules"), values.get("rules_by_key")
    if isinstance(by_set, list) and isinstance(by_key, dict) and bool(by_set) is bool(by_key):
        # What is not known yet may turn out to be null, and Terraform generates `rules_by_key = {}`
        # beside `rules`, and the other way round.
        mend = "Keep `rules_by_key`: it plans faster and names the rule that changes."
        if not by_set:
            mend = "Keep one of them to remove all rules, none to leave the rules alone."
        return [
            Problem(
                ("rules",),
                "`rules` and `rules_by_key` are both given; a plan's rules have one form",
                mend,
            )
        ]
    problems = []
    if isinstance(by_set, list):
        problems += rules.check(by_set, path=("rules",))
    if isinstance(by_key, dict):
        problems += rules.check(by_key, path=("rules_by_key",))
    return problems
