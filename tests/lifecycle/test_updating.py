"""Updates leave alone what others set, and adopted objects get what they are missing."""

from __future__ import annotations

from typing import Any

import pytest

from segform.errors import UnprocessableEntityError

from .conftest import Killed, Shop

RULE = {"json_schema": '{"type":"object"}'}
CONSENT = "Segment Consent Preference Updated"


def _source(shop: Shop) -> str:
    made = shop.create(
        "source", slug="web", enabled=True, metadata={"id": "IqDTy1TpoU"}, settings="{}"
    )
    source_id: str = made.values["id"]
    return source_id


def _hook(source_id: str, settings: str) -> dict[str, Any]:
    return {
        "name": "Hook",
        "enabled": True,
        "source_id": source_id,
        "metadata": {"id": "614a3c7d791c91c41bae7599"},
        "settings": settings,
    }


def _settings(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = shop.held("destinations")[0]["settings"]
    return found


def test_nested_settings_of_others_stay(shop: Shop) -> None:
    source_id = _source(shop)
    made = shop.create("destination", **_hook(source_id, '{"map":{"a":1}}'))
    shop.life.client.request(
        "updateDestination",
        path={"destinationId": made.values["id"]},
        body={"settings": {"map": {"a": 1, "theirs": 2}}},
    )
    shop.start()
    seen = shop.read("destination", made)
    shop.update("destination", seen, **_hook(source_id, '{"map":{"a":5}}'))
    assert _settings(shop)["map"] == {"a": 5, "theirs": 2}


@pytest.mark.parametrize("killed", [True, False], ids=["unanswered", "answered"])
def test_an_adopted_destination_gets_the_secret_of_today(shop: Shop, killed: bool) -> None:
    source_id = _source(shop)
    first = _hook(source_id, '{"sharedSecret":"first-secret"}')
    if killed:
        shop.wire.cut("POST /destinations$", "killed", times=1)
        with pytest.raises(Killed):
            shop.create("destination", **first)
    else:
        shop.create("destination", **first)
    shop.start()
    shop.create("destination", **_hook(source_id, '{"sharedSecret":"second-secret"}'))
    assert len(shop.held("destinations")) == 1
    assert _settings(shop)["sharedSecret"] == "second-secret"


def _rules(shop: Shop) -> set[str]:
    return {rule["key"] for rule in shop.held("trackingPlans")[0]["rules"]}


def _put(shop: Shop, plan_id: str, name: str) -> None:
    rule = {"type": "TRACK", "key": name, "version": 1, "jsonSchema": {"type": "object"}}
    shop.life.client.request(
        "updateRulesInTrackingPlan", path={"trackingPlanId": plan_id}, body={"rules": [rule]}
    )


def test_the_consent_rule_survives_our_first_rule(shop: Shop) -> None:
    made = shop.create("tracking_plan", name="P", type="LIVE", rules_by_key={})
    _put(shop, made.values["id"], CONSENT)
    seen = shop.read("tracking_plan", made)
    shop.update("tracking_plan", seen, name="P", type="LIVE", rules_by_key={"TRACK:A": RULE})
    assert _rules(shop) == {"A", CONSENT}


def test_taking_rules_over_deletes_nothing_that_no_plan_has_shown(shop: Shop) -> None:
    made = shop.create("tracking_plan", name="P", type="LIVE")
    _put(shop, made.values["id"], "Theirs")
    seen = shop.read("tracking_plan", made)
    owned = shop.update(
        "tracking_plan", seen, name="P", type="LIVE", rules_by_key={"TRACK:A": RULE}
    )
    assert _rules(shop) == {"A", "Theirs"}
    # From now on it shows, and the next apply removes it.
    shop.start()
    assert set(shop.read("tracking_plan", owned).values["rules_by_key"]) == {
        "TRACK:A",
        "TRACK:Theirs",
    }


def test_an_undone_create_leaves_no_claim(shop: Shop) -> None:
    shop.wire.cut("PATCH /tracking-plans/.*/rules", "refused")
    with pytest.raises(UnprocessableEntityError, match="not today"):
        shop.create("tracking_plan", name="P", type="LIVE", rules_by_key={"TRACK:A": RULE})
    later = shop.start()
    assert later.journal is not None
    assert later.journal.open_intents("tracking_plan", "P") == []


def test_a_secret_is_rotated_after_an_import(shop: Shop) -> None:
    source_id = _source(shop)
    first = _hook(source_id, '{"sharedSecret":"first-secret"}')
    made = shop.create("destination", **first)
    stub, private = shop.life.import_stub("destination", made.values["id"])
    seen = shop.life.read("destination", stub, private)
    assert seen is not None
    seen = shop.update("destination", seen, **{**first, "enabled": False})
    seen = shop.read("destination", seen)
    shop.update("destination", seen, **_hook(source_id, '{"sharedSecret":"rotated"}'))
    assert _settings(shop)["sharedSecret"] == "rotated"
