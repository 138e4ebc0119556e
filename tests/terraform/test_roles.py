"""A workspace of all kinds under every token: an error or an empty plan, and no write (ring B)."""

from __future__ import annotations

import pytest

from segform_emulator import Emulator
from tests.protocol.shop import shop

from .harness import Terraform
from .test_all_kinds import write

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]
BELONGS = "the token belongs to the workspace"
# What is said; `None`: the plan is empty.
SAID = {
    "member": None,
    "no_source_admin": None,
    "source_admin": None,
    "label_scoped": "was answered with 403",
    "revoked": "Segment does not accept the token",
    "other_workspace": BELONGS,
    "eu": BELONGS,
}


def test_every_token_on_one_workspace_of_all_kinds(tf: Terraform, emulator: Emulator) -> None:
    config = shop()
    write(tf, config)
    tf.apply()
    tf.run("apply", "-refresh-only", "-auto-approve", "-no-color", "-input=false")
    before = emulator.dump()
    tf.requests()
    for role, words in SAID.items():
        tf.env["SEGMENT_API_TOKEN"] = emulator.tokens[role]
        if words is None:
            assert tf.plan() == {}, role
        else:
            said = tf.refused()
            assert words in said, (role, said)
            assert "will be created" not in said, role
            assert "will be destroyed" not in said, role
        sent = tf.requests()
        assert all(one.startswith(("get", "list")) for one in sent), (role, sent)
        assert set(tf.state()) == set(config), role
    # With the pin there is one error, before anything is planned.
    tf.env["SEGMENT_WORKSPACE"] = emulator.workspaces[0].slug
    for role in ("other_workspace", "eu"):
        tf.env["SEGMENT_API_TOKEN"] = emulator.tokens[role]
        said = tf.refused()
        assert said.count("Error: ") == 1, (role, said)
        assert set(tf.requests()) == {"getWorkspace"}, role
    assert emulator.dump() == before
    assert tf.tainted() == []
