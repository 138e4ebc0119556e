"""What `segmentio/segment` 1.6.0 has: names, types, presence and import ids of all its attributes.

A short hand of our own: `R` required, `O` optional, `C` computed, `!` behind a name: changing it
makes a new object. `OURS` says where segform differs.
"""

from __future__ import annotations

from typing import Any

LOGOS = {"default": "C string", "mark": "C string", "alt": "C string"}
OPTIONS = {
    "name": "C string",
    "type": "C string",
    "required": "C bool",
    "description": "C string",
    "default_value": "C string",
    "label": "C string",
}
FIELDS = {
    "id": "C string",
    "sort_order": "C number",
    "field_key": "C string",
    "label": "C string",
    "type": "C string",
    "description": "C string",
    "placeholder": "C string",
    "default_value": "C string",
    "required": "C bool",
    "multiple": "C bool",
    "choices": "C string",
    "dynamic": "C bool",
    "allow_null": "C bool",
}
SOURCE_FACTS: dict[str, Any] = {
    "name": "C string",
    "slug": "C string",
    "description": "C string",
    "logos": ("C object", LOGOS),
    "options": ("C list", OPTIONS),
    "categories": "C list string",
    "is_cloud_event_source": "C bool",
}
DESTINATION_FACTS: dict[str, Any] = {
    "name": "C string",
    "description": "C string",
    "slug": "C string",
    "logos": ("C object", LOGOS),
    "options": ("C list", OPTIONS),
    "status": "C string",
    "previous_names": "C list string",
    "categories": "C list string",
    "website": "C string",
    "components": ("C list", {"type": "C string", "code": "C string", "owner": "C string"}),
    "supported_features": (
        "C object",
        {
            "cloud_mode_instances": "C string",
            "device_mode_instances": "C string",
            "replay": "C bool",
            "browser_unbundling": "C bool",
            "browser_unbundling_public": "C bool",
        },
    ),
    "supported_methods": (
        "C object",
        dict.fromkeys(("pageview", "identify", "alias", "track", "group"), "C bool"),
    ),
    "supported_platforms": (
        "C object",
        dict.fromkeys(("browser", "server", "mobile"), "C bool"),
    ),
    "actions": (
        "C list",
        {
            "id": "C string",
            "slug": "C string",
            "name": "C string",
            "description": "C string",
            "platform": "C string",
            "hidden": "C bool",
            "default_trigger": "C string",
            "fields": ("C list", FIELDS),
        },
    ),
    "presets": (
        "C list",
        {
            "action_id": "C string",
            "name": "C string",
            "fields": "C string",
            "trigger": "C string",
        },
    ),
    "contacts": (
        "OC list",
        {
            "name": "OC string",
            "email": "OC string",
            "role": "OC string",
            "is_primary": "OC bool",
        },
    ),
    "partner_owned": "OC bool",
    "supported_regions": "OC list string",
    "region_endpoints": "OC list string",
}
TRAITS = {
    "allow_unplanned_traits": "O bool",
    "allow_traits_on_violations": "O bool",
    "common_event_on_violations": "O string",
}
RULE = {
    "type": "R string",
    "key": "O string",
    "json_schema": "R string",
    "version": "R number",
}
RESOURCES: dict[str, dict[str, Any]] = {
    "segment_label": {"key!": "R string", "value!": "R string", "description!": "O string"},
    "segment_source": {
        "id": "C string",
        "workspace_id": "C string",
        "slug": "R string",
        "name": "OC string",
        "enabled": "R bool",
        "metadata": ("R object", {"id!": "R string", **SOURCE_FACTS}),
        "settings": "R string",
        "write_keys": "C list string",
        "labels": ("O set", {"key": "R string", "value": "R string"}),
    },
    "segment_destination": {
        "id": "C string",
        "name": "O string",
        "enabled": "R bool",
        "source_id!": "R string",
        "metadata": ("R object", {"id!": "R string", **DESTINATION_FACTS}),
        "settings": "R string",
    },
    "segment_destination_filter": {
        "id": "C string",
        "destination_id!": "R string",
        "source_id!": "R string",
        "if": "R string",
        "title": "R string",
        "description": "O string",
        "enabled": "R bool",
        "actions": (
            "R set",
            {
                "type": "R string",
                "percent": "O number",
                "path": "O string",
                "fields": "O string",
            },
        ),
    },
    "segment_tracking_plan": {
        "id": "C string",
        "slug": "C string",
        "created_at": "C string",
        "updated_at": "C string",
        "name": "R string",
        "description": "OC string",
        "type!": "R string",
        "rules": ("R set", RULE),
    },
    "segment_source_tracking_plan_connection": {
        "source_id!": "R string",
        "tracking_plan_id!": "R string",
        "schema_settings": (
            "O object",
            {
                "track": (
                    "O object",
                    {
                        "allow_unplanned_events": "O bool",
                        "allow_unplanned_event_properties": "O bool",
                        "allow_event_on_violations": "O bool",
                        "allow_properties_on_violations": "O bool",
                        "common_event_on_violations": "O string",
                    },
                ),
                "identify": ("O object", TRAITS),
                "group": ("O object", TRAITS),
                "forwarding_violations_to": "O string",
                "forwarding_blocked_events_to": "O string",
            },
        ),
    },
}
DATA_SOURCES: dict[str, dict[str, Any]] = {
    "segment_workspace": {"id": "C string", "name": "C string", "slug": "C string"},
    "segment_source_metadata": {"id": "R string", **SOURCE_FACTS},
    "segment_destination_metadata": {"id": "R string", **DESTINATION_FACTS},
}
# What ours has instead; every line is in docs/deviations.md.
_LOOKED_UP = dict.fromkeys(("id", "slug", "name"), "OC string")
OURS: dict[str, dict[str, str]] = {
    "segment_source": {"labels": "OC set"},
    "segment_destination": {"name": "OC string"},
    "segment_tracking_plan": {
        "rules": "OC set",
        "rules_by_key": "OC map",
        "rules_by_key.type": "OC string",
        "rules_by_key.key": "OC string",
        "rules_by_key.version": "OC number",
        "rules_by_key.json_schema": "R string",
    },
    "segment_source_metadata": _LOOKED_UP,
    "segment_destination_metadata": _LOOKED_UP,
}
IMPORT_IDS = {
    "segment_label": "{key}:{value}",
    "segment_source": "{id}",
    "segment_destination": "{id}",
    "segment_destination_filter": "{destination_id}:{id}",
    "segment_tracking_plan": "{id}",
    "segment_source_tracking_plan_connection": "{source_id}:{tracking_plan_id}",
}
WAREHOUSE_FACTS: dict[str, Any] = {
    "name": "C string",
    "slug": "C string",
    "description": "C string",
    "logos": ("C object", LOGOS),
    "options": ("C list", OPTIONS),
}
PERMISSIONS: dict[str, Any] = {
    "role_id": "R string",
    "resources": (
        "O set",
        {
            "id": "R string",
            "type": "R string",
            "labels": ("R set", {"key": "R string", "value": "R string"}),
        },
    ),
}
RESOURCES |= {
    "segment_destination_subscription": {
        "id": "C string",
        "destination_id!": "R string",
        "action_id!": "R string",
        "name": "R string",
        "trigger": "R string",
        "enabled": "R bool",
        "action_slug": "C string",
        "model_id!": "O string",
        "settings": "R string",
        "reverse_etl_schedule": ("O object", {"strategy": "R string", "config": "O string"}),
    },
    "segment_warehouse": {
        "id": "C string",
        "workspace_id": "C string",
        "metadata": ("R object", {"id!": "R string", **WAREHOUSE_FACTS}),
        "name": "OC string",
        "enabled": "OC bool",
        "settings": "R string",
    },
    "segment_source_warehouse_connection": {
        "source_id!": "R string",
        "warehouse_id!": "R string",
    },
    "segment_profiles_warehouse": {
        "id": "C string",
        "space_id!": "R string",
        "metadata_id!": "R string",
        "name": "O string",
        "enabled": "O bool",
        "schema_name": "O string",
        "settings": "R string",
    },
    "segment_user": {
        "id": "C string",
        "name": "C string",
        "is_invite": "C bool",
        "email!": "R string",
        "permissions": ("R set", PERMISSIONS),
    },
    "segment_user_group": {
        "id": "C string",
        "name": "R string",
        "members": "R set string",
        "permissions": ("R set", PERMISSIONS),
    },
    "segment_function": {
        "id": "C string",
        "code": "R string",
        "display_name": "O string",
        "logo_url": "O string",
        "resource_type!": "R string",
        "description": "O string",
        "preview_webhook_url": "C string",
        "catalog_id": "C string",
        "settings": (
            "O set",
            {
                "name": "R string",
                "label": "R string",
                "description": "R string",
                "type": "R string",
                "required": "R bool",
                "sensitive": "R bool",
            },
        ),
    },
    "segment_insert_function_instance": {
        "id": "C string",
        "function_id!": "R string",
        "integration_id!": "R string",
        "name": "R string",
        "enabled": "R bool",
        "settings": "R string",
    },
    "segment_reverse_etl_model": {
        "id": "C string",
        "source_id!": "R string",
        "name": "R string",
        "description": "R string",
        "enabled": "R bool",
        "query": "R string",
        "query_identifier_column": "R string",
        "schedule_strategy": "O string",
        "schedule_config": "O string",
    },
    "segment_transformation": {
        "id": "C string",
        "source_id": "R string",
        "destination_metadata_id": "O string",
        "name": "R string",
        "enabled": "R bool",
        "if": "R string",
        "new_event_name": "O string",
        "property_renames": ("R set", {"old_name": "R string", "new_name": "R string"}),
        "property_value_transformations": (
            "R set",
            {"property_paths": "R set string", "property_value": "R string"},
        ),
        "fql_defined_properties": ("R set", {"fql": "R string", "property_name": "R string"}),
    },
}
_SECRETS = {"secret_settings_wo": "O map string", "secret_settings_wo_version": "O string"}
for _name in (
    "source",
    "destination",
    "warehouse",
    "profiles_warehouse",
    "insert_function_instance",
):
    OURS.setdefault(f"segment_{_name}", {}).update(_SECRETS)
OURS["segment_insert_function_instance"] |= {
    "setting_secrets_wo": "O map string",
    "setting_secrets_wo_version": "O string",
}
OURS["segment_profiles_warehouse"] |= {
    "name": "OC string",
    "enabled": "OC bool",
    "schema_name": "OC string",
}
OURS |= {
    "segment_user": {"permissions.resources.labels": "O set"},
    "segment_user_group": {"permissions.resources.labels": "O set", "members": "OC set string"},
    "segment_function": {"display_name": "OC string", "settings": "OC set"},
    "segment_reverse_etl_model": {
        "schedule_strategy": "OC string",
        "schedule_config": "OC string",
    },
    "segment_transformation": {
        "drop": "OC bool",
        "property_renames": "OC set",
        "property_value_transformations": "OC set",
        "fql_defined_properties": "OC set",
        "allow_properties": "OC set string",
        "hash_properties_configuration": "O object",
        "hash_properties_configuration.algorithm": "R string",
        "hash_properties_configuration.key": "O string",
        "hash_properties_configuration.encoding": "O string",
        "hash_properties_configuration.paths": "R list string",
    },
    "segment_warehouse_metadata": _LOOKED_UP,
}
IMPORT_IDS |= {
    "segment_destination_subscription": "{destination_id}:{id}",
    "segment_warehouse": "{id}",
    "segment_profiles_warehouse": "{space_id}:{id}",
    # The official provider has no import of it.
    "segment_source_warehouse_connection": "{source_id}:{warehouse_id}",
    "segment_user": "{id}",
    "segment_user_group": "{id}",
    "segment_function": "{id}",
    "segment_insert_function_instance": "{id}",
    "segment_reverse_etl_model": "{id}",
    "segment_transformation": "{id}",
}
