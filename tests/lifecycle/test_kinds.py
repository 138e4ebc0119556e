"""What is special about single kinds, where the official provider does otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from segform.errors import APIError
from segform.lifecycle.creating import AlreadyExistsError
from segform.resources import registry
from segform.resources.checks import run_pure
from segform.resources.exact import loads

from .configs import MAKERS, of, source, space
from .conftest import Shop


def test_every_kind_has_a_configuration() -> None:
    assert set(registry()) == set(MAKERS), "give it one in tests/lifecycle/configs.py"


def _sent(shop: Shop, since: int, *methods: str) -> list[str]:
    """Requests that wrote, since a moment."""
    return [line for line in shop.wire.seen[since:] if line.startswith(methods)]


def _problems(name: str, /, **values: Any) -> list[str]:
    kind = registry()[name]
    given = {**dict.fromkeys(kind.attributes), **values}
    return [str(one.message) for one in run_pure(kind.about.checks, kind.attributes, given)]


# Mappings


def test_a_mapping_takes_one_write_and_a_schedule_a_second(shop: Shop) -> None:
    config = of(shop, "destination_subscription")
    since = len(shop.wire.seen)
    shop.create("destination_subscription", **config)
    assert [line.split()[0] for line in _sent(shop, since, "POST", "PATCH")] == ["POST", "PATCH"]
    bare = {**config, "name": "Bare", "model_id": None, "reverse_etl_schedule": None}
    since = len(shop.wire.seen)
    shop.create("destination_subscription", **bare)
    assert [line.split()[0] for line in _sent(shop, since, "POST", "PATCH")] == ["POST"]


def test_a_directive_of_a_mapping_is_one_value(shop: Shop) -> None:
    config = of(shop, "destination_subscription")
    made = shop.create("destination_subscription", **config)
    settings = '{"url":"https://hooks.example","data":{"@template":"{{userId}}"}}'
    shop.update("destination_subscription", made, **{**config, "settings": settings})
    [held] = shop.held("subscriptions")
    assert held["settings"]["data"] == {"@template": "{{userId}}"}


def test_a_schedule_needs_a_model_and_manual_no_config() -> None:
    schedule = {"strategy": "MANUAL", "config": '{"interval":"1h"}'}
    found = _problems("destination_subscription", reverse_etl_schedule=schedule)
    assert found == [
        "there is a schedule, but no model whose rows it would read",
        "MANUAL has nothing to configure",
    ]
    odd = {"strategy": "HOURLY", "config": None}
    assert "'HOURLY'" in _problems("destination_subscription", reverse_etl_schedule=odd)[0]


# Rules by themselves


def test_a_rule_that_is_there_is_not_overwritten(shop: Shop) -> None:
    config = of(shop, "tracking_plan_rule")
    shop.create("tracking_plan_rule", **config)
    shop.start()
    # The same intent once more: a run that was killed is made good.
    shop.create("tracking_plan_rule", **config)
    shop.start()
    with pytest.raises(AlreadyExistsError, match="with another schema") as caught:
        shop.create("tracking_plan_rule", **{**config, "json_schema": '{"required":["a"]}'})
    assert f"{config['tracking_plan_id']}:TRACK:Product Viewed" in str(caught.value)
    assert shop.held("trackingPlans")[0]["rules"][0]["jsonSchema"]["type"] == "object"


def test_many_rules_are_read_as_one_list(shop: Shop) -> None:
    config = of(shop, "tracking_plan_rule")
    made = [
        shop.create("tracking_plan_rule", **{**config, "key": f"Event {number}"})
        for number in range(8)
    ]
    shop.start()
    since = len(shop.wire.seen)
    for one in made:
        assert shop.read("tracking_plan_rule", one).values == one.values
    assert len(shop.wire.seen) - since == 1


# Warehouses


def test_a_password_that_is_never_shown_is_no_drift(shop: Shop) -> None:
    config = of(shop, "warehouse")
    made = shop.create("warehouse", **config)
    live = shop.life.client.request("getWarehouse", path={"warehouseId": made.values["id"]})
    assert "password" not in live["warehouse"]["settings"]
    assert shop.read("warehouse", made).values == made.values
    changed = '{"hostname":"db.example","password":"hush-2"}'
    again = shop.update("warehouse", made, **{**config, "settings": changed})
    assert shop.held("warehouses")[0]["settings"]["password"] == "hush-2"
    assert shop.read("warehouse", again).values["settings"] == changed


def test_keys_that_others_set_in_a_warehouse_stay(shop: Shop) -> None:
    config = of(shop, "warehouse")
    made = shop.create("warehouse", **config)
    path = {"warehouseId": made.values["id"]}
    shop.life.client.request("updateWarehouse", path=path, body={"settings": {"theirs": 1}})
    renamed = shop.update("warehouse", made, **{**config, "name": "Renamed"})
    [held] = shop.held("warehouses")
    assert (held["settings"]["theirs"], held["settings"]["name"]) == (1, "Renamed")
    assert renamed.values["name"] == "Renamed"


def test_the_name_of_a_warehouse_is_no_setting() -> None:
    assert _problems("warehouse", settings='{"name":"Main"}') == [
        "the name of a warehouse stands among its settings"
    ]


def test_a_new_warehouse_is_loaded_by_nothing(shop: Shop) -> None:
    web = source(shop)
    made = shop.create("warehouse", **of(shop, "warehouse"))
    path = {"sourceId": web.values["id"]}
    assert list(shop.life.client.pages("listConnectedWarehousesFromSource", path=path)) == [[]]
    pair = {"source_id": web.values["id"], "warehouse_id": made.values["id"]}
    loading = shop.create("source_warehouse_connection", **pair)
    values, private = shop.life.import_stub(
        "source_warehouse_connection", f"{pair['source_id']}:{pair['warehouse_id']}"
    )
    imported = shop.life.read("source_warehouse_connection", values, private)
    assert imported is not None
    assert imported.values == loading.values == pair


# Profiles warehouses


def test_what_a_profiles_warehouse_leaves_to_the_service(shop: Shop) -> None:
    bare = {"metadata_id": "55d3d3aea3c", "settings": '{"hostname":"db.example"}'}
    made = shop.create("profiles_warehouse", space_id=space(shop), **bare)
    assert (made.values["enabled"], made.values["schema_name"]) == (True, "shop")
    assert shop.read("profiles_warehouse", made).values == made.values
    again = shop.plan("profiles_warehouse", made, space_id=space(shop), **bare)
    assert again.planned == made.values
    # The schema of the space is taken: a second one is told, with the way to import the first.
    shop.start(journal=False)
    with pytest.raises(AlreadyExistsError, match=rf'id = "{space(shop)}:{made.values["id"]}"'):
        shop.create("profiles_warehouse", space_id=space(shop), **bare)
    assert len(shop.held("profilesWarehouses")) == 1


def test_a_profiles_warehouse_has_one_name(shop: Shop) -> None:
    assert _problems("profiles_warehouse", name="A", settings='{"name":"B"}') == [
        "the attribute `name` and the `name` among the settings differ"
    ]
    assert _problems("profiles_warehouse", name="A", settings='{"name":"A"}') == []
    config = {**of(shop, "profiles_warehouse"), "name": None}
    inside = {**config, "settings": '{"hostname":"db.example","name":"Inside"}'}
    made = shop.create("profiles_warehouse", **inside)
    assert made.values["name"] == "Inside"
    renamed = {**config, "settings": '{"hostname":"db.example","name":"Other"}'}
    again = shop.update("profiles_warehouse", made, **renamed)
    assert again.values["name"] == "Other"
    assert shop.read("profiles_warehouse", again).values == again.values
    outside = shop.update("profiles_warehouse", again, **{**config, "name": "Outside"})
    assert shop.held("profilesWarehouses")[0]["settings"]["name"] == "Outside"
    assert shop.read("profiles_warehouse", outside).values["name"] == "Outside"


def test_a_setting_that_left_a_profiles_warehouse_is_removed(shop: Shop) -> None:
    config = of(shop, "profiles_warehouse")
    more = '{"hostname":"db.example","password":"hush","port":"5432"}'
    made = shop.create("profiles_warehouse", **{**config, "settings": more})
    path = {"spaceId": made.values["space_id"], "warehouseId": made.values["id"]}
    shop.life.client.request(
        "updateProfilesWarehouseForSpaceWarehouse", path=path, body={"settings": {"theirs": 1}}
    )
    shop.update("profiles_warehouse", made, **config)
    [held] = shop.held("profilesWarehouses")
    kept = {"hostname": "db.example", "password": "hush", "name": "People", "theirs": 1}
    assert held["settings"] == kept


def test_a_profiles_warehouse_is_gone_when_two_lists_say_so(shop: Shop) -> None:
    made = shop.create("profiles_warehouse", **of(shop, "profiles_warehouse"))
    listed = "GET /spaces/.*/profiles-warehouses"
    shop.wire.cut(listed, "broken")
    with pytest.raises(APIError):
        shop.read("profiles_warehouse", made)
    shop.wire.mend()
    shop.life.delete("profiles_warehouse", made.values, made.private)
    shop.start()
    since = len(shop.wire.seen)
    assert shop.life.read("profiles_warehouse", made.values, made.private) is None
    assert len([line for line in shop.wire.seen[since:] if line.endswith("warehouses")]) == 2


# Functions


def test_the_appended_workspace_is_no_difference(shop: Shop) -> None:
    config = of(shop, "function")
    made = shop.create("function", **config)
    assert shop.held("functions")[0]["displayName"] == "Clean (Acme)"
    assert shop.read("function", made).values["display_name"] == "Clean"
    path = {"functionId": made.values["id"]}
    shop.life.client.request("updateFunction", path=path, body={"displayName": "Theirs"})
    assert shop.read("function", made).values["display_name"] == "Theirs (Acme)"


def test_a_function_without_settings_has_none(shop: Shop) -> None:
    made = shop.create("function", **{**of(shop, "function"), "settings": None})
    assert made.values["settings"] == []


@pytest.mark.parametrize("kind", ["INSERT_SOURCE", "INSERT_DESTINATION"])
def test_insert_functions_of_both_kinds_are_attached(shop: Shop, kind: str) -> None:
    config = of(shop, "insert_function_instance")
    function = shop.create(
        "function", **{**of(shop, "function"), "display_name": kind, "resource_type": kind}
    )
    place = shop.held("sources" if kind == "INSERT_SOURCE" else "destinations")[0]["id"]
    config = {**config, "function_id": function.values["id"], "integration_id": place}
    made = shop.create("insert_function_instance", **config)
    values, private = shop.life.import_stub("insert_function_instance", made.values["id"])
    imported = shop.life.read("insert_function_instance", values, private)
    assert imported is not None
    assert imported.values["function_id"] == function.values["id"]
    # With and without the prefix is the same function.
    bare = function.values["id"].partition("_")[2]
    run = shop.plan("insert_function_instance", imported, **{**config, "function_id": bare})
    assert run.planned["function_id"] == function.values["id"]


# Transformations


def test_a_transformation_may_drop_allow_and_hash(shop: Shop) -> None:
    config = of(shop, "transformation")
    hashing = {"algorithm": "sha256", "encoding": "HEX", "key": None, "paths": ["properties.email"]}
    more = {"allow_properties": ["properties.total"], "hash_properties_configuration": hashing}
    made = shop.create("transformation", **config, **more)
    [held] = shop.held("transformations")
    assert held["allowProperties"] == ["properties.total"]
    assert held["hashPropertiesConfiguration"]["paths"] == ["properties.email"]
    assert shop.read("transformation", made).values == made.values
    shop.update("transformation", made, **{**config, "new_event_name": None})
    assert "newEventName" not in shop.held("transformations")[0]
    assert _problems("transformation", drop=True, new_event_name="x") == [
        "the events are dropped, so `new_event_name` has nothing to change"
    ]


# People


def _accept(shop: Shop, email: str) -> None:
    import httpx

    transport = shop.emulator.transport()
    with httpx.Client(base_url="https://emulator.example", transport=transport) as wire:
        wire.post("/_emulator/accept-invite", json={"email": email}).raise_for_status()


def test_an_invitation_becomes_a_user(shop: Shop) -> None:
    config = of(shop, "user")
    made = shop.create("user", **config)
    assert (made.values["id"], made.values["is_invite"]) == ("ann@shop.example", True)
    _accept(shop, "ann@shop.example")
    shop.start()
    user = shop.read("user", made)
    assert user.values["is_invite"] is False
    assert "@" not in user.values["id"]
    assert user.values["permissions"] == config["permissions"]
    shop.life.delete("user", user.values, user.private)
    assert all(one["email"] != "ann@shop.example" for one in shop.held("users"))


def test_invitations_are_listed_once(shop: Shop) -> None:
    """They have no single read: the first that is read lists them, and all others are there."""
    emails = [f"{name}@shop.example" for name in ("ann", "bob", "cid")]
    config = of(shop, "user")
    made = [shop.create("user", **{**config, "email": email}) for email in emails]
    shop.start()
    since = len(shop.wire.seen)
    for one in made:
        assert shop.read("user", one).values == one.values
    assert _sent(shop, since, "GET") == ["GET /users", "GET /invites"]


def test_an_invitation_that_was_accepted_meanwhile_is_changed_and_deleted(shop: Shop) -> None:
    config = of(shop, "user")
    made = shop.create("user", **config)
    _accept(shop, "ann@shop.example")
    reader = [{**config["permissions"][0], "role_id": "HFZuHExBLXA4B7WNibgKTc6h1Lz"}]
    shop.update("user", made, **{**config, "permissions": reader})
    [user] = [one for one in shop.held("users") if one["email"] == "ann@shop.example"]
    assert [one["roleId"] for one in user["permissions"]] == ["HFZuHExBLXA4B7WNibgKTc6h1Lz"]
    shop.life.delete("user", made.values, made.private)
    assert all(one["email"] != "ann@shop.example" for one in shop.held("users"))


def test_a_revoked_invitation_is_noticed(shop: Shop) -> None:
    made = shop.create("user", **of(shop, "user"))
    query = {"emails": ["ann@shop.example"]}
    shop.life.client.request("deleteInvites", query=query)
    shop.start()
    assert shop.life.read("user", made.values, made.private) is None


def test_deleting_an_invitation_takes_one_request(shop: Shop) -> None:
    made = shop.create("user", **of(shop, "user"))
    since = len(shop.wire.seen)
    shop.life.delete("user", made.values, made.private)
    assert _sent(shop, since, "DELETE") == ["DELETE /invites"]


def test_labels_of_resources_are_not_dropped_from_an_invitation(shop: Shop) -> None:
    config = of(shop, "user")
    workspace = {"id": shop.emulator.workspaces[0].id, "type": "WORKSPACE"}
    label = {"key": "environment", "value": "prod"}
    permission = {**config["permissions"][0], "resources": [{**workspace, "labels": [label]}]}
    shop.create("user", **{**config, "permissions": [permission]})
    [invite] = shop.held("invites")
    assert invite["permissions"][0]["labels"] == [label]
    mixed = {
        **permission,
        "resources": [{**workspace, "labels": [label]}, {**workspace, "id": "x"}],
    }
    assert "different labels" in _problems("user", email="a@b.c", permissions=[mixed])[0]


def test_inviting_again_keeps_the_groups(shop: Shop) -> None:
    group = shop.create("user_group", **of(shop, "user_group"))
    user = shop.life.read("user", {"id": "ann@shop.example", "email": "ann@shop.example"}, {})
    assert user is not None
    wanted = [{**group.values["permissions"][0], "role_id": "HFZuHExBLXA4B7WNibgKTc6h1Lz"}]
    shop.update("user", user, email="ann@shop.example", permissions=wanted)
    assert shop.held("invites")[0]["permissions"][0]["roleId"] == wanted[0]["role_id"]
    assert shop.held("groups")[0]["members"] == ["ann@shop.example"]


def test_members_beyond_the_first_page_are_read(shop: Shop) -> None:
    config = of(shop, "user_group")
    made = shop.create("user_group", **config)
    group_id = made.values["id"]
    for start in (0, 150):
        emails = [f"u{number}@shop.example" for number in range(start, start + 150)]
        invites = [{"email": one, "permissions": []} for one in emails]
        shop.life.client.request("createInvites", body={"invites": invites})
        # The app lets a group grow beyond what one request may name.
        shop.emulator.workspaces[0].more["groups"][group_id]["members"] += emails
    assert len(shop.read("user_group", made).values["members"]) == 301


def test_letters_of_an_address_do_not_matter(shop: Shop) -> None:
    config = of(shop, "user")
    made = shop.create("user", **config)
    run = shop.plan("user", made, **{**config, "email": "ANN@shop.example"})
    assert run.planned == made.values
    assert _problems("user_group", members=["a@b.c", "A@b.c"]) == ["'A@b.c' is given twice"]


def test_settings_that_are_secret_are_in_no_repr(shop: Shop) -> None:
    config = of(shop, "warehouse")
    kind = registry()["warehouse"]
    shown = repr(kind(**{k: v for k, v in config.items() if v is not None}))
    assert "hush" not in shown
    assert loads(config["settings"]) == json.loads(config["settings"])
