"""State files in the shape that `segmentio/segment` 1.6.0 leaves, made from what the API answers.

Nothing here is ours: the tables of `official` say which attributes there are, a configuration gives
what it gave, the API the rest. How the official provider fills its state, as far as that shows:

* after a create, what was configured stands as it was written; what is computed comes from the API;
* `read`: JSON is marshalled anew after a change behind it: compact, keys in order;
* `imported`: nothing is known of a configuration, so that settings are the whole remote object with
  its masks, and schema settings, the name of a function and what an instance belongs to are null.

The catalogue's entry is whole, with all actions and presets. There is no private data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from .official import RESOURCES

Form = Literal["created", "read", "imported"]
Get = Callable[[str], Any]  # the `data` of a GET
Values = dict[str, Any]

ADDRESS = "registry.terraform.io/segmentio/segment"
# Where the API shows an object, and below which key.
PATHS = {
    "segment_source": ("sources/{id}", "source"),
    "segment_destination": ("destinations/{id}", "destination"),
    "segment_destination_filter": ("destination/{destination_id}/filters/{id}", "filter"),
    "segment_destination_subscription": (
        "destinations/{destination_id}/subscriptions/{id}",
        "subscription",
    ),
    "segment_tracking_plan": ("tracking-plans/{id}", "trackingPlan"),
    "segment_warehouse": ("warehouses/{id}", "warehouse"),
    "segment_function": ("functions/{id}", "function"),
    "segment_insert_function_instance": (
        "insert-function-instances/{id}",
        "insertFunctionInstance",
    ),
    "segment_reverse_etl_model": ("reverse-etl-models/{id}", "reverseEtlModel"),
    "segment_transformation": ("transformations/{id}", "transformation"),
    "segment_user_group": ("groups/{id}", "userGroup"),
    "segment_profiles_warehouse": ("spaces/{space_id}/profiles-warehouses", "profilesWarehouses"),
}
_JSON = {"settings", "json_schema", "fields", "config"}
_FACTS_AS_JSON = {"default_value", "choices", "fields"}


def attributes(kind: str, given: Values, ids: Values, get: Get, form: Form = "created") -> Values:
    """One object's attributes. `given`: its configuration, no references; `ids`: what finds it."""
    raw = _raw(kind, ids, get)
    found = _object(RESOURCES[kind], given, raw)
    found.update({name: value for name, value in ids.items() if name in _names(RESOURCES[kind])})
    if kind == "segment_user":
        # Only an invitation: its id is the address.
        found |= {"id": given["email"], "is_invite": True, "name": None}
    if kind == "segment_warehouse" and found.get("name") is None:
        found["name"] = (raw.get("settings") or {}).get("name")
    if form == "read":
        found = _compact(found)
    elif form == "imported":
        found.update(_unknown_to_an_import(kind, found, raw))
    return found


def _raw(kind: str, ids: Values, get: Get) -> Values:
    if kind not in PATHS:
        return {}
    path, envelope = PATHS[kind]
    found = get(path.format(**ids))[envelope]
    if isinstance(found, list):
        found = next(one for one in found if one["id"] == ids["id"])
    return dict(found)


def _names(table: Mapping[str, Any]) -> set[str]:
    return {name.rstrip("!") for name in table}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _object(table: Mapping[str, Any], given: Values, raw: Any) -> Values:
    """The configuration where it gives something, the API where the attribute is computed."""
    found: Values = {}
    for key, facts in table.items():
        name = key.rstrip("!")
        presence, inner = facts if isinstance(facts, tuple) else (facts, None)
        value = given.get(name)
        live = raw.get(_camel(name)) if isinstance(raw, Mapping) else None
        if isinstance(value, dict) and inner is not None:
            found[name] = _object(inner, value, live)
        elif isinstance(value, list) and inner is not None:
            # An empty set is null in the official models.
            found[name] = [_object(inner, one, {}) for one in value] or _empty(presence)
        elif value is not None:
            found[name] = value
        elif "C" in presence.partition(" ")[0]:
            found[name] = _shown(presence, inner, name, live)
        else:
            found[name] = None
    return found


def _empty(presence: str) -> list[Any] | None:
    return [] if presence.startswith("R") else None


def _shown(presence: str, inner: Any, name: str, live: Any) -> Any:
    """What the API says, in the schema's types; JSON as text."""
    if live is None:
        return None
    if inner is None:
        text = name in _FACTS_AS_JSON and presence.endswith("string")
        return _dumped(live) if text else live
    if isinstance(live, list):
        return [_object(inner, {}, one) for one in live]
    return _object(inner, {}, live)


def _dumped(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _compact(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _compact(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_compact(one) for one in value]
    return _dumped(json.loads(value)) if name in _JSON and isinstance(value, str) else value


def _unknown_to_an_import(kind: str, found: Values, raw: Values) -> Values:
    changed: Values = {}
    if "settings" in raw and isinstance(found.get("settings"), str):
        settings = dict(raw["settings"])
        if kind == "segment_warehouse":
            settings.pop("name", None)
        changed["settings"] = _dumped(settings)
    if kind == "segment_source_tracking_plan_connection":
        changed["schema_settings"] = None
    if kind == "segment_function":
        changed["display_name"] = None
    return changed


def state_file(objects: Mapping[str, Values], *, lineage: str = "made-for-a-test") -> str:
    """A whole `terraform.tfstate`: address -> attributes."""
    resources = []
    for address, values in objects.items():
        kind, _, name = address.partition(".")
        instance = {"schema_version": 0, "attributes": values, "sensitive_attributes": []}
        resources.append(
            {
                "mode": "managed",
                "type": kind,
                "name": name,
                "provider": f'provider["{ADDRESS}"]',
                "instances": [instance],
            }
        )
    whole = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 7,
        "lineage": lineage,
        "outputs": {},
        "resources": resources,
        "check_results": None,
    }
    return json.dumps(whole, indent=2)
