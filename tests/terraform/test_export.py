"""A workspace of all kinds, pulled, exported, imported by the real terraform: nothing to change."""

from __future__ import annotations

from typing import Any

import pytest

from segform import Segment
from segform.export import export, merge, write
from segform.workspace import Workspace
from segform.workspace.snapshot import text
from tests.protocol.shop import S3, shop

from .harness import Terraform
from .test_all_kinds import write as configure

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]

# What an attacker, or somebody in a hurry, calls an object.
HOSTILE = (
    '"] } <b>**x**</b> `rm` ${path.module} %{ if true } \x1b[31m\u202e | # // /* \\ \' "'
    '\n}\nresource "x" "y" {}\n\'\'\'"""'
)


def fill(tf: Terraform) -> None:
    """All kinds, made by Terraform, then known to nobody."""
    config = shop()
    for address, key in (
        ("segment_destination.hook", "name"),
        ("segment_destination_filter.sample", "title"),
        ("segment_tracking_plan.shop", "description"),
        ("segment_function.clean", "code"),
        ("segment_source.web", "name"),
    ):
        config[address][key] = HOSTILE.replace("${", "$${").replace("%{", "%%{")
    configure(tf, config)
    tf.apply()
    tf.api.post("/_emulator/accept-invite", json={"email": "ann@shop.example"}).raise_for_status()
    tf.forget_state()
    (tf.folder / "all.tf.json").unlink()
    (tf.folder / "main.tf").unlink()


def pulled(tf: Terraform) -> dict[str, Any]:
    """The workspace as a snapshot."""
    with Segment(tf.token, url=tf.url) as client:
        return Workspace(client, journal=False, folder=tf.folder).pull()


def no_writes(tf: Terraform) -> list[str]:
    """Operations that are no reads, since this was last asked."""
    return [op for op in tf.requests() if not op.startswith(("get", "list"))]


@pytest.mark.parametrize("by", [None, "environment"])
def test_an_exported_workspace_is_imported_and_nothing_changes(
    tf: Terraform, by: str | None
) -> None:
    fill(tf)
    tf.requests()
    exported = export(pulled(tf), "hcl", by=by)
    write(exported.files, tf.folder)
    assert tf.run("fmt", "-check", "-diff") == ""
    tf.run("init", "-no-color", "-input=false")
    plan = tf.plan()
    assert set(map(tuple, plan.values())) == {("no-op",)}, differing(tf)
    kinds = {address.partition(".")[0] for address in plan}
    # Rules stand in their plan and schema settings in their connection.
    assert kinds == {at.partition(".")[0] for at in shop()} - {
        "segment_tracking_plan_rule",
        "segment_source_schema_settings",
    }
    tf.run("apply", "-no-color", "plan.bin")
    assert no_writes(tf) == []
    for path in tf.folder.glob("imports*.tf"):
        path.unlink()
    assert tf.plan() == {}
    assert tf.drift() == []


def test_an_export_merged_into_edited_code_is_imported_and_nothing_changes(
    tf: Terraform,
) -> None:
    fill(tf)
    exported = export(pulled(tf), "hcl")
    write(exported.files, tf.folder, exported.objects)
    sources = tf.folder / "sources.tf"
    # A name of their own, and everything that refers to it.
    for path in tf.folder.glob("*.tf"):
        text = path.read_text().replace("segment_source.web", "segment_source.Site")
        path.write_text(text.replace('"segment_source" "web"', '"segment_source" "Site"'))
    before = {path: path.read_bytes() for path in tf.folder.glob("*.tf")}
    web = next(one["id"] for one in tf.dump()["workspaces"][0]["sources"] if one["slug"] == "web")
    for body in (
        {"sourceId": web, "metadataId": S3, "name": HOSTILE, "enabled": True, "settings": {}},
    ):
        tf.api.post("/destinations", json=body).raise_for_status()
    tf.requests()
    merged = merge(pulled(tf), tf.folder)
    assert len(merged.added) > 2
    assert {path: path.read_bytes() for path in before} == before
    assert sources in before
    assert tf.run("fmt", "-check", "-diff") == ""
    tf.run("init", "-no-color", "-input=false")
    plan = tf.plan()
    assert set(map(tuple, plan.values())) == {("no-op",)}, differing(tf)
    tf.run("apply", "-no-color", "plan.bin")
    assert no_writes(tf) == []
    assert tf.plan() == {}


def differing(tf: Terraform) -> list[Any]:
    """What the last plan would change, for the reader of a failure."""
    found: list[Any] = []
    for one in tf.last_plan["resource_changes"]:
        before, after = one["change"]["before"] or {}, one["change"]["after"] or {}
        if one["change"]["actions"] == ["no-op"]:
            continue
        found.append((one["address"], one["change"]["actions"]))
        found += [
            (one["address"], key, before.get(key), value)
            for key, value in after.items()
            if before.get(key) != value
        ]
    return found


@pytest.mark.cdktf
def test_the_same_as_constructs(tf: Terraform) -> None:
    fill(tf)
    tf.requests()
    exported = export(pulled(tf), "cdktf", events=True)
    assert "events/shop/order_completed.yaml" in exported.files
    write(exported.files, tf.folder)
    tf.synth()
    plan = tf.plan()
    assert set(map(tuple, plan.values())) == {("no-op",)}, differing(tf)
    assert len(plan) == len(shop()) - 2 + 1  # and the founder
    tf.run("apply", "-no-color", "plan.bin")
    assert no_writes(tf) == []
    # The framework keeps the state beside the app.
    tf.folder = tf.folder.parents[2]
    for path in tf.folder.glob("imports*.json"):
        path.unlink()
    tf.synth()
    assert tf.plan() == {}


@pytest.mark.cdktf
def test_an_export_merged_into_edited_constructs_is_imported_and_nothing_changes(
    tf: Terraform,
) -> None:
    fill(tf)
    app = tf.folder
    exported = export(pulled(tf), "cdktf")
    write(exported.files, app, exported.objects)
    sources = app / "sources.py"
    sources.write_text("# ours\n" + sources.read_text())
    before = {path: path.read_bytes() for path in app.glob("*.py")}
    web = next(one["id"] for one in tf.dump()["workspaces"][0]["sources"] if one["slug"] == "web")
    body = {"sourceId": web, "metadataId": S3, "name": HOSTILE, "enabled": True, "settings": {}}
    tf.api.post("/destinations", json=body).raise_for_status()
    tf.requests()
    merged = merge(pulled(tf), app, "cdktf")
    assert len(merged.added) > 2
    assert {path: path.read_bytes() for path in before} == before
    tf.synth()
    plan = tf.plan()
    assert set(map(tuple, plan.values())) == {("no-op",)}, differing(tf)
    assert len(plan) == len(shop()) - 2 + 1 + 1  # and the founder, and the new one
    tf.run("apply", "-no-color", "plan.bin")
    assert no_writes(tf) == []
    assert tf.plan() == {}


DECLARED = """
import json
from pathlib import Path

from cdktf import App, TerraformStack
from segform.workspace.snapshot import addresses, to_desired
from segform_cdktf import DeclaredWorkspace, SegmentProvider

snapshot = json.loads(Path("snapshot.json").read_text())
app = App()
stack = TerraformStack(app, "workspace")
SegmentProvider(stack, "segment")
DeclaredWorkspace(
    stack, "prod", workspace=to_desired(snapshot), imports=addresses(snapshot)
)
app.synth()
"""


@pytest.mark.cdktf
def test_a_declared_workspace_takes_over_what_is_there(tf: Terraform) -> None:
    fill(tf)
    tf.requests()
    (tf.folder / "snapshot.json").write_text(text(pulled(tf)))
    (tf.folder / "main.py").write_text(DECLARED)
    tf.synth()
    plan = tf.plan()
    assert set(map(tuple, plan.values())) == {("no-op",)}, differing(tf)
    assert len(plan) == len(shop()) - 2 + 1  # and the founder
    tf.run("apply", "-no-color", "plan.bin")
    assert no_writes(tf) == []
    assert tf.plan() == {}
