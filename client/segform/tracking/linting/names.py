"""Lint rules about what events and properties are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from segform.tracking.planned import PlannedEvent

from . import naming
from .examples import NUMBER, TEXT, track
from .registry import LintRule
from .subjects import Issue, Plan

# Ids, addresses, dates and templates in a name: a name for each of them.
_DYNAMIC = re.compile(
    r"\$\{|\{\{|%[sd]|<[a-z_ ]+>|@[\w-]+\.[a-z]|https?:"
    r"|[0-9a-f]{8}-[0-9a-f]{4}|\d{4}-\d{2}-\d{2}|\d{4,}",
    re.IGNORECASE,
)
_VIEWS = {
    frozenset(("page", "viewed")): ("page", "PAGE"),
    frozenset(("page", "view")): ("page", "PAGE"),
    frozenset(("pageview",)): ("page", "PAGE"),
    frozenset(("page", "loaded")): ("page", "PAGE"),
    frozenset(("screen", "viewed")): ("screen", "SCREEN"),
    frozenset(("screen", "view")): ("screen", "SCREEN"),
    frozenset(("user", "identified")): ("identify", "IDENTIFY"),
    frozenset(("identify",)): ("identify", "IDENTIFY"),
    frozenset(("identified",)): ("identify", "IDENTIFY"),
    frozenset(("group", "identified")): ("group", "GROUP"),
}
# What the service itself sends into plans and sources.
_SERVICES_OWN = {"Segment Consent Preference Updated", "Violation Generated"}
_MESSAGE = (
    "anonymousId",
    "channel",
    "context",
    "event",
    "groupId",
    "integrations",
    "messageId",
    "originalTimestamp",
    "previousId",
    "projectId",
    "receivedAt",
    "sentAt",
    "timestamp",
    "type",
    "userId",
    "version",
    "writeKey",
)
_FOLDED_MESSAGE = {naming.folded(name): name for name in _MESSAGE}
_OWN_MEANING = {"type", "version", "event", "context", "channel", "timestamp"}


def event_case(plan: Plan) -> Iterator[Issue]:
    """Names of track events, in the project's case."""
    for event, name in plan.named():
        if event.call == "TRACK" and not naming.fits(name, plan.config.events):
            if _is_odd(name) or name in _SERVICES_OWN:
                continue
            mend = f"Call it “{naming.cased(name, plan.config.events)}”."
            yield Issue(event, None, f"the name “{name}” is not in {plan.config.events}", mend)


def property_case(plan: Plan) -> Iterator[Issue]:
    """Names of properties, in the project's case."""
    for event, one in plan.each():
        # Traits have names that the service knows in camelCase.
        known = event.where == "traits" and re.fullmatch(r"[a-z][a-zA-Z]*", one.name)
        if not naming.fits(one.name, plan.config.properties) and not known:
            mend = f"Call it `{naming.cased(one.name, plan.config.properties)}`."
            yield Issue(event, one.path, f"`{one.name}` is not in {plan.config.properties}", mend)


def _is_odd(name: str) -> bool:
    return name != name.strip() or "  " in name or not name.isprintable()


def blanks(plan: Plan) -> Iterator[Issue]:
    """Blanks and control characters that nobody sees, and that an event has to match."""
    for event, name in plan.named():
        if _is_odd(name):
            yield Issue(
                event,
                None,
                "the name has blanks at its ends, two in a row, or characters that nobody sees",
                f"Call it “{' '.join(name.split())}”; events are matched letter by letter.",
            )
    for event, one in plan.each():
        if _is_odd(one.name) or not one.name:
            mend = "Write it without them."
            yield Issue(event, one.path, "the name of a property is empty or has odd blanks", mend)


def dynamic(plan: Plan) -> Iterator[Issue]:
    """Names made up while an app runs."""
    for event, name in plan.named():
        found = _DYNAMIC.search(name)
        if found:
            yield Issue(
                event,
                None,
                f"the name has “{found[0]}” in it, as if it were made up for each event",
                "Keep one name, and send what varies as a property.",
            )


def views(plan: Plan) -> Iterator[Issue]:
    """Track calls for what has a call of its own."""
    for event, name in plan.named():
        several = frozenset(naming.words(name)) - {"a", "the"}
        if event.call == "TRACK" and several in _VIEWS:
            call, kind = _VIEWS[several]
            yield Issue(
                event,
                None,
                f"“{name}” is what a {call} call is for",
                f"Send {call}() and make it a rule of type {kind}; tools count such calls.",
            )


def near_events(plan: Plan) -> Iterator[Issue]:
    """Two events that are one, spelled twice."""
    seen: dict[tuple[str, Any], list[PlannedEvent]] = defaultdict(list)
    for event, name in plan.named():
        seen[event.call, naming.turned(name)].append(event)
    for several in seen.values():
        names = list(dict.fromkeys(str(event.name) for event in several))
        for event in several:
            if event.name != names[0]:
                yield _near(event, names[0])
    yield from _typos(plan)


def _typos(plan: Plan) -> Iterator[Issue]:
    # Names of one length or the next, with one end the same: few are compared in full.
    ends: dict[tuple[str, int, str], list[tuple[PlannedEvent, str]]] = defaultdict(list)
    done: set[tuple[int, int]] = set()
    for event, name in plan.named():
        folded = naming.folded(name)
        for size in (len(folded), len(folded) + 1):
            ends[event.call, size, f"<{folded[:4]}"].append((event, folded))
            ends[event.call, size, f">{folded[-4:]}"].append((event, folded))
    for several in ends.values():
        for at, (event, mine) in enumerate(several[:200]):
            for other, theirs in several[:at]:
                pair = (id(event), id(other))
                if pair not in done and naming.is_typo(mine, theirs):
                    done.add(pair)
                    yield _near(event, str(other.name))


def _near(event: PlannedEvent, other: str) -> Issue:
    return Issue(
        event,
        None,
        f"the name is nearly “{other}”, which is in the plan too",
        "Keep one of them, or say in their descriptions how they differ and excuse this one.",
    )


def near_properties(plan: Plan) -> Iterator[Issue]:
    """One property spelled in two ways, in an event or across the plan."""
    spelled: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _, one in plan.each():
        spelled[naming.folded(one.name)][one.name] += 1
    usual = {
        folded: max(counted, key=lambda name: (counted[name], naming.fits(name, "snake_case")))
        for folded, counted in spelled.items()
        if len(counted) > 1 and not _is_plural_pair(counted)
    }
    for event, one in plan.each():
        other = usual.get(naming.folded(one.name), one.name)
        if other != one.name:
            mend = f"Call it `{other}` everywhere."
            yield Issue(event, one.path, f"`{one.name}` is spelled `{other}` elsewhere", mend)


def _is_plural_pair(names: Any) -> bool:
    """`product` and `products` are two things: one of them, and a list of them."""
    return len({"".join(naming.words(name)) for name in names}) == len(names)


def reserved(plan: Plan) -> Iterator[Issue]:
    """Properties that are called like parts of the message."""
    for event, one in plan.each():
        name = _FOLDED_MESSAGE.get(naming.folded(one.name))
        if one.depth == 0 and name is not None and name not in _OWN_MEANING:
            yield Issue(
                event,
                one.path,
                f"`{one.name}` is called like `{name}`, which every message has outside of its "
                f"{event.where}",
                f"Use the message's own `{name}`, or another name.",
            )


NAME_RULES = (
    LintRule(
        "SEG001",
        "event-case",
        "warning",
        "Track events are named in one case.",
        "Events are matched letter by letter: “Order completed” and “Order Completed” are two "
        "events to every tool. Segment's own specification writes them in Title Case.",
        event_case,
        [track("Order Completed"), track("Added to Cart")],
        [track("order_completed")],
    ),
    LintRule(
        "SEG002",
        "property-case",
        "warning",
        "Properties are named in one case.",
        "A property becomes a column in a warehouse and a field in a tool. Segment's own "
        "specification writes them in snake_case.",
        property_case,
        [track("Order Completed", {"order_id": TEXT})],
        [track("Order Completed", {"OrderId": TEXT})],
    ),
    LintRule(
        "SEG003",
        "odd-blanks",
        "error",
        "Names have no blanks that nobody sees.",
        "An event has to match its rule's name letter by letter, blanks included.",
        blanks,
        [track("Order Completed")],
        [track("Order Completed ")],
    ),
    LintRule(
        "SEG004",
        "dynamic-name",
        "error",
        "Names are not made up while the app runs.",
        "Each name is an event of its own, in the plan, in the schema (which shows 4,000 of them) "
        "and in every tool.",
        dynamic,
        [track("Page Section Opened", {"section": TEXT})],
        [track("Opened ${section}")],
    ),
    LintRule(
        "SEG005",
        "call-of-its-own",
        "warning",
        "What has a call of its own is no track call.",
        "Pages, screens, users and groups have calls that libraries send by themselves and that "
        "destinations understand. As track calls they are counted twice.",
        views,
        [track("Home", call="PAGE")],
        [track("Page Viewed")],
    ),
    LintRule(
        "SEG006",
        "near-events",
        "warning",
        "No two events have nearly the same name.",
        "Two spellings of one event split its numbers.",
        near_events,
        [track("Order Completed"), track("Order Refunded")],
        [track("Order Completed"), track("Orders Completed")],
    ),
    LintRule(
        "SEG007",
        "near-properties",
        "warning",
        "A property is spelled the same way everywhere.",
        "Two spellings become two columns.",
        near_properties,
        [track("Order Completed", {"order_id": TEXT}), track("Order Refunded", {"order_id": TEXT})],
        [track("Order Completed", {"order_id": TEXT}), track("Order Refunded", {"orderId": TEXT})],
    ),
    LintRule(
        "SEG008",
        "reserved-name",
        "warning",
        "Properties are not called like parts of the message.",
        "Every message has a user ID, a timestamp and so on outside of its properties. A second "
        "one inside is read by some tools and not by others.",
        reserved,
        [track("Order Completed", {"order_id": TEXT, "total": NUMBER})],
        [track("Order Completed", {"user_id": TEXT})],
    ),
)
