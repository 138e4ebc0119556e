"""Folders of Segment's Git Sync are read as snapshots: exported, compared, checked for mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segform.resources import registry
from segform.workspace import files, hcl_values
from tests.provider.official import RESOURCES
from tests.terraform.test_git_sync import WITHOUT, Printer

from .conftest import Desk

HOSTILE = 'a "quoted" ${name} \\ \n # // /* */ \x1b é'
PARTS = (
    "source_tracking_plan_connection",
    "source_warehouse_connection",
    "insert_function_instance",
)


def git_sync(desk: Desk, seed: int) -> Path:
    """The workspace as Git Sync would write it."""
    folder = desk.folder / "sync"
    printer = Printer(seed)
    for found in desk.place.engine(bindings=None, journal=False).observe():
        official = RESOURCES.get(f"segment_{found.kind}")
        if official is None or found.kind in WITHOUT or "@" in found.id:
            continue
        values = {
            name: found.values.get(name)
            for name, item in registry()[found.kind].attributes.items()
            if item.settable and not item.write_only and name != "rules_by_key"
        }
        if found.kind == "tracking_plan":
            values["rules"] = [dict(one) for one in found.values["rules_by_key"].values()]
        metadata: Any = values.get("metadata")
        if metadata:
            nulls = dict.fromkeys(("contacts", "partner_owned", "supported_regions"))
            values["metadata"] = {"id": metadata["id"], **nulls}
        for one in values.get("rules") or ():
            one["version"] = int(one["version"])
        home = folder / f"{found.kind}s"
        home.mkdir(parents=True, exist_ok=True)
        text = printer.file(f"segment_{found.kind}", found.id, values)
        (home / f"{found.id.replace(':', '_')}.tf").write_text(text)
    (folder / "main.tf").write_text('terraform {\n  required_version = ">= 1.5"\n}\n')
    desk.place.sent()
    return folder


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_the_workspace_but_for_its_connections(desk: Desk, seed: int) -> None:
    desk.has(filter_title=HOSTILE, destination_name=HOSTILE)
    folder = git_sync(desk, seed)
    without = [word for kind in PARTS for word in ("--without", kind)]
    ended = desk.run("compare", folder, "live", "--exit-code", *without)
    assert (ended.code, ended.out) == (2, "only in B: user.ann@shop.example\n"), ended
    [held] = files.read(folder)["workspaces"]
    assert held["id"] == desk.place.held()["id"]
    assert held["filters"][0]["title"] == HOSTILE
    assert desk.place.writes() == []


@pytest.mark.parametrize("form", ["hcl", "cdktf", "python"])
def test_it_is_exported(desk: Desk, form: str) -> None:
    desk.has()
    ended = desk.run("export", git_sync(desk, 3), "--format", form, "--out", "code")
    assert ended.code == 0, ended
    text = "".join(path.read_text() for path in Path("code").rglob("*") if path.is_file())
    source = desk.place.held()["sources"][0]["id"]
    assert source in text
    if form == "hcl":
        # References in place of the ids that Git Sync writes.
        assert "source_id = segment_source.web.id" in " ".join(text.split())
    assert desk.place.sent() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('resource "segment_label" "a" {\n  key = "a"\n}', "has no import block in its file"),
        ("a = 1", "line 1: '{' is wanted"),
        ('resource "a" "b" {\n  x {\n  }\n}', "line 2: `x` has no value"),
        ('resource "a" "b" {\n  x = "${y}"\n}', "line 2: it holds an expression"),
        ('resource "a" "b" {\n  x = file("y")\n}', "line 2: `file(…)` is computed"),
        ('resource "a" "b" {\n\n  x = @\n}', "line 3: this is nothing that a value is made of"),
        ('resource "a" "b" {\n  x = ' + "[" * 5000, "line 2: it is nested too deeply"),
        ('resource "a" "b" {', "the name of an attribute is wanted"),
        ('resource "a" "b" {\n  x = "\\q"\n}', "an escape that HCL does not know"),
        ('resource "a" "b" {\n  x =\n}', "a value is wanted"),
    ],
)
def test_what_git_sync_does_not_write(desk: Desk, text: str, words: str) -> None:
    (desk.folder / "sync" / "labels").mkdir(parents=True)
    (desk.folder / "sync" / "labels" / "a.tf").write_text(text)
    ended = desk.run("compare", "sync", "sync")
    assert ended.code == 1
    assert words in ended.err
    assert str(Path("sync/labels/a.tf")) in ended.err


def test_values() -> None:
    [block] = hcl_values.blocks(
        'resource "a" "b" { # words\n'
        "  one = 1.10 // more\n"
        '  two = { "k" = [null, true, -3], n : "\\u00e9\\n$${x}" }\n'
        "  /* many\n lines */ three = jsonencode({ a = [] })\n"
        "  four = <<EOT\nraw \\n ${'$'}{x} %%{y}\nEOT\n"
        "}\n".replace("${'$'}{x}", "$${x}")
    )
    wanted: dict[str, Any] = {
        "two": {"k": [None, True, -3], "n": "é\n${x}"},
        "three": {"a": []},
        "four": "raw \\n ${x} %{y}\n",
    }
    assert {name: block.values[name] for name in wanted} == wanted
    assert str(block.values["one"]) == "1.10"
