"""What `docs/deviations.md` says of single attributes, each line by a test of its own."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

import segform
from segform.resources.exact import loads
from segform_emulator import Emulator

from .conftest import Start
from .core import Core, DiagnosticsError
from .shop import RULES_SET, S3
from .six import six

ONE_LABEL = [{"key": "environment", "value": "prod"}]


def _held(emulator: Emulator, family: str) -> dict[str, Any]:
    [found] = emulator.dump()["workspaces"][0][family]
    return dict(found)


def _sent(emulator: Emulator, operation: str) -> list[dict[str, Any]]:
    return [entry for entry in emulator.recorder.entries if entry["operation"] == operation]


def _writes(emulator: Emulator) -> list[str]:
    return [e["operation"] for e in emulator.recorder.entries if e["method"] != "GET"]


def _elsewhere(emulator: Emulator) -> segform.Segment:
    """Somebody else at the same workspace."""
    return segform.Segment(emulator.token, url="https://emulator.example")


def _apply(core: Core, emulator: Emulator, **changes: Any) -> list[str]:
    """Apply a change of the shop, see that it stays, and give what was written."""
    core.restart()
    emulator.recorder.clear()
    core.apply(six(**changes))
    written = _writes(emulator)
    assert core.refresh() == {}
    assert core.plan(six(**changes)) == []
    return written


# Sources


def test_labels_left_out_stay_and_an_empty_set_removes_them(core: Core, emulator: Emulator) -> None:
    core.apply(six())
    assert _apply(core, emulator, source={"labels": None}) == []
    assert _held(emulator, "sources")["labels"] == ONE_LABEL
    assert core.values("segment_source.web")["labels"] == ONE_LABEL
    assert _apply(core, emulator, source={"labels": []}) == ["replaceLabelsInSource"]
    assert _held(emulator, "sources")["labels"] == []


def test_a_name_left_out_later_stays(core: Core, emulator: Emulator) -> None:
    core.apply(six())
    assert _apply(core, emulator, source={"name": None}) == []
    assert _held(emulator, "sources")["name"] == "Website"


def test_a_source_without_a_name_gets_the_services(core: Core, emulator: Emulator) -> None:
    written = _apply(core, emulator, source={"name": None})
    assert "updateSource" not in written
    assert core.values("segment_source.web")["name"] == _held(emulator, "sources")["name"] != ""


# Destinations


def test_a_destination_without_a_name_gets_the_services(core: Core, emulator: Emulator) -> None:
    _apply(core, emulator, destination={"name": None})
    given = _held(emulator, "destinations")["name"]
    assert core.values("segment_destination.hook")["name"] == given != ""


LITERALS = {
    "contacts": [
        {"name": "Somebody", "email": "a@tool.example", "role": "dev", "is_primary": True}
    ],
    "partner_owned": True,
    "supported_regions": ["nowhere-1"],
    "region_endpoints": ["XX"],
}


def test_catalogue_literals_are_echoed_never_compared_and_never_sent(
    core: Core, emulator: Emulator
) -> None:
    """Segment's own Git Sync writes them; the catalogue says otherwise."""
    webhook = {"id": "614a3c7d791c91c41bae7599"}
    _apply(core, emulator, destination={"metadata": {**webhook, **LITERALS}})
    metadata = core.values("segment_destination.hook")["metadata"]
    assert {name: metadata[name] for name in LITERALS} == LITERALS
    assert "nowhere-1" not in str(list(emulator.recorder.entries))
    other = {**LITERALS, "supported_regions": ["us-west-2"]}
    assert _apply(core, emulator, destination={"metadata": {**webhook, **other}}) == []


def test_without_literals_they_are_null(core: Core, emulator: Emulator) -> None:
    _apply(core, emulator)
    metadata = core.values("segment_destination.hook")["metadata"]
    assert {name: metadata[name] for name in LITERALS} == dict.fromkeys(LITERALS)


# Filters


@pytest.mark.parametrize("percent", ["0.123456789012345", "0.1", "0.00000001", "1", "0"])
def test_the_percent_of_a_filter_is_exact(core: Core, emulator: Emulator, percent: str) -> None:
    actions = [{"type": "SAMPLE", "percent": Decimal(percent), "path": "anonymousId"}]
    _apply(core, emulator, destination_filter={"actions": actions})
    [held] = _held(emulator, "filters")["actions"]
    assert Decimal(str(held["percent"])) == Decimal(percent)


# Tracking plans


def test_a_rule_that_is_not_in_the_configuration_is_shown_and_removed(
    core: Core, emulator: Emulator
) -> None:
    core.apply(six())
    theirs = {"type": "TRACK", "key": "Theirs", "version": 1, "jsonSchema": {"type": "object"}}
    plan_id = core.values("segment_tracking_plan.shop")["id"]
    _elsewhere(emulator).request(
        "updateRulesInTrackingPlan",
        path={"trackingPlanId": plan_id},
        body={"rules": [theirs]},
    )
    [change] = core.plan(six())
    assert (change.address, change.action) == ("segment_tracking_plan.shop", "update")
    gone = set(change.before["rules_by_key"]) - set(change.after["rules_by_key"])
    assert gone == {"TRACK:Theirs"}
    assert "removeRulesFromTrackingPlan" in _apply(core, emulator)
    assert len(_held(emulator, "trackingPlans")["rules"]) == 3


@pytest.mark.parametrize("form", ["", "#rules_by_key"])
def test_an_import_reads_all_pages_of_the_rules(core: Core, emulator: Emulator, form: str) -> None:
    """The official provider stops at 2,000, without a word."""
    emulator.seed(None, plans=1, rules=2100)
    plan = _held(emulator, "trackingPlans")
    core.import_("segment_tracking_plan.big", f"{plan['id']}{form}")
    values = core.values("segment_tracking_plan.big")
    assert len(values["rules_by_key" if form else "rules"]) == len(plan["rules"]) == 2100


def test_slug_and_time_of_creation_are_kept_over_an_update(core: Core) -> None:
    core.apply(six())
    before = core.values("segment_tracking_plan.shop")
    [change] = core.plan(six(tracking_plan={"name": "Another"}))
    for name in ("id", "slug", "created_at"):
        assert change.after[name] == before[name], name


@pytest.mark.parametrize(("given", "held"), [(None, "What people do"), ("", "")])
def test_a_description_left_out_stays_and_an_empty_one_empties(
    core: Core, emulator: Emulator, given: str | None, held: str
) -> None:
    core.apply(six())
    _apply(core, emulator, tracking_plan={"description": given})
    assert _held(emulator, "trackingPlans")["description"] == held


def test_an_empty_description_of_a_label_is_none(core: Core, emulator: Emulator) -> None:
    """Under the official provider it is replaced by every apply."""
    _apply(core, emulator, label={"description": ""})


# Connections


def test_schema_settings_left_out_stay_as_they_are_at_the_service(
    core: Core, emulator: Emulator
) -> None:
    core.apply(six())
    source_id = core.values("segment_source.web")["id"]
    _elsewhere(emulator).request(
        "updateSchemaSettingsInSource",
        path={"sourceId": source_id},
        body={
            "track": {"allowEventOnViolations": False},
            "identify": {"commonEventOnViolations": "BLOCK"},
        },
    )
    # Nothing of it is managed: the state may follow, the plan stays empty.
    assert core.plan(six()) == []
    emulator.recorder.clear()
    core.apply(
        six(
            source_tracking_plan_connection={
                "schema_settings": {"track": {"allow_unplanned_events": True}}
            }
        )
    )
    assert len(_sent(emulator, "updateSchemaSettingsInSource")) == 1
    settings = core.values("segment_source_tracking_plan_connection.web")["schema_settings"]
    assert settings["track"]["allow_unplanned_events"] is True
    assert settings["track"]["allow_event_on_violations"] is False
    assert settings["identify"]["common_event_on_violations"] == "BLOCK"


def test_a_source_that_does_not_show_yet_is_waited_for(core: Core, emulator: Emulator) -> None:
    """Five tries; the pauses between them are the client's, about four seconds in all."""
    emulator.fault("hidden", operation="addSourceToTrackingPlan", count=4)
    core.apply(six())
    assert len(_sent(emulator, "addSourceToTrackingPlan")) == 5
    assert core.plan(six()) == []


def test_a_source_that_never_shows_is_an_error(core: Core, emulator: Emulator) -> None:
    emulator.fault("hidden", operation="addSourceToTrackingPlan", count=0)
    with pytest.raises(DiagnosticsError, match=r"addSourceToTrackingPlan .* 404"):
        core.apply(six())
    assert len(_sent(emulator, "addSourceToTrackingPlan")) == 5


# The state, there and back


def test_a_state_of_ours_has_nothing_but_the_official_attributes_and_the_map(start: Start) -> None:
    """So the way back needs no mending by hand: what its schema lacks a framework leaves out."""
    core = start(catalog_in_state="full")
    core.apply(six())
    plan = json.loads(core.state["segment_tracking_plan.shop"][0])
    assert set(plan) - {"rules_by_key"} == {
        "id",
        "slug",
        "name",
        "description",
        "type",
        "created_at",
        "updated_at",
        "rules",
    }
    # Private data in the form that the official provider's framework reads: texts in base64.
    for address, (_, private) in core.state.items():
        for text in json.loads(private or b"{}").values():
            assert isinstance(text, str), address


def test_replacing_a_destination_keeps_its_settings(core: Core, emulator: Emulator) -> None:
    core.apply(six())
    settings = '{"bucket": "events"}'
    _apply(core, emulator, destination={"metadata": {"id": S3}, "settings": settings})
    assert _held(emulator, "destinations")["settings"]["bucket"] == "events"
    assert loads(core.values("segment_destination.hook")["settings"]) == {"bucket": "events"}


def test_both_forms_become_none_and_back(core: Core, emulator: Emulator) -> None:
    """The map, nobody's, the set: at each step the rules are what they were."""
    core.apply(six())
    for form in (
        {"rules_by_key": None},
        {"rules_by_key": None, "rules": RULES_SET},
        {"rules_by_key": None},
        {},
    ):
        written = _apply(core, emulator, tracking_plan=form)
        assert not {"removeRulesFromTrackingPlan", "replaceRulesInTrackingPlan"} & set(written)
        assert len(_held(emulator, "trackingPlans")["rules"]) == 3
