"""The provider's own arguments, through the real terraform."""

from __future__ import annotations

import json

import pytest

from .harness import Terraform
from .shop import shop

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]


def _provider(text: str) -> str:
    return f'provider "segment" {{\n  {text}\n}}\n'


@pytest.mark.parametrize("keep", ["light", "full", "none"])
def test_catalog_in_state_is_as_asked_and_plans_empty(tf: Terraform, keep: str) -> None:
    tf.write(shop(), provider=_provider(f'catalog_in_state = "{keep}"'))
    tf.apply()
    assert tf.plan() == {}
    assert tf.drift() == []
    metadata = tf.state()["segment_destination.hook"]["metadata"]
    assert (metadata["name"] is None) == (keep == "none")
    assert (metadata["options"] is None) == (keep != "full")
    assert bool(metadata["actions"]) == (keep != "none")


def test_a_smaller_state_is_no_drift(tf: Terraform) -> None:
    """What an earlier run kept of the catalogue goes silently when less is to be kept."""
    tf.write(shop(), provider=_provider('catalog_in_state = "full"'))
    tf.apply()
    before = len(json.dumps(tf.state()))
    tf.write(shop())
    assert tf.plan() == {}
    assert tf.drift() == []
    tf.apply("-refresh-only")
    assert len(json.dumps(tf.state())) <= before


def test_read_only_refuses_before_anything_is_sent(tf: Terraform) -> None:
    tf.write(shop(), provider=_provider("read_only = true"))
    tf.plan()
    tf.requests()
    said = tf.run("apply", "-auto-approve", "-no-color", code=1)
    assert "this client may only read" in " ".join(said.split())
    assert not [op for op in tf.requests() if op.startswith(("create", "update", "replace"))]


def test_the_workspace_pin_takes_id_and_slug_and_asks_once(tf: Terraform) -> None:
    for name in ("acme", tf.dump()["workspaces"][0]["id"]):
        tf.write(shop(), provider=_provider(f'workspace = "{name}"'))
        tf.requests()
        tf.plan()
        assert tf.requests()["getWorkspace"] == 1


def test_a_journal_that_cannot_be_written_is_a_warning(tf: Terraform) -> None:
    (tf.folder / "not a folder").write_text("")
    tf.env["SEGFORM_JOURNAL"] = str(tf.folder / "not a folder" / "below")
    tf.write(shop())
    tf.apply()
    assert tf.plan() == {}
    tf.env["SEGFORM_JOURNAL"] = "off"
    assert tf.plan() == {}


def test_unknown_kinds_in_protect_are_named(tf: Terraform) -> None:
    tf.write(shop(), provider=_provider('protect = ["sources"]'))
    said = tf.refused()
    assert "'sources' is not a kind" in said


def test_wide_parallelism_makes_everything_once(tf: Terraform) -> None:
    many = "\n".join(
        f'resource "segment_label" "l{i}" {{\n  key   = "k{i}"\n  value = "v"\n}}'
        for i in range(60)
    )
    tf.write(many)
    tf.apply("-parallelism=60")
    assert len(tf.dump()["workspaces"][0]["labels"]) == 60
    assert tf.plan("-parallelism=60") == {}


def test_the_provider_leaves_no_socket_behind(tf: Terraform) -> None:
    sockets = tf.folder.parent / "sockets"
    sockets.mkdir()
    tf.env["TMPDIR"] = str(sockets)
    tf.write(shop())
    tf.apply()
    tf.plan()
    assert [path.name for path in sockets.iterdir() if path.name.startswith("segform-")] == []


def test_the_time_that_a_plan_will_take_is_in_the_log(tf: Terraform) -> None:
    """Mappings go five a minute. With `TF_LOG` the requests are there too, and never the token."""
    mapping = """
resource "segment_destination_subscription" "m" {
  count          = 10
  destination_id = segment_destination.hook.id
  action_id      = "nFPnRozhz1mh4Gbx4MLvT5"
  name           = "Mapping ${count.index}"
  trigger        = "type = \\"track\\""
  enabled        = true
  settings       = jsonencode({ url = "https://hooks.example" })
}
"""
    tf.write(shop() + mapping)
    printed = tf.run("plan", "-no-color", "-input=false", TF_LOG="INFO")
    assert "10 requests of createDestinationSubscription are planned so far" in printed
    assert "at 5 a minute they take at least 1 minute" in printed
    assert "getWorkspace GET / -> 200" in printed
    assert tf.token not in printed
    assert "planned so far" not in tf.run("plan", "-no-color", "-input=false")
