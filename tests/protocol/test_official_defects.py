"""The official provider's defects: not here, and a mutant proves each test (see `defects`).

The numbers are those of the list of 32. The others are in `test_official_defects_of_kinds.py`.
"""

from __future__ import annotations

import struct
from decimal import Decimal
from typing import Any

import pytest

from segform import errors
from segform.lifecycle import catalog, collections, mapping, settings
from segform.lifecycle.collections import Collection
from segform.lifecycle.hooks import connection, source, tracking_plan
from segform.lifecycle.service import Lifecycle
from segform.resources.definition import Attribute
from segform.resources.exact import dumps, loads, parsed
from segform.transport import encode, exchange, retry
from segform_provider import schema
from segform_provider.rpc import reads, schemas, validation

from .core import Config, DiagnosticsError
from .defects import Defect, Patch, Ring, each, fails
from .shop import OBJECT
from .six import six

WEB_SOURCE = "segment_source.web"
HOOK = "segment_destination.hook"
PLAN = "segment_tracking_plan.shop"
LINK = "segment_source_tracking_plan_connection.web"


def _lone(**values: Any) -> Config:
    return {PLAN: {"name": "Shop", "type": "LIVE", **values}}


# 1: the plugin process goes down when the network does


def an_outage_is_an_error_and_no_crash(ring: Ring) -> None:
    ring.core.apply(six())
    ring.core.restart()
    ring.emulator.fault("disconnect", operation="getSource", count=0)
    with pytest.raises(DiagnosticsError, match="lost its connection"):
        ring.core.refresh()


def _crashing(patch: Patch) -> None:
    class Never(Exception):
        pass

    patch.setattr(reads, "SegformError", Never)


# 2: a create is repeated after an ambiguous answer


def a_lost_answer_makes_no_duplicate(ring: Ring) -> None:
    ring.emulator.fault("drop_after_commit", operation="createDestination")
    ring.core.apply(six())
    assert len(ring.held("destinations")) == 1, "there are two"


def _repeating(patch: Patch) -> None:
    def always(failure: retry.Failure, **given: Any) -> retry.Decision:
        return retry.decide(failure, **{**given, "effect": "repeatable"})

    patch.setattr(exchange, "decide", always)


# 3: an imported mask is written over the secret


def a_mask_is_never_written_back(ring: Ring) -> None:
    ring.core.apply(six())
    address, import_id = HOOK, ring.id(HOOK)
    del ring.core.state[address]
    ring.core.import_(address, import_id)
    imported = parsed(ring.core.values(address)["settings"])
    assert "•" in imported["sharedSecret"]
    generated = {"sharedSecret": imported["sharedSecret"], "theirs": "new"}
    ring.core.apply(six(destination={"settings": dumps(generated)}))
    [held] = ring.held("destinations")
    assert held["settings"]["sharedSecret"] == "hush-hush", "the secret is lost"
    assert held["settings"]["theirs"] == "new"


def _all_of_it(patch: Patch) -> None:
    def everything(config: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        return dict(config)

    patch.setattr(settings, "patch", everything)
    # The client would refuse it once more.
    patch.setattr(encode, "_refuse_masks", lambda *_: None)


# 5: drift of rules is not seen


def an_edited_rule_shows(ring: Ring) -> None:
    ring.core.apply(six())
    rule = {"type": "IDENTIFY", "version": 1, "jsonSchema": {"type": "array"}}
    ring.elsewhere(
        "updateRulesInTrackingPlan", {"trackingPlanId": ring.id(PLAN)}, {"rules": [rule]}
    )
    assert [c.address for c in ring.core.plan(six())] == [PLAN], "the edit is not seen"


def _rules_of_the_state(patch: Patch) -> None:
    def complete(run: Any) -> None:
        run.values.update({form: run.prior[form] for form in tracking_plan.FORMS})

    patch.setattr(tracking_plan, "complete", complete)


# 6: drift of schema settings is not seen, though they are read


def an_edited_schema_setting_shows(ring: Ring) -> None:
    ring.core.apply(six())
    ring.elsewhere(
        "updateSchemaSettingsInSource",
        {"sourceId": ring.id(WEB_SOURCE)},
        {"track": {"allowUnplannedEvents": True}},
    )
    assert [c.address for c in ring.core.plan(six())] == [LINK], "the edit is not seen"


def _settings_of_the_state(patch: Patch) -> None:
    real = connection.complete

    def complete(run: Any) -> None:
        real(run)
        run.values["schema_settings"] = (run.prior or {}).get("schema_settings")

    patch.setattr(connection, "complete", complete)


# 7: an update of a source sends null for what others set


def settings_of_others_stay(ring: Ring) -> None:
    ring.core.apply(six())
    ring.elsewhere(
        "updateSource", {"sourceId": ring.id(WEB_SOURCE)}, {"settings": {"theirs": "kept"}}
    )
    ring.core.apply(six(source={"settings": '{"websiteUrl": "https://new.example"}'}))
    assert ring.held("sources")[0]["settings"].get("theirs") == "kept", "theirs is gone"


def _nulling(patch: Patch) -> None:
    def body(self: Lifecycle, run: Any) -> dict[str, Any]:
        wanted = parsed(run.planned["settings"]) if "settings" in run.planned else {}
        there = (self.live(run, fresh=True) or {}).get("settings") or {}
        return {"settings": {**dict.fromkeys(there.keys() - wanted.keys()), **wanted}}

    patch.setattr(Lifecycle, "settings_body", body)


# 8: nothing is sensitive


def secrets_are_sensitive(ring: Ring) -> None:
    ring.core.restart()
    marked = {
        (name, item.name)
        for name, found in ring.core.schemas.resource_schemas.items()
        for item in found.block.attributes
        if item.sensitive
    }
    assert marked >= {
        ("segment_source", "settings"),
        ("segment_source", "write_keys"),
        ("segment_destination", "settings"),
    }, "not what is secret"


def _open(patch: Patch) -> None:
    real = schema.attribute
    patch.setattr(schema, "attribute", lambda item: {**real(item), "sensitive": False})
    patch.setattr(schemas, "_schema", schemas._schema.__wrapped__)


# 12: labels cannot be removed


def labels_can_be_removed(ring: Ring) -> None:
    ring.core.apply(six())
    ring.settled(six(source={"labels": []}))
    assert ring.held("sources")[0]["labels"] == []


def _only_some(patch: Patch) -> None:
    real = source.labels_differ
    patch.setattr(source, "labels_differ", lambda run: bool(run.planned["labels"]) and real(run))


# 13: null where the configuration says empty


def empty_collections_are_no_difference(ring: Ring) -> None:
    empty = six(source={"labels": []}, tracking_plan={"rules_by_key": {}})
    ring.settled(empty)
    ring.core.restart()
    assert not [text for text, _ in ring.core.state.values() if '"labels":null' in text], "null"
    del ring.core.state[WEB_SOURCE]
    ring.core.import_(WEB_SOURCE, ring.held("sources")[0]["id"])
    assert ring.core.plan(empty) == [], "the plan is not empty"


def _null_for_empty(patch: Patch) -> None:
    real = Lifecycle.read

    def read(self: Lifecycle, *given: Any, **more: Any) -> Any:
        found = real(self, *given, **more)
        if found and found.values.get("labels") == []:
            return found._replace(values={**found.values, "labels": None})
        return found

    patch.setattr(Lifecycle, "read", read)
    patch.setattr(Attribute, "empty", None)


# 14: versions of rules are 32-bit floats


def versions_are_exact(ring: Ring) -> None:
    rules = [
        {"type": "TRACK", "key": "A", "version": Decimal(v), "json_schema": OBJECT}
        for v in ("1.1", "0.1", "9007199254740993")
    ]
    ring.settled(_lone(rules=rules))


def _float32(patch: Patch) -> None:
    real = tracking_plan.to_rules

    def rough(value: Any) -> list[dict[str, Any]]:
        return [
            {**rule, "version": struct.unpack("f", struct.pack("f", rule["version"]))[0]}
            for rule in real(value)
        ]

    patch.setattr(tracking_plan, "to_rules", rough)


# 16: what is wrong is found after the request


def wrong_actions_are_refused_before_anything_is_sent(ring: Ring) -> None:
    with pytest.raises(DiagnosticsError, match="no meaning for DROP"):
        ring.core.apply(six(destination_filter={"actions": [{"type": "DROP", "percent": 1}]}))
    assert ring.sent("createFilterForDestination") == 0


def _unchecked(patch: Patch) -> None:
    patch.setattr(validation, "run_pure", lambda *_: [])


# 17: an import of rules is cut at 2,000


def an_import_has_all_rules(ring: Ring) -> None:
    ring.emulator.seed(None, plans=1, rules=2100)
    ring.core.import_(PLAN, ring.held("trackingPlans")[0]["id"])
    assert len(ring.core.values(PLAN)["rules"]) == 2100, "not all"


def _cut(patch: Patch) -> None:
    real = tracking_plan.read_rules
    patch.setattr(tracking_plan, "read_rules", lambda run: real(run)[:2000])


# 19: a key that left the configuration stays at the service


def a_key_that_left_is_removed(ring: Ring) -> None:
    both = '{"sharedSecret": "hush-hush", "ours": "x"}'
    ring.core.apply(six(destination={"settings": both}))
    ring.settled(six())
    assert not ring.held("destinations")[0]["settings"].get("ours"), "it is still there"


# 20: a description cannot be emptied


def a_description_can_be_emptied(ring: Ring) -> None:
    ring.core.apply(_lone(description="What people do"))
    ring.settled(_lone(description=""))
    assert not ring.held("trackingPlans")[0].get("description"), "it is still there"


def _nil_is_left_out(patch: Patch) -> None:
    real = mapping.update_body

    def body(*given: Any) -> dict[str, Any]:
        return {name: value for name, value in real(*given).items() if value not in ("", None)}

    patch.setattr("segform.lifecycle.service.update_body", body)


# 21: what is gone already cannot be deleted


def what_is_gone_already_is_deleted(ring: Ring) -> None:
    ring.core.apply(six())
    ring.emulator.fault("hidden", operation="deleteDestination")
    ring.core.apply({k: v for k, v in six().items() if "destination" not in k})
    assert HOOK not in ring.core.state


def _insisting(patch: Patch) -> None:
    real = Lifecycle.remove

    class Never(Exception):
        pass

    def remove(self: Lifecycle, run: Any) -> None:
        with patch.context() as inner:
            inner.setattr(errors, "NotFoundError", Never)
            real(self, run)

    patch.setattr(Lifecycle, "remove", remove)


# 27, 28: a state full of the catalogue


def a_state_is_small(ring: Ring) -> None:
    amplitude = {"metadata": {"id": "5f7dd6d21ad74f3842b1fc47"}}
    ring.core.apply(six(destination=amplitude))
    metadata = loads(ring.core.state[HOOK][0])["metadata"]
    held = {name for name in ("options", "presets", "logos") if metadata[name]}
    fields = [action["fields"] for action in metadata["actions"] if action["fields"]]
    assert (held, fields) == (set(), []), "the catalogue is in the state"


def _whole(patch: Patch) -> None:
    patch.setattr(catalog, "trimmed", lambda facts, _keep: facts)
    patch.setattr(catalog, "of_interest", lambda entry, _keep: entry)


# 29: one list of all labels for each label; one read for each object


def many_objects_are_one_list(ring: Ring) -> None:
    labels = {f"segment_label.l{i}": {"key": f"k{i}", "value": "v"} for i in range(12)}
    sources = {
        f"segment_source.s{i}": {
            "slug": f"s{i}",
            "enabled": True,
            "metadata": {"id": "IqDTy1TpoU"},
            "settings": "{}",
        }
        for i in range(12)
    }
    ring.core.apply({**labels, **sources})
    ring.core.restart()
    ring.emulator.recorder.clear()
    ring.core.refresh()
    asked = ring.sent("listLabels") + ring.sent("listSources") + ring.sent("getSource")
    assert asked <= 1 + collections.SINGLE + 1, "one for each"


def _one_for_each(patch: Patch) -> None:
    real = Collection.read

    def read(self: Collection, wanted: str) -> Any:
        self.forget()
        return real(self, wanted)

    patch.setattr(Collection, "read", read)


DEFECTS = [
    Defect(an_outage_is_an_error_and_no_crash, _crashing, "lost its connection"),
    Defect(a_lost_answer_makes_no_duplicate, _repeating, "there are two"),
    Defect(a_mask_is_never_written_back, _all_of_it, "the secret is lost"),
    Defect(an_edited_rule_shows, _rules_of_the_state, "the edit is not seen"),
    Defect(an_edited_schema_setting_shows, _settings_of_the_state, "the edit is not seen"),
    Defect(settings_of_others_stay, _nulling, "theirs is gone"),
    Defect(secrets_are_sensitive, _open, "not what is secret"),
    Defect(labels_can_be_removed, _only_some, "inconsistent result|not empty"),
    Defect(empty_collections_are_no_difference, _null_for_empty, "not empty|invalid plan|null"),
    Defect(versions_are_exact, _float32, "inconsistent result|not empty"),
    Defect(wrong_actions_are_refused_before_anything_is_sent, _unchecked, "."),
    Defect(an_import_has_all_rules, _cut, "not all"),
    Defect(a_key_that_left_is_removed, _all_of_it, "it is still there"),
    Defect(a_description_can_be_emptied, _nil_is_left_out, "not empty|still there"),
    Defect(what_is_gone_already_is_deleted, _insisting, "404"),
    Defect(a_state_is_small, _whole, "the catalogue is in the state"),
    Defect(many_objects_are_one_list, _one_for_each, "one for each"),
]


@each(DEFECTS)
def test_ours_has_not(defect: Defect, ring: Ring) -> None:
    defect.check(ring)


@each(DEFECTS)
def test_the_mutant_has(defect: Defect, ring: Ring, monkeypatch: Patch) -> None:
    fails(defect, ring, monkeypatch)
