"""`segform check`: forms of output, exit codes, and no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from segform.cli import group
from segform.lifecycle import catalog_cache
from segform_emulator.catalog import Catalog as Stored

from .offline import run

BAD: dict[str, Any] = {
    "format": "segform.snapshot",
    "version": 1,
    "workspaces": [
        {
            "id": "w",
            "slug": "acme",
            "sources": [{"id": "s1", "slug": "web", "metadataId": "IqDTy1TpoU"}],
            "destinations": [
                {
                    "id": "d1",
                    "name": "Am\u001b[2Jplitude",
                    "metadataId": "5f7dd6d21ad74f3842b1fc47",
                    "sourceId": "s1",
                    "settings": {"apiKey": "k", "secretKye": "hush-hush"},
                }
            ],
            "filters": [
                {
                    "id": "f1",
                    "sourceId": "s1",
                    "destinationId": "d1",
                    "title": "No staff",
                    "if": "event = ",
                    "actions": [{"type": "DROP"}],
                    "enabled": True,
                }
            ],
        }
    ],
}
GOOD = {**BAD, "workspaces": [{**BAD["workspaces"][0], "filters": [], "destinations": []}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a snapshot that has mistakes."""
    (tmp_path / "workspace.json").write_text(json.dumps(BAD, indent=2), encoding="utf-8")
    return tmp_path


def _catalog(folder: Path, *, days: int = 0) -> None:
    from datetime import UTC, datetime, timedelta

    from segform.catalog import Catalog

    stored = Stored()
    then = datetime.now(UTC) - timedelta(days=days)
    found = Catalog(destinations=stored.all("destinations"), fetched=then.isoformat())
    catalog_cache.save(found, folder / ".cache" / "segform" / "catalog-api.segmentapis.com.json")


def test_errors_end_with_1_and_the_network_is_not_needed(folder: Path) -> None:
    said = run("check", cwd=folder, code=1)
    assert "workspace.json:33:" in said
    assert "error: destination_filter.No staff: if: FQL, line 1, column 9" in said
    assert "1 error" in said
    assert "3 objects in 1 file\n" in said
    # The alias.
    assert run("validate", ".", cwd=folder, code=1) == said


def test_nothing_wrong_ends_with_0(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    said = run("check", "good.json", cwd=tmp_path)
    assert "nothing found" in said
    assert "no catalogue is at hand" in said


def test_the_cached_catalogue_is_used_offline_and_its_age_told(folder: Path) -> None:
    _catalog(folder)
    said = run("check", cwd=folder, code=1)
    assert "Did you mean 'secretKey'?" in said
    assert "days old" not in said
    assert "hush-hush" not in said
    assert "\x1b" not in said
    _catalog(folder, days=45)
    assert "the catalogue at hand is 45 days old" in run("check", cwd=folder, code=1)


def test_warnings_count_with_strict(tmp_path: Path) -> None:
    _catalog(tmp_path)
    document = {**BAD, "workspaces": [{**BAD["workspaces"][0], "filters": []}]}
    (tmp_path / "w.json").write_text(json.dumps(document))
    run("check", "w.json", cwd=tmp_path)
    run("check", "w.json", "--strict", cwd=tmp_path, code=1)


def test_json_and_sarif(folder: Path) -> None:
    found = json.loads(run("check", "--format", "json", cwd=folder, code=1))
    assert (found["format"], found["version"]) == ("segform.findings", 1)
    [one] = found["findings"]
    assert {"file", "line", "column", "severity", "rule", "where", "message", "mend"} == set(one)

    run("check", "--format", "sarif", "--output", "found.sarif", cwd=folder, code=1)
    sarif = json.loads((folder / "found.sarif").read_text())
    [result] = sarif["runs"][0]["results"]
    assert (sarif["version"], result["level"]) == ("2.1.0", "error")
    rules = sarif["runs"][0]["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    [location] = result["locations"]
    region = location["physicalLocation"]["region"]
    assert region["startLine"] == one["line"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "workspace.json"
    # Notes are no results.
    [invocation] = sarif["runs"][0]["invocations"]
    assert "no catalogue" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_catalogue_from_a_file_and_one_that_is_none(folder: Path) -> None:
    stored = Stored()
    path = folder / "mine.txt"
    path.write_text(json.dumps({"destinations": stored.all("destinations")}))
    assert "secretKey" in run("check", "--catalog", path, cwd=folder, code=1)
    path.write_text("{}")
    assert "is no catalogue" in run("check", "--catalog", path, cwd=folder, code=1)


def test_refresh_without_a_network_is_an_error_and_check_without_it_is_not(folder: Path) -> None:
    """Asked for by name, the catalogue is an error where it cannot be had."""
    result = CliRunner().invoke(
        group,
        ["check", str(folder / "workspace.json"), "--refresh"],
        env={
            "SEGMENT_API_URL": "http://127.0.0.1:9",
            "SEGMENT_API_TOKEN": "t",
            "XDG_CACHE_HOME": str(folder / ".cache"),
        },
    )
    assert result.exit_code == 1
    assert "the catalogue could not be fetched" in result.output


def test_wrong_arguments_end_with_1(tmp_path: Path) -> None:
    assert "no such option" in run("check", "--nope", cwd=tmp_path, code=1).lower()
    assert "does not exist" in run("check", "none.json", cwd=tmp_path, code=1)
