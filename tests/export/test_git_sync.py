"""A folder of Git Sync becomes code with references, and that code plans empty."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from segform.export import export
from segform.workspace import Bindings, git_sync
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
    assert git_sync.is_git_sync(sync)
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
