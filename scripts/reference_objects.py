"""The objects of the reference's examples: values by attribute, in no language."""

from __future__ import annotations

from typing import Any, NamedTuple

from segform.export.model import Json, Secret
from segform.workspace.desired import Ref

JAVASCRIPT, WEBHOOK, POSTGRES = "IqDTy1TpoU", "614a3c7d791c91c41bae7599", "55d3d3aea3c"
ORDER = {
    "type": "object",
    "properties": {"properties": {"type": "object", "required": ["total"]}},
}


class Object(NamedTuple):
    """A resource, or with `data` a data source: kind, name and values by attribute."""

    kind: str
    name: str
    values: dict[str, Any]
    data: bool = False


def secret(name: str) -> Secret:
    """A secret, which is a variable."""
    return Secret(name, "")


def read(kind: str, name: str, values: dict[str, Any]) -> Object:
    """A data source."""
    return Object(kind, name, values, data=True)


RESOURCES: dict[str, list[Object]] = {
    "label": [
        Object(
            "label",
            "prod",
            {"key": "environment", "value": "prod", "description": "What customers see"},
        )
    ],
    "source": [
        Object(
            "source",
            "web",
            {
                "slug": "web",
                "name": "Website",
                "enabled": True,
                "metadata": {"id": JAVASCRIPT},
                "settings": Json({"websiteUrl": "https://shop.example"}),
                "labels": [{"key": Ref("label.prod", "key"), "value": Ref("label.prod", "value")}],
            },
        )
    ],
    "destination": [
        Object(
            "destination",
            "hook",
            {
                "name": "Fulfilment",
                "enabled": True,
                "source_id": Ref("source.web"),
                "metadata": {"id": WEBHOOK},
                "settings": Json({}),
                "secret_settings_wo": {"sharedSecret": secret("shared_secret")},
                "secret_settings_wo_version": "1",
            },
        )
    ],
    "destination_filter": [
        Object(
            "destination_filter",
            "tenth",
            {
                "destination_id": Ref("destination.hook"),
                "source_id": Ref("source.web"),
                "title": "A tenth of the page calls",
                "if": 'type = "page"',
                "enabled": True,
                "actions": [{"type": "SAMPLE", "percent": 0.1, "path": "anonymousId"}],
            },
        )
    ],
    "tracking_plan": [
        Object(
            "tracking_plan",
            "shop",
            {
                "name": "Shop",
                "type": "LIVE",
                "rules_by_key": {
                    "TRACK:Order Completed": {"json_schema": Json(ORDER)},
                    "IDENTIFY": {"json_schema": Json({"type": "object"})},
                },
            },
        )
    ],
    "source_tracking_plan_connection": [
        Object(
            "source_tracking_plan_connection",
            "web_shop",
            {
                "source_id": Ref("source.web"),
                "tracking_plan_id": Ref("tracking_plan.shop"),
                "schema_settings": {"track": {"allow_unplanned_events": False}},
            },
        )
    ],
    "tracking_plan_rule": [
        # A plan that leaves its rules to others.
        Object("tracking_plan", "shared", {"name": "Shared", "type": "LIVE"}),
        Object(
            "tracking_plan_rule",
            "product_viewed",
            {
                "tracking_plan_id": Ref("tracking_plan.shared"),
                "type": "TRACK",
                "key": "Product Viewed",
                "json_schema": Json({"type": "object"}),
            },
        ),
    ],
    "source_schema_settings": [
        Object(
            "source",
            "app",
            {
                "slug": "app",
                "enabled": True,
                "metadata": {"id": JAVASCRIPT},
                "settings": Json({}),
            },
        ),
        Object(
            "source_tracking_plan_connection",
            "app_shared",
            {
                "source_id": Ref("source.app"),
                "tracking_plan_id": Ref("tracking_plan.shared"),
            },
        ),
        Object(
            "source_schema_settings",
            "app_settings",
            {
                # By way of the connection, for there has to be one.
                "source_id": Ref("source_tracking_plan_connection.app_shared", "source_id"),
                "track": {"allow_unplanned_events": False},
                "forwarding_violations_to": Ref("source.web"),
            },
        ),
    ],
    "reverse_etl_model": [
        read("source", "rows", {"id": "rh5BDZp6QDHvXFCkibm1pR"}),
        Object(
            "reverse_etl_model",
            "buyers",
            {
                "source_id": Ref("data.source.rows"),
                "name": "Buyers",
                "description": "Who bought something this year",
                "enabled": True,
                "query": "select id, email from buyers",
                "query_identifier_column": "id",
            },
        ),
    ],
    "destination_subscription": [
        Object(
            "destination_subscription",
            "orders",
            {
                "destination_id": Ref("destination.hook"),
                "action_id": "nFPnRozhz1mh4Gbx4MLvT5",
                "name": "Orders",
                "trigger": 'type = "track" and event = "Order Completed"',
                "enabled": True,
                "settings": Json(
                    {"url": "https://hooks.example", "data": {"@path": "$.properties"}}
                ),
            },
        )
    ],
    "transformation": [
        Object(
            "transformation",
            "tidy",
            {
                "source_id": Ref("source.web"),
                "name": "One name for orders",
                "enabled": True,
                "if": 'event = "order done"',
                "new_event_name": "Order Completed",
                "property_renames": [
                    {"old_name": "properties.sum", "new_name": "properties.total"}
                ],
            },
        )
    ],
    "warehouse": [
        Object(
            "warehouse",
            "main",
            {
                "name": "Main",
                "enabled": True,
                "metadata": {"id": POSTGRES},
                "settings": Json({"hostname": "db.example", "port": "5432", "username": "segment"}),
                "secret_settings_wo": {"password": secret("warehouse_password")},
                "secret_settings_wo_version": "1",
            },
        )
    ],
    "source_warehouse_connection": [
        Object(
            "source_warehouse_connection",
            "web_main",
            {"source_id": Ref("source.web"), "warehouse_id": Ref("warehouse.main")},
        )
    ],
    "profiles_warehouse": [
        Object(
            "profiles_warehouse",
            "profiles",
            {
                "space_id": "spa_9aQ1Lj62S4bomZKLF4DPqW",
                "metadata_id": POSTGRES,
                "name": "Profiles",
                "schema_name": "profiles",
                "settings": Json({"hostname": "db.example", "port": "5432", "username": "segment"}),
                "secret_settings_wo": {"password": secret("warehouse_password")},
                "secret_settings_wo_version": "1",
            },
        )
    ],
    "function": [
        Object(
            "function",
            "clean",
            {
                "display_name": "Clean",
                "resource_type": "INSERT_DESTINATION",
                "description": "Takes personal data out",
                "code": "async function onTrack(event, settings) { return event }",
                "settings": [
                    {
                        "name": "salt",
                        "label": "Salt",
                        "description": "For the hashes",
                        "type": "STRING",
                        "required": True,
                        "sensitive": True,
                    }
                ],
            },
        )
    ],
    "insert_function_instance": [
        Object(
            "insert_function_instance",
            "clean_hook",
            {
                "function_id": Ref("function.clean"),
                "integration_id": Ref("destination.hook"),
                "name": "Clean before the hook",
                "enabled": True,
                "settings": Json({}),
                "setting_secrets_wo": {"salt": secret("salt")},
                "setting_secrets_wo_version": "1",
            },
        )
    ],
    "user": [
        read("role", "reader", {"name": "Source Read-only"}),
        Object(
            "user",
            "ann",
            {
                "email": "ann@shop.example",
                "permissions": [
                    {
                        "role_id": Ref("data.role.reader"),
                        "resources": [{"id": Ref("source.web"), "type": "SOURCE"}],
                    }
                ],
            },
        ),
    ],
    "user_group": [
        Object(
            "user_group",
            "shop_team",
            {
                "name": "Shop team",
                "members": [Ref("user.ann", "email")],
                "permissions": [
                    {
                        "role_id": Ref("data.role.reader"),
                        "resources": [{"id": Ref("source.web"), "type": "SOURCE"}],
                    }
                ],
            },
        )
    ],
}
# What a data source of a kind looks for; those that are not here need nothing.
LOOK_UPS: dict[str, dict[str, Any]] = {
    "source_metadata": {"slug": "javascript"},
    "destination_metadata": {"slug": "actions-webhook"},
    "warehouse_metadata": {"name": "Postgres"},
    "source": {"id": "rh5BDZp6QDHvXFCkibm1pR"},
    "destination": {"id": "5GFhvtz8fha42Cm8B8E8L5"},
    "warehouse": {"id": "tnvJMZhSNRxXFCkibm1pR"},
    "tracking_plan": {"id": "tp_2kdHy1TpoU8vXFCkibm1pR"},
    "role": {"name": "Source Admin"},
    "user": {"id": "sgJDWk3K21k6LE3tLU9nRK"},
    "sources": {"slug_pattern": "brand-*", "enabled": True},
    "destinations": {"metadata_id": WEBHOOK},
    "destination_filters": {"destination_id": Ref("destination.hook")},
    "destination_subscriptions": {"destination_id": Ref("destination.hook")},
    "tracking_plans": {"name_pattern": "Shop*"},
    "warehouses": {"enabled": True},
    "functions": {"resource_type": "DESTINATION"},
    "users": {"email_pattern": "*@shop.example"},
    "user_groups": {"name_pattern": "Shop*"},
    "profiles_warehouses": {"space_id": "spa_9aQ1Lj62S4bomZKLF4DPqW"},
    "source_catalog": {"search": "javascript"},
    "destination_catalog": {"search": "webhook"},
    "warehouse_catalog": {"search": "postgres"},
}
# Where Python has a shorter way than the same values.
PYTHON = {
    "tracking_plan": """from segform_cdktf import TrackingPlan, identify, track

shop = TrackingPlan(
    self,
    "shop",
    name="Shop",
    type="LIVE",
    events=[
        track("Order Completed", properties={"total": {"type": "number"}}, required=["total"]),
        identify({}),
    ],
)
""",
}
FUNCTIONS = {
    "fql_valid": """variable "filter" {
  type    = string
  default = "event = \\"Order Completed\\""

  validation {
    condition     = provider::segment::fql_valid(var.filter)
    error_message = "That is no FQL."
  }
}
""",
    "fql_format": """output "condition" {
  value = provider::segment::fql_format("event='Order Completed'")
}
""",
    "event_rule": """locals {
  rule = provider::segment::event_rule(file("${path.module}/order.yaml"))
}

resource "segment_tracking_plan" "files" {
  name         = "From files"
  type         = "LIVE"
  rules_by_key = { (local.rule.rule_key) = { json_schema = local.rule.json_schema } }
}
""",
}
PYTHON_FUNCTIONS = {
    "fql_valid": """from segform import fql

# In Python the language itself is at hand, before anything is written.
assert not fql.check('event = "Order Completed"')
""",
    "fql_format": """from segform import fql

condition = fql.format("event='Order Completed'")
""",
    "event_rule": """from segform_cdktf import TrackingPlan

# Event files are read at synth; a folder of them is a plan.
files = TrackingPlan(self, "files", name="From files", type="LIVE", events="plan")
""",
}
EVENT = "name: Order Completed\nproperties:\n  total: {type: number}\n"
