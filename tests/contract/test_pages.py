"""The pages on roles and on what the API does not manage: complete, and no longer than it is so."""

from __future__ import annotations

import copy
import re

import pytest
from contract import roles, unmanaged
from contract.facts import ROOT, Contract
from contract.typed import Types

from segform.contract import operation, operations

CONTRACT = Contract()
ROLES = (ROOT / "docs" / "reference" / "roles.md").read_text(encoding="utf-8")
MISSING = (ROOT / "docs" / "reference" / "not-managed.md").read_text(encoding="utf-8")


def test_every_operation_has_one_row_and_how_its_role_is_known() -> None:
    rows = re.findall(r"^\| `[\w.]+` \| `(\w+)` \| .* \| (\w+) \|$", ROLES, re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(operations())
    assert {known for _, known in rows} == {"documented", "follows", "unknown"}
    documented = {op.id for op in CONTRACT.operations if op.entry.get("permissions")}
    assert {name for name, known in rows if known == "documented"} == documented


def test_the_roles_that_are_known_are_of_operations_that_there_are() -> None:
    facts = roles.known()
    assert set(facts["families"]) <= set(CONTRACT.families)
    for op_id, needed in facts["operations"].items():
        assert not operation(op_id).reads
        assert needed


@pytest.mark.parametrize(
    ("op_id", "how", "needed"),
    [
        ("deleteCredential", "documented", [["Workspace Owner"]]),
        ("listSources", "follows", [["Source Read-only", "Source Admin"]]),
        ("createSource", "follows", [["Source Admin"]]),
        ("addSourceToTrackingPlan", "follows", [["Source Admin"], ["Tracking Plan Admin"]]),
        ("listUsers", "unknown", []),
        ("getWorkspace", "unknown", []),
    ],
)
def test_what_an_operation_needs(op_id: str, how: str, needed: list[list[str]]) -> None:
    facts = next(op for op in CONTRACT.operations if op.id == op_id)
    assert roles.needs(facts, roles.known()) == (how, needed)


def test_nothing_on_the_page_can_be_done_after_all() -> None:
    assert unmanaged.wrong(CONTRACT, unmanaged.known()) == []
    for entry in unmanaged.known():
        assert entry["instead"], entry["what"]
        assert entry["absent"], entry["what"]
        assert entry["what"] in MISSING


def test_an_operation_that_the_api_gains_is_found() -> None:
    newer = copy.copy(CONTRACT)
    gained = copy.copy(CONTRACT.operations[0])
    gained.id, gained.path = "listJourneys", "/spaces/{spaceId}/journeys"
    newer.operations = [*CONTRACT.operations, gained]
    assert unmanaged.wrong(newer, unmanaged.known()) == [
        "Journeys, broadcasts and message templates: listJourneys has 'journeys' in its path"
    ]
    with pytest.raises(ValueError, match="listJourneys"):
        unmanaged.unmanaged_page(newer, Types(CONTRACT))


def test_an_operation_that_is_gone_is_not_recommended() -> None:
    entries = [{"what": "X", "absent": ["x"], "instead": "y", "use": ["getNothing"]}]
    assert unmanaged.wrong(CONTRACT, entries) == ["X: there is no getNothing"]


@pytest.mark.parametrize(
    "row",
    [
        "| Labels | `labels.create` |",  # made, never changed
        "| Spaces | `spaces.list`, `spaces.get` |",  # only read
        "| Tracking plans | `type` |",  # given once
        "| Members of a group | `groups.users.list` |",  # listed, not read by id
        "| Regulations | `deletion_and_suppression.create` | nothing: ",  # never deleted
    ],
)
def test_what_follows_from_the_operations(row: str) -> None:
    assert row in MISSING
