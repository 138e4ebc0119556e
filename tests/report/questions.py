# ruff: noqa: E501 - answers are quoted as they read
"""Ten questions that a reviewer asks of a change set, and the answers for each golden one.

An answer is what the comment says above the fold (the tenth: anywhere), read as people see it. None
is "nothing": the comment must not have what the question is about.
"""

from __future__ import annotations

QUESTIONS = (
    ("Does anything break that is sent today?", "break what is sent today"),
    ("What breaks first?", "### Breaks what is sent today"),
    ("What do the sources do with it?", "\n  - On "),
    ("What cannot be undone?", "### Cannot be undone"),
    ("What else happens to events?", "### Changes what happens to events"),
    ("What do the filters mean now?", "The filter "),
    ("How many of the example events does that concern?", "example event"),
    ("Who should know?", "Who should know"),
    ("How much changes?", "objects: "),
    ("What is not shown here?", "not described here"),
)

_WEB, _IOS = "On **Web**, ", "On **Ios**, "
_FINE = "Nothing breaks what is sent today."

ANSWERS: dict[str, tuple[str | None, ...]] = {
    "shop_new": (
        _FINE,
        None,
        None,
        None,
        "The destination **Braze** is new and gets events of the source **Shop app (iOS)**.",
        (
            "The filter **Drop internal traffic** in front of **Amplitude** is new. Owner: growth.\n"
            "  - Events where the trait “email” in the context ends with “@shop.example” or the "
            "property “internal” is true: they are not sent."
        ),
        None,
        "Who should know: **growth**, **backend**.",
        "19 objects: 19 new.",
        "create: <code>segment_destination.archive</code>",
    ),
    "shop_edited": (
        "5 changes break what is sent today.",
        (
            "- The events **Checkout Started**, **Order Cancelled**, **Order Completed** and **Order "
            "Updated** in the plan **Shop**, the property “**total**”: was a number and is text now."
        ),
        "On **Shop web site**, such events are blocked.",
        None,
        (
            "The destination **Archive** is switched off: it gets no events of the source **Shop "
            "backend** any more. Owner: backend."
        ),
        (
            "After: Events where the type of call is “page”: 50 % of them are sent, the same ones for "
            "the same anonymous ID."
        ),
        None,
        "Who should know: **growth**, **backend**.",
        "5 objects: 5 changed.",
        "The event **Order Given Back** in the plan **Shop**: it is new to the plan.",
    ),
    "shop_gone": (
        "3 changes break what is sent today.",
        (
            "The source **Shop website** is deleted. Nothing of it reaches **Amplitude** and **Google "
            "Analytics 4** any more."
        ),
        None,
        (
            "The source **Shop website** is deleted: its write key dies with it and a new source gets "
            "a new one"
        ),
        "Events of **Shop website** are not checked against the plan **Shop** any more",
        (
            "The filter **Sample page calls** in front of **Amplitude** is deleted. Owner: growth.\n"
            "  - Until now: Events where the type of call is “page”"
        ),
        None,
        "Who should know: **growth**, **backend**.",
        "19 objects: 19 deleted.",
        "delete: <code>segment_source.web</code>, id <code>",
    ),
    "total_becomes_text": (
        "1 change breaks what is sent today.",
        (
            "- The event **Order Completed** in the plan **Shop**, the property “**total**”: was a "
            "number and is text now. Owner: checkout, growth, apps."
        ),
        f"{_WEB}such events are blocked.\n  - {_IOS}such events go on and are only flagged.",
        None,
        None,
        None,
        None,
        "Who should know: **checkout**, **growth**, **apps**.",
        "1 object: 1 changed.",
        "The event **Cart Viewed** in the plan **Shop**: it is new to the plan.",
    ),
    "event_is_forgotten": (
        "1 change breaks what is sent today.",
        "- The event **Order Completed** in the plan **Shop**: it is not in the plan any more",
        f"{_WEB}such events are dropped.\n  - {_IOS}they go on as unplanned.",
        None,
        None,
        None,
        None,
        "Who should know: **checkout**, **growth**, **apps**.",
        "1 object: 1 changed.",
        "update: <code>segment_tracking_plan.shop</code>, id <code>tp_1</code>",
    ),
    "price_has_a_floor_ours": (
        "1 change breaks what is sent today.",
        "the property “**total**”: has to be at least 0 now. Owner: growth.",
        f"{_WEB}the property is removed and the event goes on.",
        (
            "The source **Web** is deleted and made anew: its write key dies: apps that send with it "
            "stop being received. Owner: growth."
        ),
        None,
        None,
        None,
        "Who should know: **growth**.",
        "2 objects: 1 changed, 1 made anew.",
        "replace: <code>source.web</code>, id <code>s-web</code>",
    ),
    "filter_drops_everything": (
        "1 change breaks what is sent today.",
        "- The filter **No staff** in front of **Amplitude** changes. Owner: growth.",
        None,
        None,
        None,
        (
            "Before: Events where the event name is “A”: they are not sent.\n"
            "  - After: Every event: they are not sent."
        ),
        "Of 4 example events, it matched 0 before and matches 4 after.\n  - It drops every event.",
        "Who should know: **growth**.",
        "1 object: 1 changed.",
        "if, after: <code>all</code>",
    ),
    "filter_is_narrowed": (
        _FINE,
        None,
        None,
        None,
        (
            "The filter **Broken** in front of **Amplitude** is new. Owner: growth.\n"
            "  - Its condition cannot be read as FQL; see the details below."
        ),
        (
            "After: Events where the type of call is “track”, and the property “staff” is true, and "
            "the property “total” is less than 50: they are not sent."
        ),
        "Of 4 example events, it matched 3 before and matches 1 after.",
        "Who should know: **growth**.",
        "2 objects: 1 new, 1 changed.",
        "if, after: <code>event == </code>",
    ),
    "settings_are_turned": (
        "1 change breaks what is sent today.",
        (
            "- On **Web**, events that no rule names are dropped and track calls that break the rule "
            "for all events are blocked from now on. Owner: growth."
        ),
        None,
        None,
        "On **ios**, events that no rule names are let through from now on.",
        None,
        None,
        "Who should know: **growth**.",
        "2 objects: 2 changed.",
        "update: <code>segment_source_schema_settings.ios</code>",
    ),
    "secrets_and_names": (
        _FINE,
        None,
        None,
        None,
        (
            "The destination **Amplitude** gets other settings: **apiKey** and **region**. Values are "
            "not shown. Owner: growth."
        ),
        None,
        None,
        "Who should know: **growth**.",
        "3 objects: 1 new, 2 changed.",
        "1 change of other providers is not described here.\n\n**The plan is not complete",
    ),
    "hostile_names": (
        "2 changes break what is sent today.",
        "is switched off: events that are sent to it are not accepted any more. Owner: x]",
        "such events are blocked.",
        None,
        "is new and gets events of the source **x](http://evil.example) <img src=x onerror",
        "they are not sent.",
        None,
        "Who should know: **x](http://evil.example) <img src=x",
        "5 objects: 3 new, 2 changed.",
        "create: <code>segment_destination.d</code>",
    ),
    "two_thousand": (
        "900 changes break what is sent today.",
        "The source **Source-0-Xxx",
        None,
        "400 changes cannot be undone.",
        "1,100 things change what happens to events.",
        "… and 1,0",
        None,
        "and 30 more.",
        "1,502 objects: 1,102 changed, 400 deleted.",
        "more, for which there is no room here.",
    ),
}
