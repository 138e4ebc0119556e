"""A configuration of all kinds for the driver, as Terraform would hand it over."""

from __future__ import annotations

import copy
from typing import Any

from .core import Config, Ref

WEB, WEBHOOK, S3 = "IqDTy1TpoU", "614a3c7d791c91c41bae7599", "60be92c8dabdd561bf6c9130"
OBJECT = '{"type":"object"}'

_SHOP: Config = {
    "segment_label.prod": {"key": "environment", "value": "prod"},
    "segment_source.web": {
        "slug": "web",
        "name": "Website",
        "enabled": True,
        "metadata": {"id": WEB},
        "settings": '{"websiteUrl": "https://shop.example"}',
        "labels": [
            {
                "key": Ref("segment_label.prod", "key"),
                "value": Ref("segment_label.prod", "value"),
            }
        ],
    },
    "segment_destination.hook": {
        "name": "Hook",
        "enabled": True,
        "source_id": Ref("segment_source.web", "id"),
        "metadata": {"id": WEBHOOK},
        "settings": '{"sharedSecret": "hush-hush"}',
    },
    "segment_destination_filter.sample": {
        "destination_id": Ref("segment_destination.hook", "id"),
        "source_id": Ref("segment_source.web", "id"),
        "if": 'type = "page"',
        "title": "Sample",
        "description": "Enough to see",
        "enabled": True,
        "actions": [
            {"type": "SAMPLE", "percent": 0.1, "path": "anonymousId"},
            {"type": "DROP_PROPERTIES", "fields": '{"properties": ["email"]}'},
        ],
    },
    "segment_tracking_plan.shop": {
        "name": "Shop",
        "type": "LIVE",
        "description": "What people do",
        "rules_by_key": {
            "TRACK:Order Completed": {"json_schema": OBJECT},
            "TRACK:Order Completed@2": {"json_schema": '{ "type": "object", "required": [] }'},
            "IDENTIFY": {"json_schema": OBJECT},
        },
    },
    "segment_source_tracking_plan_connection.web": {
        "source_id": Ref("segment_source.web", "id"),
        "tracking_plan_id": Ref("segment_tracking_plan.shop", "id"),
        "schema_settings": {"track": {"allow_unplanned_events": False}},
    },
}


def shop(**changes: dict[str, Any]) -> Config:
    """The configuration; `web={"name": …}` changes attributes of the resource of that name."""
    made = copy.deepcopy(_SHOP)
    for address, values in made.items():
        values.update(changes.get(address.partition(".")[0].removeprefix("segment_"), {}))
    return made


RULES_SET = [
    {"type": "TRACK", "key": "Order Completed", "version": 1, "json_schema": OBJECT},
    {"type": "TRACK", "key": "Order Completed", "version": 2, "json_schema": OBJECT},
    {"type": "IDENTIFY", "key": None, "version": 1, "json_schema": OBJECT},
]
