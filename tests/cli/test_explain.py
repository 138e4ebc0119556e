"""`segform explain`: an event, a snapshot and a destination, with the network shut."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from segform.cli import group
from tests.explain.shop import CATALOG, EVENT, SNAPSHOT, filtering

# A socket of any kind is a failure; so is what would only be needed to open one.
SHUT = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("the network is shut")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from segform.cli import main
sys.argv[0] = "segform"
try:
    main()
finally:
    loaded = {"httpx", "segform.transport", "asyncio"} & set(sys.modules)
    assert not loaded, loaded
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an event, a snapshot, a catalogue, and what is none of ours."""
    for name, value in (
        ("event.json", EVENT),
        ("snapshot.json", SNAPSHOT),
        ("other.json", [1]),
        ("package.json", {"name": "x"}),
    ):
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    entries = {"destinations": list(CATALOG.values())}
    (catalog / "catalog.json").write_text(json.dumps(entries), encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    return tmp_path


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(group, ["explain", *map(str, arguments)], input=given)


def test_works_with_the_network_shut(folder: Path) -> None:
    arguments = ["explain", "event.json", "--destination", "d1"]
    done = subprocess.run(
        [sys.executable, "-c", SHUT, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("track “Order Completed” from Web to Analytics\n")
    assert "It arrives, as 1 request, as it is." in done.stdout


def test_text_and_json(folder: Path) -> None:
    snapshot = folder / "snapshot.json"
    done = run(folder / "event.json", "-d", "Analytics", "--source", "web", "-s", snapshot)
    assert done.exit_code == 0
    assert "8. mappings" in done.output
    done = run("-", "-d", "d1", "-s", folder, "--json", given=json.dumps(EVENT))
    assert "left out: " in done.stderr
    document = json.loads(done.stdout)
    assert (document["format"], document["version"]) == ("segform.explanation", 1)
    assert (document["arrives"], document["destination"]) == (True, "Analytics")


def test_an_event_in_yaml_and_exact_numbers(folder: Path) -> None:
    text = "type: track\nevent: Order Completed\nproperties:\n  total: 0.1\n"
    (folder / "event.yaml").write_text(text, encoding="utf-8")
    yaml = run(folder / "event.yaml", "-d", "d1", "-s", folder / "snapshot.json", "--json")
    given = '{"type": "track", "event": "Order Completed", "properties": {"total": 0.1}}'
    exact = run("-", "-d", "d1", "-s", folder / "snapshot.json", "--json", given=given)
    for done in (yaml, exact):
        assert json.loads(done.stdout)["sent"][0]["payload"]["total"] == 0.1


def test_a_catalogue_from_a_file(folder: Path) -> None:
    event = {**EVENT, "integrations": {"Actions Analytics": False}}
    asked = ("-", "-d", "d1", "-s", folder)
    known = ("--catalog", folder / "catalog" / "catalog.json")
    assert "not known here" in run(*asked, given=json.dumps(event)).output
    done = run(*asked, *known, given=json.dumps(event))
    assert "It does not arrive: “Actions Analytics” is false" in done.output


def test_exit_codes(folder: Path) -> None:
    one = {**SNAPSHOT["workspaces"][0], "filters": [filtering("No", "all", {"type": "DROP"})]}
    (folder / "snapshot.json").write_text(json.dumps({"workspaces": [one]}), encoding="utf-8")
    asked = (folder / "event.json", "-d", "d1", "-s", folder / "snapshot.json")
    assert run(*asked).exit_code == 0
    assert run(*asked, "--exit-code").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("event.json", "-d", "nope"), "there is no destination 'nope'. There are: Analytics"),
        (("event.json", "-d", "Analytics"), "several destinations are called 'Analytics'"),
        (("event.json", "-d", "d1", "-s", "other.json"), "other.json is no snapshot"),
        (("event.json", "-d", "d1", "-s", "broken.json"), "broken.json:1:2: it is not JSON"),
        (("event.json", "-d", "d1", "-s", "catalog"), "there is no snapshot in catalog"),
        (("broken.json", "-d", "d1"), "broken.json:1:2: it is not JSON"),
        (("other.json", "-d", "d1"), "an event is an object"),
        (("event.json", "-d", "d1", "--catalog", "event.json"), "event.json is no catalogue"),
    ],
)
def test_what_cannot_be_explained(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(folder)
    done = run(*arguments)
    assert done.exit_code == 1
    assert words in done.output


def test_it_is_listed() -> None:
    done = CliRunner().invoke(group, ["--help"])
    assert "explain" in done.output
