"""`segform test` and `segform report`, in a process without a network."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from click.testing import CliRunner

from segform.cli import group
from tests.report import shop

from .offline import run

FIXTURES: dict[str, Any] = {
    "format": "segform.fixtures",
    "version": 1,
    "source": "web",
    "fixtures": [
        {
            "name": "an order",
            "event": {
                "type": "track",
                "event": "Order Completed",
                "properties": {"order_id": "1", "total": 9.5, "currency": "EUR", "products": []},
            },
            "expect": {
                "plan": "valid",
                "filters": {"Drop internal traffic": False},
                "destinations": {"Amplitude": "arrives"},
            },
        },
        {
            "name": "a test order of the staff",
            "event": {
                "type": "track",
                "event": "Order Completed",
                "context": {"traits": {"email": "ann@shop.example"}},
                "properties": {"order_id": "1", "total": 9.5, "currency": "EUR", "products": []},
            },
            "expect": {"destinations": {"Amplitude": "dropped"}},
        },
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fixtures of the shop, and its plans as terraform prints them."""
    (tmp_path / "events").mkdir()
    text = yaml.safe_dump(FIXTURES, sort_keys=False)
    (tmp_path / "events" / "orders.yaml").write_text(text, encoding="utf-8")
    for name in shop.NAMES:
        (tmp_path / f"{name}.json").write_bytes((shop.DATA / f"{name}.json").read_bytes())
    return tmp_path


def test_fixtures_against_what_a_plan_leads_to(folder: Path) -> None:
    """The same events against the shop as it is made, and as the pull request leaves it."""
    said = run("test", "events", "--against", "shop_new.json", cwd=folder)
    assert "PASS  events/orders.yaml:5 an order" in said
    assert "2 passed" in said
    said = run(
        "test", "events", "--against", "shop_edited.json", "--junit", "r.xml", cwd=folder, code=1
    )
    assert "FAIL  events/orders.yaml:5 an order" in said
    assert "plan: expected valid, found violation (properties.total: Invalid type" in said
    assert "Amplitude: expected arrives, found dropped" in said
    assert "1 passed, 1 failed" in said
    root = ET.fromstring((folder / "r.xml").read_text(encoding="utf-8"))
    assert root.get("failures") == "1"
    found = json.loads(
        run(
            "test",
            "events",
            "--against",
            "shop_edited.json",
            "--format",
            "json",
            cwd=folder,
            code=1,
        )
    )
    assert [one["outcome"] for one in found["results"]] == ["failed", "passed"]


def test_fixtures_beside_a_snapshot(folder: Path) -> None:
    snapshot = {
        "format": "segform.snapshot",
        "version": 1,
        "workspaces": [{"id": "w", "sources": [{"id": "s", "slug": "web", "metadataId": "m"}]}],
    }
    (folder / "events" / "workspace.json").write_text(json.dumps(snapshot))
    said = run("test", "events", "--quiet", cwd=folder, code=1)
    assert "plan: expected valid, found no plan" not in said
    assert "there is no filter 'Drop internal traffic'" in said
    assert "PASS" not in said


def test_nothing_to_test_is_an_error(tmp_path: Path) -> None:
    assert "there are no fixtures" in run("test", cwd=tmp_path, code=1)
    (tmp_path / "f.json").write_text(json.dumps(FIXTURES))
    assert "there is no workspace to test against" in run("test", cwd=tmp_path, code=1)
    (tmp_path / "x.json").write_text("{}")
    said = run("test", "f.json", "--against", "x.json", cwd=tmp_path, code=1)
    assert "neither a plan of segform nor one of terraform" in said


def test_a_report_in_all_forms(folder: Path) -> None:
    text = run("report", "shop_edited.json", "--events", "events", cwd=folder)
    assert text.startswith("5 changes break what is sent today.")
    assert "Of 2 example events, it matched 1 before and matches 0 after." in text
    run("report", "shop_edited.json", "--format", "markdown", "--output", "c.md", cwd=folder)
    assert (folder / "c.md").read_text(encoding="utf-8").startswith("<!-- segform report -->")
    found = json.loads(run("report", "shop_edited.json", "--format", "json", cwd=folder))
    assert found["format"] == "segform.report"
    (folder / "plan").mkdir()
    (folder / "plan" / "refund.yaml").write_text("name: Order Refunded\nowner: refunds\n")
    said = run("report", "shop_edited.json", "--event-files", "plan", cwd=folder)
    assert "[refunds, growth, backend]" in said
    (folder / "plan" / "refund.yaml").write_text("nmae: Order Refunded\n")
    assert "refund.yaml:1:1" in run(
        "report", "shop_edited.json", "--event-files", "plan", cwd=folder, code=1
    )
    run("report", "shop_edited.json", "--exit-code", cwd=folder, code=2)


def test_a_report_from_standard_input(folder: Path) -> None:
    text = (folder / "shop_edited.json").read_text(encoding="utf-8")
    found = CliRunner().invoke(group, ["report", "-", "--format", "markdown"], input=text)
    assert found.exit_code == 0
    assert "**5 changes break what is sent today." in found.output
    assert "hush-" not in found.output


def test_the_guides_fixtures_are_fixtures(tmp_path: Path) -> None:
    """Those of the guide, against the shop as its plan makes it."""
    guide = (shop.ROOT / "docs" / "guides" / "reviewing.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```yaml\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    (tmp_path / "orders.yaml").write_text(block, encoding="utf-8")
    (tmp_path / "plan.json").write_bytes((shop.DATA / "shop_new.json").read_bytes())
    assert "2 passed" in run("test", "orders.yaml", "--against", "plan.json", cwd=tmp_path)


def test_what_is_no_plan_is_said(folder: Path) -> None:
    (folder / "x.json").write_text("{")
    assert "x.json is not JSON" in run("report", "x.json", cwd=folder, code=1)
    assert "cannot be read" in run("report", "none.json", cwd=folder, code=1)
    assert "neither a plan" in run("report", "events/../x2.json", cwd=_with(folder), code=1)


def _with(folder: Path) -> Path:
    (folder / "x2.json").write_text("{}")
    return folder
