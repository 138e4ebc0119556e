"""Every form that Git Sync is known to write, as it writes it: imported, it plans empty.

The workspace is made with the forms that the emulator's own tests name
(`tests/emulator/test_git_sync.py`); what the API then answers is written down as Git Sync does:
all official attributes, nulls spelled out, what is not there as null. That such files are HCL which
the real Terraform takes is `tests/terraform/test_git_sync.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from segform_emulator import Emulator
from tests.emulator.api import AMPLITUDE, POSTGRES, WEBHOOK, Api, track
from tests.emulator.test_functions import function, setting
from tests.emulator.test_people import group, permission, user
from tests.emulator.test_subscriptions import model, subscription
from tests.emulator.test_transformations import transformation
from tests.provider.official import RESOURCES

from .core import Core
from .shop import SEND
from .test_encrypted import BIGQUERY

ODD = {
    "type": "object",
    "labels": {"owner": "web"},
    "properties": {
        "": {"type": ["string"], "description": "Nobody meant it"},
        "total": {"type": ["number", "null"], "id": "/properties/properties/total"},
        "a.b c/d~e": {"type": "string", "pattern": "^[0-9]+$", "description": ""},
        "anything": {},
    },
}
MAPPING = {
    "user_id": {"@path": "$.userId"},
    "name": {"@template": "{{traits.first}} {{traits.last}}"},
    "device": {"@if": {"exists": {"@path": "$.a"}, "then": "x", "else": {"@path": "$.b"}}},
    "products": {"@arrayPath": ["$.properties.products", {"id": {"@path": "$.product_id"}}]},
}
_JSON = {"settings", "json_schema", "fields", "config"}

Written = tuple[str, str, dict[str, Any]]  # type, import id, values


def written(kind: str, raw: Any, table: Any = None) -> dict[str, Any]:
    """An object as Git Sync writes it: all that the official schema does not only compute."""
    found: dict[str, Any] = {}
    for key, facts in (table or RESOURCES[kind]).items():
        name = key.rstrip("!")
        presence, inner = facts if isinstance(facts, tuple) else (facts, None)
        if presence.startswith("C "):
            continue
        first, *rest = name.split("_")
        value = raw.get(first + "".join(map(str.capitalize, rest)))
        if inner is not None and isinstance(value, dict):
            value = written(kind, value, inner)
        elif inner is not None and isinstance(value, list):
            value = [written(kind, one, inner) for one in value]
        elif name in _JSON and value is not None:
            value = json.dumps(value, indent=1, sort_keys=True, default=float)
        found[name] = value
    return found


def workspace(api: Api) -> Iterator[Written]:
    """Objects of every form, and what Git Sync writes of them."""
    yield "segment_label", "environment:dev", {"key": "environment", "value": "dev"}
    api.post("/labels", {"label": {"key": "environment", "value": "dev"}})
    sources = [api.source(slug) for slug in ("web_shop", "iOS-App", "ACME", "web-2.0")]
    api.put(
        f"/sources/{sources[1]['id']}/labels",
        {"labels": [{"key": "environment", "value": "dev"}]},
    )
    for source in sources:
        raw = api.get(f"/sources/{source['id']}")["source"]
        yield "segment_source", source["id"], written("segment_source", raw)
    hooks = []
    for entry in api.get("/catalog/destinations")["destinationsCatalog"]:
        given = {"secretKey": "0123456789"} if entry["id"] == AMPLITUDE else {}
        made = api.destination(sources[0]["id"], entry["id"], settings=given)
        hooks += [made] if entry["id"] == WEBHOOK else []
        raw = api.get(f"/destinations/{made['id']}")["destination"]
        yield "segment_destination", made["id"], written("segment_destination", raw)
    mapped = subscription(api, hooks[0], actionId=SEND, trigger='type = "track"', settings=MAPPING)
    raw = api.get(f"/destinations/{hooks[0]['id']}/subscriptions/{mapped['id']}")["subscription"]
    text = f"{hooks[0]['id']}:{mapped['id']}"
    yield "segment_destination_subscription", text, written("segment_destination_subscription", raw)
    yield from _plans(api)
    for more in ({}, {"destinationMetadataId": AMPLITUDE}):
        made = transformation(api, sources[0], name=f"T{len(more)}", **more)
        raw = api.get(f"/transformations/{made['id']}")["transformation"]
        yield "segment_transformation", made["id"], written("segment_transformation", raw)
    yield from _warehouses(api)
    yield from _functions(api)
    made = model(api, sources[0], description=" ")
    raw = api.get(f"/reverse-etl-models/{made['id']}")["reverseEtlModel"]
    values = written("segment_reverse_etl_model", raw)
    values |= {"schedule_config": "{}", "schedule_strategy": ""}
    yield "segment_reverse_etl_model", made["id"], values
    yield from _people(api)


def _plans(api: Api) -> Iterator[Written]:
    plan = api.plan()
    path = f"/tracking-plans/{plan['id']}"
    nameless: list[Any] = [
        {"type": one, "version": 1, "jsonSchema": {}} for one in ("IDENTIFY", "GROUP", "COMMON")
    ]
    heavy = {f"property_{n}": {"type": "string", "description": "x" * 60} for n in range(25)}
    rules = [track(f"Event {n}", type="object", properties=heavy) for n in range(60)]
    api.patch(f"{path}/rules", {"rules": [*nameless, {**track("Odd"), "jsonSchema": ODD}, *rules]})
    found = api.get(f"{path}/rules?pagination.count=200")["rules"]
    assert len(found) == 64
    raw = {**api.get(path)["trackingPlan"], "rules": found}
    yield "segment_tracking_plan", plan["id"], written("segment_tracking_plan", raw)


def _warehouses(api: Api) -> Iterator[Written]:
    for entry, name, settings in (
        (POSTGRES, 'The "big" one\\n', {"hostname": "h", "password": "hush"}),
        (BIGQUERY, "Q", {"gc-project": "p", "location": "EU", "gc-credentials": "hush"}),
    ):
        body = {"metadataId": entry, "name": name, "settings": settings}
        made = api.post("/warehouses", body)["warehouse"]
        raw = api.get(f"/warehouses/{made['id']}")["warehouse"]
        shown = dict(raw["settings"])
        values = written("segment_warehouse", {**raw, "name": shown.pop("name")})
        yield "segment_warehouse", made["id"], {**values, "settings": json.dumps(shown)}


def _functions(api: Api) -> Iterator[Written]:
    code = "async function onTrack(event) {\n\treturn event\r\n}\n// ünï ${x} %{y}\n"
    settings = [setting("apiKey", True), setting("region")]
    for kind in ("DESTINATION", "SOURCE", "INSERT_DESTINATION"):
        for more in ({"description": ""}, {}):
            name = f"{kind} {len(more)}"
            made = function(api, kind, code=code, settings=settings, displayName=name, **more)
            raw = api.get(f"/functions/{made['id']}")["function"]
            values = written("segment_function", raw)
            values["display_name"] = None if kind == "DESTINATION" else values["display_name"]
            yield "segment_function", made["id"], values


def _people(api: Api) -> Iterator[Written]:
    given = [permission(api), permission(api, "Source Read-only")]
    ann = user(api, "ann@shop.example", permissions=given)
    raw = api.get(f"/users/{ann['id']}")["user"]
    yield "segment_user", ann["id"], written("segment_user", raw)
    team = group(api, "Web", "ann@shop.example")
    api.put(f"/groups/{team['id']}/permissions", {"permissions": given})
    raw = api.get(f"/groups/{team['id']}")["userGroup"]
    values = written("segment_user_group", {**raw, "members": ["ann@shop.example"]})
    yield "segment_user_group", team["id"], values


# What Git Sync has no files of.
NOT_WRITTEN = {
    "segment_source_tracking_plan_connection",
    "segment_source_warehouse_connection",
    "segment_profiles_warehouse",
    "segment_insert_function_instance",
    "segment_destination_filter",
}


@pytest.mark.timeout(120)
def test_every_form_of_git_sync_plans_empty(core: Core, emulator: Emulator) -> None:
    objects = list(workspace(Api(emulator)))
    assert {kind for kind, _, _ in objects} == set(RESOURCES) - NOT_WRITTEN
    config, emulator_log = {}, emulator.recorder
    for kind, import_id, values in objects:
        address = f"{kind}.id-{import_id.replace(':', '_')}"
        config[address] = values
        core.import_(address, import_id)
    emulator_log.clear()
    changed = [
        (change.address, name, change.before[name], change.after[name])
        for change in core.plan(config)
        for name in change.after
        if change.before[name] != change.after[name]
    ]
    assert not changed, "\n".join(map(str, changed))
    assert core.apply(config) == []
    assert [e["operation"] for e in emulator_log.entries if e["method"] != "GET"] == []
