"""Change sets as plans: builders for both formats, and the twelve of the golden reports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from . import shop

HOSTILE = (
    "x](http://evil.example) <img src=x onerror=alert(1)> @everyone #1 `rm` |**b**|~~s~~ "
    "\x1b[2J\u202egnp.exe $x^2$ :tada: </details> <!-- www.evil.example\n# Heading\n- [ ] box"
)
BLOCKING: dict[str, Any] = {
    "track": {
        "allow_unplanned_events": False,
        "allow_unplanned_event_properties": False,
        "allow_event_on_violations": False,
        "allow_properties_on_violations": True,
        "common_event_on_violations": "ALLOW",
    },
    "identify": {"allow_unplanned_traits": True, "allow_traits_on_violations": True},
}
FLAGGING: dict[str, Any] = {
    "track": {
        "allow_unplanned_events": True,
        "allow_unplanned_event_properties": True,
        "allow_event_on_violations": True,
        "allow_properties_on_violations": True,
        "common_event_on_violations": "ALLOW",
    },
    "identify": {"allow_unplanned_traits": True, "allow_traits_on_violations": True},
}


class Case(NamedTuple):
    """A plan, the example events beside it, and the workspace that it is for."""

    document: dict[str, Any]
    events: Sequence[dict[str, Any]] = ()
    snapshot: dict[str, Any] | None = None


def rule(*required: str, owner: str = "", **properties: Any) -> str:
    """A rule's JSON Schema as text."""
    inner: dict[str, Any] = {"type": "object", "properties": properties}
    schema: dict[str, Any] = {"type": "object", "properties": {"properties": inner}}
    if required:
        inner["required"] = list(required)
        schema["required"] = ["properties"]
    if owner:
        schema["labels"] = {"owner": owner}
    return json.dumps(schema)


def keyed(**rules: str) -> dict[str, Any]:
    """Rules by key; `Order_Completed="…"` is the event Order Completed."""
    return {f"TRACK:{name.replace('_', ' ')}": {"json_schema": one} for name, one in rules.items()}


def change(
    kind: str,
    name: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    **more: Any,
) -> dict[str, Any]:
    """A resource change as terraform prints it."""
    actions = ["no-op"] if before == after else ["update"]
    if before is None:
        actions = ["create"]
    if after is None:
        actions = ["delete"]
    return {
        "address": f"segment_{kind}.{name}",
        "mode": "managed",
        "type": f"segment_{kind}",
        "name": name,
        "provider_name": "segform.internal/segform/segment",
        "change": {"actions": actions, "before": before, "after": after, **more},
    }


def terraform(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A plan as `terraform show -json` prints it."""
    return {"format_version": "1.2", "resource_changes": list(changes), **more}


def source(slug: str, owner: str = "", **more: Any) -> dict[str, Any]:
    """Values of a source."""
    labels = [{"key": "owner", "value": owner}] if owner else []
    return {
        "id": f"s-{slug}",
        "slug": slug,
        "name": slug.title(),
        "enabled": True,
        "labels": labels,
        **more,
    }


def world(web: Any = BLOCKING, ios: Any = FLAGGING) -> list[dict[str, Any]]:
    """Two sources on the plan tp_1, unchanged."""
    found = []
    for name, owner, settings in (("web", "growth", web), ("ios", "apps", ios)):
        held = source(name, owner)
        link = {"source_id": held["id"], "tracking_plan_id": "tp_1", "schema_settings": settings}
        found += [
            change("source", name, held, held),
            change("source_tracking_plan_connection", name, link, link),
        ]
    return found


def plan(**rules: str) -> dict[str, Any]:
    """Values of the tracking plan."""
    return {"id": "tp_1", "name": "Shop", "type": "LIVE", "rules_by_key": keyed(**rules)}


def destination(name: str, source_id: str = "s-web", **more: Any) -> dict[str, Any]:
    """Values of a destination."""
    return {
        "id": f"d-{name}",
        "name": name,
        "source_id": source_id,
        "enabled": True,
        "settings": '{"apiKey": "hush-1"}',
        **more,
    }


def drops(condition: str, **more: Any) -> dict[str, Any]:
    """Values of a filter that drops."""
    return {
        "id": "f-1",
        "title": "No staff",
        "destination_id": "d-Amplitude",
        "source_id": "s-web",
        "if": condition,
        "enabled": True,
        "actions": [{"type": "DROP"}],
        **more,
    }


ORDERS = [
    {"type": "track", "event": "Order Completed", "properties": {"total": total, "staff": staff}}
    for total, staff in ((9.5, True), (3, False), (100, False))
]
PAGES = [{"type": "page", "name": "Home", "properties": {}}]
AMPLITUDE = change("destination", "amplitude", destination("Amplitude"), destination("Amplitude"))


def segform(*changes: dict[str, Any]) -> dict[str, Any]:
    """A plan of ours."""
    return {
        "format": "segform.plan",
        "version": 1,
        "workspace": {"id": "w1", "slug": "acme"},
        "made": "2026-11-23T10:00:00Z",
        "base": "0af3",
        "changes": list(changes),
    }


SNAPSHOT = {
    "format": "segform.snapshot",
    "version": 1,
    "workspaces": [
        {
            "id": "w1",
            "sources": [
                {
                    "id": "s-web",
                    "slug": "web",
                    "name": "Web",
                    "metadataId": "m",
                    "labels": [{"key": "team", "value": "growth"}],
                    "settings": {"apiKey": "hush-3"},
                    "schemaSettings": {
                        "track": {
                            "allowUnplannedEvents": True,
                            "allowEventOnViolations": True,
                            "allowPropertiesOnViolations": False,
                        }
                    },
                }
            ],
            "destinations": [
                {"id": "d-1", "name": "Amplitude", "metadataId": "m", "sourceId": "s-web"}
            ],
            "trackingPlans": [
                {"id": "tp_1", "name": "Shop", "type": "LIVE", "sourceIds": ["s-web"], "rules": []}
            ],
        }
    ],
}

_TOTAL: dict[str, Any] = {"total": {"type": "number"}}


def many() -> dict[str, Any]:
    """2,000 changes, no two alike, with names of full length."""
    changes = []
    for index in range(400):
        held = source(f"source-{index}-{'x' * 90}", f"team-{index % 40}")
        changes.append(change("source", f"s{index}", held, None))
    for index in range(400):
        held = destination(f"Destination {index} {'y' * 90}", f"s-source-{index}-{'x' * 90}")
        changes.append(change("destination", f"d{index}", held, {**held, "enabled": False}))
    for index in range(700):
        held = drops(f'event = "Event {index} {"z" * 80}"', id=f"f-{index}", title=f"F {index}")
        later = {**held, "if": f'event = "Other {index} {"z" * 80}" and properties.a > {index}'}
        changes.append(change("destination_filter", f"f{index}", held, later))
    old = {f"Event_{index}": rule(price={"type": "number"}) for index in range(500)}
    new = {name: rule(price={"type": "number", "minimum": index}) for index, name in enumerate(old)}
    changes.append(change("tracking_plan", "shop", plan(**old), plan(**new)))
    changes.append(change("source", "web", source("web"), source("web", name="New name")))
    return terraform(*changes)


def cases() -> dict[str, Case]:
    """The twelve change sets."""
    found = {name: Case(shop.stored(name)) for name in shop.NAMES}
    old = plan(Order_Completed=rule("total", owner="checkout", **_TOTAL), Search=rule())
    found["total_becomes_text"] = Case(
        terraform(
            *world(),
            change(
                "tracking_plan",
                "shop",
                old,
                plan(
                    Order_Completed=rule("total", owner="checkout", total={"type": "string"}),
                    Search=rule(),
                    Cart_Viewed=rule(),
                ),
            ),
        )
    )
    found["event_is_forgotten"] = Case(
        terraform(
            *world(),
            change("tracking_plan", "shop", old, {**old, "rules_by_key": keyed(Search=rule())}),
        )
    )
    path = ["rules_by_key", "TRACK:Order Completed", "json_schema"]
    found["price_has_a_floor_ours"] = Case(
        segform(
            {
                "address": "tracking_plan.Shop",
                "kind": "tracking_plan",
                "id": "tp_1",
                "action": "update",
                "attributes": [
                    {
                        "path": path,
                        "before": json.loads(rule(**_TOTAL)),
                        "after": json.loads(rule(total={"type": "number", "minimum": 0})),
                    }
                ],
                "reasons": ["rules differ"],
            },
            {
                "address": "source.web",
                "kind": "source",
                "id": "s-web",
                "action": "replace",
                "attributes": [
                    {"path": ["metadata", "id"], "before": "m", "after": "m2"},
                    {"path": ["write_keys"], "before": "0af3", "after": None, "secret": True},
                ],
                "consequence": "its write key dies: apps that send with it stop being received",
            },
        ),
        snapshot=SNAPSHOT,
    )
    found["filter_drops_everything"] = Case(
        terraform(
            *world(),
            AMPLITUDE,
            change("destination_filter", "f", drops('event = "A"'), drops("all")),
        ),
        [*ORDERS, *PAGES],
    )
    found["filter_is_narrowed"] = Case(
        terraform(
            *world(),
            AMPLITUDE,
            change(
                "destination_filter",
                "f",
                drops('type = "track"'),
                drops('type = "track" and properties.staff = true and properties.total < 50'),
            ),
            change("destination_filter", "new", None, drops("event == ", title="Broken")),
        ),
        [*ORDERS, *PAGES],
    )
    link = {"source_id": "s-web", "tracking_plan_id": "tp_1"}
    found["settings_are_turned"] = Case(
        terraform(
            *world()[:1],
            change("tracking_plan", "shop", old, old),
            change(
                "source_tracking_plan_connection",
                "web",
                {**link, "schema_settings": FLAGGING},
                {
                    **link,
                    "schema_settings": {
                        "track": {
                            **FLAGGING["track"],
                            "allow_unplanned_events": False,
                            "common_event_on_violations": "BLOCK",
                        },
                        "identify": FLAGGING["identify"],
                    },
                },
            ),
            change(
                "source_schema_settings",
                "ios",
                {"source_id": "s-gone", "track": {"allow_unplanned_events": False}},
                {"source_id": "s-gone", "track": {"allow_unplanned_events": True}},
            ),
        )
    )
    web = source("web", "growth", write_keys=["hush-2"])
    secret = destination("Amplitude", settings='{"apiKey": "hush-4", "region": "eu"}')
    found["secrets_and_names"] = Case(
        terraform(
            change(
                "source",
                "web",
                web,
                {**web, "name": "Web site", "slug": "website"},
                before_sensitive={"write_keys": True, "settings": True},
                after_sensitive={"write_keys": True, "settings": True},
            ),
            change(
                "destination",
                "amplitude",
                destination("Amplitude"),
                secret,
                before_sensitive={"settings": True},
                after_sensitive={"settings": True},
            ),
            change("label", "prod", None, {"key": "environment", "value": "prod"}),
            {**change("x", "y", None, {"password": "hush-5"}), "type": "aws_instance"},
            resource_drift=[change("source", "web", source("web", name="Hacked"), web)],
            complete=False,
        )
    )
    found["hostile_names"] = Case(
        terraform(
            change(
                "source",
                "web",
                source("web", HOSTILE, name=HOSTILE),
                source("web", HOSTILE, name=HOSTILE, enabled=False),
            ),
            change("destination", "d", None, destination(HOSTILE)),
            change(
                "destination_filter",
                "f",
                None,
                drops(f"event = '{HOSTILE}'", title=HOSTILE, destination_id=f"d-{HOSTILE}"),
            ),
            change(
                "source_tracking_plan_connection",
                "web",
                None,
                {"source_id": "s-web", "tracking_plan_id": "tp_1", "schema_settings": BLOCKING},
            ),
            change(
                "tracking_plan",
                "shop",
                {
                    "id": "tp_1",
                    "name": HOSTILE,
                    "type": "LIVE",
                    "rules": [
                        {
                            "type": "TRACK",
                            "key": HOSTILE,
                            "version": 1,
                            "json_schema": rule(**{HOSTILE: {"type": "string"}}, owner=HOSTILE),
                        }
                    ],
                },
                {
                    "id": "tp_1",
                    "name": HOSTILE,
                    "type": "LIVE",
                    "rules": [
                        {
                            "type": "TRACK",
                            "key": HOSTILE,
                            "version": 1,
                            "json_schema": rule(**{HOSTILE: {"enum": [HOSTILE]}}, owner=HOSTILE),
                        }
                    ],
                },
            ),
        )
    )
    found["two_thousand"] = Case(many())
    return found
