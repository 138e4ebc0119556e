"""A configuration of each kind, with what it hangs below made beforehand."""

from __future__ import annotations

from typing import Any

import httpx

from segform.lifecycle.run import Outcome

from .conftest import Shop

WEB: dict[str, Any] = {
    "slug": "web",
    "name": "Website",
    "enabled": True,
    "metadata": {"id": "IqDTy1TpoU"},
    "settings": '{"websiteUrl":"https://shop.example"}',
    "labels": [{"key": "environment", "value": "prod"}],
}
RULES = {"TRACK:Order Completed": {"json_schema": '{"type":"object"}'}}
PLAN: dict[str, Any] = {"name": "Shop", "type": "LIVE", "rules_by_key": RULES}
LABEL = {"key": "environment", "value": "prod"}


def source(shop: Shop, **changes: Any) -> Outcome:
    if not shop.held("labels"):
        shop.create("label", **LABEL)
    return shop.create("source", **{**WEB, **changes})


def of(shop: Shop, name: str) -> dict[str, Any]:
    """A configuration of this kind; what it refers to is there."""
    made: dict[str, Any] = MAKERS[name](shop)
    return made


def _labelled(shop: Shop) -> dict[str, Any]:
    shop.create("label", **LABEL)
    return dict(WEB)


def _connection(shop: Shop) -> dict[str, Any]:
    source_id = source(shop).values["id"]
    return {
        "source_id": source_id,
        "tracking_plan_id": shop.create("tracking_plan", **PLAN).values["id"],
        "schema_settings": {"track": {"allow_unplanned_events": False}},
    }


def _destination(shop: Shop, source_id: str = "") -> dict[str, Any]:
    return {
        "name": "Hook",
        "source_id": source_id or source(shop).values["id"],
        "enabled": True,
        "metadata": {"id": "614a3c7d791c91c41bae7599"},
        "settings": '{"sharedSecret":"hush"}',
    }


def _filter(shop: Shop) -> dict[str, Any]:
    hook = shop.create("destination", **_destination(shop))
    return {
        "destination_id": hook.values["id"],
        "source_id": hook.values["source_id"],
        "if": 'type = "page"',
        "title": "No pages",
        "enabled": True,
        "actions": [{"type": "DROP", "percent": None, "path": None, "fields": None}],
    }


def _model(shop: Shop) -> dict[str, Any]:
    return {
        "source_id": source(shop).values["id"],
        "name": "Buyers",
        "description": "",
        "enabled": True,
        "query": "select id from buyers",
        "query_identifier_column": "id",
    }


def _subscription(shop: Shop) -> dict[str, Any]:
    model = shop.create("reverse_etl_model", **_model(shop))
    hook = _destination(shop, model.values["source_id"])
    return {
        "destination_id": shop.create("destination", **hook).values["id"],
        "action_id": "nFPnRozhz1mh4Gbx4MLvT5",
        "name": "Orders",
        "trigger": 'type = "track"',
        "enabled": True,
        "model_id": model.values["id"],
        "settings": '{"url":"https://hooks.example","data":{"@path":"$.properties"}}',
        "reverse_etl_schedule": {"strategy": "PERIODIC", "config": '{"interval":"1h"}'},
    }


def _transformation(shop: Shop) -> dict[str, Any]:
    return {
        "source_id": source(shop).values["id"],
        "name": "Tidy",
        "enabled": True,
        "if": 'event = "order done"',
        "new_event_name": "Order Completed",
    }


def _warehouse(_shop: Shop) -> dict[str, Any]:
    return {
        "name": "Main",
        "metadata": {"id": "55d3d3aea3c"},
        "settings": '{"hostname":"db.example","password":"hush"}',
    }


def _loading(shop: Shop) -> dict[str, Any]:
    return {
        "source_id": source(shop).values["id"],
        "warehouse_id": shop.create("warehouse", **_warehouse(shop)).values["id"],
    }


def _profiles(shop: Shop) -> dict[str, Any]:
    return {
        "space_id": space(shop),
        "metadata_id": "55d3d3aea3c",
        "name": "People",
        "schema_name": "people",
        "settings": '{"hostname":"db.example","password":"hush"}',
    }


def space(shop: Shop) -> str:
    """The id of a space, which no request of the API makes."""
    made = shop.held("spaces")
    if not made:
        with httpx.Client(transport=shop.emulator.transport()) as wire:
            url = "https://emulator.example/_emulator/spaces"
            made = [wire.post(url, json={"name": "Shop"}).json()["space"]]
    found: str = made[0]["id"]
    return found


def _function(_shop: Shop) -> dict[str, Any]:
    key = {"name": "apiKey", "label": "Key", "description": "", "type": "STRING"}
    return {
        "code": "async function onTrack(event) { return event }",
        "display_name": "Clean",
        "resource_type": "INSERT_DESTINATION",
        "settings": [{**key, "required": True, "sensitive": True}],
    }


def _instance(shop: Shop) -> dict[str, Any]:
    return {
        "function_id": shop.create("function", **_function(shop)).values["id"],
        "integration_id": shop.create("destination", **_destination(shop)).values["id"],
        "name": "Clean",
        "enabled": True,
        "settings": '{"apiKey":"hush"}',
    }


def _permissions(shop: Shop) -> list[dict[str, Any]]:
    resource = {"id": source(shop).values["id"], "type": "SOURCE", "labels": []}
    return [{"role_id": "47kgVak2VczEP8Ew6NapMZQqz7V", "resources": [resource]}]


def _user(shop: Shop) -> dict[str, Any]:
    return {"email": "ann@shop.example", "permissions": _permissions(shop)}


def _group(shop: Shop) -> dict[str, Any]:
    user = shop.create("user", **_user(shop))
    return {
        "name": "Team",
        "members": ["ann@shop.example"],
        "permissions": user.values["permissions"],
    }


def _rule(shop: Shop) -> dict[str, Any]:
    return {
        "tracking_plan_id": shop.create("tracking_plan", name="Shared", type="LIVE").values["id"],
        "type": "TRACK",
        "key": "Product Viewed",
        "json_schema": '{"type":"object"}',
    }


def _schema_settings(shop: Shop) -> dict[str, Any]:
    edge = shop.create("source_tracking_plan_connection", **_connection(shop))
    return {"source_id": edge.values["source_id"], "identify": {"allow_unplanned_traits": False}}


MAKERS = {
    "label": lambda _shop: dict(LABEL),
    "source": _labelled,
    "tracking_plan": lambda _shop: dict(PLAN),
    "source_tracking_plan_connection": _connection,
    "destination": _destination,
    "destination_filter": _filter,
    "reverse_etl_model": _model,
    "destination_subscription": _subscription,
    "transformation": _transformation,
    "warehouse": _warehouse,
    "source_warehouse_connection": _loading,
    "profiles_warehouse": _profiles,
    "function": _function,
    "insert_function_instance": _instance,
    "tracking_plan_rule": _rule,
    "source_schema_settings": _schema_settings,
    "user": _user,
    "user_group": _group,
}

# Kind -> where a snapshot holds its objects.
FAMILY = {
    "source": "sources",
    "destination": "destinations",
    "destination_filter": "filters",
    "tracking_plan": "trackingPlans",
    "label": "labels",
    "reverse_etl_model": "reverseEtlModels",
    "destination_subscription": "subscriptions",
    "transformation": "transformations",
    "warehouse": "warehouses",
    "profiles_warehouse": "profilesWarehouses",
    "function": "functions",
    "insert_function_instance": "insertFunctionInstances",
    "user": "invites",
    "user_group": "groups",
}
EDGES = (
    "source_tracking_plan_connection",
    "source_warehouse_connection",
    "tracking_plan_rule",
    "source_schema_settings",
)
