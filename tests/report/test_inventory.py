"""A workspace in words, from a snapshot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segform.report.inventory import inventory, shown
from segform_emulator import Emulator
from tests.cli.offline import run

NASTY = "web](http://x) <b>\x1b[2J ${y}"


def snapshot(**more: Any) -> dict[str, Any]:
    world = {
        "id": "w1",
        "slug": "acme",
        "name": "Acme",
        "sources": [
            {
                "id": "s1",
                "name": "Web",
                "enabled": True,
                "labels": [{"key": "owner", "value": "a"}],
                "schemaSettings": {"track": {"allowUnplannedEvents": False}},
            },
            {"id": "s2", "name": NASTY, "enabled": False},
        ],
        "destinations": [
            {"id": "d1", "name": "Hook", "enabled": False, "sourceId": "s1", "settings": {"k": "v"}}
        ],
        "filters": [{"id": "f1", "title": "No staff", "enabled": False}],
        "trackingPlans": [
            {"id": "tp_1", "name": "Shop", "sourceIds": ["s1"]},
            {"id": "tp_2", "name": "Old", "sourceIds": []},
        ],
        "warehouses": [{"id": "w", "settings": {"name": "Main"}, "sourceIds": ["s1"]}],
    }
    return {"format": "segform.snapshot", "version": 1, "workspaces": [{**world, **more}]}


def test_what_there_is_and_where_events_go() -> None:
    text = shown(inventory(snapshot()))
    assert text.startswith("Acme (acme)\n\n2 sources, 1 destination, ")
    assert "  Web, plan Shop -> Hook (off), warehouse Main\n" in text
    for words in (
        "sources that are off (1): ",
        "sources without a tracking plan (1): ",
        "sources that block what their plan does not allow (1): Web",
        "destinations that are off (1): Hook",
        "filters that are off, so that everything passes (1): No staff",
        "tracking plans without a source (1): Old",
    ):
        assert words in text


def test_names_are_text_and_settings_are_not_shown() -> None:
    found = inventory(snapshot())
    for form in ("text", "markdown"):
        text = shown(found, form)
        assert "\x1b" not in text
        assert '"v"' not in text
    assert "](http" not in shown(found, "markdown")
    assert "<b>" not in shown(found, "markdown")
    assert json.loads(shown(found, "json"))["counts"]["source"] == 2


def test_many_sources_are_counted() -> None:
    many = [{"id": f"s{n}", "name": f"S{n}"} for n in range(1000)]
    text = shown(inventory(snapshot(sources=many)))
    assert "… and 800 more sources" in text
    assert len(text.splitlines()) < 230


@pytest.mark.parametrize("workspaces", [[], [{}, {}], ["x"], None])
def test_one_workspace_is_wanted(workspaces: Any) -> None:
    with pytest.raises(ValueError, match="one workspace"):
        inventory({"format": "segform.snapshot", "workspaces": workspaces})


def test_by_the_command_with_the_network_shut(tmp_path: Path) -> None:
    emulator = Emulator()
    emulator.seed(sources=3, destinations=4, plans=1, rules=2)
    held = emulator.dump()
    held["workspaces"] = held["workspaces"][:1]
    (tmp_path / "a.json").write_text(json.dumps(held))
    said = run("report", "a.json", cwd=tmp_path)
    assert "3 sources, 4 destinations" in said
    assert json.loads(run("report", "a.json", "--format", "json", cwd=tmp_path))["flows"]
    (tmp_path / "b.json").write_text(
        '{"format": "segform.snapshot", "version": 1, "workspaces": []}'
    )
    assert "one workspace" in run("report", "b.json", cwd=tmp_path, code=1)


class _Counted(dict[str, Any]):
    """An object that counts how often it is looked into."""

    looks = 0

    def get(self, key: str, default: Any = None) -> Any:
        _Counted.looks += 1
        return super().get(key, default)


def _looks(size: int) -> int:
    sources = [_Counted(id=f"s{number}", slug=f"s{number}") for number in range(size)]
    below = [_Counted(id=f"d{n}", sourceId=f"s{n % size}", name=f"d{n}") for n in range(4 * size)]
    stores = [_Counted(id=f"w{number}", sourceIds=[f"s{number}"]) for number in range(size)]
    world = {"slug": "shop", "sources": sources, "destinations": below, "warehouses": stores}
    _Counted.looks = 0
    told = inventory({"workspaces": [world]})
    assert [len(one.destinations) for one in told.flows] == [4] * size
    assert [one.warehouses for one in told.flows] == [[f"w{number}"] for number in range(size)]
    return _Counted.looks


def test_each_object_is_looked_at_a_few_times_however_many_there_are() -> None:
    assert _looks(100) == 10 * _looks(10)
