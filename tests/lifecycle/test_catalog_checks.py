"""What the catalogue has against a planned object, asked of the workspace at plan time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segform.lifecycle import catalog_checks
from segform.lifecycle.run import Outcome
from segform.resources.parts import Problem
from segform.resources.values import UNKNOWN

from .conftest import Shop

WEB, PYTHON = "IqDTy1TpoU", "XRksQPCr7X"
AMPLITUDE, PIXEL = "5f7dd6d21ad74f3842b1fc47", "5661eb58e954a874ca44cc07"


def _source(shop: Shop, metadata: str = WEB) -> str:
    made = shop.create("source", slug="web", enabled=True, metadata={"id": metadata}, settings="{}")
    shop.start()
    return str(made.values["id"])


def _destination(
    shop: Shop, source_id: str, settings: dict[str, Any], before: Outcome | None = None, **more: Any
) -> list[Problem]:
    run = shop.plan("destination", before, **_config(source_id, settings, **more))
    return catalog_checks.destination(shop.life, run)


def _config(source_id: Any, settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "Tool",
        "enabled": True,
        "source_id": source_id,
        "metadata": {"id": AMPLITUDE},
        "settings": json.dumps(settings),
        **more,
    }


def _said(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(".".join(map(str, p.path)), p.severity, p.message) for p in problems]


def test_settings_are_held_against_the_options(shop: Shop) -> None:
    source_id = _source(shop)
    found = _said(_destination(shop, source_id, {"apiKey": ["k"], "secretKye": "s"}))
    assert [one[:2] for one in found] == [
        ("settings.apiKey", "error"),
        ("settings.secretKye", "warning"),
        ("settings.secretKey", "warning"),
    ]
    assert _destination(shop, source_id, {"apiKey": "k", "secretKey": "s"}) == []


def test_an_entry_that_is_not_there_is_named_with_the_nearest(shop: Shop) -> None:
    found = _destination(shop, _source(shop), {}, metadata={"id": "actions-amplitud"})
    assert [one.path for one in found] == [("metadata", "id")]
    assert "nearest: actions-amplitude (" in found[0].message


def test_only_what_changes_is_looked_at(shop: Shop) -> None:
    """A workspace with old settings can still be planned."""
    source_id = _source(shop)
    old = {"apiKey": "k", "secretKey": "s", "oldOption": 1, "endpoint": ["odd"]}
    before = shop.create(
        "destination",
        name="Tool",
        enabled=True,
        source_id=source_id,
        metadata={"id": AMPLITUDE},
        settings=json.dumps(old),
    )
    shop.start()
    assert _destination(shop, source_id, old, before, enabled=False) == []
    assert shop.wire.seen == [] or "catalog" not in shop.wire.seen[-1]
    found = _said(_destination(shop, source_id, {**old, "newOption": 1}, before))
    assert [one[:2] for one in found] == [("settings.newOption", "warning")]


def test_what_passed_is_not_asked_again_and_secrets_are_not_remembered(
    shop: Shop, tmp_path: Path
) -> None:
    from segform.lifecycle.passed import Passed

    source_id = _source(shop)
    shop.life.passed = Passed(tmp_path / "passed.jsonl")
    good = {"apiKey": "k-hush-1", "secretKey": "s-hush-2"}
    assert _destination(shop, source_id, good) == []
    shop.wire.seen.clear()
    shop.life.catalog._entries.clear()
    assert _destination(shop, source_id, {**good, "secretKey": "another"}) == []
    assert shop.wire.seen == []
    # Another kind of value is another question.
    assert _destination(shop, source_id, {**good, "secretKey": ["x"]}) != []
    assert "hush" not in (tmp_path / "passed.jsonl").read_text()


def test_what_passed_before_its_source_was_made_is_not_asked_again_after(shop: Shop) -> None:
    """Terraform plans a destination once more, when the apply has made its source."""
    good = {"apiKey": "k", "secretKey": "s"}
    made = shop.create("source", slug="web", enabled=True, metadata={"id": WEB}, settings="{}")
    source_id = str(made.values["id"])
    # The plan knows no id yet, and is another process than the apply.
    run = shop.plan("destination", None, **_config(UNKNOWN, good))
    assert catalog_checks.destination(shop.life, run) == []
    shop.wire.seen.clear()
    shop.life.catalog._entries.clear()
    assert _destination(shop, source_id, good) == []
    assert shop.wire.seen == []
    # A source that was there before is asked about: it may not take the destination.
    shop.life.created.clear()
    assert _destination(shop, source_id, good) == []
    assert shop.wire.seen != []


def test_an_update_that_passed_says_nothing_of_a_new_one(shop: Shop) -> None:
    """Of an update only what it touches was looked at."""
    source_id = _source(shop)
    lacking = {"apiKey": "k"}
    before = shop.create("destination", **_config(source_id, lacking))
    shop.start()
    assert _destination(shop, source_id, {"apiKey": "another"}, before) == []
    found = _said(_destination(shop, source_id, lacking, name="Second"))
    assert [one[:2] for one in found] == [("settings.secretKey", "warning")]


def test_a_source_of_another_platform_is_a_warning(shop: Shop) -> None:
    found = _said(
        _destination(shop, _source(shop, PYTHON), {"pixelId": "1"}, metadata={"id": PIXEL})
    )
    assert [one[:2] for one in found] == [("source_id", "warning")]
    assert "takes no events of servers" in found[0][2]


def test_one_instance_too_many_is_an_error_before_anything_is_sent(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = shop.emulator.catalog.get("destinations", AMPLITUDE)
    assert entry is not None
    monkeypatch.setitem(entry, "supportedFeatures", {"cloudModeInstances": "1"})
    source_id = _source(shop)
    good = {"apiKey": "k", "secretKey": "s"}
    assert _destination(shop, source_id, good) == []
    made = shop.create(
        "destination",
        name="Tool",
        enabled=True,
        source_id=source_id,
        metadata={"id": AMPLITUDE},
        settings=json.dumps(good),
    )
    shop.start()
    [(path, severity, message)] = _said(_destination(shop, source_id, good))
    assert (path, severity) == ("metadata.id", "error")
    assert "takes only 1" in message
    # One that this state holds may be on its way out: no error that may be false.
    shop.life.met.add(("destination", str(made.values["id"])))
    assert _destination(shop, source_id, good) == []


def test_a_mapping_is_held_against_its_destinations_actions(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = shop.emulator.catalog.get("destinations", AMPLITUDE)
    assert entry is not None
    field = {
        "id": "f",
        "sortOrder": 0,
        "fieldKey": "event_type",
        "label": "Event type",
        "type": "STRING",
        "description": "",
        "required": True,
        "multiple": False,
        "dynamic": False,
        "allowNull": False,
    }
    monkeypatch.setitem(entry["actions"][0], "fields", [field])
    made = shop.create(
        "destination",
        name="Tool",
        enabled=True,
        source_id=_source(shop),
        metadata={"id": AMPLITUDE},
        settings='{"apiKey":"k","secretKey":"s"}',
    )
    shop.start()

    def said(settings: dict[str, Any], action: str = entry["actions"][0]["id"]) -> list[Any]:
        run = shop.plan(
            "destination_subscription",
            destination_id=made.values["id"],
            action_id=action,
            name="Log",
            trigger='type = "track"',
            enabled=True,
            settings=json.dumps(settings),
        )
        return _said(catalog_checks.subscription(shop.life, run))

    assert said({"event_type": {"@path": "$.event"}}) == []
    # What passed is not asked again.
    shop.wire.seen.clear()
    assert said({"event_type": {"@path": "$.event"}}) == []
    assert shop.wire.seen == []
    found = said({"event_tipe": "x"})
    assert sorted(one[:2] for one in found) == [
        ("settings.event_tipe", "error"),
        ("settings.event_type", "error"),
    ]
    [(path, severity, message)] = said({}, "gone")
    assert (path, severity) == ("action_id", "warning")
    assert "no action 'gone'" in message
