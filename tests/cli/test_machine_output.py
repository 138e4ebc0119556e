"""What commands print for machines keeps to its schema, and a schema is there for each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import jsonschema_rs
import pytest

from segform.cli import _OWN, group

from .conftest import Desk
from .test_plan_apply import SCHEMAS, edited, off

Made = Callable[[Desk], tuple[object, ...]]


def check(name: str, text: str, *, lines: bool = False) -> list[Any]:
    """The documents in a text; each keeps to the schema of that name."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    found = [json.loads(line) for line in text.splitlines()] if lines else [json.loads(text)]
    for one in found:
        validator.validate(one)
        # A schema that lets anything through would prove nothing.
        assert not validator.is_valid({**one, "version": 2})
        assert not validator.is_valid({**one, "more": 1})
    return found


def changed(desk: Desk) -> Path:
    desk.has()
    return edited(desk.snapshot(), off)


def filled(desk: Desk, *arguments: object) -> tuple[object, ...]:
    desk.has()
    return arguments


def _drift(desk: Desk) -> tuple[object, ...]:
    from .test_terraform_state import state_of

    wanted = changed(desk)
    client, held = desk.place.client, desk.place.held()
    path = {"destinationId": held["destinations"][0]["id"]}
    client.request("updateDestination", path=path, body={"name": "Theirs"})
    client.request("createLabel", body={"label": {"key": "their", "value": "s"}})
    state_of(desk, "destination", "label")
    return ("drift", wanted, "--format", "json", "--terraform-state", "terraform.tfstate")


def _fixtures(desk: Desk) -> tuple[object, ...]:
    changed(desk)
    Path("events").mkdir()
    fixture = {"name": "a", "source": "web", "event": {"type": "track", "event": "Nobody"}}
    Path("events/a.json").write_text(
        json.dumps(
            {
                "format": "segform.fixtures",
                "version": 1,
                "fixtures": [
                    {**fixture, "expect": {"plan": "accepted"}},
                    {**fixture, "expect": {"source": "blocked"}},
                ],
            }
        )
    )
    return ("test", "events", "--against", "wanted.json", "--format", "json")


def _findings(desk: Desk) -> tuple[object, ...]:
    def wrong(workspace: Any) -> None:
        workspace["filters"][0]["if"] = "type ="

    desk.has()
    return ("check", edited(desk.snapshot(), wrong), "--format", "json")


def _report(desk: Desk) -> tuple[object, ...]:
    desk.run("plan", changed(desk), "--out", "plan.json")
    return ("report", "plan.json", "--format", "json")


def _explain(desk: Desk) -> tuple[object, ...]:
    wanted = changed(desk)
    Path("event.json").write_text('{"type": "track", "event": "Order Completed", "userId": "u"}')
    return ("explain", "event.json", "--destination", "Hook", "--snapshot", wanted, "--json")


# The command -> its schema, and what it is called with.
OUTPUTS: dict[str, tuple[str, Made]] = {
    "apply": ("applied", lambda desk: ("apply", changed(desk), "--yes", "--json")),
    "check": ("findings", _findings),
    "compare": ("comparison", lambda desk: ("compare", changed(desk), "now.json", "--json")),
    "disable": ("disabled", lambda desk: filled(desk, "disable", "source", "web", "--json")),
    "doctor": ("doctor", lambda desk: filled(desk, "doctor", "--json")),
    "drift": ("drift", _drift),
    "explain": ("explanation", _explain),
    "plan": ("plan", lambda desk: ("plan", changed(desk), "--json")),
    "promote": ("plan", lambda desk: ("promote", changed(desk), "--json")),
    "pull": ("snapshot", lambda desk: filled(desk, "pull")),
    "report": ("report", _report),
    "test": ("results", _fixtures),
}


@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_what_is_printed_keeps_to_its_schema(desk: Desk, name: str) -> None:
    schema, made = OUTPUTS[name]
    ended = desk.run(*made(desk))
    assert ended.code in (0, 1), ended
    check(schema, ended.out, lines=name == "apply")


@pytest.mark.parametrize("name", sorted(_OWN))
def test_no_command_speaks_to_machines_without_a_schema(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    speaks = any(
        "--json" in option.opts
        or (isinstance(option.type, click.Choice) and "json" in option.type.choices)
        for option in command.params
    )
    assert not speaks or name in OUTPUTS or name == "validate"


def test_a_comparison_and_a_drift_of_everything(desk: Desk) -> None:
    """All shapes that an answer can have: secrets, only in one, nothing at all."""
    desk.has()
    now = desk.snapshot()
    empty = edited(now, lambda held: held.update(labels=[], sources=[], destinations=[]))
    for one in ("now.json", empty):
        [found] = check("comparison", desk.run("compare", now, one, "--json").out)
        assert bool(found["differences"]) == (one == empty)
    [found] = check("drift", desk.run("drift", now, "--format", "json").out)
    assert found["drift"] == []


def test_progress_of_an_apply(desk: Desk) -> None:
    """A line for each event, in an order that a program can follow."""

    def many(workspace: Any) -> None:
        workspace["labels"] = [{"key": "k", "value": f"v{n}"} for n in range(8)]

    ended = desk.run("apply", edited(desk.snapshot(), many), "--yes", "--json")
    told = check("applied", ended.out, lines=True)
    assert told[0]["event"] == "plan"
    assert told[0]["counts"]["create"] == told[0]["changes"] == told[0]["requests"] == 8
    assert told[-1] == {
        "format": "segform.applied",
        "version": 1,
        "event": "end",
        "done": 8,
        "changes": 8,
    }
    begun = [one["address"] for one in told if one["event"] == "begun"]
    done = [one["address"] for one in told if one["event"] == "done"]
    assert sorted(begun) == sorted(done)
    assert len(set(done)) == 8


def test_a_change_that_fails(desk: Desk) -> None:
    def wrong(workspace: Any) -> None:
        workspace["sources"][0]["metadataId"] = "nowhere"
        workspace["sources"][0]["slug"] = "new"
        workspace["sources"][0]["id"] = "notThereYet"

    desk.has()
    now = desk.snapshot()
    kept = ("id", "slug", "name", "sources", "labels")
    only = edited(now, lambda held: held.update({key: [] for key in held if key not in kept}))
    wanted = edited(only, wrong, "wrong.json")
    ended = desk.run("apply", wanted, "--yes", "--json", "--bindings", "new.json")
    assert ended.code == 1
    told = check("applied", ended.out, lines=True)
    [failed] = [one for one in told if one["event"] == "failed"]
    assert failed["address"] == "source.new"
    assert failed["error"]
    assert told[-1]["event"] == "end"
    assert told[-1]["done"] < told[-1]["changes"]


def test_nothing_to_do(desk: Desk) -> None:
    desk.has()
    ended = desk.run("apply", desk.snapshot(), "--yes", "--json")
    assert [one["event"] for one in check("applied", ended.out, lines=True)] == ["plan", "end"]


def test_bindings_and_saved_snapshots(desk: Desk) -> None:
    assert desk.run("apply", changed(desk), "--yes").code == 0
    [file] = desk.folder.glob("*.bindings.json")
    check("bindings", file.read_text())
    for path in Path(".segform/snapshots").rglob("*.json"):
        check("snapshot", path.read_text())
