"""Owners and destinations that event files name, held against the workspaces beside them."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from segform.catalog import Catalog
from segform.workspace.checking import Checked, check
from segform_emulator.catalog import Catalog as Stored

from .test_checking import AMPLITUDE, JAVASCRIPT, SNAPSHOT, changed


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    stored = Stored()
    return Catalog(sources=stored.all("sources"), destinations=stored.all("destinations"))


def _event(name: str, *destinations: str, owner: str = "growth") -> str:
    return (
        f"name: {name}\ncall: track\ndescription: It happened.\nwhy: Revenue.\nowner: {owner}\n"
        f"destinations: [{', '.join(destinations)}]\n"
        "properties:\n  total: {type: number, description: What is paid.}\n"
    )


def _answers(found: Checked) -> list[tuple[str, str, str]]:
    return [
        (one.file.name, one.severity, one.message) for one in found.findings if one.rule == "answer"
    ]


def test_the_answers_of_event_files_are_held_against_what_is_connected(
    tmp_path: Path, catalog: Catalog
) -> None:
    order = tmp_path / "order.yaml"
    order.write_text(_event("Order Completed", "Amplitude"))
    # Without a workspace there is nothing to hold them against, and that is said.
    alone = check([tmp_path])
    assert _answers(alone) == []
    assert any("destinations" in one for one in alone.notes)
    (tmp_path / "snapshot.json").write_text(json.dumps(SNAPSHOT, indent=1))
    found = check([tmp_path])
    assert _answers(found) == []
    assert not any("destinations" in one for one in found.notes)
    order.write_text(_event("Order Completed", "Amplitud"))
    [wrong, unused] = [one for one in check([tmp_path]).findings if one.rule == "answer"]
    assert (wrong.file.name, wrong.severity, wrong.where) == (
        "order.yaml",
        "warning",
        "acme: TRACK:Order Completed",
    )
    assert wrong.mend == "Did you mean 'Amplitude'?"
    assert (unused.file.name, unused.severity) == ("snapshot.json", "note")
    assert "'Amplitude' is connected, and no event names it" in unused.message
    lines = (tmp_path / "snapshot.json").read_text().splitlines()
    assert '"id": "d1"' in "".join(lines[unused.line - 1 : unused.line + 2])


def test_a_destination_is_known_by_its_name_in_the_catalogue(
    tmp_path: Path, catalog: Catalog
) -> None:
    document = changed("destinations.0.name", "Analysis EU")
    entry = catalog.entry("destination", AMPLITUDE)
    assert entry is not None
    (tmp_path / "order.yaml").write_text(_event("Order Completed", str(entry["name"])))
    (tmp_path / "snapshot.json").write_text(json.dumps(document))
    assert _answers(check([tmp_path], catalog=catalog)) == []
    assert len(_answers(check([tmp_path]))) == 2


def test_only_the_destinations_of_the_plans_own_sources_count(tmp_path: Path) -> None:
    document = copy.deepcopy(SNAPSHOT)
    [workspace] = document["workspaces"]
    workspace["sources"].append({"id": "s2", "slug": "ios", "metadataId": JAVASCRIPT})
    workspace["destinations"].append(
        {"id": "d2", "name": "Braze", "metadataId": AMPLITUDE, "sourceId": "s2"}
    )
    (tmp_path / "snapshot.json").write_text(json.dumps(document))
    (tmp_path / "order.yaml").write_text(_event("Order Completed", "Amplitude", "Braze"))
    [(_, _, message)] = _answers(check([tmp_path]))
    assert message == "the destination 'Braze' is connected to none of the plan's sources"
    # An event that no plan holds yet may come from any source.
    (tmp_path / "order.yaml").write_text(_event("Cart Viewed", "Braze"))
    assert _answers(check([tmp_path])) == []


def test_owners_are_teams_where_teams_are_written_down(tmp_path: Path) -> None:
    (tmp_path / "snapshot.json").write_text(json.dumps(SNAPSHOT))
    order = tmp_path / "order.yaml"
    order.write_text(_event("Order Completed", "Amplitude", owner="grwth"))
    assert _answers(check([tmp_path])) == []
    table = '[tool.segform.owners]\ngrowth = "@acme/growth"\n'
    (tmp_path / "pyproject.toml").write_text(table)
    assert _answers(check([tmp_path])) == [
        ("order.yaml", "warning", "the owner 'grwth' is no team")
    ]
    order.write_text(_event("Order Completed", "Amplitude", owner="'@acme/other'"))
    assert _answers(check([tmp_path])) == []
    (tmp_path / "pyproject.toml").write_text("[tool.segform.owners]\ngrowth = 1\n")
    assert any("growth is 1" in one.message for one in check([tmp_path]).findings)
