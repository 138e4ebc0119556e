"""Configuration that Terraform generates for import blocks (`-generate-config-out`)."""

from __future__ import annotations

import re

import pytest

from segform.resources import registry
from tests.protocol.shop import shop

from .harness import Terraform
from .test_all_kinds import import_id, write

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]


@pytest.mark.parametrize("form", ["#rules_by_key", ""])
def test_what_is_generated_lacks_the_settings_alone(tf: Terraform, form: str) -> None:
    """With them the imports change nothing; before, nothing is planned that would empty them."""
    write(tf, shop(without=("source_tracking_plan_connection", "source_schema_settings")))
    tf.apply()
    tf.api.post("/_emulator/accept-invite", json={"email": "ann@shop.example"}).raise_for_status()
    tf.run("apply", "-refresh-only", "-auto-approve", "-no-color", "-input=false")
    state = tf.state()
    # A plan whose rules others write has to be written by hand: nothing generated can say that.
    state = {at: values for at, values in state.items() if "shared" not in at and "seen" not in at}
    tf.forget_state()
    (tf.folder / "all.tf.json").unlink()
    blocks = "".join(
        f'import {{\n  to = {at}\n  id = "{import_id(at, values, form)}"\n}}\n'
        for at, values in state.items()
    )
    tf.write(blocks)
    tf.requests()
    told = tf.refused("-generate-config-out=generated.tf")
    hidden = {
        at
        for at in state
        for item in registry()[at.partition(".")[0].removeprefix("segment_")].attributes.values()
        if item.sensitive and item.required
    }
    assert told.count("Error: ") == told.count("It is required, and null.") == len(hidden)
    assert all(f"with {at}," in told for at in hidden)
    assert "leaves out what may be a secret" in told
    file = tf.folder / "generated.tf"
    text, filled = re.subn(r"settings( +)= null # sensitive", r'settings\1= "{}"', file.read_text())
    assert filled == len(hidden)
    file.write_text(text)
    assert tf.plan() == {at: ["no-op"] for at in state}
    assert not [op for op in tf.requests() if not op.startswith(("get", "list"))]
