"""Commands with a token that is limited to a label: what may be missing is said, and refused."""

from __future__ import annotations

import json

import pytest

from segform_emulator.auth import Role

from .conftest import Desk
from .test_terraform_state import state_of

READS = frozenset({"Source Read-only", "Tracking Plan Read-only"})


@pytest.fixture(params=[False, True], ids=["forbidden", "not found"])
def weak(request: pytest.FixtureRequest, desk: Desk) -> Desk:
    """The shop's desk, whose token has changed to one that sees no source of it."""
    desk.has()
    desk.snapshot("whole.json")
    see_nothing(desk, hides=request.param)
    return desk


def see_nothing(desk: Desk, *, hides: bool) -> None:
    """Give the desk a token of a role that is limited to a label which nothing has."""
    role = Role("limited", named=READS, label=("environment", "staging"), hides=hides)
    desk.place.emulator.token = desk.place.emulator.auth.add(0, role)


def test_nothing_is_planned_or_applied(weak: Desk) -> None:
    ended = weak.run("plan", "whole.json", "--exit-code")
    assert (ended.code, ended.out) == (3, "Nothing is planned.\n")
    assert ended.err.count("problem: ") == 1
    assert "bound objects cannot be seen with this token" in ended.err
    assert "take the lines out of acme.bindings.json" in ended.err
    ended = weak.run("apply", "whole.json", "--yes")
    assert ended.code == 3
    assert weak.place.writes() == []


def test_drift_says_that_it_could_not_look(weak: Desk) -> None:
    ended = weak.run("drift", "whole.json")
    assert ended.code == 1
    assert ended.out.startswith("No drift in what this token sees; ")
    assert "bound objects cannot be seen with this token" in ended.err
    ended = weak.run("drift", "whole.json", "--format", "json")
    found = json.loads(ended.out)
    assert (ended.code, found["drift"]) == (1, [])
    assert any("cannot be seen with this token" in one for one in found["notes"])
    ended = weak.run("drift", "whole.json", "--format", "markdown")
    assert ended.out.startswith("No drift in what this token sees; ")


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("revoked", "was answered with 401"),
        ("other_workspace", "give each workspace a bindings file of its own"),
        ("eu", "give each workspace a bindings file of its own"),
    ],
)
def test_a_token_of_nobody_or_of_elsewhere_is_one_error(desk: Desk, role: str, words: str) -> None:
    desk.has()
    desk.snapshot("whole.json")
    [bindings] = desk.folder.glob("*.bindings.json")
    desk.place.emulator.token = desk.place.emulator.tokens[role]
    for command in ("plan", "drift", "apply"):
        yes = ("--yes",) if command == "apply" else ()
        ended = desk.run(command, "whole.json", *yes, "--bindings", bindings)
        assert (ended.code, ended.out) == (1, ""), command
        assert ended.err.count("Error: ") == 1
        assert words in ended.err
    assert desk.place.sent().count("getWorkspace") == 3
    assert desk.place.writes() == []


def test_the_first_plan_of_another_workspace_says_whose_it_is(desk: Desk) -> None:
    """Only a pin can refuse it: what is declared in Python may be meant for any workspace."""
    desk.has()
    words = "note: the token belongs to the workspace Umbrella (umbrella), which has no bindings"
    declared = desk.folder / "declared.py"
    declared.write_text("from segform.workspace import Desired\ndesired = Desired()\n")
    assert words not in desk.run("plan", declared).err
    desk.place.emulator.token = desk.place.emulator.tokens["other_workspace"]
    ended = desk.run("plan", declared)
    assert ended.code == 0
    assert f"{words} here; there are acme.bindings.json." in ended.err


@pytest.mark.parametrize("file", [("whole.json",), ()], ids=["declared", "state alone"])
@pytest.mark.parametrize("limited", [False, True], ids=["forbidden", "not found"])
def test_what_a_state_has_is_not_called_deleted(
    desk: Desk, limited: bool, file: tuple[str, ...]
) -> None:
    desk.has()
    desk.snapshot("whole.json")
    state = state_of(desk, "source", "destination", "label")
    [bindings] = desk.folder.glob("*.bindings.json")
    bindings.unlink()
    see_nothing(desk, hides=limited)
    ended = desk.run("drift", *file, "--terraform-state", state, "--format", "json")
    found = json.loads(ended.out)
    assert ended.code == 1, ended
    assert not [one for one in found["drift"] if one["how"] == "deleted"]
    [note] = [one for one in found["notes"] if "could not be seen" in one]
    assert "1 more: " in note


def test_a_reading_says_what_is_missing(weak: Desk) -> None:
    for command in (
        ("pull", "--out", "now.json"),
        ("export", "--format", "hcl", "--out", "code"),
        ("compare", "whole.json", "live"),
    ):
        ended = weak.run(*command)
        assert "not seen: source.web (" in ended.err, (command, ended)
        assert "not seen: destination.hook (" in ended.err, command
    assert weak.place.writes() == []


def test_a_doctor_tells_what_speaks_for_a_limited_role(weak: Desk) -> None:
    assert "it sees no source" in weak.run("doctor").out
    weak.place.emulator.token = weak.place.emulator.tokens["owner"]
    words = "every source that it sees has the label environment:prod: others are missing if"
    assert words in weak.run("doctor").out
    body = {"slug": "app", "enabled": True, "metadataId": "IqDTy1TpoU"}
    weak.place.client.request("createSource", body=body)
    assert "may read what a snapshot needs\n" in weak.run("doctor").out
