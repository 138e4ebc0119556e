"""Attribute names, types, presence and import ids of `segmentio/segment` 1.6.0, kind by kind.

The tables say what the official schema has, in a short hand of their own: `R` required, `O`
optional, `C` computed, `!` behind a name: changing it makes a new object. Where ours differs, the
difference is in `OURS` and in `docs/deviations.md`; anything else is a defect.
"""

from __future__ import annotations

from typing import Any

import pytest

from segform.resources import registry
from segform_provider import planning
from segform_provider.schema import data_source_schemas, resource_schemas

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
_NESTINGS = {1: "object", 2: "list", 3: "set", 4: "map"}


def _flat(table: dict[str, Any], before: str = "") -> dict[str, str]:
    """A table as path -> presence and type."""
    found = {}
    for name, facts in table.items():
        path = f"{before}{name.rstrip('!')}"
        if isinstance(facts, tuple):
            found[path] = facts[0]
            found.update(_flat(facts[1], f"{path}."))
        else:
            found[path] = facts
    return found


def _of_schema(attributes: list[dict[str, Any]], before: str = "") -> dict[str, str]:
    found = {}
    for item in attributes:
        path = f"{before}{item['name']}"
        flags = {"R": item["required"], "O": item["optional"], "C": item["computed"]}
        presence = "".join(letter for letter, given in flags.items() if given)
        nested = item.get("nested_type")
        if nested:
            found[path] = f"{presence} {_NESTINGS[nested['nesting']]}"
            found.update(_of_schema(nested["attributes"], f"{path}."))
        else:
            words = item["type"].decode().strip("[]").replace('"', "").replace(", ", " ")
            found[path] = f"{presence} {words.replace(',', ' ')}"
    return found


def _expected(name: str, table: dict[str, Any]) -> dict[str, str]:
    expected = {**_flat(table), **OURS.get(name, {})}
    if name == "segment_source_tracking_plan_connection":
        # What is left out stays as it is at the service: computed at every depth.
        inside = [path for path in expected if path.startswith("schema_settings")]
        expected.update({path: f"OC {expected[path][2:]}" for path in inside})
    return expected


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_is_the_official_one_but_for_what_is_told(name: str) -> None:
    block = resource_schemas()[name]
    assert _of_schema(block["block"]["attributes"]) == _expected(name, RESOURCES[name])
    assert block["version"] == 0


@pytest.mark.parametrize("name", DATA_SOURCES)
def test_a_data_source_is_the_official_one_but_for_what_is_told(name: str) -> None:
    block = data_source_schemas()[name]
    assert _of_schema(block["block"]["attributes"]) == _expected(name, DATA_SOURCES[name])


def test_every_table_is_of_a_kind_that_is_there() -> None:
    assert set(IMPORT_IDS) == set(RESOURCES) <= set(resource_schemas())
    assert set(DATA_SOURCES) <= set(data_source_schemas())


def _replacing(table: dict[str, Any], before: str = "") -> set[str]:
    found = set()
    for name, facts in table.items():
        if name.endswith("!"):
            found.add(f"{before}{name[:-1]}")
        if isinstance(facts, tuple):
            found |= _replacing(facts[1], f"{before}{name}.")
    return found


@pytest.mark.parametrize("name", RESOURCES)
def test_the_same_changes_make_a_new_object(name: str) -> None:
    kind = registry()[name.removeprefix("segment_")]
    prior: dict[str, Any] = dict.fromkeys(kind.attributes, "a")
    planned: dict[str, Any] = dict.fromkeys(kind.attributes, "b")
    for attribute, item in kind.attributes.items():
        if item.flat:
            prior[attribute], planned[attribute] = {"id": "a"}, {"id": "b"}
    found = planning.replacements(kind.attributes.values(), prior, planned)
    assert {".".join(map(str, path)) for path in found} == _replacing(RESOURCES[name])


@pytest.mark.parametrize("name", IMPORT_IDS)
def test_import_ids_are_the_official_ones(name: str) -> None:
    assert registry()[name.removeprefix("segment_")].about.import_id == IMPORT_IDS[name]
