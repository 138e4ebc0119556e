"""Lint rules about what a plan says to those who read it: descriptions, reasons, owners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from .examples import TEXT, told, track
from .registry import LintRule
from .subjects import Issue, Plan


def event_description(plan: Plan) -> Iterator[Issue]:
    """Events that nobody described."""
    for event in plan.events:
        if event.call in ("TRACK", "PAGE", "SCREEN") and not event.description.strip():
            mend = "Say in a sentence when it is sent."
            yield Issue(event, None, "the event has no description", mend)


def property_description(plan: Plan) -> Iterator[Issue]:
    """Properties that nobody described."""
    for event, one in plan.each():
        said = one.schema.get("description")
        if not (isinstance(said, str) and said.strip()):
            yield Issue(
                event,
                one.path,
                f"`{one.name}` has no description",
                "Say what it holds, with its unit.",
            )


def why(plan: Plan) -> Iterator[Issue]:
    """Events without a reason."""
    for event in plan.events:
        if event.told and not event.why:
            yield Issue(event, None, "nobody said why it is collected", "Give `why`.")


def owner(plan: Plan) -> Iterator[Issue]:
    """Events without an owner."""
    for event in plan.events:
        if event.told and not event.owner:
            mend = "Give `owner`, the team that answers for it."
            yield Issue(event, None, "nobody answers for it", mend)


def destinations(plan: Plan) -> Iterator[Issue]:
    """Events that go nowhere."""
    for event in plan.events:
        if event.told and not event.destinations:
            mend = "Give `destinations`, or take the event out of the plan."
            yield Issue(event, None, "nobody said where it is to go", mend)


def versions(plan: Plan) -> Iterator[Issue]:
    """Versions that no event can name."""
    several: dict[tuple[str, str | None], list[Decimal]] = defaultdict(list)
    for event in plan.events:
        several[event.call, event.name].append(Decimal(str(event.version)))
    for event in plan.events:
        number = Decimal(str(event.version))
        others = several[event.call, event.name]
        if number != number.to_integral_value() and number != min(others):
            yield Issue(
                event,
                None,
                f"no event is ever held against version {event.version}",
                "Give it a whole number: events name their version as one.",
            )


QUESTION_RULES = (
    LintRule(
        "SEG201",
        "event-description",
        "warning",
        "Every event is described.",
        "Whoever builds a report or writes the code that sends it has nothing else to go by.",
        event_description,
        [track("Order Completed", description="An order was paid.")],
        [track("Order Completed", description="")],
    ),
    LintRule(
        "SEG202",
        "property-description",
        "note",
        "Every property is described.",
        "A name does not tell a unit, a currency or a time zone.",
        property_description,
        [track("Order Completed", {"total": {"type": "number", "description": "With tax."}})],
        [track("Order Completed", {"total": {"type": "number"}})],
    ),
    LintRule(
        "SEG203",
        "why",
        "note",
        "Every event says why it is collected.",
        "The first of the four questions of Segment's planning guide. An event without an answer "
        "is one that nobody misses.",
        why,
        [told("Order Completed")],
        [told("Order Completed", why="")],
    ),
    LintRule(
        "SEG204",
        "owner",
        "note",
        "Every event has an owner.",
        "Somebody has to be asked before it changes.",
        owner,
        [told("Order Completed")],
        [told("Order Completed", owner="")],
    ),
    LintRule(
        "SEG205",
        "destinations",
        "note",
        "Every event says who is to get it.",
        "What is read nowhere is not worth its risk.",
        destinations,
        [told("Order Completed")],
        [told("Order Completed", destinations=())],
    ),
    LintRule(
        "SEG206",
        "version-never-used",
        "warning",
        "Every version can be named by an event.",
        "An event names its version as a whole number; where it names none, or one that the plan "
        "has not, the oldest counts.",
        versions,
        [track("Order Completed", {"order_id": TEXT}), track("Order Completed", version=2)],
        [track("Order Completed", {"order_id": TEXT}), track("Order Completed", version=1.1)],
    ),
)
