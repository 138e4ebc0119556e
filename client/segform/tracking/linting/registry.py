"""The lint rules, and `lint`, which runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from segform.tracking.planned import planned_events

from .config import Config
from .finding import Finding, Severity
from .subjects import Issue, Plan

Check = Callable[[Plan], Iterator[Issue]]


class LintRule(NamedTuple):
    """One rule. `good` and `bad` are rules of plans that keep to it and that do not."""

    id: str
    name: str
    severity: Severity
    summary: str
    why: str
    check: Check
    good: list[Any]
    bad: list[Any]
    # Rules that are a matter of taste are off until somebody names them.
    default: bool = True


def _rules() -> tuple[LintRule, ...]:
    from .data import DATA_RULES
    from .names import NAME_RULES
    from .questions import QUESTION_RULES

    return tuple(sorted((*NAME_RULES, *DATA_RULES, *QUESTION_RULES), key=lambda rule: rule.id))


def lint(events: Iterable[Any], config: Config | None = None) -> list[Finding]:
    """What is unusual about a plan, in the order of its events.

    `events` are rules as the API gives them, event classes, or events read from files, mixed as you
    like; together they are one plan. Raises TypeError for anything else.
    """
    settings = config or Config()
    plan = Plan(planned_events(events), settings)
    order = {event.key: index for index, event in reversed(list(enumerate(plan.events)))}
    found: dict[Finding, None] = {}
    for rule in RULES:
        for issue in rule.check(plan):
            key = issue.event.key
            if rule.id in issue.event.ignore or not settings.is_on(
                rule.id, key, default=rule.default
            ):
                continue
            severity = settings.severity.get(rule.id, rule.severity)
            found[
                Finding(
                    rule.id,
                    severity,
                    key,
                    issue.path,
                    issue.message,
                    issue.mend,
                    issue.event.place,
                )
            ] = None
    return sorted(found, key=lambda one: (order[one.event], one.rule, one.path or ""))


RULES: tuple[LintRule, ...] = _rules()
