"""Plans of both formats as change sets: what is refused, what is hidden, what is tolerated."""

from __future__ import annotations

import copy
import html
import json
import pickle
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segform.report import PlanError, load, render, review
from segform.report.markdown import LIMIT

from . import shop
from .plans import (
    HOSTILE,
    SNAPSHOT,
    cases,
    change,
    destination,
    drops,
    plan,
    rule,
    segform,
    source,
    terraform,
    world,
)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "a JSON object"),
        ({}, "neither a plan of segform nor one of terraform"),
        ({"format": "segform.plan", "version": 2}, "version 2"),
        ({"format": "segform.plan", "version": 1}, "no list of `changes`"),
        ({"format": "segform.plan", "version": 1, "changes": [7]}, "not as its format says"),
        ({"format_version": "2.0", "resource_changes": []}, "the format 2.0; this reads 1.x"),
        ({"format_version": "1.0", "values": {}}, "a state, not a plan"),
        (
            terraform({**change("source", "a", None, {}), "change": {"actions": ["explode"]}}),
            "unknown actions",
        ),
    ],
)
def test_what_is_no_plan_is_refused(document: Any, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        load(document)


def test_names_of_what_the_plan_does_not_speak_of_come_from_the_prior_state() -> None:
    """A plan with -target, and a source that a data source found, in a module."""
    drop = {"id": "f1", "title": "Staff", "source_id": "s-web", "destination_id": "d-Hook"}
    values = {"if": "type = 'track'", "actions": [{"type": "DROP"}], "enabled": True, **drop}
    document = terraform(
        change("destination_filter", "staff", {**values, "if": "type = 'page'"}, values),
        prior_state={
            "values": {
                "root_module": {
                    "resources": [
                        {
                            "address": "segment_destination.hook",
                            "mode": "managed",
                            "type": "segment_destination",
                            "values": destination("Hook"),
                            "sensitive_values": {"settings": True},
                        },
                        {"address": "random_id.x", "type": "random_id", "values": {"id": "s-web"}},
                    ],
                    "child_modules": [
                        {
                            "resources": [
                                {
                                    "address": "module.web.data.segment_source.web",
                                    "mode": "data",
                                    "type": "segment_source",
                                    "values": source("web", "growth"),
                                }
                            ]
                        }
                    ],
                }
            }
        },
    )
    found = review(load(document))
    text = render(found)
    assert "The filter **Staff** in front of **Hook**" in text
    assert "Who should know: **growth**." in text
    assert found.counts == {"update": 1}
    assert "hush-" not in render(found, "json")


def test_who_uses_what_changes_is_told() -> None:
    """Filters, mappings and destinations behind a plan, from terraform's plan alone."""
    old = plan(Order_Completed=rule("total", total={"type": "number"}))
    new = plan(Order_Completed=rule("total", total={"type": "string"}))
    asks = {"if": "event = 'Order Completed' and properties.total > 9", "title": "Large ones"}
    sends = {
        "name": "Orders",
        "trigger": "type = 'track' and event = 'Order Completed'",
        "settings": '{"value": {"@path": "$.properties.total"}}',
    }
    there = {"source_id": "s-web", "destination_id": "d-Braze", "enabled": True}
    renames = {
        "name": "Sum",
        "if": "event = 'Order Completed'",
        "property_renames": [{"old_name": "properties.total", "new_name": "properties.sum"}],
    }
    stays = [
        ("destination", "braze", destination("Braze")),
        ("destination", "other", destination("Elsewhere", "s-other")),
        ("destination_filter", "large", {"id": "f1", **there, **asks}),
        ("destination_filter", "more", {"id": "f2", **there, **asks, "title": "Larger ones"}),
        ("destination_subscription", "orders", {"id": "m1", **there, **sends}),
        ("transformation", "sum", {"id": "t1", "source_id": "s-web", **renames}),
    ]
    document = terraform(
        change("tracking_plan", "shop", old, new),
        *world(),
        *(change(kind, name, values, values) for kind, name, values in stays),
    )
    text = html.unescape(render(review(load(document))))
    assert "  - **Braze** gets the events of such sources." in text
    told = "**Large ones** and **Larger ones** use it: the condition of each asks for the property."
    assert f"  - The filters {told}" in text
    assert "  - The mapping **Orders** uses it: it sends the property on." in text
    assert "  - The transformation **Sum** uses it: it renames the property." in text
    assert "Elsewhere" not in text


def test_our_golden_plan_keeps_to_the_schema() -> None:
    text = (shop.ROOT / "contract" / "schemas" / "plan.schema.json").read_text(encoding="utf-8")
    schema = jsonschema_rs.validator_for(json.loads(text))
    assert schema.is_valid(cases()["price_has_a_floor_ours"].document)


def test_an_id_that_is_not_there_yet_is_found_in_the_configuration() -> None:
    """With count and for_each, and in a module."""
    made = {key: value for key, value in source("web").items() if key != "id"}
    hook = {key: value for key, value in destination("Hook").items() if key != "source_id"}

    def one(address: str, kind: str, after: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {**change(kind, "x", None, after, **more), "address": address}

    document = terraform(
        one('module.shop.segment_source.all["web"]', "source", made, after_unknown={"id": True}),
        one(
            'module.shop.segment_source.all["ios"]',
            "source",
            {**made, "name": "Ios"},
            after_unknown={"id": True},
        ),
        one(
            'module.shop.segment_destination.all["web"]',
            "destination",
            hook,
            after_unknown={"source_id": True},
        ),
        configuration={
            "root_module": {
                "module_calls": {
                    "shop": {
                        "module": {
                            "resources": [
                                {
                                    "address": "segment_destination.all",
                                    "expressions": {
                                        "source_id": {
                                            "references": [
                                                "segment_source.all",
                                                "each.key",
                                            ]
                                        },
                                        "settings": {},
                                    },
                                }
                            ]
                        }
                    }
                }
            }
        },
    )
    text = render(review(load(document)), "text")
    assert "The destination Hook is new and gets events of the source Web." in text


def test_secrets_are_hidden_when_a_plan_is_loaded() -> None:
    stored = shop.stored("shop_edited")
    assert "hush-" in json.dumps(stored)
    found = load(stored)
    assert found.subjects
    for subject in found.subjects:
        assert "hush-" not in repr(subject)
        assert b"hush-" not in pickle.dumps((subject.before, subject.after))


def test_a_snapshot_beside_our_plan_brings_names_and_no_secret() -> None:
    document = segform(
        {
            "address": "destination.Amplitude",
            "kind": "destination",
            "id": "d-1",
            "action": "update",
            "attributes": [{"path": ["enabled"], "before": True, "after": False}],
        }
    )
    bare = render(review(load(document)), "text")
    assert "is switched off: it gets no events any more." in bare
    told = render(review(load(document, snapshot=SNAPSHOT)), "text")
    assert "it gets no events of the source Web any more. [growth]" in told
    assert "hush" not in told


def test_resources_of_other_kinds_and_of_the_official_provider() -> None:
    official = change("source", "web", source("web"), None)
    official["provider_name"] = "registry.terraform.io/segmentio/segment"
    future = change("hologram", "x", None, {"name": "X"})
    data = {**change("workspace", "this", None, {}), "mode": "data"}
    other = {**change("a", "b", None, {}), "type": "aws_s3_bucket"}
    text = render(review(load(terraform(official, future, data, other))), "text")
    assert "The source Web is deleted: its write key dies with it" in text
    assert "The hologram X is new." in text
    assert "1 change of other providers is not described here." in text


def test_rules_that_are_none_and_schemas_that_cannot_be_compared() -> None:
    odd = {"id": "tp_1", "name": "Shop", "rules_by_key": {"no key": {}, "TRACK:A": 7}}
    assert "Nothing breaks" in render(
        review(load(terraform(change("tracking_plan", "a", {}, odd))))
    )
    held = {"id": "tp_1", "name": "Shop", "rules": [{"type": ["x"], "key": {}, "version": "v"}]}
    text = render(
        review(load(terraform(change("tracking_plan", "a", held, {**held, "name": "B"}))))
    )
    assert "Nothing breaks" in text


def test_owners_of_event_files_are_named() -> None:
    case = cases()["total_becomes_text"]
    found = review(load(case.document), owners={"TRACK:Order Completed": "payments"})
    assert found.owners[0] == "payments"
    assert "[payments, growth, apps]" in render(found, "text")


def test_nothing_changes() -> None:
    held = source("web")
    text = render(review(load(terraform(change("source", "web", held, held)))))
    assert "**Nothing changes.**" in text
    assert "<details>" not in text


def test_import_replace_forget_and_error() -> None:
    held = source("web")
    replaced = change("source", "a", source("a"), {**source("a"), "id": None})
    replaced["change"]["actions"] = ["delete", "create"]
    replaced["change"]["replace_paths"] = [["metadata", "id"]]
    imported = change("source", "b", held, held, importing={"id": "s"})
    forgotten = change("source", "c", source("c"), None)
    forgotten["change"]["actions"] = ["forget"]
    found = review(load(terraform(replaced, imported, forgotten, errored=True)))
    text = render(found, "text")
    assert "The source A is deleted and made anew: its write key dies" in text
    assert "It cannot be changed in place: metadata would be another." in text
    assert "The source Web is taken over as it is." in text
    assert "The source C is not managed any more and stays as it is." in text
    assert "The plan ended with an error" in text


_TEXT = st.text(max_size=30) | st.just(HOSTILE) | st.just("`" * 400)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_KINDS = (
    "source",
    "destination",
    "destination_filter",
    "destination_subscription",
    "tracking_plan",
    "tracking_plan_rule",
    "source_tracking_plan_connection",
    "source_schema_settings",
    "user",
    "unheard_of",
)
_NAMES = [
    "id",
    "name",
    "title",
    "slug",
    "if",
    "trigger",
    "actions",
    "enabled",
    "settings",
    "labels",
    "rules",
    "rules_by_key",
    "source_id",
    "destination_id",
    "tracking_plan_id",
    "schema_settings",
    "track",
    "type",
    "key",
    "version",
    "json_schema",
    "metadata",
]
_VALUES = st.none() | st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=6)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(_KINDS), _TEXT, _VALUES, _VALUES), max_size=4))
def test_any_plan_is_told_or_refused(changes: list[tuple[str, str, Any, Any]]) -> None:
    document = terraform(*(change(*one) for one in changes))
    try:
        found = review(load(document, snapshot=None), events=[{"type": "track"}])
    except PlanError:
        return
    text = render(found)
    assert len(text) <= LIMIT
    assert text.count("<details>") == text.count("</details>")
    assert all(line.isprintable() for line in render(found, "text").splitlines())
    json.loads(render(found, "json"))


def test_the_longest_names_leave_the_comment_whole() -> None:
    """Names in which every character has to be spelt out, at 2,000 changes."""
    name = "`" * 200
    held = drops(f"event = '{name}' and properties.{'a' * 100} = 1", title=name)
    one = [
        change("destination", str(index), destination(name), destination(name, enabled=False))
        for index in range(1000)
    ]
    other = [
        change("destination_filter", str(index), held, {**held, "if": f"event != '{name}'"})
        for index in range(1000)
    ]
    lost = [change("source", str(index), source(name, name), None) for index in range(200)]
    text = render(review(load(terraform(*one, *other, *lost))))
    assert len(text) <= LIMIT
    assert text.rstrip().endswith("</details>")


def test_loading_changes_nothing_in_the_document() -> None:
    document = shop.stored("shop_edited")
    before = copy.deepcopy(document)
    render(review(load(document)))
    assert document == before
