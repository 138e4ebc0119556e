"""The tracking plan's check on one configuration: rules that the service will take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.resources.definition import Problem

from . import rules


def tracking_plan(values: Mapping[str, Any]) -> list[Problem]:
    """One form of rules at most, and each rule valid, keyed right and given once."""
    by_set, by_key = values.get("rules"), values.get("rules_by_key")
    if by_set is not None and by_key is not None:
        return [
            Problem(
                ("rules",),
                "`rules` and `rules_by_key` are both given; a plan's rules have one form",
                "Keep `rules_by_key`: it plans faster and names the rule that changes.",
            )
        ]
    problems = []
    if isinstance(by_set, list):
        problems += rules.check(by_set, path=("rules",))
    if isinstance(by_key, dict):
        problems += rules.check(by_key, path=("rules_by_key",))
    return problems
