"""A folder of Git Sync becomes code with references, and that code plans empty."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from segform.export import export
from segform.workspace import Bindings, files, git_sync
from tests.protocol.shop import SPACE
from tests.provider.official import RESOURCES
from tests.terraform.test_git_sync import Printer, _given
from tests.workspace.conftest import Place
from tests.workspace.exported import as_python
from tests.workspace.shop import shop

HOSTILE = '"}\n${path.module} %{if true} \x1b[31m\u202e<script> `x` **y** | \'\'\' """ \\'
# What Git Sync writes no files for.
WITHOUT = (
    "source_tracking_plan_connection",
    "source_warehouse_connection",
    "insert_function_instance",
    "profiles_warehouse",
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace of all kinds whose people have accepted, and its folder of Git Sync."""
    made = Place(tmp_path / "place")
    wanted = shop(source_name=HOSTILE, filter_title=HOSTILE, space=SPACE)
    engine = made.engine()
    engine.apply(engine.plan(wanted), wanted)
    made.accept("ann@shop.example")
    printer = Printer(3)
    for one in made.engine().observe():
        if one.kind in WITHOUT:
            continue
        given = _given(RESOURCES[f"segment_{one.kind}"], _official(one.values))
        folder = tmp_path / "sync" / f"{one.kind}s"
        folder.mkdir(parents=True, exist_ok=True)
        name = one.id.replace(":", "_").replace("/", "_")
        text = printer.file(f"segment_{one.kind}", one.id, given).replace("%{", "%%{")
        (folder / f"{name}.tf").write_text(text)
    return made


def _official(values: dict[str, Any]) -> dict[str, Any]:
    """Values as the official schema has them: rules are a set."""
    rules = values.get("rules_by_key")
    return values if not rules else {**values, "rules": list(rules.values())}


def test_its_code_plans_empty(place: Place, tmp_path: Path) -> None:
    sync = tmp_path / "sync"
    assert files.is_git_sync(sync)
    snapshot = git_sync.read(sync)
    [workspace] = snapshot["workspaces"]
    assert workspace["sources"][0]["name"] == HOSTILE
    desired = as_python(snapshot, Bindings(), tmp_path / "code")
    there = {one.kind for one in place.engine().observe()} - set(WITHOUT)
    assert {one.kind for one in desired} == there
    engine = place.engine(bindings=tmp_path / "code" / "bindings.json")
    place.sent()
    plan = engine.plan(desired)
    assert [(str(one), one.differences) for one in plan] == []
    assert (plan.problems, plan.adopted) == ([], {})
    assert place.writes() == []


@pytest.mark.parametrize("form", ["hcl", "cdktf", "python"])
def test_it_is_the_code_of_the_workspace_itself(place: Place, tmp_path: Path, form: str) -> None:
    read = git_sync.read(tmp_path / "sync")
    # Its names of people are their addresses, for it has no others.
    kinds = {one.kind for one in place.engine().observe()} - {*WITHOUT, "user", "user_group"}
    ours = export(place.engine().pull(), form, kinds=kinds).files
    theirs = export(read, form, kinds=kinds).files
    assert ours.keys() == theirs.keys()
    for name, text in ours.items():
        if not name.startswith(("NOTES", "bindings")):
            assert theirs[name] == text, name
    if form == "hcl":
        assert "source_id = segment_source.web.id" in theirs["destinations.tf"]


def test_the_command_takes_the_folder(place: Place, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "segform", "export", "sync", "--format", "hcl", "-o", "code"],
        cwd=tmp_path,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "code" / "imports.tf").exists()
    notes = (tmp_path / "code" / "NOTES.md").read_text()
    for kind in WITHOUT:
        words = kind.replace("_", " ")
        assert f"not in the code: every {words}: Git Sync writes none" in done.stderr
        assert f"every {words}: Git Sync writes none".replace("_", "\\_") in notes


# What a team may have added by hand, beside the folders of Git Sync.
TERRAFORM = """
terraform {
  required_providers {
    segment = { source = "segmentio/segment" }
  }
}

provider "segment" {
  token = var.token
}
"""


def _by_hand(place: Place, tmp_path: Path) -> dict[str, Any]:
    """Files of connections and settings, by reference and by value."""
    ids = {
        kind: next(one for one in place.engine().observe() if one.kind == kind).values["id"]
        for kind in ("source", "tracking_plan", "warehouse")
    }
    source = f"segment_source.id-{ids['source']}"
    (tmp_path / "sync" / "main.tf").write_text(TERRAFORM)
    (tmp_path / "sync" / "connections.tf").write_text(
        f"""
resource "segment_source_tracking_plan_connection" "web" {{
  source_id        = {source}.id
  tracking_plan_id = segment_tracking_plan.id-{ids["tracking_plan"]}.id
}}

resource "segment_source_schema_settings" "web" {{
  source_id = {source}.id
  track     = {{ allow_unplanned_events = false }}
}}

resource "segment_destination" "new" {{
  name      = var.name
  source_id = {source}.id
}}

resource "segment_moon" "one" {{
  phase = "full"
}}
"""
    )
    folder = tmp_path / "sync" / "source_warehouse_connections"
    folder.mkdir()
    (folder / "web.tf").write_text(
        f"""
import {{
  id = "{ids["source"]}:{ids["warehouse"]}"
  to = segment_source_warehouse_connection.web
}}

resource "segment_source_warehouse_connection" "web" {{
  source_id    = "{ids["source"]}"
  warehouse_id = "{ids["warehouse"]}"
}}
"""
    )
    return ids


def test_connections_that_were_added_by_hand_are_taken_over(place: Place, tmp_path: Path) -> None:
    ids = _by_hand(place, tmp_path)
    folder = git_sync.folder(tmp_path / "sync")
    [workspace] = folder.snapshot["workspaces"]
    assert workspace["trackingPlans"][0]["sourceIds"] == [ids["source"]]
    assert workspace["warehouses"][0]["sourceIds"] == [ids["source"]]
    settings = workspace["sources"][0]["schemaSettings"]
    assert settings["track"]["allowUnplannedEvents"] is False
    desired = as_python(folder.snapshot, Bindings(), tmp_path / "code")
    kinds = {one.kind for one in desired}
    assert {"source_tracking_plan_connection", "source_warehouse_connection"} <= kinds
    plan = place.engine(bindings=tmp_path / "code" / "bindings.json").plan(desired)
    assert [(str(one), one.differences) for one in plan] == []


def test_what_the_folder_does_not_hold_is_told(place: Place, tmp_path: Path) -> None:
    assert len(git_sync.folder(tmp_path / "sync").lacking) == len(WITHOUT)
    _by_hand(place, tmp_path)
    told = "\n".join(git_sync.folder(tmp_path / "sync").lacking)
    assert "every insert function instance: Git Sync writes none" in told
    assert "connection: Git Sync writes none" not in told
    assert "connections.tf, line 17: there is no kind segment_moon; left out" in told
    assert "connections.tf, line 12: segment_destination.new is left out: var.name refers" in told
    (tmp_path / "sync" / "count.tf").write_text('resource "segment_label" "x" {\n count = 1 + 1\n}')
    told = "\n".join(git_sync.folder(tmp_path / "sync").lacking)
    assert "count.tf is left out: line 2" in told
