"""What every kind has to prove, made from its definition: the promises of the design, section 9."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from segform.resources import registry
from segform.resources.values import UNKNOWN
from segform_emulator import Emulator

from .conftest import Start
from .core import Config, Core, DiagnosticsError
from .shop import (
    ADDRESSES,
    OBJECT,
    RULES_SET,
    S3,
    SNOWFLAKE,
    SOURCE_ADMIN,
    SOURCE_READER,
    WEBHOOK,
    shop,
)

KINDS = list(registry())


# Settings of a source cannot be deleted, by nobody.
LASTING = {"source_schema_settings"}


def _settle(core: Core) -> None:
    """Read everything: only a plan whose rules others write may say that it was changed."""
    for address, (before, after) in core.refresh().items():
        assert address == "segment_tracking_plan.shared"
        assert {**before, "updated_at": ""} == {**after, "updated_at": ""}
    assert core.refresh() == {}


def _actions(core: Core, config: Any) -> dict[str, str]:
    return {change.address: change.action for change in core.plan(config)}


def test_create_read_plan_destroy(core: Core, emulator: Emulator) -> None:
    changes = core.apply(shop())
    assert {change.action for change in changes} == {"create"}
    _settle(core)
    assert core.plan(shop()) == []
    core.destroy()
    held = emulator.dump()["workspaces"][0]
    families = ("sources", "destinations", "filters", "trackingPlans", "labels")
    assert not any(held[family] for family in families)


# Every attribute that a configuration may give, with another value for it.
UPDATES: list[tuple[str, str, Any, str]] = [
    ("label", "description", "Live", "replace"),
    ("source", "slug", "site", "update"),
    ("source", "name", "Shop", "update"),
    ("source", "enabled", False, "update"),
    ("source", "settings", '{"websiteUrl":"https://new.example"}', "update"),
    ("source", "labels", [], "update"),
    ("source", "metadata", {"id": "dZeHygTSD4"}, "replace"),
    ("destination", "name", "Another", "update"),
    ("destination", "enabled", False, "update"),
    ("destination", "settings", '{"sharedSecret":"other"}', "update"),
    ("destination", "settings", "{}", "update"),
    ("destination", "metadata", {"id": S3}, "replace"),
    ("destination_filter", "if", 'type = "screen"', "update"),
    ("destination_filter", "title", "Other", "update"),
    ("destination_filter", "description", "Why", "update"),
    ("destination_filter", "description", None, "update"),
    ("destination_filter", "enabled", False, "update"),
    ("destination_filter", "actions", [{"type": "DROP"}], "update"),
    ("tracking_plan", "name", "Store", "update"),
    ("tracking_plan", "description", "New", "update"),
    ("tracking_plan", "description", "", "update"),
    ("tracking_plan", "type", "TEMPLATE", "replace"),
    ("tracking_plan", "rules_by_key", {"IDENTIFY": {"json_schema": OBJECT}}, "update"),
    ("tracking_plan", "rules_by_key", {}, "update"),
    (
        "source_tracking_plan_connection",
        "schema_settings",
        {"track": {"allow_unplanned_events": True, "allow_event_on_violations": False}},
        "update",
    ),
    ("tracking_plan_rule", "json_schema", '{"type":"object","required":[]}', ""),
    ("tracking_plan_rule", "json_schema", '{"type":"object","required":["a"]}', "update"),
    ("tracking_plan_rule", "version", 3, "replace"),
    ("tracking_plan_rule", "type", "SCREEN", "replace"),
    ("tracking_plan_rule", "key", "Product Seen", "replace"),
    ("source_schema_settings", "identify", {"allow_unplanned_traits": True}, "update"),
    ("source_schema_settings", "track", {"allow_event_on_violations": False}, "update"),
    ("source_schema_settings", "group", {"common_event_on_violations": "BLOCK"}, "update"),
    ("destination_subscription", "name", "Sales", "update"),
    ("destination_subscription", "trigger", 'type = "page"', "update"),
    ("destination_subscription", "enabled", False, "update"),
    ("destination_subscription", "settings", '{"url": "https://other.example"}', "update"),
    (
        "destination_subscription",
        "settings",
        '{"url": "https://hooks.example", "data": {"@template": "{{userId}}"}}',
        "update",
    ),
    ("destination_subscription", "reverse_etl_schedule", {"strategy": "MANUAL"}, "update"),
    ("destination_subscription", "reverse_etl_schedule", None, "update"),
    ("transformation", "destination_metadata_id", None, "update"),
    ("transformation", "name", "Tidier", "update"),
    ("transformation", "enabled", False, "update"),
    ("transformation", "if", 'event = "order complete"', "update"),
    ("transformation", "new_event_name", None, "update"),
    ("transformation", "property_renames", [], "update"),
    (
        "transformation",
        "property_value_transformations",
        [{"property_paths": ["properties.a", "properties.b"], "property_value": "x"}],
        "update",
    ),
    (
        "transformation",
        "fql_defined_properties",
        [{"fql": "properties.total", "property_name": "properties.sum"}],
        "update",
    ),
    ("transformation", "allow_properties", ["properties.total"], "update"),
    (
        "transformation",
        "hash_properties_configuration",
        {"algorithm": "sha256", "encoding": "HEX", "paths": ["properties.email"]},
        "update",
    ),
    ("warehouse", "name", "Other", "update"),
    ("warehouse", "enabled", False, "update"),
    ("warehouse", "metadata", {"id": SNOWFLAKE}, "replace"),
    ("warehouse", "settings", '{"hostname": "db2.example", "password": "hush-hush"}', "update"),
    ("warehouse", "settings", '{"hostname": "db.example", "password": "hush-2"}', "update"),
    ("profiles_warehouse", "name", "Persons", "update"),
    ("profiles_warehouse", "enabled", False, "update"),
    ("profiles_warehouse", "schema_name", "persons", "update"),
    ("profiles_warehouse", "metadata_id", SNOWFLAKE, "replace"),
    (
        "profiles_warehouse",
        "settings",
        '{"hostname": "db2.example", "password": "hush-hush"}',
        "update",
    ),
    (
        "profiles_warehouse",
        "settings",
        '{"hostname": "db.example", "password": "hush-2"}',
        "update",
    ),
    ("function", "code", "async function onTrack() {}", "update"),
    ("function", "display_name", "Cleaner", "update"),
    ("function", "logo_url", "https://shop.example/logo.svg", "update"),
    ("function", "resource_type", "INSERT_TRANSFORMATION", "replace"),
    ("function", "description", None, "update"),
    ("function", "settings", [], "update"),
    ("insert_function_instance", "name", "Tidy", "update"),
    ("insert_function_instance", "enabled", False, "update"),
    ("insert_function_instance", "settings", '{"apiKey": "hush-2"}', "update"),
    ("reverse_etl_model", "name", "Customers", "update"),
    ("reverse_etl_model", "description", "Who bought", "update"),
    ("reverse_etl_model", "enabled", False, "update"),
    ("reverse_etl_model", "query", "select 1 as id", "update"),
    ("reverse_etl_model", "query_identifier_column", "email", "update"),
    ("reverse_etl_model", "schedule_strategy", "PERIODIC", "update"),
    ("reverse_etl_model", "schedule_config", '{"interval":"1h"}', "update"),
    ("user", "email", "ann@SHOP.example", ""),
    ("user", "email", "bob@shop.example", "replace"),
    ("user", "permissions", [{"role_id": SOURCE_READER, "resources": []}], "update"),
    ("user_group", "name", "Team", "update"),
    ("user_group", "members", [], "update"),
    ("user_group", "permissions", [{"role_id": SOURCE_ADMIN, "resources": []}], "update"),
]


@pytest.mark.parametrize(("kind", "attribute", "value", "action"), UPDATES)
def test_each_attribute_changes_as_declared(
    core: Core, kind: str, attribute: str, value: Any, action: str
) -> None:
    # A label that a source has cannot be deleted, so not replaced either.
    bare: dict[str, Any] = {"source": {"labels": []}} if kind == "label" else {}
    if (kind, attribute) == ("destination", "metadata"):
        # Its mapping runs an action that the new one does not have.
        bare["without"] = ("destination_subscription",)
    core.apply(shop(**bare))
    changed = shop(**{**bare, kind: {attribute: value}})
    assert _actions(core, changed).get(ADDRESSES[kind], "") == action
    core.apply(changed)
    _settle(core)
    assert core.plan(changed) == []


def test_every_kind_has_an_object() -> None:
    assert set(registry()) == set(ADDRESSES), "give it one in tests/protocol/shop.py"


def test_every_settable_attribute_is_among_the_updates() -> None:
    covered = {(kind, attribute) for kind, attribute, *_ in UPDATES}
    # What identifies an object or what it hangs below is changed by the tests of replacement.
    parents = {"source_id", "destination_id", "tracking_plan_id", "key", "value", "rules"}
    parents |= {"warehouse_id", "space_id", "metadata_id", "function_id", "integration_id"}
    parents |= {"action_id", "model_id", "drop"}
    # Write-only, and so in no state; see below.
    parents |= {"secret_settings_wo", "secret_settings_wo_version"}
    parents |= {"setting_secrets_wo", "setting_secrets_wo_version"}
    parents |= {"forwarding_violations_to", "forwarding_blocked_events_to"}
    for name, kind in registry().items():
        for attribute, item in kind.attributes.items():
            if item.settable and attribute not in parents:
                assert (name, attribute) in covered, (name, attribute)


@pytest.mark.parametrize("form", ["by_key", "set", "none"])
def test_import_reproduces_the_state(core: Core, emulator: Emulator, form: str) -> None:
    forms: dict[str, dict[str, Any]] = {
        "by_key": {},
        "set": {"rules": RULES_SET, "rules_by_key": None},
        "none": {"rules_by_key": None},
    }
    rules = forms[form]
    config = shop(tracking_plan=rules)
    core.apply(config)
    # An invitation shows nothing but its address.
    with httpx.Client(base_url="https://emulator.example", transport=emulator.transport()) as wire:
        accepted = {"email": "ann@shop.example"}
        wire.post("/_emulator/accept-invite", json=accepted).raise_for_status()
    core.refresh()
    before = {address: core.values(address) for address in core.state}
    core.state.clear()
    core.order.clear()
    for address, values in before.items():
        about = registry()[address.partition(".")[0].removeprefix("segment_")].about
        suffix = {"by_key": "#rules_by_key", "set": "", "none": "#unmanaged"}[form]
        tail = suffix if address == "segment_tracking_plan.shop" else ""
        tail = "#unmanaged" if address == "segment_tracking_plan.shared" else tail
        core.import_(address, about.import_id.format(**values) + tail)
    assert core.plan(config) == []
    # And what is planned next is what was asked for, not what the import happened to see.
    core.apply(shop(source={"name": "Renamed"}, tracking_plan=rules))
    assert core.values("segment_source.web")["name"] == "Renamed"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LASTING])
def test_deleted_behind_our_back_is_made_again(core: Core, emulator: Emulator, kind: str) -> None:
    # A label that a source has cannot be deleted by anybody.
    config = shop(source={"labels": []})
    core.apply(config)
    address = ADDRESSES[kind]
    # Another state that knows only this object deletes it.
    other = Core(core._start, core._provider)
    other.state[address] = core.state[address]
    other.order.append(address)
    other.destroy()
    assert _actions(core, config)[address] == "create"
    core.apply(config)
    assert core.plan(config) == []


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_values_never_fail_a_plan(core: Core, kind: str) -> None:
    definition = registry()[kind]
    address = ADDRESSES[kind]
    base = shop()[address]
    for attribute, item in definition.attributes.items():
        if not item.settable or base.get(attribute) is None:
            continue
        config = {address: {**_standalone(base), attribute: UNKNOWN}}
        [change] = core.plan(config)
        assert change.after[attribute] is UNKNOWN or isinstance(change.after[attribute], list)


def _standalone(values: dict[str, Any]) -> dict[str, Any]:
    """References to what is not there are unknown."""
    return {
        name: UNKNOWN if type(value).__name__ == "Ref" else value
        for name, value in values.items()
        if name != "labels"
    }


def test_set_and_map_of_rules_change_into_each_other_without_writes(
    core: Core, emulator: Emulator
) -> None:
    as_set = shop(tracking_plan={"rules": RULES_SET, "rules_by_key": None})
    core.apply(as_set)
    for config in (shop(), as_set):
        assert _actions(core, config) == {"segment_tracking_plan.shop": "update"}
        emulator.recorder.clear()
        core.apply(config)
        sent = {entry["operation"] for entry in emulator.recorder.entries}
        assert "updateRulesInTrackingPlan" not in sent
        assert "removeRulesFromTrackingPlan" not in sent
        assert core.plan(config) == []


def test_rules_that_are_no_longer_managed_stay(core: Core, emulator: Emulator) -> None:
    core.apply(shop())
    disowned = shop(tracking_plan={"rules_by_key": None})
    [change] = core.apply(disowned)
    assert any("no longer managed" in text for text in change.warnings)
    assert len(_rules(emulator)) == 3
    assert core.plan(disowned) == []
    owned = shop(tracking_plan={"rules_by_key": {}})
    core.apply(owned)
    assert _rules(emulator) == []


def _rules(emulator: Emulator) -> list[Any]:
    """The rules of the plan that owns its rules."""
    plans = emulator.dump()["workspaces"][0]["trackingPlans"]
    [found] = [plan["rules"] for plan in plans if plan["name"] == "Shop"]
    return list(found)


def test_the_guard_warns_refuses_and_lets_go(start: Start) -> None:
    core = start()
    core.apply(shop())
    [warned] = [c for c in core.plan({}) if c.address == "segment_source.web"]
    assert warned.warnings
    core.restart({**core._provider, "protect": ["source"]})
    with pytest.raises(DiagnosticsError, match="write key"):
        core.plan({})
    with pytest.raises(DiagnosticsError, match="replaced by a new one"):
        core.plan(shop(source={"metadata": {"id": "dZeHygTSD4"}}))
    core.restart({**core._provider, "protect_except": ["source:web", "source:app"]})
    core.destroy()
    assert core.state == {}


def test_a_state_of_the_official_provider_plans_empty(core: Core) -> None:
    # What the official provider does not have, and the plan without rules that it is for.
    ours = ("tracking_plan_rule", "source_schema_settings")
    config = shop(ours, tracking_plan={"rules": RULES_SET, "rules_by_key": None})
    del config["segment_source_tracking_plan_connection.app"]
    del config["segment_tracking_plan.shared"]
    core.apply(config)
    for address, (text, _) in list(core.state.items()):
        values = json.loads(text)
        values.pop("rules_by_key", None)
        values["gone_attribute"] = "x"
        core.state[address] = (json.dumps(values), b"")
    assert core.plan(config) == []


def test_secrets_are_in_no_diagnostic(core: Core) -> None:
    bad = shop(destination={"metadata": {"id": "hooks"}, "settings": '{"sharedSecret": "hush-2"}'})
    with pytest.raises(DiagnosticsError) as caught:
        core.plan(bad)
    assert "hush" not in str(caught.value)
    assert caught.value.paths == ["metadata.id"]


def test_data_sources(core: Core) -> None:
    assert core.data("segment_workspace")["slug"] == "acme"
    found = core.data("segment_destination_metadata", slug="actions-webhook")
    assert found["id"] == "614a3c7d791c91c41bae7599"
    with pytest.raises(DiagnosticsError, match="nearest"):
        core.data("segment_source_metadata", name="Javascrip")
    with pytest.raises(DiagnosticsError, match="looked up by one"):
        core.data("segment_source_metadata", name="a", slug="b")


def test_data_sources_show_what_the_resources_made(core: Core) -> None:
    core.apply(shop())
    for kind in ("source", "destination", "warehouse", "tracking_plan"):
        address = ADDRESSES[kind]
        made = core.values(address)
        found = core.data(f"segment_{kind}", id=made["id"])
        for name in ("name", "enabled", "slug", "workspace_id", "type", "source_id"):
            if name in made:
                assert found[name] == made[name], (kind, name)
    source = core.data("segment_source", id=core.values("segment_source.web")["id"])
    assert source["schema_settings"]["track"]["allow_unplanned_events"] is False
    assert source["labels"] == [{"key": "environment", "value": "prod"}]
    plan = core.data("segment_tracking_plan", id=core.values("segment_tracking_plan.shop")["id"])
    assert len(plan["rules"]) == 3
    settings = core.data("segment_destination", id=source_below(core))["settings"]
    assert "hush-hush" not in settings
    assert core.data("segment_role", name="Source Admin")["id"] == SOURCE_ADMIN
    assert core.data("segment_role", id=SOURCE_ADMIN)["name"] == "Source Admin"
    with pytest.raises(DiagnosticsError, match="nearest: Source Admin"):
        core.data("segment_role", name="Source Admn")
    with pytest.raises(DiagnosticsError, match="no warehouse with the id 'nothing'"):
        core.data("segment_warehouse", id="nothing")


def source_below(core: Core) -> str:
    """The id of the destination."""
    found: str = core.values("segment_destination.hook")["id"]
    return found


WITH_SECRETS = [
    "source",
    "destination",
    "warehouse",
    "profiles_warehouse",
    "insert_function_instance",
]


@pytest.mark.parametrize("kind", WITH_SECRETS)
def test_write_only_settings_are_sent_and_kept_nowhere(
    core: Core, emulator: Emulator, kind: str
) -> None:
    families = {
        "insert_function_instance": "insertFunctionInstances",
        "profiles_warehouse": "profilesWarehouses",
    }
    family, address = families.get(kind, f"{kind}s"), ADDRESSES[kind]

    def secret(value: str, version: str) -> Config:
        config = shop()
        config[address] |= {
            "secret_settings_wo": {"hidden": value},
            "secret_settings_wo_version": version,
        }
        return config

    def held() -> Any:
        return emulator.dump()["workspaces"][0][family][-1]["settings"]["hidden"]

    core.apply(secret("hush-one", "1"))
    assert held() == "hush-one"
    assert "hush-one" not in str(core.state)
    assert core.plan(secret("hush-two", "1")) == []
    assert _actions(core, secret("hush-two", "2")) == {address: "update"}
    core.apply(secret("hush-two", "2"))
    assert held() == "hush-two"
    assert "hush-two" not in str(core.state)
    assert core.plan(secret("hush-two", "2")) == []


def test_a_secret_stands_in_one_place(core: Core) -> None:
    both = shop(destination={"secret_settings_wo": {"sharedSecret": "hush-hush"}})
    with pytest.raises(DiagnosticsError, match="in `settings` and in `secret_settings_wo`"):
        core.plan(both)


def test_many_objects_are_listed_and_filtered(core: Core) -> None:
    core.apply(shop())
    web = core.values("segment_source.web")
    labelled = core.data("segment_sources", label={"key": "environment", "value": None})
    assert labelled["ids"] == [web["id"]]
    assert labelled["sources"][0]["slug"] == "web"
    assert labelled["sources"][0]["metadata_id"] == web["metadata"]["id"]
    assert len(core.data("segment_sources")["ids"]) == 2
    assert core.data("segment_sources", slug_pattern="w*", enabled=True)["ids"] == [web["id"]]
    assert core.data("segment_sources", label={"key": "environment", "value": "x"})["ids"] == []
    hook = source_below(core)
    assert core.data("segment_destinations", metadata_id=WEBHOOK)["ids"] == [hook]
    for kind, more in (
        ("destination_filters", {"destination_id": hook}),
        ("destination_subscriptions", {"destination_id": hook}),
        ("functions", {"resource_type": "INSERT_DESTINATION"}),
        ("tracking_plans", {"name_pattern": "Shop"}),
        ("warehouses", {}),
        ("transformations", {}),
        ("reverse_etl_models", {}),
        ("users", {"email_pattern": "Ann@*"}),
        ("user_groups", {}),
        ("labels", {}),
        ("profiles_warehouses", {"space_id": "spa_shop"}),
    ):
        found = core.data(f"segment_{kind}", **more)
        assert len(found["ids"]) == len(found[kind]) == 1, kind
        assert "hush" not in str(found)


def test_the_catalogue_is_searched_by_name(core: Core, emulator: Emulator) -> None:
    emulator.recorder.clear()
    found = core.data("segment_destination_catalog", search="WEBHOOK")
    assert WEBHOOK in found["ids"]
    assert all(
        "webhook" in f"{one['name']} {one['slug']}".lower() for one in found["destination_catalog"]
    )
    whole = core.data("segment_destination_catalog")["destination_catalog"]
    assert len(whole) > len(found["ids"])
    category = next(one["categories"][0] for one in whole if one["categories"])
    some = core.data("segment_destination_catalog", category=category.upper())
    assert {one["id"] for one in whole if category in one["categories"]} == set(some["ids"])
    assert core.data("segment_source_catalog", slug_pattern="javas*")["ids"] == ["IqDTy1TpoU"]
    assert core.data("segment_warehouse_catalog", name_pattern="Postgres")["ids"] == ["55d3d3aea3c"]
    assert core.data("segment_source_catalog", search="nothing like it")["ids"] == []
    assert core.data("segment_roles", search="source admin")["ids"] == [SOURCE_ADMIN]
    # Each catalogue is asked for once.
    asked = [entry["path"] for entry in emulator.recorder.entries if "catalog" in entry["path"]]
    assert len(asked) == len(set(asked))
