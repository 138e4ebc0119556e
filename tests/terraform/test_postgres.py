"""State in PostgreSQL: the `pg` backend keeps it, and the server of the tests leaves nothing."""

from __future__ import annotations

import pytest

from tests.chaos.processes import alive

from .harness import Terraform
from .postgres import postgres
from .shop import shop

pytestmark = [pytest.mark.terraform, pytest.mark.postgres, pytest.mark.timeout(180)]


def test_a_state_in_postgresql_plans_empty_from_another_folder(tf: Terraform) -> None:
    with postgres() as server:
        backend = server.backend()
        tf.write(backend + shop())
        tf.apply()
        assert not (tf.folder / "terraform.tfstate").exists()
        other = Terraform(tf.folder.parent / "another", tf.url, tf.token, tf.terraform)
        other.write(backend + shop())
        assert other.plan() == {}
        assert set(other.state()) == set(tf.state())
        assert other.tainted() == []
        third = Terraform(tf.folder.parent / "a third", tf.url, tf.token, tf.terraform)
        third.write(server.backend() + shop())
        assert third.state() == {}
        for one in (other, third):
            one.close()
    assert not alive(server.pid)
    assert not server.folder.exists()
