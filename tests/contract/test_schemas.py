"""The versioned formats: what is written keeps to its schema, what is wrong does not pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from segform.lifecycle.journal import Journal
from segform_emulator import Emulator

SCHEMAS = Path(__file__).parents[2] / "contract" / "schemas"


def _schema(name: str) -> Any:
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


PLAN: dict[str, Any] = {
    "format": "segform.plan",
    "version": 1,
    "workspace": {"id": "w1", "slug": "acme"},
    "made": "2026-11-23T10:00:00Z",
    "base": "0af3",
    "changes": [
        {
            "address": "source.web",
            "kind": "source",
            "id": "s1",
            "action": "update",
            "attributes": [{"path": ["name"], "before": "Web", "after": "Website"}],
        }
    ],
}


@pytest.mark.parametrize(
    "name", sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.json"))
)
def test_every_format_has_a_valid_schema_with_a_version(name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(schema)
    assert schema["$id"] == f"urn:segform:schema:{name}:1"


def test_a_journal_keeps_to_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "ws.jsonl"
    journal = Journal(path)
    journal.made(journal.intend("source", "web", "0af3", ["s0"]), "s1")
    journal.refused(journal.intend("label", "a/b", "0af3", []))
    Journal(path).retire("s1")
    schema = _schema("journal")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(lines) == 5
    assert all(schema.is_valid(line) for line in lines)
    assert not schema.is_valid({"intent": "x"})
    assert not schema.is_valid({**lines[0], "secret": "hush"})


def test_a_dump_is_a_snapshot() -> None:
    emulator = Emulator()
    emulator.seed(sources=3, destinations=4, filters=2, plans=1, rules=5)
    schema = _schema("snapshot")
    dump = json.loads(json.dumps(emulator.dump(), default=float))
    assert list(schema.iter_errors(dump)) == []
    assert not schema.is_valid({**dump, "version": 2})


def test_plans() -> None:
    schema = _schema("plan")
    assert schema.is_valid(PLAN)
    for wrong in ({"version": 2}, {"base": "no hash"}, {"changes": [{"address": "web"}]}):
        assert not schema.is_valid({**PLAN, **wrong})
