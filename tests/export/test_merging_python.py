"""An export into Python that people work in: new objects are added, no file is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from segform.export import Edited, export, merge, write
from segform.workspace import Bindings, Desired
from segform_cdktf.run import node
from tests.workspace.conftest import Place
from tests.workspace.exported import declared
from tests.workspace.shop import shop

from .test_merging import _more, _there, merged_by_command

NEW = {
    "source.app",
    "destination.app_hook",
    "destination.hook_2",
    # Warehouses load new sources by themselves.
    "source_warehouse_connection.app_main",
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace of all kinds."""
    made = Place(tmp_path / "place")
    wanted = shop()
    engine = made.engine()
    engine.apply(engine.plan(wanted), wanted)
    made.accept("ann@shop.example")
    return made


def exported(place: Place, folder: Path, form: str, **options: Any) -> Path:
    """The workspace as code."""
    made = export(place.engine().pull(), form, **options)
    write(made.files, folder, made.objects)
    return folder


def plans_empty(place: Place, folder: Path) -> Desired:
    """The code declares what there is, and its bindings know all of it."""
    wanted = declared(folder)
    engine = place.engine(bindings=folder / "bindings.json")
    plan = engine.plan(wanted)
    assert [(str(one), one.differences) for one in plan] == []
    assert (plan.problems, plan.adopted) == ([], {})
    return wanted


def unchanged(folder: Path, before: dict[str, bytes], *more: str) -> dict[str, str]:
    """Nothing that was there was touched; the texts of what was added."""
    after = _there(folder)
    there = {name: one for name, one in before.items() if name not in more and "pyc" not in name}
    assert {name: after[name] for name in there} == there
    return {n: d.decode() for n, d in after.items() if n not in before and "pyc" not in n}


def synth(folder: Path) -> dict[str, Any]:
    """The configuration that the app writes."""
    found = node()
    subprocess.run(
        [sys.executable, "main.py"],
        cwd=folder,
        env={**os.environ, **({"JSII_NODE": str(found)} if found else {})},
        check=True,
        timeout=60,
    )
    [stack] = (folder / "cdktf.out" / "stacks").iterdir()
    made: dict[str, Any] = json.loads((stack / "cdk.tf.json").read_text())
    return made


@pytest.mark.parametrize("by", [None, "environment"])
def test_new_modules_are_added_and_nothing_is_touched(
    place: Place, tmp_path: Path, by: str | None
) -> None:
    folder = exported(place, tmp_path / "code", "python", by=by)
    name = "team_prod.py" if by else "sources.py"
    (folder / name).write_text("# ours\n" + (folder / name).read_text())
    old = len(plans_empty(place, folder))
    before = _there(folder)
    _more(place)
    merged = merge(place.engine().pull(), folder, "python", by=by)
    added = unchanged(folder, before, "bindings.json")
    assert set(merged.exported.objects) == NEW
    assert merged.not_done == [f"{name} was edited since it was written: left as it is"]
    assert {"added_1.py", "added_1_NOTES.md", "added_1_sources.py"} <= set(added)
    assert len(plans_empty(place, folder)) == old + len(NEW)
    # New ones refer to old ones by their names in the code that exists.
    home = "team_prod.source_web" if by else "sources.web"
    destinations = added.get("added_1_destinations.py", "") + added.get("added_1_team_prod.py", "")
    assert f"source_id={home}," in destinations
    assert "source_id=added_1_sources.app," in destinations
    # Once more: there is nothing to add.
    now = _there(folder)
    again = merge(place.engine().pull(), folder, "python", by=by)
    assert (again.added, again.exported.objects) == ([], {})
    assert unchanged(folder, now) == {}


def test_a_second_addition_refers_to_the_first(place: Place, tmp_path: Path) -> None:
    folder = exported(place, tmp_path / "code", "python")
    _more(place)
    merge(place.engine().pull(), folder, "python")
    app = next(one["id"] for one in place.held()["sources"] if one["slug"] == "app")
    body = {"name": "Late", "sourceId": app, "enabled": True, "if": 'event = "a"'}
    place.client.request("createTransformation", body={**body, "newEventName": "b"})
    before = _there(folder)
    merged = merge(place.engine().pull(), folder, "python")
    assert set(merged.exported.objects) == {"transformation.late"}
    added = unchanged(folder, before, "bindings.json")
    assert "source_id=added_1_sources.app" in added["added_2_transformations.py"]
    plans_empty(place, folder)


def test_what_was_moved_renamed_removed_or_deleted_is_told(place: Place, tmp_path: Path) -> None:
    folder = exported(place, tmp_path / "code", "python")
    # A source under another name in a module of its own, and all that refers to it.
    (folder / "site.py").write_text((folder / "sources.py").read_text().replace("web =", "main ="))
    (folder / "sources.py").unlink()
    for path in folder.glob("*.py"):
        code = path.read_text().replace("import sources", "import site_ as site")
        code = code.replace("sources.web", "site.main").replace("    sources,\n", "    site,\n")
        path.write_text(code)
    (folder / "site.py").rename(folder / "site_.py")
    bindings = Bindings(folder / "bindings.json")
    bindings.workspace = bindings.workspace_of()
    bindings.rename("source.web", "source.main")
    bindings.save()
    # And a transformation that nobody wants any more.
    (folder / "transformations.py").write_text('"""None."""\n')
    [one] = place.held()["filters"]
    ids = {"destinationId": one["destinationId"], "filterId": one["id"]}
    place.client.request("removeFilterFromDestination", path=ids)
    _more(place)
    before = _there(folder)
    merged = merge(place.engine().pull(), folder, "python")
    added = unchanged(folder, before, "bindings.json")
    assert set(merged.exported.objects) == NEW
    assert "source_id=site_.main," in added["added_1_destinations.py"]
    told = "\n".join(merged.not_done)
    assert "transformation.tidy was exported before and is no longer in the code" in told
    assert "destination_filters.py: destination_filter.no_pages is not in the workspace" in told
    assert "transformations.py was edited" in told
    assert "bindings.json" not in told


def test_what_cannot_be_referred_to_is_its_id(place: Place, tmp_path: Path) -> None:
    """An object that code computes is not seen by its syntax, and is not added again."""
    folder = exported(place, tmp_path / "code", "python")
    sources = folder / "sources.py"
    sources.write_text(sources.read_text().replace("web = Source(", "web, _ = pair = Source(") + "")
    body = sources.read_text().replace("web, _ = pair = Source(", "globals()['web'] = Source(")
    sources.write_text(body)
    plans_empty(place, folder)
    _more(place)
    merged = merge(place.engine().pull(), folder, "python")
    assert "source.web was exported before" in "\n".join(merged.not_done)
    assert set(merged.exported.objects) == NEW
    web = next(one["id"] for one in place.held()["sources"] if one["slug"] == "web")
    assert f'source_id="{web}",' in (folder / "added_1_destinations.py").read_text()
    plans_empty(place, folder)


def test_a_module_may_have_the_name_of_a_new_object(place: Place, tmp_path: Path) -> None:
    folder = exported(place, tmp_path / "code", "python")
    (folder / "sources.py").rename(folder / "app_hook.py")
    for path in folder.glob("*.py"):
        path.write_text(path.read_text().replace("import sources", "import app_hook as sources"))
    old = next(one["id"] for one in place.held()["sources"])
    for name in ("App hook", "Other"):
        body = {"sourceId": old, "metadataId": "614a3c7d791c91c41bae7599", "name": name}
        place.client.request("createDestination", body={**body, "enabled": True, "settings": {}})
    merge(place.engine().pull(), folder, "python")
    added = (folder / "added_1_destinations.py").read_text()
    assert "import app_hook as app_hook_module\n" in added
    assert added.count("source_id=app_hook_module.web") == 2
    plans_empty(place, folder)


def test_a_main_of_ones_own_is_told_what_to_load(place: Place, tmp_path: Path) -> None:
    folder = exported(place, tmp_path / "code", "python")
    main = folder / "main.py"
    main.write_text(main.read_text().replace('"added_*.py"', '"nothing"'))
    _more(place)
    merged = merge(place.engine().pull(), folder, "python")
    told = "\n".join(merged.not_done)
    assert "nothing here looks for added modules yet: import added_1, and declare what" in told


@pytest.mark.parametrize("form", ["python", "cdktf"])
def test_what_is_no_code_stops_all_of_it(place: Place, tmp_path: Path, form: str) -> None:
    folder = exported(place, tmp_path / "code", form)
    _more(place)
    now = place.engine().pull()
    sources = folder / "sources.py"
    whole = sources.read_text()
    sources.write_text(whole + "\nweb = (\n")
    before = _there(folder)
    with pytest.raises(ValueError, match=r"sources\.py, line \d+: it is no Python"):
        merge(now, folder, form)
    sources.write_text(whole)
    (folder / "added_1_destinations.py").write_text("# theirs\n")
    before = _there(folder)
    # Ours take another number.
    merged = merge(now, folder, form)
    assert "added_2.py" in {path.name for path in merged.added}
    unchanged(folder, before, "bindings.json")


def test_bindings_of_another_workspace_stop_all_of_it(place: Place, tmp_path: Path) -> None:
    folder = exported(place, tmp_path / "code", "python")
    _more(place)
    now = place.engine().pull()
    now["workspaces"][0]["id"] = "another"
    before = _there(folder)
    with pytest.raises(ValueError, match="belongs to the workspace"):
        merge(now, folder, "python")
    assert _there(folder) == before


@pytest.mark.parametrize("form", ["python", "cdktf"])
def test_an_empty_folder_gets_everything(place: Place, tmp_path: Path, form: str) -> None:
    merged = merge(place.engine().pull(), tmp_path / "new", form)
    assert merged.not_done == []
    assert (tmp_path / "new" / "main.py").exists()
    (tmp_path / "new" / "sources.py").write_text("# theirs\n")
    (tmp_path / "new" / "main.py").unlink()
    for path in (tmp_path / "new").glob("*.py"):
        path.unlink()
    (tmp_path / "new" / "NOTES.md").write_text("theirs")
    with pytest.raises(Edited, match=r"NOTES\.md"):
        merge(place.engine().pull(), tmp_path / "new", form)


def test_constructs_are_added_to_an_app(place: Place, tmp_path: Path) -> None:
    folder = exported(place, tmp_path / "code", "cdktf")
    first = synth(folder)
    # Another attribute and another name in Terraform, and all that refers to it.
    for path in (*folder.glob("*.py"), folder / "imports.json"):
        text = (
            path.read_text()
            .replace("sources.web.", "sources.site.")
            .replace("self.web =", "self.site =")
        )
        path.write_text(text.replace('"source_web"', '"the_site"'))
    before = _there(folder)
    _more(place)
    merged = merge(place.engine().pull(), folder, "cdktf")
    assert set(merged.exported.objects) == NEW
    added = unchanged(folder, {n: d for n, d in before.items() if "cdktf.out" not in n})
    assert "source_id=stack.sources.site.id," in added["added_1_destinations.py"]
    assert "source_id=stack.added_1_sources.app.id," in added["added_1_destinations.py"]
    assert not [one for one in merged.not_done if "no longer" in one or "not in" in one]
    second = synth(folder)
    resources = {kind: set(held) for kind, held in second["resource"].items()}
    for kind, held in first["resource"].items():
        gone = set(held) - resources[kind]
        assert gone == ({"source_web"} if kind == "segment_source" else set())
    assert resources["segment_source"] == {"the_site", "source_app"}
    hooks = second["resource"]["segment_destination"]
    assert hooks["destination_hook_2"]["source_id"] == "${segment_source.the_site.id}"
    assert hooks["destination_app_hook"]["source_id"] == "${segment_source.source_app.id}"
    imports = {one["to"] for one in second["import"]}
    every = {f"{kind}.{name}" for kind, held in second["resource"].items() for name in held}
    assert imports == every
    again = merge(place.engine().pull(), folder, "cdktf")
    assert (again.added, again.exported.objects) == ([], {})


def test_an_app_that_looks_for_nothing_is_told(place: Place, tmp_path: Path) -> None:
    folder = exported(place, tmp_path / "code", "cdktf")
    main = folder / "main.py"
    main.write_text(main.read_text().replace("        self._add()\n", "").replace("added_*", "x"))
    _more(place)
    told = "\n".join(merge(place.engine().pull(), folder, "cdktf").not_done)
    assert "import added_1, and call `added_1.add(self)` before `self._take_over()`" in told


def test_events_of_a_new_plan_are_files_too(place: Place, tmp_path: Path) -> None:
    folder = exported(place, tmp_path / "code", "python", events=True)
    made = place.client.request("createTrackingPlan", body={"name": "New", "type": "LIVE"})
    rule = {"type": "TRACK", "key": "Paid", "version": 1, "jsonSchema": {"type": "object"}}
    path = {"trackingPlanId": made["trackingPlan"]["id"]}
    place.client.request("updateRulesInTrackingPlan", path=path, body={"rules": [rule]})
    before = _there(folder)
    merge(place.engine().pull(), folder, "python", events=True)
    added = unchanged(folder, before, "bindings.json")
    assert "events/new/paid.yaml" in added
    assert 'reading.events("events/new")' in added["added_1_tracking_plans.py"]
    plans_empty(place, folder)


@pytest.mark.parametrize("form", ["python", "cdktf"])
def test_the_command_adds_to_python(place: Place, tmp_path: Path, form: str) -> None:
    exported(place, tmp_path / "code", form)
    _more(place)
    done = merged_by_command(place, tmp_path, form)
    assert done.returncode == 0, done.stderr
    assert "code: 4 objects added" in done.stderr
    assert "2 secrets to fill in" in done.stderr
    assert (tmp_path / "code" / "added_1.py").exists()


# The formatter is for development; the oldest set lacks it.
@pytest.mark.skipif(util.find_spec("ruff") is None, reason="no ruff in this environment")
@pytest.mark.parametrize("form", ["python", "cdktf"])
def test_code_is_as_formatters_want_it(place: Place, tmp_path: Path, form: str) -> None:
    folder = exported(place, tmp_path / "code", form)
    _more(place)
    merge(place.engine().pull(), folder, form)
    for command in (["check", "--select", "E4,E7,E9,F,I"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length", "100", "."],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
