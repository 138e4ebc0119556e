"""A workspace of all kinds under every token: an error or an empty plan, and no write (ring B)."""

from __future__ import annotations

import pytest

from segform_emulator import Emulator
from segform_emulator.auth import Role
from tests.protocol.core import Config
from tests.protocol.shop import WEB, shop

from .harness import Terraform
from .test_all_kinds import write

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]
BELONGS = "the token belongs to the workspace"
FORBIDDEN = "was answered with 403"
UNSEEN = "nothing says that it was deleted"
# What is said; `None`: the plan is empty.
SAID = {
    "member": None,
    "no_source_admin": None,
    "source_admin": None,
    "label_scoped": FORBIDDEN,
    "within": FORBIDDEN,
    "hidden": UNSEEN,
    "blind": UNSEEN,
    "minimal": FORBIDDEN,
    "revoked": "Segment does not accept the token",
    "other_workspace": BELONGS,
    "eu": BELONGS,
}


def more_roles(emulator: Emulator) -> None:
    """Roles beside the emulator's own: see `tests/protocol/test_roles.py`."""
    reads = frozenset({"Source Read-only", "Tracking Plan Read-only"})
    one, none = ("environment", "prod"), ("environment", "production")
    for role in (
        Role("within", named=reads, label=one),
        Role("hidden", named=reads, label=one, hides=True),
        Role("blind", named=reads, label=none, hides=True),
        Role("minimal", writes=frozenset(), reads=frozenset(), source_admin=False),
    ):
        emulator.tokens[role.name] = emulator.auth.add(0, role)


def refused(tf: Terraform, words: str, role: str) -> str:
    """One error, and not a word of anything that would be made or go."""
    said = tf.refused()
    assert words in said, (role, said)
    assert said.count("Error: ") == 1, (role, said)
    for word in ("will be created", "will be destroyed", "must be replaced", "will be updated"):
        assert word not in said, (role, said)
    return said


def test_every_token_on_one_workspace_of_all_kinds(tf: Terraform, emulator: Emulator) -> None:
    config = shop()
    write(tf, config)
    tf.apply()
    tf.run("apply", "-refresh-only", "-auto-approve", "-no-color", "-input=false")
    more_roles(emulator)
    before = emulator.dump()
    tf.requests()
    for role, words in SAID.items():
        tf.env["SEGMENT_API_TOKEN"] = emulator.tokens[role]
        if words is None:
            assert tf.plan() == {}, role
        else:
            refused(tf, words, role)
        sent = tf.requests()
        assert all(one.startswith(("get", "list")) for one in sent), (role, sent)
        assert set(tf.state()) == set(config), role
    # With the pin there is one error, before anything is planned.
    tf.env["SEGMENT_WORKSPACE"] = emulator.workspaces[0].slug
    for role in ("other_workspace", "eu"):
        tf.env["SEGMENT_API_TOKEN"] = emulator.tokens[role]
        refused(tf, "nothing else was sent", role)
        assert set(tf.requests()) == {"getWorkspace"}, role
    assert emulator.dump() == before
    assert tf.tainted() == []


FIFTY: Config = {
    f"segment_source.s{number}": {
        "slug": f"s{number}",
        "enabled": True,
        "metadata": {"id": WEB},
        "settings": "{}",
        "labels": [],
    }
    for number in range(50)
}


def test_fifty_objects_are_one_error_that_can_be_read(tf: Terraform, emulator: Emulator) -> None:
    """A plan and a destroy; the workspace that the token is of is named, and what to do."""
    write(tf, FIFTY)
    tf.apply()
    more_roles(emulator)
    before = emulator.dump()
    tf.requests()
    for role, words in SAID.items():
        if words is None:
            continue
        tf.env["SEGMENT_API_TOKEN"] = emulator.tokens[role]
        said = refused(tf, words, role)
        assert len(said[said.index("Error: ") :]) < 1_500, (role, said)
        if role in ("other_workspace", "eu"):
            place, _ = emulator.auth.known[emulator.tokens[role]]
            assert emulator.workspaces[place].slug in said
            assert emulator.workspaces[0].id in said
        # A few were on their way when the first was refused.
        assert tf.requests().total() < 40, role
        gone = tf.run("destroy", "-auto-approve", "-no-color", "-input=false", code=1)
        assert gone.count("Error: ") == 1, (role, gone)
        assert "will be destroyed" not in gone, role
        assert all(one.startswith(("get", "list")) for one in tf.requests()), role
    assert emulator.dump() == before
    assert len(tf.state()) == 50


def test_fifty_refused_writes_are_one_error_and_short_ones(
    tf: Terraform, emulator: Emulator
) -> None:
    """Terraform wants an error for each change that was not made: the first one says it wholly."""
    write(tf, FIFTY)
    tf.apply()
    before = emulator.dump()
    write(tf, {at: {**values, "enabled": False} for at, values in FIFTY.items()})
    tf.env["SEGMENT_API_TOKEN"] = emulator.tokens["member"]
    said = tf.run("apply", "-auto-approve", "-no-color", "-input=false", code=1)
    assert said.count("Error: The source could not be changed") == 50
    assert said.count("Ask a Workspace Owner") == 1
    assert said.count("Nor does the token reach this (updateSource)") == 49
    assert emulator.dump() == before
    assert tf.tainted() == []
