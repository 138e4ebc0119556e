"""A workspace in which an event meets everything, and ways to change it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from segform.explain import Explanation, explain

SNAPSHOT: dict[str, Any] = {
    "format": "segform.snapshot",
    "version": 1,
    "workspaces": [
        {
            "id": "w1",
            "slug": "shop",
            "sources": [
                {"id": "s1", "slug": "web", "name": "Web", "metadataId": "js"},
                {"id": "s2", "slug": "ios", "name": "iOS", "metadataId": "ios"},
            ],
            "destinations": [
                {"id": "d1", "name": "Analytics", "metadataId": "m1", "sourceId": "s1"},
                {"id": "d2", "name": "Old mail", "metadataId": "m2", "sourceId": "s1"},
                {"id": "d3", "name": "Analytics", "metadataId": "m1", "sourceId": "s2"},
            ],
            "warehouses": [{"id": "wh1", "name": "Numbers", "metadataId": "pg"}],
            "trackingPlans": [],
            "filters": [],
            "transformations": [],
            "insertFunctionInstances": [],
            "subscriptions": [
                {
                    "id": "p1",
                    "destinationId": "d1",
                    "actionId": "a1",
                    "actionSlug": "log",
                    "name": "Track calls",
                    "enabled": True,
                    "trigger": 'type = "track"',
                    "settings": {
                        "event": {"@path": "$.event"},
                        "total": {"@path": "$.properties.total"},
                        "email": {"@path": "$.properties.email"},
                    },
                }
            ],
        }
    ],
}
CATALOG: dict[str, Any] = {
    "m1": {
        "id": "m1",
        "name": "Analytics (Actions)",
        "previousNames": ["Actions Analytics"],
        "slug": "actions-analytics",
        "actions": [
            {
                "id": "a1",
                "slug": "log",
                "fields": [
                    {"fieldKey": "event", "type": "STRING", "required": True},
                    {"fieldKey": "total", "type": "NUMBER"},
                    {"fieldKey": "email", "type": "STRING"},
                ],
            }
        ],
    },
    "m2": {
        "id": "m2",
        "name": "OldMail",
        "slug": "old-mail",
        "supportedMethods": {
            "track": False, "identify": True, "pageview": True, "group": False, "alias": False
        },
        "actions": [],
    },
}  # fmt: skip
EVENT: dict[str, Any] = {
    "type": "track",
    "event": "Order Completed",
    "userId": "u1",
    "properties": {"total": 5, "email": "ann@shop.example", "coupon": "x"},
    "context": {"ip": "127.0.0.1"},
}
PLAN: dict[str, Any] = {
    "id": "tp_1",
    "name": "Shop",
    "type": "LIVE",
    "sourceIds": ["s1"],
    "rules": [
        {
            "type": "TRACK",
            "key": "Order Completed",
            "version": 1,
            "jsonSchema": {
                "type": "object",
                "properties": {
                    "properties": {
                        "type": "object",
                        "properties": {"total": {"type": "number"}, "email": {"type": "string"}},
                        "required": ["total"],
                    }
                },
            },
        }
    ],
}


def filtering(title: str, if_: str, *actions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A filter of the first destination."""
    scope = {"sourceId": "s1", "destinationId": "d1"}
    return {
        "id": title,
        **scope,
        "title": title,
        "enabled": True,
        "if": if_,
        "actions": list(actions),
        **more,
    }


def transforming(name: str, if_: str, **change: Any) -> dict[str, Any]:
    """A transformation of the first source."""
    return {"id": name, "name": name, "sourceId": "s1", "enabled": True, "if": if_, **change}


def told(
    event: Mapping[str, Any] | None = None,
    destination: str = "d1",
    catalog: Any = CATALOG,
    source: str | None = None,
    **tables: Any,
) -> Explanation:
    """The explanation for the shop with other tables; `sources_`, … replace fields of the first."""
    snapshot = copy.deepcopy(SNAPSHOT)
    workspace = snapshot["workspaces"][0]
    for name, value in tables.items():
        if name.endswith("_"):
            workspace[name[:-1]][0].update(value)
        else:
            workspace[name] = value
    given = copy.deepcopy(dict(EVENT if event is None else event))
    before = copy.deepcopy((given, snapshot))
    found = explain(given, destination, snapshot, catalog, source=source)
    assert (given, snapshot) == before
    return found
