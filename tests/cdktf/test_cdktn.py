"""The same app on both frameworks writes the same configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

import pytest

APP = """
from {name} import App, TerraformStack
from segform.resources.label import Label as Wanted
from segform_cdktf import DeclaredWorkspace, Label, SegmentProvider, Source, TrackingPlan
from segform_cdktf import secret, track

app = App()
stack = TerraformStack(app, "stack")
SegmentProvider(stack, "segment", alias="main")
label = Label(stack, "label", key="a", value="b")
Source(stack, "web", slug="web", enabled=True, metadata_id="x",
       settings={{"k": secret(stack, "k")}}, labels=[{{"key": label.key, "value": label.value}}])
TrackingPlan(stack, "plan", name="Plan", type="LIVE", events=[track("A")])
DeclaredWorkspace(stack, "mass", workspace=[Wanted(key="c", value=secret(stack, "k"))],
                  imports={{"label.c": "c:d"}})
app.synth()
"""


def configuration(folder: Path, name: str) -> dict[str, Any]:
    """What the app writes on this framework, without the framework's own version and paths."""
    folder.mkdir()
    (folder / "main.py").write_text(APP.format(name=name))
    chosen = ("SEGFORM_CDK", "CDKTF_OUTDIR")
    environment = {name: v for name, v in os.environ.items() if name not in chosen}
    subprocess.run(
        [sys.executable, "-m", "segform_cdktf.run", "main.py"],
        cwd=folder,
        env=environment,
        check=True,
        timeout=60,
    )
    out = folder / "cdktf.out" / "stacks" / "stack"
    assert (out / ".terraform.lock.hcl").is_file()
    found: dict[str, Any] = json.loads((out / "cdk.tf.json").read_text())
    del found["//"], found["terraform"]["backend"]
    return found


@pytest.mark.skipif(util.find_spec("cdktn") is None, reason="cdktn is not in this environment")
def test_cdktn_and_cdktf_write_the_same(elsewhere: Path) -> None:
    fork = configuration(elsewhere / "cdktn", "cdktn")
    assert fork == configuration(elsewhere / "cdktf", "cdktf")
    assert fork["import"] == [{"to": "segment_label.mass_c", "id": "c:d"}]
    assert fork["resource"]["segment_source"]["web"]["settings"] == '${jsonencode({"k" = var.k})}'


TESTED = """
import {name}
from segform_cdktf import SegmentProvider, Source, Testing

stack = Testing.stack()
assert isinstance(stack, {name}.TerraformStack)
SegmentProvider(stack, "segment", token="literal")
Source(stack, "web", slug="web", enabled=True, metadata_id="x", settings={{"token": "abc"}})
found = Testing.synth(stack)
assert found.resource("source", slug="web")["settings"] == {{"token": "abc"}}
assert len(found.warnings) == len(found.errors) == 1, (found.warnings, found.errors)
"""


@pytest.mark.parametrize("name", ["cdktf", "cdktn"])
def test_the_helpers_for_tests_are_the_same_on_both(name: str) -> None:
    if util.find_spec(name) is None:
        pytest.skip(f"{name} is not in this environment")
    done = subprocess.run(
        [sys.executable, "-c", TESTED.format(name=name)],
        env={key: value for key, value in os.environ.items() if key != "SEGFORM_CDK"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
