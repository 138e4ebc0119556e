"""Checks at plan time that see more than one attribute: what is open, what only one can have."""

from __future__ import annotations

from typing import Any

import pytest

from segform_emulator import Emulator
from segform_provider.protocol import codec
from segform_provider.protocol.wire import message

from .conftest import Start
from .core import Config, Core, DiagnosticsError, Ref
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
    known = {name: None if isinstance(one, Ref) else one for name, one in given.items()}
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
