"""What is changed on the way: by schema settings, transformations and functions of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from segform.fql.errors import FQLError
from segform.fql.evaluation import compile_statement
from segform.fql.transformations import apply_transformation, changes
from segform.fql.words import condition_of

from .differences import differences
from .model import Outcome, Step
from .surroundings import Object, Surroundings, named

_CLOUD_ONLY = (
    "transformations need Protocols, are for cloud-mode destinations only, and are not run by the "
    "Event Tester"
)


def schema(around: Surroundings, event: Object) -> Step:
    """What the source's schema settings make of the event, by its tracking plan."""
    plan = around.plan
    if plan is None:
        words = "the source is connected to no tracking plan"
        open_ = ["what the app blocks on the Schema page of such a source is not in the API"]
        return Step("schema", "passes", words, open_=open_, event=event)
    name = named(plan)
    from segform.tracking import controls

    try:
        rules = [rule for rule in plan.get("rules") or () if isinstance(rule, Mapping)]
        settings = around.source.get("schemaSettings") or {}
        found = controls.apply(rules, settings, event)
    except (ImportError, ValueError) as problem:
        words = f"the event could not be held against the plan {name}: {problem}"
        return Step("schema", "unknown", words, event=event)
    open_ = [controls.DEVICE_MODE, "that transformations of the source come later is inferred"]
    details = list(found.steps)
    for what, where in (
        ("blocked events", found.forwarded_blocked),
        ("violations", found.forwarded_violations),
    ):
        if where:
            details.append(f"{what} are forwarded to the source {where}")
    if found.event is None:
        words = f"the plan {name} and the source's schema settings block it"
        return Step("schema", "dropped", words, details=details, open_=open_)
    changed = differences(event, found.event)
    outcome: Outcome = "changed" if found.omitted or found.omitted_on_violation else "passes"
    words = {
        "passes": f"the plan {name} has nothing against it",
        "flagged": f"it passes, and shows as a violation of the plan {name}",
        "thinned out": f"the schema settings take out what the plan {name} does not allow",
    }.get(found.word, found.word)
    details += changed if outcome == "changed" else ()
    return Step("schema", outcome, words, details=details, open_=open_, event=found.event)


def transformations(around: Surroundings, event: Object, *, scoped: bool) -> Step:
    """What the transformations make of the event: the source's, or the destination's (`scoped`)."""
    where = "destination" if scoped else "source"
    name = f"{where} transformations"
    all_of_them = around.transformations(scoped=scoped)
    if not all_of_them:
        return Step(name, "passes", f"there are none for the {where}", event=event)
    details = [_named(one, "is off") for one in all_of_them if one.get("enabled") is False]
    on = [one for one in all_of_them if one.get("enabled") is not False]
    fitting = []
    for one in on:
        try:
            fits = compile_statement(one.get("if", ""))(event)
        except FQLError as problem:
            return _failed(name, one, problem, event, details)
        if fits:
            fitting.append(one)
        else:
            details.append(_named(one, f"is for other events ({condition_of(one['if'])})"))
    try:
        after, done = _applied(fitting, event)
    except FQLError as problem:
        return _failed(name, fitting[-1], problem, event, details)
    except (KeyError, TypeError, AttributeError) as problem:
        words = f"a transformation is not as the API has it: {problem!r}"
        return Step(name, "unknown", words, details=details, event=event)
    warnings = _order_matters(fitting, event, after)
    details += done
    if after is None:
        words = f"the transformation “{named(fitting[-1])}” drops it"
        dropping = next((one for one in fitting if one.get("drop")), fitting[-1])
        words = f"the transformation “{named(dropping)}” drops it"
        return Step(name, "dropped", words, details=details, warnings=warnings, open_=[_CLOUD_ONLY])
    changed = differences(event, after)
    outcome: Any = "changed" if changed else "passes"
    count = len(fitting)
    words = "none is for this event" if not fitting else "nothing is changed"
    if changed:
        words = f"{count} transformation{'s' * (count > 1)} change{'s' * (count == 1)} it"
    return Step(
        name,
        outcome,
        words,
        details=[*details, *changed],
        warnings=warnings,
        open_=[_CLOUD_ONLY],
        event=after,
    )


def _named(one: Object, words: str) -> str:
    return f"“{named(one)}” {words}"


def _failed(name: str, one: Object, problem: FQLError, event: Object, details: list[str]) -> Step:
    words = f"the transformation “{named(one)}” cannot be read: {problem}"
    open_ = ["what the service does with such a transformation is not documented"]
    return Step(name, "unknown", words, details=details, open_=open_, event=event)


def _applied(fitting: list[Object], event: Object) -> tuple[dict[str, Any] | None, list[str]]:
    """The event after all of them, each of which was found to be for it."""
    after: dict[str, Any] | None = dict(event)
    done = []
    for one in fitting:
        if after is None:
            break
        after = apply_transformation({**one, "if": "all"}, after)
        said = ", ".join(changes(one)) or "does nothing"
        done.append(_named(one, said))
    return after, done


def _order_matters(fitting: list[Object], event: Object, after: Any) -> list[str]:
    if len(fitting) < 2:
        return []
    other, _ = _applied(fitting[::-1], event)
    if other == after:
        return []
    names = ", ".join([f"“{named(one)}”" for one in fitting])
    return [
        (
            f"{names} are for the same event, and which comes first is not documented: the other "
            "way round the event comes out different"
        )
    ]


def functions(around: Surroundings, event: Object, integration: str, where: str) -> Step | None:
    """Insert functions: code of one's own, which is not run here. None where there are none."""
    several = around.functions(integration)
    if not several:
        return None
    on = [one for one in several if one.get("enabled") is not False]
    details = [_named(one, "is off") for one in several if one not in on]
    if not on:
        return Step(f"{where} functions", "passes", "all are off", details=details, event=event)
    names = ", ".join([f"“{named(one)}”" for one in on])
    return Step(
        f"{where} functions",
        "unknown",
        f"the code of {names} is not run here: it may change or drop the event",
        details=details,
        event=event,
    )


Make = Callable[[Surroundings, Object], Step | None]
