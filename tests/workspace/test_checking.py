"""Snapshots checked without a network: what the provider says at plan time, and more."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segform.catalog import Catalog
from segform.resources import registry
from segform.resources.checks import run_pure
from segform.workspace.checking import Checked, check
from segform_emulator import Emulator
from segform_emulator.catalog import Catalog as Stored

JAVASCRIPT, AMPLITUDE = "IqDTy1TpoU", "5f7dd6d21ad74f3842b1fc47"
SNAPSHOT: dict[str, Any] = {
    "format": "segform.snapshot",
    "version": 1,
    "workspaces": [
        {
            "id": "w1",
            "slug": "acme",
            "region": "us",
            "labels": [{"key": "environment", "value": "prod"}],
            "sources": [
                {
                    "id": "s1",
                    "slug": "web",
                    "metadataId": JAVASCRIPT,
                    "settings": {"websiteUrl": "https://shop.example"},
                    "schemaSettings": {"track": {"allowUnplannedEvents": False}},
                }
            ],
            "destinations": [
                {
                    "id": "d1",
                    "name": "Amplitude",
                    "metadataId": AMPLITUDE,
                    "sourceId": "s1",
                    "settings": {"apiKey": "••••••••••1234", "secretKey": "••••••••••5678"},
                }
            ],
            "filters": [
                {
                    "id": "f1",
                    "sourceId": "s1",
                    "destinationId": "d1",
                    "title": "No staff",
                    "if": 'event = "Order Completed"',
                    "actions": [{"type": "DROP"}],
                    "enabled": True,
                }
            ],
            "warehouses": [
                {
                    "id": "wh1",
                    "metadataId": "55d3d3aea3c",
                    "settings": {"name": "Main"},
                    "sourceIds": ["s1"],
                }
            ],
            "subscriptions": [
                {
                    "id": "m1",
                    "destinationId": "d1",
                    "actionId": "uhprCN3Pc9fjb89v4xDrfP",
                    "name": "Orders",
                    "trigger": 'type = "track" and event = "Order Completed"',
                    "settings": {},
                }
            ],
            "transformations": [
                {
                    "id": "t1",
                    "name": "Lower",
                    "sourceId": "s1",
                    "enabled": True,
                    "if": "type = 'track'",
                    "fqlDefinedProperties": [
                        {"fql": "lowercase(event)", "propertyName": "properties.lower"}
                    ],
                }
            ],
            "trackingPlans": [
                {
                    "id": "tp_1",
                    "name": "Shop",
                    "type": "LIVE",
                    "sourceIds": ["s1"],
                    "rules": [
                        {
                            "type": "TRACK",
                            "key": "Order Completed",
                            "version": 1,
                            "jsonSchema": {"type": "object"},
                        }
                    ],
                }
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    stored = Stored()
    return Catalog(sources=stored.all("sources"), destinations=stored.all("destinations"))


def _check(folder: Path, document: Any, **more: Any) -> Checked:
    path = folder / "snapshot.json"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return check([path], **more)


def _serious(found: Checked) -> list[str]:
    """Findings without those of the conventions (SEG001 and so on)."""
    return [str(one) for one in found.findings if not one.rule.startswith("SEG")]


def changed(path: str, value: Any) -> dict[str, Any]:
    """The snapshot with one value another one; `path` inside the workspace, with dots."""
    made = copy.deepcopy(SNAPSHOT)
    *parents, last = path.split(".")
    inner: Any = made["workspaces"][0]
    for step in parents:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if isinstance(inner, list):
        inner.append(value)
    else:
        inner[last] = value
    return made


def test_a_sound_snapshot_has_no_findings(tmp_path: Path, catalog: Catalog) -> None:
    found = _check(tmp_path, SNAPSHOT, catalog=catalog)
    assert _serious(found) == []
    assert (found.objects, found.files, found.notes) == (10, 1, [])


@pytest.mark.parametrize(
    ("path", "value", "rule", "where", "words"),
    [
        ("filters.0.if", "event = ", "definition", "destination_filter.No staff: if", "FQL, line"),
        ("filters.0.if", None, "definition", "destination_filter.No staff: if", "not given"),
        ("filters.0.enabled", "yes", "definition", "destination_filter.No staff: enabled", "true"),
        ("filters.0.actions", {}, "definition", "destination_filter.No staff: actions", "a list"),
        (
            "filters.0.actions",
            [{"type": "SAMPLE"}],
            "definition",
            "destination_filter.No staff: actions.0.percent",
            "SAMPLE needs",
        ),
        ("filters.0.destinationId", "d9", "reference", "destination_filter", "no destination 'd9'"),
        (
            "subscriptions.0.trigger",
            'type = "track" and lowercase(event) = "a"',
            "definition",
            "destination_subscription.Orders: trigger",
            "FQL, line",
        ),
        (
            "subscriptions.0.settings",
            {"event_type": {"@path": 7}},
            "definition",
            "destination_subscription.Orders: settings.event_type.@path",
            "a string or a directive",
        ),
        (
            "subscriptions.0.actionId",
            "gone",
            "catalog",
            "destination_subscription.Orders: action_id",
            "no action 'gone'",
        ),
        ("transformations.0.if", "event ~ 1", "definition", "transformation.Lower: if", "FQL"),
        (
            "transformations.0.fqlDefinedProperties",
            [{"fql": "lowercase(", "propertyName": "x"}],
            "definition",
            "transformation.Lower: fql_defined_properties.0.fql",
            "FQL",
        ),
        ("warehouses.0.sourceIds", ["s9"], "reference", "source_warehouse", "no source 's9'"),
        ("labels.0.key", "1st", "definition", "label.1st:prod: key", "no label key"),
        (
            "sources.1",
            {"id": "s2", "slug": "web", "metadataId": JAVASCRIPT},
            "unique",
            "source.web: slug",
            "source.web has the slug 'web' too",
        ),
        ("sources.0.metadataId", "none", "catalog", "source.web: metadata.id", "no entry 'none'"),
        (
            "destinations.0.settings.apiKye",
            "x",
            "catalog",
            "destination.Amplitude: settings.apiKye",
            "no option 'apiKye'",
        ),
        (
            "destinations.0.settings.secretKey",
            "hush-hush",
            "secret",
            "destination.Amplitude: settings.secretKey",
            "in the clear",
        ),
        (
            "trackingPlans.0.rules.0.jsonSchema",
            {"type": "objekt"},
            "definition",
            "tracking_plan.Shop",
            "objekt",
        ),
        (
            "trackingPlans.1",
            {"id": "tp_2", "name": "Other", "type": "LIVE", "sourceIds": ["s1"]},
            "unique",
            "source_tracking_plan_connection.s1:tp_2: source_id",
            "s1:tp_1 has the source_id 's1' too",
        ),
        (
            "sources.0.schemaSettings.track.commonEventOnViolations",
            "DROP",
            "definition",
            "source_tracking_plan_connection",
            "ALLOW",
        ),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(
    tmp_path: Path, catalog: Catalog, path: str, value: Any, rule: str, where: str, words: str
) -> None:
    document = changed(path, value)
    found = _check(tmp_path, document, catalog=catalog)
    hits = [
        one
        for one in found.findings
        if one.rule == rule and one.where.startswith(where) and words in f"{one.message} {one.mend}"
    ]
    assert hits, [str(one) for one in found.findings]
    assert "hush-hush" not in str(hits[0])


@pytest.mark.parametrize(
    ("family", "value", "words"),
    [("sources", {}, "not a list"), ("filters", [7], "not an object"), ("labels", "x", "a list")],
)
def test_families_that_are_no_lists_of_objects(
    tmp_path: Path, family: str, value: Any, words: str
) -> None:
    found = _check(tmp_path, changed(family, value)).findings
    assert any(one.where == f"acme: {family}" and words in one.message for one in found)


def test_a_mapping_is_held_against_the_fields_of_its_action(tmp_path: Path) -> None:
    field = {"fieldKey": "event_type", "label": "Event type", "type": "STRING", "required": True}
    action = {"id": "uhprCN3Pc9fjb89v4xDrfP", "slug": "logEventV2", "fields": [field]}
    entry = {"id": AMPLITUDE, "name": "Amplitude", "actions": [action]}
    document = changed("subscriptions.0.settings", {"event_tipe": "x"})
    found = _check(tmp_path, document, catalog=Catalog(destinations=[entry]))
    assert sorted((one.where, one.severity) for one in found.findings if one.rule == "catalog") == [
        ("destination_subscription.Orders: settings.event_tipe", "error"),
        ("destination_subscription.Orders: settings.event_type", "error"),
    ]
    assert any("Did you mean event_type?" in one.mend for one in found.findings)


def test_plans_are_linted_where_they_stand(tmp_path: Path) -> None:
    rules = [
        {
            "type": "TRACK",
            "key": "order_completed",
            "version": 1,
            "jsonSchema": {
                "type": "object",
                "description": "An order was paid.",
                "properties": {
                    "properties": {
                        "type": "object",
                        "properties": {"email": {"type": "string", "description": "Address."}},
                    }
                },
            },
        }
    ]
    document = changed("trackingPlans.0.rules", rules)
    found = [one for one in _check(tmp_path, document).findings if one.rule.startswith("SEG")]
    lines = (tmp_path / "snapshot.json").read_text().splitlines()
    personal = next(one for one in found if one.where.endswith("properties.email"))
    assert personal.where == "tracking_plan.Shop: TRACK:order_completed: properties.email"
    assert lines[personal.line - 1].strip().startswith('"email":')
    # As the project wants it.
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.segform.lint]\nignore = ["{personal.rule}"]\n', encoding="utf-8"
    )
    assert personal.rule not in {one.rule for one in _check(tmp_path, document).findings}
    (tmp_path / "pyproject.toml").write_text("[tool.segform.lint]\nnope = 1\n")
    assert "nope" in " ".join(one.message for one in _check(tmp_path, document).findings)


def test_event_files_are_checked_one_by_one_and_together(tmp_path: Path) -> None:
    good = (
        "name: Order Completed\ncall: track\ndescription: An order was paid.\nwhy: Revenue.\n"
        "owner: checkout\ndestinations: [Amplitude]\nproperties:\n"
        "  total: {type: number, description: What is paid.}\n"
    )
    (tmp_path / "order.yaml").write_text(good)
    assert check([tmp_path]).findings == []
    (tmp_path / "again.yaml").write_text(good)
    [twice] = check([tmp_path]).findings
    assert (twice.file.name, twice.rule) == ("order.yaml", "event")
    assert "is there twice" in twice.message
    (tmp_path / "again.yaml").write_text(good.replace("type: number", "type: nummer"))
    [bad] = check([tmp_path]).findings
    assert (bad.file.name, bad.severity, bad.line) == ("again.yaml", "error", 8)
    (tmp_path / "again.yaml").write_text(good.replace("Order Completed", "order_viewed"))
    found = check([tmp_path]).findings
    assert found
    assert all(one.rule.startswith("SEG") and one.file.name == "again.yaml" for one in found)


def test_findings_have_the_line_of_what_is_wrong(tmp_path: Path) -> None:
    document = changed("filters.0.if", "event = ")
    [finding] = [one for one in _check(tmp_path, document).findings if one.rule == "definition"]
    lines = (tmp_path / "snapshot.json").read_text().splitlines()
    assert lines[finding.line - 1].strip().startswith('"if":')


def test_the_provider_says_the_same(tmp_path: Path) -> None:
    """One check, two ways in: message and mend of a file's finding are those of the plan."""
    document = changed("filters.0.if", "contain(event, 'x')")
    [finding] = [one for one in _check(tmp_path, document).findings if one.rule == "definition"]
    kind = registry()["destination_filter"]
    values = {**dict.fromkeys(kind.attributes), "if": "contain(event, 'x')"}
    [problem] = run_pure(kind.about.checks, kind.attributes, values)
    assert (finding.message, finding.mend) == (problem.message, problem.mend)


def test_without_a_catalogue_nothing_is_said_of_settings_but_that(tmp_path: Path) -> None:
    found = _check(tmp_path, changed("destinations.0.settings.apiKye", "x"))
    assert _serious(found) == []
    assert any("no catalogue is at hand" in note for note in found.notes)


def test_files_that_are_not_ours_are_left_alone_unless_named(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    assert check([tmp_path]).findings == []
    assert any("left alone" in note for note in check([tmp_path]).notes)
    [finding] = check([tmp_path / "package.json"]).findings
    assert (finding.rule, finding.severity) == ("file", "error")
    (tmp_path / "broken.yaml").write_text("a: b: c")
    [finding] = check([tmp_path]).findings
    assert (finding.file.name, finding.line, finding.column) == ("broken.yaml", 1, 5)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"format": "segform.snapshot", "version": 2, "workspaces": []}, "version 2"),
        ({"format": "segform.snapshot", "version": 1, "workspaces": 7}, "not a list"),
        ({"format": "segform.snapshot", "version": 1}, "not a list"),
    ],
)
def test_other_versions_and_forms_are_refused(tmp_path: Path, document: Any, words: str) -> None:
    [finding] = _check(tmp_path, document).findings
    assert words in finding.message


def test_what_a_workspace_dumps_is_sound(tmp_path: Path) -> None:
    """Dump, snapshot and desired state are one form, YAML too."""
    import yaml

    emulator = Emulator()
    emulator.snapshots.made_up(
        {
            "sources": 8,
            "destinations": 20,
            "filters": 10,
            "plans": 2,
            "rules": 6,
            "warehouses": 2,
        }
    )
    dumped = json.loads(json.dumps(emulator.snapshots.dump(), default=float))
    found = _check(tmp_path, dumped)
    assert [str(one) for one in found.findings if one.severity == "error"] == []
    assert found.objects > 40
    path = tmp_path / "snapshot.yaml"
    path.write_text(yaml.safe_dump(dumped, allow_unicode=True), encoding="utf-8")
    again = check([path])
    assert (again.objects, _serious(again)) == (found.objects, [])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "slug", "if", "rules", "settings", "metadataId", "key", "type"]),
            inner,
        )
    ),
    max_leaves=10,
)
_FAMILIES = ("labels", "sources", "destinations", "filters", "trackingPlans")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(_FAMILIES), st.lists(_JSON, max_size=3) | _JSON))
def test_anything_in_a_snapshot_gets_findings_and_no_crash(
    tmp_path_factory: pytest.TempPathFactory, workspace: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    document = {"format": "segform.snapshot", "version": 1, "workspaces": [workspace]}
    stored = Stored()
    known = Catalog(sources=stored.all("sources"), destinations=stored.all("destinations"))
    found = _check(folder, document, catalog=known)
    for one in found.findings:
        assert one.line >= 1
        assert str(one).isprintable()
