"""An export into code that people work in: new objects are added, no file is touched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from segform.export import Edited, export, merge, write
from segform.workspace.snapshot import text
from tests.workspace.conftest import Place
from tests.workspace.shop import WEB, WEBHOOK, shop


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace whose code is in `code`, exported and then edited."""
    made = Place(tmp_path / "place")
    wanted = shop()
    engine = made.engine()
    engine.apply(engine.plan(wanted), wanted)
    made.accept("ann@shop.example")
    exported = export(made.engine().pull(), "hcl")
    write(exported.files, tmp_path / "code", exported.objects)
    sources = tmp_path / "code" / "sources.tf"
    sources.write_text("# ours\n" + sources.read_text())
    return made


def _more(place: Place) -> None:
    """A source, a destination below it and one below the old source."""
    body = {"slug": "app", "enabled": True, "metadataId": WEB}
    new = place.client.request("createSource", body=body)["source"]["id"]
    old = place.held()["sources"][0]["id"]
    for source, name in ((new, "App hook"), (old, "Hook")):
        body = {"sourceId": source, "metadataId": WEBHOOK, "name": name, "enabled": True}
        place.client.request("createDestination", body={**body, "settings": {"sharedSecret": "s"}})


def _there(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".segform-export.json"
    }


def test_new_objects_are_added_and_nothing_is_touched(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "code"
    before = _there(folder)
    _more(place)
    merged = merge(place.engine().pull(), folder)
    after = _there(folder)
    assert {name: after[name] for name in before} == before
    assert set(merged.exported.objects) == {
        "source.app",
        "destination.app_hook",
        "destination.hook_2",
        # Warehouses load new sources by themselves.
        "source_warehouse_connection.app_main",
    }
    added = {name: data.decode() for name, data in after.items() if name not in before}
    assert {name for name in added if name.endswith(".tf")} == {
        "added_1_sources.tf",
        "added_1_destinations.tf",
        "added_1_source_warehouse_connections.tf",
        "added_1_imports.tf",
        "added_1_variables.tf",
    }
    # New ones refer to old ones by their names in the code that exists.
    assert "source_id = segment_source.web.id" in added["added_1_destinations.tf"]
    assert "source_id = segment_source.app.id" in added["added_1_destinations.tf"]
    assert added["added_1_imports.tf"].count("import {") == 4
    assert 'variable "hook_2_shared_secret"' in added["added_1_variables.tf"]
    assert merged.not_done == ["sources.tf was edited since it was written: left as it is"]
    # Once more: there is nothing to add.
    again = merge(place.engine().pull(), folder)
    assert (again.added, again.exported.objects) == ([], {})
    assert _there(folder) == after


def test_what_was_renamed_removed_or_deleted_is_told(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "code"
    for path in folder.glob("*.tf"):
        renamed = path.read_text().replace("segment_source.web", "segment_source.The-Site")
        path.write_text(renamed.replace('"segment_source" "web"', '"segment_source" "The-Site"'))
    (folder / "transformations.tf").unlink()
    [one] = place.held()["filters"]
    ids = {"destinationId": one["destinationId"], "filterId": one["id"]}
    place.client.request("removeFilterFromDestination", path=ids)
    _more(place)
    merged = merge(place.engine().pull(), folder)
    added = (folder / "added_1_destinations.tf").read_text()
    assert "source_id = segment_source.The-Site.id" in added
    assert "transformation.tidy" not in merged.exported.objects
    told = "\n".join(merged.not_done)
    assert "segment_transformation.tidy was exported before and is no longer in the code" in told
    assert "destination_filters.tf: segment_destination_filter.no_pages is not in" in told
    assert "transformations.tf was edited" in told


def test_code_that_no_export_wrote_is_known_by_its_import_blocks(
    place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    source = place.held()["sources"][0]["id"]
    mine = (
        f'import {{\n  id = "{source}"\n  to = segment_source.id-{source}\n}}\n\n'
        f'resource "segment_source" "id-{source}" {{\n  slug = var.slug\n}}\n'
    )
    (folder / "main.tf").write_text(mine)
    merged = merge(place.engine().pull(), folder)
    assert (folder / "main.tf").read_text() == mine
    assert not [address for address in merged.exported.objects if address.startswith("source.")]
    destinations = (folder / "added_1_destinations.tf").read_text()
    assert f"source_id = segment_source.id-{source}.id" in destinations
    assert not (folder / "terraform.tf").exists()


def test_an_empty_folder_gets_everything(place: Place, tmp_path: Path) -> None:
    merged = merge(place.engine().pull(), tmp_path / "new")
    assert (tmp_path / "new" / "terraform.tf").exists()
    assert merged.not_done == []


def test_a_file_in_the_way_stops_all_of_it(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "code"
    code: dict[str, Any] = {
        "code": "async function onTrack(event) {}",
        "displayName": "New one",
        "resourceType": "DESTINATION",
        "settings": [],
    }
    place.client.request("createFunction", body=code)
    name = "functions/new_one_acme.js"
    (folder / name).write_text("theirs")
    before = _there(folder)
    with pytest.raises(Edited, match="functions/"):
        merge(place.engine().pull(), folder)
    assert _there(folder) == before


def merged_by_command(place: Place, folder: Path, form: str) -> subprocess.CompletedProcess[str]:
    """`segform export --merge` of what is there into the folder's `code`."""
    (folder / "now.json").write_text(text(place.engine().pull()))
    arguments = ["export", "now.json", "--format", form, "-o", "code", "--merge"]
    return subprocess.run(
        [sys.executable, "-m", "segform", *arguments],
        cwd=folder,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_says_what_it_did_not_do(place: Place, tmp_path: Path) -> None:
    _more(place)
    done = merged_by_command(place, tmp_path, "hcl")
    assert done.returncode == 0, done.stderr
    assert "code: 4 objects added, in 6 files" in done.stderr
    assert "2 secrets to fill in" in done.stderr
    assert "not done: sources.tf was edited since it was written" in done.stderr
