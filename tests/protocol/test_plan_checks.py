"""Checks at plan time that see more than one attribute: what is open, what only one can have."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest

from segform.lifecycle import passed
from segform.resources import registry
from segform.resources.values import UNKNOWN
from segform_emulator import Emulator
from segform_provider.protocol import codec
from segform_provider.protocol.wire import message

from .conftest import Start
from .core import Change, Config, Core, DiagnosticsError, Ref
from .shop import OBJECT, shop
from .six import six

AMPLITUDE = "5f7dd6d21ad74f3842b1fc47"
ORDERS = "segment_destination_subscription.orders"


def _plan_id(core: Core) -> str:
    return str(core.values("segment_tracking_plan.shop")["id"])


@pytest.mark.parametrize(
    ("kind", "attribute", "value"),
    [
        ("tracking_plan", "type", "NEXT_YEARS"),
        ("function", "resource_type", "INSERT_WAREHOUSE"),
        ("destination_subscription", "reverse_etl_schedule", {"strategy": "LUNAR"}),
        ("tracking_plan_rule", "type", "ALIAS"),
    ],
)
def test_what_the_service_may_have_learned_is_warned_of(
    core: Core, kind: str, attribute: str, value: Any
) -> None:
    """Lists of values are open: a new member of the service's is no error of ours."""
    [address] = [one for one in shop() if one.startswith(f"segment_{kind}.")][-1:]
    changes: dict[str, Any] = {kind: {attribute: value}}
    config = shop(**changes)
    given = {x.name: config[address].get(x.name) for x in core.attributes(address)}
    known = {name: UNKNOWN if isinstance(one, Ref) else one for name, one in given.items()}
    answer = core._handlers["ValidateResourceConfig"](
        message("ValidateResourceConfig.Request")(
            type_name=f"segment_{kind}",
            config=core.encode(address, known),
            client_capabilities={"write_only_attributes_allowed": True},
        )
    )
    [said] = [one for one in answer.diagnostics if "was known to take" in one.detail]
    assert said.severity == 2
    assert "Known: " in said.detail


def test_what_the_provider_itself_takes_is_closed(start: Start) -> None:
    for given in ({"region": "mars"}, {"catalog_in_state": "some"}):
        with pytest.raises(DiagnosticsError, match="is not possible here"):
            start(**given)


def test_a_destination_function_is_taught_to_be_a_destination(core: Core) -> None:
    config = shop(insert_function_instance={"function_id": "dfn_abc"})
    with pytest.raises(DiagnosticsError, match="attached as a destination") as caught:
        core.plan(config)
    assert caught.value.paths == ["function_id"]
    assert "metadata = { id = segment_function.<name>.catalog_id }" in str(caught.value)
    # And attached as one it is.
    config = shop(
        ("insert_function_instance", "destination_subscription", "transformation"),
        function={"resource_type": "DESTINATION"},
        destination={
            "metadata": {"id": Ref("segment_function.clean", "catalog_id")},
            "settings": '{"apiKey": "hush"}',
        },
    )
    core.apply(config)
    assert core.plan(config) == []


def _two(core: Core, source_id: Any) -> Config:
    one = {
        "enabled": True,
        "source_id": source_id,
        "metadata": {"id": AMPLITUDE},
        "settings": '{"apiKey": "k", "secretKey": "s"}',
    }
    return {
        **six(),
        "segment_destination.one": {**one, "name": "One"},
        "segment_destination.two": {**one, "name": "Two"},
    }


def test_two_instances_of_what_a_source_takes_once(
    core: Core, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = emulator.catalog.get("destinations", AMPLITUDE)
    assert entry is not None
    monkeypatch.setitem(entry, "supportedFeatures", {"cloudModeInstances": "1"})
    core.apply(six())
    source_id = core.values("segment_source.web")["id"]
    both = _two(core, source_id)
    with pytest.raises(DiagnosticsError, match="takes only 1 of it") as caught:
        core.plan(both)
    assert caught.value.paths == ["metadata.id"]
    alone = {address: one for address, one in both.items() if not address.endswith(".two")}
    core.apply(alone)
    # The one that is there may be on its way out, in the same plan: no error that may be false.
    replaced = {address: one for address, one in both.items() if not address.endswith(".one")}
    assert {c.address: c.action for c in core.plan(replaced)} == {
        "segment_destination.one": "delete",
        "segment_destination.two": "create",
    }


TWICE = {
    "label": ("segment_label.prod", "value"),
    "source": ("segment_source.app", "slug"),
    "source_tracking_plan_connection": ("segment_source_tracking_plan_connection.app", "source_id"),
    "source_schema_settings": ("segment_source_schema_settings.app", "source_id"),
    "profiles_warehouse": ("segment_profiles_warehouse.people", "schema_name"),
    "source_warehouse_connection": ("segment_source_warehouse_connection.web", "warehouse_id"),
    "tracking_plan_rule": ("segment_tracking_plan_rule.seen", "version"),
    "user": ("segment_user.ann", "email"),
}


def test_every_kind_that_has_something_for_itself_is_among_them() -> None:
    assert set(TWICE) == {kind for kind, one in registry().items() if one.about.exclusive}


@pytest.mark.slow
@pytest.mark.parametrize("new", ["aaa", "zzz"])
@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize("kind", TWICE)
def test_a_new_object_that_is_one_of_the_states(
    core: Core, kind: str, refresh: bool, new: str
) -> None:
    """Whichever of the two is planned first, and whether the old one stays as it is or changes."""
    core.apply(shop())
    address, at = TWICE[kind]
    copy = {f"segment_{kind}.{new}": shop()[address]}
    config = {**copy, **shop()} if new == "aaa" else {**shop(), **copy}
    with pytest.raises(DiagnosticsError, match="wo resources of this configuration") as caught:
        core.plan(config, refresh=refresh)
    assert caught.value.paths == [at]
    # The old one goes: no error that may be false.
    moved = {**config}
    del moved[address]
    used = [one for one in moved if address in repr(moved[one])]
    assert {c.action for c in core.plan({k: v for k, v in moved.items() if k not in used})}


def test_keys_that_change_hands_are_no_rivals(core: Core) -> None:
    core.apply(six())
    new = {**six()["segment_source.web"], "labels": []}
    both = six(source={"slug": "site"}) | {"segment_source.zzz": new}
    assert {(c.address, c.action) for c in core.plan(both)} >= {
        ("segment_source.web", "update"),
        ("segment_source.zzz", "create"),
    }


def test_an_object_that_is_imported_twice_is_told(core: Core) -> None:
    core.apply(six())
    held = core.values("segment_source.web")["id"]

    def imported() -> list[str]:
        answer = core.call("ImportResourceState", type_name="segment_source", id=held)
        return [one.summary for one in answer.diagnostics]

    core.restart()
    assert imported() == []
    assert imported() == ["A source is managed twice"]
    core.restart()
    core.refresh()
    assert imported() == ["A source is managed twice"]


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("segment_source_schema_settings.app", "segment_source.app"),
        ("segment_source.app", "segment_source_schema_settings.app"),
        ("segment_destination_filter.sample", "segment_destination_filter.sample"),
        ("segment_tracking_plan.shop", "segment_tracking_plan.shop"),
    ],
)
def test_what_is_imported_twice_is_one_kind(core: Core, address: str, held: str) -> None:
    """Schema settings have the id of their source, a filter's import id is more than its id."""
    core.apply(shop())
    kind = address.partition(".")[0]
    form = registry()[kind.removeprefix("segment_")].about.import_id
    text = form.format(**core.values(address))
    core.state = {held: core.state[held]}
    core.order = [held]
    core.restart()
    core.refresh()
    answer = core.call("ImportResourceState", type_name=kind, id=text)
    assert bool(answer.diagnostics) is (address == held)


# What a change makes anew under the same key, where the service keeps no key unique.
ANEW: list[tuple[str, dict[str, Any]]] = [
    ("tracking_plan", {"type": "TEMPLATE"}),
    ("destination_subscription", {"model_id": None, "reverse_etl_schedule": None}),
    # What the plan does not know yet cannot be looked for then.
    ("tracking_plan", {"type": UNKNOWN}),
]


@pytest.mark.slow
@pytest.mark.parametrize("asked", [True, False], ids=["by_command", "by_change"])
@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize(("kind", "changes"), ANEW, ids=[kind for kind, _ in ANEW])
def test_what_is_made_anew_is_no_rival_of_itself(
    core: Core,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    changes: dict[str, Any],
    refresh: bool,
    asked: bool,
) -> None:
    """Also where the new object comes before the old one goes, and an hour after the plan.

    Terraform then puts the old object aside, and asks for the new one without a word of it.
    """
    config = shop()
    core.apply(config)
    [address] = [one for one in config if one.startswith(f"segment_{kind}.")][-1:]
    if asked:
        core.replacing = {address}
    else:
        config[address].update(changes)
    core.restart()
    planned = core.plan(config, refresh=refresh)
    [change] = [one for one in planned if one.address == address]
    assert change.action == "replace"
    later = time.time() + 3600
    monkeypatch.setattr(passed, "time", SimpleNamespace(time=lambda: later))
    core.restart()
    before, _ = core.state.pop(address)
    core.identities.pop(address)
    core.replacing = set()
    if config[address].get("type") is UNKNOWN:
        config[address]["type"] = "TEMPLATE"
    core._write(change, config)
    assert json.loads(before)["id"] != core.values(address)["id"]


def test_what_an_earlier_run_made_is_no_rival_while_not_all_is_known(
    core: Core, emulator: Emulator
) -> None:
    """Killed before the state was written: the mapping is there, and its model made anew."""
    core.apply(shop())
    for address in (ORDERS, "segment_reverse_etl_model.buyers"):
        del core.state[address], core.identities[address]
        core.order.remove(address)
    assert {one.action for one in core.plan(shop())} == {"create"}
    core.apply(shop())
    assert core.plan(shop()) == []
    held = emulator.dump()["workspaces"][0]
    assert len(held["subscriptions"]) == len(held["reverseEtlModels"]) == 1


def test_ids_of_the_legacy_config_api_are_told(core: Core) -> None:
    core.apply(six())
    config = six()
    config["segment_tracking_plan_rule.a"] = {
        "tracking_plan_id": "rs_abc",
        "type": "TRACK",
        "key": "A",
        "json_schema": OBJECT,
    }
    address = "segment_tracking_plan_rule.a"
    given = {x.name: config[address].get(x.name) for x in core.attributes(address)}
    answer = core.call(
        "ValidateResourceConfig",
        type_name="segment_tracking_plan_rule",
        config=codec.encode(given, core._object(address)),
        client_capabilities={"write_only_attributes_allowed": True},
    )
    assert [one.severity for one in answer.diagnostics] == [2]
    assert "begins with `tp_`" in answer.diagnostics[0].detail


FILTER = "segment_destination_filter.sample"


def _late(changes: list[Change]) -> dict[str, str]:
    return {
        one.address: said.detail
        for one in changes
        for said in one.said
        if said.summary.startswith("Events get through")
    }


def test_a_filter_that_comes_after_its_destination_is_switched_on_is_told(core: Core) -> None:
    core.apply(shop(without=("destination_filter",), destination={"enabled": False}))
    told = _late(core.plan(shop()))
    assert list(told) == [FILTER]
    assert "switches the destination 'Hook' on before" in told[FILTER]
    assert "`enabled = false`" in told[FILTER]
    # The two steps that it advises.
    assert _late(core.apply(shop(destination={"enabled": False}))) == {}
    assert _late(core.apply(shop())) == {}


def test_what_is_switched_on_with_its_source_is_told_of_all_that_comes_after(core: Core) -> None:
    without = ("destination_filter", "transformation", "source_tracking_plan_connection")
    core.apply(shop(without=(*without, "source_schema_settings"), source={"enabled": False}))
    told = _late(core.plan(shop(without=("source_schema_settings",))))
    assert {one.partition(".")[0] for one in told} == {f"segment_{one}" for one in without}
    # What is off restrains nothing.
    off = shop(without=("source_schema_settings",), destination_filter={"enabled": False})
    assert FILTER not in _late(core.plan(off))


def test_a_new_destination_where_events_flow_is_told_with_its_filter(core: Core) -> None:
    below = ("destination_subscription", "insert_function_instance")
    core.apply(shop(without=("destination_filter", "destination", *below)))
    told = _late(core.plan(shop(without=below)))
    assert list(told) == [FILTER]
    assert "makes the destination 'Hook' switched on before" in told[FILTER]
    assert "`enabled = false`" in told[FILTER]
    # Made switched off, or below a source that is off or new, nothing gets through.
    assert _late(core.plan(shop(without=below, destination={"enabled": False}))) == {}
    off = {"enabled": False}
    core.apply(shop(without=("destination_filter", "destination", *below), source=off))
    assert _late(core.plan(shop(without=below, source=off))) == {}


def test_below_a_new_source_nothing_is_told(core: Core) -> None:
    assert _late(core.plan(shop())) == {}
