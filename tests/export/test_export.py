"""What an export looks like: names, references, secrets, hostile texts, sizes, notes."""

from __future__ import annotations

import ast
import copy
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform.export import FORMATS, Exported, export
from segform.export.model import identifier, of_snapshot
from segform.export.printing import Printer
from tests.protocol.shop import SPACE
from tests.workspace.conftest import Place
from tests.workspace.shop import shop

HOSTILE = '"}\n${path.module} %{if true} \x1b[31m\u202e<script> `x` **y** | \'\'\' """ \\'
FORMS = pytest.mark.parametrize("form", FORMATS)


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A pulled workspace of all kinds, one invitation still open."""
    place = Place(tmp_path_factory.mktemp("shop"))
    wanted = shop(source_name=HOSTILE, plan_description=HOSTILE, space=SPACE)
    engine = place.engine()
    engine.apply(engine.plan(wanted), wanted)
    return place.engine().pull()


@pytest.fixture
def snapshot(pulled: dict[str, Any]) -> dict[str, Any]:
    """The same, for one test to change."""
    return copy.deepcopy(pulled)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A pulled workspace of many objects."""
    place = Place(tmp_path_factory.mktemp("large"))
    sizes = {"sources": 150, "destinations": 400, "filters": 60, "plans": 5, "rules": 40}
    transport = place.emulator.transport()
    with httpx.Client(base_url="https://emulator.example", transport=transport) as wire:
        wire.post("/_emulator/seed", params=sizes).raise_for_status()
    return place.engine().pull()


def code(exported: Exported) -> str:
    """All that would be written, but notes, imports and bindings."""
    return "".join(
        text
        for name, text in exported.files.items()
        if not name.startswith(("NOTES", "imports", "bindings"))
    )


@FORMS
def test_objects_refer_to_each_other_and_nothing_to_an_id(
    snapshot: dict[str, Any], form: str
) -> None:
    exported = export(snapshot, form)
    workspace = snapshot["workspaces"][0]
    ids = {
        one["id"]
        for family in ("sources", "destinations", "trackingPlans", "warehouses", "functions")
        for one in workspace[family]
    }
    assert ids
    assert not [one for one in ids if one in code(exported)]
    assert workspace["id"] not in code(exported)


@FORMS
def test_it_is_the_same_every_time(snapshot: dict[str, Any], form: str) -> None:
    shuffled = json.loads(json.dumps(snapshot, default=str))
    assert export(shuffled, form) == export(snapshot, form)


@FORMS
def test_a_secret_is_a_variable_and_in_the_list(snapshot: dict[str, Any], form: str) -> None:
    found = snapshot["workspaces"][0]
    # What the API shows in clear, and by its name should not be in a file.
    found["destinations"][0]["settings"]["apiKey"] = "hush-in-clear"
    exported = export(snapshot, form)
    assert set(exported.secrets) == {
        "hook_shared_secret",
        "hook_api_key",
        "main_password",
        "people_password",
    }
    assert "hush" not in "".join(exported.files.values())
    assert "`hook_api_key`: destination.hook: settings.apiKey" in exported.files["NOTES.md"]


@FORMS
def test_an_open_invitation_is_told_not_written(snapshot: dict[str, Any], form: str) -> None:
    exported = export(snapshot, form)
    [said] = exported.left_out
    assert "user ann@shop.example: the API does not show its permissions" in said
    assert "ann@shop.example" in exported.files["NOTES.md"].replace("\\", "")
    assert any("ann@shop.example" in one for one in exported.clicks)


@FORMS
def test_hostile_texts_stay_texts(snapshot: dict[str, Any], form: str) -> None:
    workspace = snapshot["workspaces"][0]
    workspace["users"].append({"id": "u", "email": HOSTILE, "permissions": None})
    exported = export(snapshot, form)
    for name, text in exported.files.items():
        assert all(char.isprintable() or char == "\n" for char in text), name
        if name.endswith(".py"):
            tree = ast.parse(text)
            if name == "sources.py" and form == "python":
                texts = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant)]
                assert HOSTILE in texts
    if form == "hcl":
        assert "$${path.module} %%{if true}" in exported.files["sources.tf"]
    assert "<script>" not in exported.files["NOTES.md"].replace("\\<", "")


def test_names_are_identifiers_and_never_clash() -> None:
    wanted = {"format": "segform.snapshot", "version": 1}
    names = ["web", "Web!", "w-e-b", "7 up", "!", "class", "сайт", "sources", "reading"]
    sources = [
        {"id": f"id{at}", "slug": name, "enabled": True, "metadataId": "IqDTy1TpoU", "settings": {}}
        for at, name in enumerate(names)
    ]
    model = of_snapshot({**wanted, "workspaces": [{"id": "w", "sources": sources}]})
    made = [item.name for item in model.items]
    assert len(set(made)) == len(names)
    assert all(name.isidentifier() and name.isascii() for name in made)
    assert {"web", "source_7_up", "class_", "sources_", "reading_"} <= set(made)
    assert identifier("team_x", "label") == "team_x_"


@pytest.mark.parametrize("by", [None, "environment"])
@FORMS
def test_many_objects_make_few_short_files(
    large: dict[str, Any], form: str, by: str | None
) -> None:
    exported = export(large, form, by=by)
    assert any(name.startswith("team_") for name in exported.files) is (by is not None)
    # The engine reads its bindings as one file.
    lines = {
        name: text.count("\n") for name, text in exported.files.items() if name != "bindings.json"
    }
    assert sum(lines.values()) > 3000
    assert len(exported.files) <= 60, sorted(exported.files)
    assert {name: count for name, count in lines.items() if count > 500} == {}


def test_long_rules_stand_in_files_of_their_own(snapshot: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": {f"p{at}": {"type": "string"} for at in range(30)}}
    snapshot["workspaces"][0]["trackingPlans"][0]["rules"] = [
        {"type": "TRACK", "key": f"Event {at} ${{x}}", "version": 1, "jsonSchema": schema}
        for at in range(40)
    ]
    exported = export(snapshot, "hcl")
    names = [name for name in exported.files if name.startswith("tracking_plans/")]
    found: dict[str, Any] = {}
    for name in names:
        found |= json.loads(exported.files[name])
    assert len(names) > 1
    assert found == {f"TRACK:Event {at} ${{x}}": schema for at in range(40)}


def test_numbers_that_no_language_keeps_stay_json(snapshot: dict[str, Any]) -> None:
    snapshot["workspaces"][0]["sources"][0]["settings"] = {"big": 12345678901234567890123}
    text = export(snapshot, "hcl").files["sources.tf"]
    assert 'settings = "{\\"big\\":12345678901234567890123}"' in text


def test_json_is_json() -> None:
    value = {"a": ["\u202e\x00\ud800😀", 1, None, True], "b": {"c" * 90: {"d": "e" * 90}}}
    assert json.loads(Printer().text(value)) == value


def test_a_wrong_format_is_said(snapshot: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="'yaml' is none of hcl, cdktf, python"):
        export(snapshot, "yaml")


def test_a_text_that_the_cdk_would_resolve_is_refused(snapshot: dict[str, Any]) -> None:
    snapshot["workspaces"][0]["sources"][0]["name"] = "${TfToken[TOKEN.0]}"
    with pytest.raises(ValueError, match="token of its own"):
        export(snapshot, "cdktf")


def test_every_file_is_utf8(snapshot: dict[str, Any], tmp_path: Path) -> None:
    snapshot["workspaces"][0]["sources"][0]["name"] = "half \ud800"
    for form in FORMATS:
        for text in export(snapshot, form).files.values():
            text.encode()


@FORMS
def test_one_kind_at_a_time(snapshot: dict[str, Any], form: str) -> None:
    exported = export(snapshot, form, kinds=["destination"])
    source = snapshot["workspaces"][0]["sources"][0]["id"]
    [name] = [name for name in exported.files if name.startswith("destinations.")]
    assert source in exported.files[name]
    assert not [name for name in exported.files if name.startswith("sources")]
    with pytest.raises(ValueError, match="no kind 'destinations'"):
        export(snapshot, form, kinds=["destinations"])


def test_event_files_hold_every_rule_or_none_is_used(snapshot: dict[str, Any]) -> None:
    plan = snapshot["workspaces"][0]["trackingPlans"][0]
    schema = {"type": "object", "properties": {"properties": {"type": "object"}}}
    plan["rules"] = [
        {"type": "TRACK", "key": name, "version": version, "jsonSchema": schema}
        for name, version in (("Order Done", 1), ("order done", 1), ("Order Done", 2))
    ]
    exported = export(snapshot, "python", events=True)
    names = [name for name in exported.files if name.startswith("events/")]
    assert len(names) == 3
    assert 'rules_by_key=reading.events("events/shop")' in exported.files["tracking_plans.py"]
    with pytest.raises(ValueError, match="reads no event files"):
        export(snapshot, "hcl", events=True)


@pytest.mark.parametrize("form", ["hcl", "cdktf", "python"])
def test_what_no_plan_would_take_is_left_out_and_told(form: str) -> None:
    """A workspace holds what the API never refused; it must not hinder all the rest."""
    source = {
        "id": "s1",
        "slug": "web",
        "enabled": True,
        "metadataId": "IqDTy1TpoU",
        "settings": {},
    }
    groups = [{"id": "g1", "name": "Nobody <b>may</b>", "memberCount": 0, "permissions": []}]
    workspace = {"id": "w", "sources": [source], "groups": groups}
    found = export({"format": "segform.snapshot", "version": 1, "workspaces": [workspace]}, form)
    assert list(found.objects) == ["source.web"]
    [told] = found.left_out
    assert told.startswith(
        "user_group Nobody <b>may</b>: no plan would take it as it is: permissions"
    )
    assert "Mend it in Segment's app, then export again." in told
    assert "no plan would take it" in found.files["NOTES.md"]
    assert "<b>" not in found.files["NOTES.md"].replace("\\<", "")
