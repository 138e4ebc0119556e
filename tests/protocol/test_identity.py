"""Identities and moves, spoken over the protocol: a Terraform before 1.12 asks for no identity.

That every answer beside a state has its identity, whole and always the same, is what the driver
checks in each of the tests here (`core`).
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from segform.resources import registry
from segform_emulator import Emulator
from segform_provider.protocol import codec
from tests.provider import official_state
from tests.provider.official import RESOURCES

from .core import Core, DiagnosticsError
from .shop import RULES_SET, shop
from .test_official_state import OFFICIAL, data, official_shop, parents, resolved

ADDRESSES = {address.partition(".")[0]: address for address in OFFICIAL}
KINDS = list(registry())
OFFICIAL_ADDRESS = "registry.terraform.io/segmentio/segment"


@pytest.mark.parametrize("kind", KINDS)
def test_an_identity_is_told_in_its_schema(core: Core, kind: str) -> None:
    schema = core.identity_schemas[f"segment_{kind}"]
    names = [one.name for one in schema.identity_attributes]
    assert schema.version == 0
    assert names
    attributes = {one.name: one for one in core.attributes(f"segment_{kind}.x")}
    for one in schema.identity_attributes:
        assert one.required_for_import
        assert one.description
        assert json.loads(one.type) == json.loads(attributes[one.name].type) == "string"


def test_importing_by_identity_reproduces_the_state(core: Core, emulator: Emulator) -> None:
    config = shop(tracking_plan={"rules": RULES_SET, "rules_by_key": None})
    core.apply(config)
    with httpx.Client(base_url="https://emulator.example", transport=emulator.transport()) as wire:
        accepted = {"email": "ann@shop.example"}
        wire.post("/_emulator/accept-invite", json=accepted).raise_for_status()
    core.refresh()
    held = {address: core.identity(address) for address in core.state}
    # The plan whose rules others write says so in its import id.
    shared = {"id": held["segment_tracking_plan.shared"]["identity_data"]}
    core.state.clear()
    core.order.clear()
    core.identities.clear()
    for address, identity in held.items():
        if address == "segment_tracking_plan.shared":
            values = codec.decode(shared["id"], core.identity_type(address))
            core.import_(address, f"{values['id']}#unmanaged")
        else:
            core.import_(address, identity)
    assert {address: core.identity(address) for address in core.state} == held
    assert core.plan(config) == []


def test_the_identity_of_a_user_outlives_the_invitation(core: Core, emulator: Emulator) -> None:
    core.apply(shop())
    invited = core.values("segment_user.ann")["id"]
    before = core.identity("segment_user.ann")
    with httpx.Client(base_url="https://emulator.example", transport=emulator.transport()) as wire:
        accepted = {"email": "ann@shop.example"}
        wire.post("/_emulator/accept-invite", json=accepted).raise_for_status()
    core.refresh()
    assert core.values("segment_user.ann")["id"] != invited
    assert core.identity("segment_user.ann") == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_identity_that_lacks_something_is_refused(core: Core, kind: str) -> None:
    address = f"segment_{kind}.x"
    type_ = core.identity_type(address)
    empty = {"identity_data": codec.encode(dict.fromkeys(type_[1], ""), type_)}
    with pytest.raises(DiagnosticsError, match="needs `"):
        core.import_(address, empty)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_identity_is_read_again(core: Core, kind: str) -> None:
    address = f"segment_{kind}.x"
    values = {name: f"a {name}" for name in core.identity_type(address)[1]}
    answer = core.call(
        "UpgradeResourceIdentity",
        type_name=f"segment_{kind}",
        version=0,
        raw_identity={"json": json.dumps(values).encode()},
    )
    found = codec.decode(answer.upgraded_identity.identity_data, core.identity_type(address))
    assert found == values
    for bad in (b"", b"{}", b"[1]", b"nonsense"):
        with pytest.raises(DiagnosticsError, match="cannot be read"):
            core.call(
                "UpgradeResourceIdentity",
                type_name=f"segment_{kind}",
                raw_identity={"json": bad},
            )


def _moved(core: Core, kind: str, values: dict[str, Any], **more: Any) -> Any:
    return core.call(
        "MoveResourceState",
        **{
            "source_provider_address": OFFICIAL_ADDRESS,
            "source_type_name": kind,
            "source_schema_version": 0,
            "source_state": {"json": json.dumps(values).encode()},
            "source_private": b'{"somebody": "ZWxzZQ=="}',
            "target_type_name": kind,
            **more,
        },
    )


@pytest.mark.parametrize("kind", RESOURCES)
def test_a_moved_official_object_plans_empty(core: Core, emulator: Emulator, kind: str) -> None:
    core.apply(official_shop())
    address = ADDRESSES[kind]
    given = resolved(official_shop()[address], core)
    ids = {name: core.values(address).get(name) for name in parents(kind)}
    known = {name: value for name, value in ids.items() if value is not None}
    headers = {"Authorization": f"Bearer {emulator.token}"}
    with httpx.Client(
        base_url="https://emulator.example", transport=emulator.transport(), headers=headers
    ) as api:
        values = official_state.attributes(kind, given, known, lambda path: data(api, path))
    answer = _moved(core, kind, values)
    identity = codec.decode(answer.target_identity.identity_data, core.identity_type(address))
    assert identity == {name: values[name] for name in identity}
    core.state.clear()
    core.order.clear()
    core.identities.clear()
    core._keep(address, core.decode(address, answer.target_state), answer.target_private)
    assert core.plan({address: given}) == []


def test_other_moves_are_refused_with_the_mend(core: Core) -> None:
    for more in (
        {"source_type_name": "segment_source"},
        {"source_provider_address": "registry.terraform.io/hashicorp/aws"},
        {"source_provider_address": "registry.terraform.io/fenderdigital/segment-config"},
        # The same types by name, of the legacy Config API.
        {"source_provider_address": "registry.terraform.io/uswitch/segment"},
    ):
        with pytest.raises(DiagnosticsError, match="import the object instead"):
            _moved(core, "segment_label", {"key": "a", "value": "b"}, **more)
