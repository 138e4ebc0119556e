"""Commands with a token that is limited to a label: what may be missing is said, and refused."""

from __future__ import annotations

import json

import pytest

from segform_emulator.auth import Role

from .conftest import Desk

READS = frozenset({"Source Read-only", "Tracking Plan Read-only"})


@pytest.fixture(params=[False, True], ids=["forbidden", "not found"])
def weak(request: pytest.FixtureRequest, desk: Desk) -> Desk:
    """The shop's desk, whose token has changed to one that sees no source of it."""
    desk.has()
    desk.snapshot("whole.json")
    label = ("environment", "staging")
    role = Role("limited", named=READS, label=label, hides=request.param)
    desk.place.emulator.token = desk.place.emulator.auth.add(0, role)
    return desk


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
