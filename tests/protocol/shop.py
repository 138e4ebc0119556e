"""A configuration of all kinds for the driver, as Terraform would hand it over."""

from __future__ import annotations

import copy
from typing import Any

import httpx

from segform_emulator import Emulator

from .core import Config, Ref

WEB, WEBHOOK, S3 = "IqDTy1TpoU", "614a3c7d791c91c41bae7599", "60be92c8dabdd561bf6c9130"
POSTGRES, SNOWFLAKE = "55d3d3aea3c", "CCIl4HLQPz"
SPACE = "spa_shop"  # spaces are made in the app; `with_space` makes this one
SEND = "nFPnRozhz1mh4Gbx4MLvT5"  # the action of the webhook
SOURCE_ADMIN, SOURCE_READER = "47kgVak2VczEP8Ew6NapMZQqz7V", "HFZuHExBLXA4B7WNibgKTc6h1Lz"
OBJECT = '{"type":"object"}'

_SHOP: Config = {
    "segment_label.prod": {"key": "environment", "value": "prod"},
    "segment_source.app": {
        "slug": "app",
        "enabled": True,
        "metadata": {"id": WEB},
        "settings": "{}",
        "labels": [],
    },
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
    "segment_tracking_plan.shared": {"name": "Shared", "type": "LIVE", "description": ""},
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
    "segment_source_tracking_plan_connection.app": {
        "source_id": Ref("segment_source.app", "id"),
        "tracking_plan_id": Ref("segment_tracking_plan.shared", "id"),
    },
    "segment_source_tracking_plan_connection.web": {
        "source_id": Ref("segment_source.web", "id"),
        "tracking_plan_id": Ref("segment_tracking_plan.shop", "id"),
        "schema_settings": {"track": {"allow_unplanned_events": False}},
    },
    "segment_tracking_plan_rule.seen": {
        "tracking_plan_id": Ref("segment_tracking_plan.shared", "id"),
        "type": "TRACK",
        "key": "Product Viewed",
        "version": 2,
        "json_schema": OBJECT,
    },
    "segment_source_schema_settings.app": {
        "source_id": Ref("segment_source_tracking_plan_connection.app", "source_id"),
        "identify": {"allow_unplanned_traits": False},
    },
    "segment_destination_subscription.orders": {
        "destination_id": Ref("segment_destination.hook", "id"),
        "action_id": SEND,
        "name": "Orders",
        "trigger": 'type = "track"',
        "enabled": True,
        "model_id": Ref("segment_reverse_etl_model.buyers", "id"),
        "settings": '{"url": "https://hooks.example", "data": {"@path": "$.properties"}}',
        "reverse_etl_schedule": {"strategy": "PERIODIC", "config": '{"interval": "1h"}'},
    },
    "segment_transformation.tidy": {
        "source_id": Ref("segment_source.web", "id"),
        "destination_metadata_id": WEBHOOK,
        "name": "Tidy",
        "enabled": True,
        "if": 'event = "order done"',
        "new_event_name": "Order Completed",
        "property_renames": [{"old_name": "properties.sum", "new_name": "properties.total"}],
        "property_value_transformations": [
            {"property_paths": ["properties.currency"], "property_value": "EUR"}
        ],
        "fql_defined_properties": [],
    },
    "segment_warehouse.main": {
        "name": "Main",
        "enabled": True,
        "metadata": {"id": POSTGRES},
        "settings": '{"hostname": "db.example", "port": "5432", "password": "hush-hush"}',
    },
    "segment_source_warehouse_connection.web": {
        "source_id": Ref("segment_source.web", "id"),
        "warehouse_id": Ref("segment_warehouse.main", "id"),
    },
    "segment_profiles_warehouse.people": {
        "space_id": SPACE,
        "metadata_id": POSTGRES,
        "name": "People",
        "enabled": True,
        "schema_name": "people",
        "settings": '{"hostname": "db.example", "port": "5432", "password": "hush-hush"}',
    },
    "segment_function.clean": {
        "code": "async function onTrack(event, settings) { return event }",
        "display_name": "Clean",
        "resource_type": "INSERT_DESTINATION",
        "description": "Tidies up",
        "settings": [
            {
                "name": "apiKey",
                "label": "Key",
                "description": "",
                "type": "STRING",
                "required": True,
                "sensitive": True,
            }
        ],
    },
    "segment_insert_function_instance.clean": {
        "function_id": Ref("segment_function.clean", "id"),
        "integration_id": Ref("segment_destination.hook", "id"),
        "name": "Clean before the hook",
        "enabled": True,
        "settings": '{"apiKey": "hush-hush"}',
    },
    "segment_reverse_etl_model.buyers": {
        "source_id": Ref("segment_source.web", "id"),
        "name": "Buyers",
        "description": "",
        "enabled": True,
        "query": "select id, email from buyers",
        "query_identifier_column": "id",
    },
    "segment_user.ann": {
        "email": "Ann@shop.example",
        "permissions": [
            {
                "role_id": SOURCE_ADMIN,
                "resources": [
                    {"id": Ref("segment_source.web", "id"), "type": "SOURCE", "labels": []}
                ],
            }
        ],
    },
    "segment_user_group.shop": {
        "name": "Shop team",
        "members": [Ref("segment_user.ann", "email")],
        "permissions": [
            {
                "role_id": SOURCE_READER,
                "resources": [
                    {"id": Ref("segment_source.web", "id"), "type": "SOURCE", "labels": []}
                ],
            }
        ],
    },
}


def with_space(emulator: Emulator) -> Emulator:
    """An emulator whose first workspace has the space that the configuration names."""
    with httpx.Client(base_url="https://emulator.example", transport=emulator.transport()) as wire:
        space = {"name": "Shop", "id": SPACE}
        wire.post("/_emulator/spaces", json=space).raise_for_status()
    emulator.recorder.clear()
    return emulator


def shop(without: tuple[str, ...] = (), **changes: dict[str, Any]) -> Config:
    """The configuration; `source={"name": …}` changes the last resource of that kind."""
    made = copy.deepcopy(_SHOP)
    for kind in without:
        made = {at: one for at, one in made.items() if not at.startswith(f"segment_{kind}.")}
    last = {address.partition(".")[0].removeprefix("segment_"): address for address in made}
    for kind, values in changes.items():
        if kind in last:
            made[last[kind]].update(values)
    return made


RULES_SET: list[dict[str, Any]] = [
    {"type": "TRACK", "key": "Order Completed", "version": 1, "json_schema": OBJECT},
    {"type": "TRACK", "key": "Order Completed", "version": 2, "json_schema": OBJECT},
    {"type": "IDENTIFY", "key": None, "version": 1, "json_schema": OBJECT},
]


# Kind -> the address of its object.
ADDRESSES = {address.partition(".")[0].removeprefix("segment_"): address for address in shop()}
