"""Every kind at once through the real terraform: the workspace that `tests/protocol` drives too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from segform.resources import registry
from tests.protocol.core import Config, Ref
from tests.protocol.shop import RULES_SET, shop

from .harness import Terraform

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]


def hcl(value: Any) -> Any:
    """A value of the driver's configuration in Terraform's JSON syntax."""
    if isinstance(value, Ref):
        return f"${{{value.address}.{value.attribute}}}"
    if isinstance(value, dict):
        return {key: hcl(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [hcl(item) for item in value]
    return value


def write(tf: Terraform, config: Config, **more: Any) -> None:
    """The configuration as `all.tf.json`."""
    resources: dict[str, dict[str, Any]] = {}
    for address, values in config.items():
        kind, _, name = address.partition(".")
        resources.setdefault(kind, {})[name] = hcl(values)
    # As the CDK writes it: Terraform quotes whole lines, and one line would be the whole file.
    text = json.dumps({"resource": resources, **more}, indent=2)
    (tf.folder / "all.tf.json").write_text(text)
    tf.write("")


def import_id(address: str, values: dict[str, Any], form: str) -> str:
    """The official form; a plan's rules take `form`."""
    about = registry()[address.partition(".")[0].removeprefix("segment_")].about
    tail = form if address == "segment_tracking_plan.shop" else ""
    tail = "#unmanaged" if address == "segment_tracking_plan.shared" else tail
    return about.import_id.format(**values) + tail


def test_made_unchanged_and_gone(tf: Terraform) -> None:
    config = shop()
    write(tf, config)
    printed = tf.apply()
    assert "hush-hush" not in printed
    assert tf.plan() == {}
    # A plan whose rules others write is changed by them.
    assert set(tf.drift()) <= {"segment_tracking_plan.shared"}
    assert set(tf.state()) == set(config)
    tf.destroy()
    left = tf.dump()["workspaces"][0]
    # The founder of the workspace stays.
    held = {name for name, value in left.items() if isinstance(value, list) and value}
    assert held <= {"users", "functionVersions", "spaces"}, held


@pytest.mark.parametrize("form", ["#rules_by_key", ""])
def test_imports_plan_empty(tf: Terraform, form: str) -> None:
    rules = {} if form else {"rules": RULES_SET, "rules_by_key": None}
    config = shop(tracking_plan=rules)
    write(tf, config)
    tf.apply()
    tf.api.post("/_emulator/accept-invite", json={"email": "ann@shop.example"}).raise_for_status()
    tf.run("apply", "-refresh-only", "-auto-approve", "-no-color", "-input=false")
    state = tf.state()
    blocks = [{"to": at, "id": import_id(at, values, form)} for at, values in state.items()]
    tf.forget_state()
    write(tf, config, **{"import": blocks})
    assert tf.plan() == {key: ["no-op"] for key in config}, _differing(tf)
    tf.apply()
    write(tf, config)
    assert tf.plan() == {}


def _differing(tf: Terraform) -> list[Any]:
    """What the last plan would change, for the reader of a failure."""
    found = []
    for one in tf.last_plan["resource_changes"]:
        before, after = one["change"]["before"] or {}, one["change"]["after"] or {}
        found += [
            (one["address"], key, before.get(key), value)
            for key, value in after.items()
            if before.get(key) != value
        ]
    return found


def test_write_only_secrets_are_in_no_file(tf: Terraform) -> None:
    address = "segment_destination.hook"
    config = shop(destination={"settings": "{}"})
    for version in ("1", "2"):
        config[address]["secret_settings_wo"] = {"sharedSecret": f"hush-{version}"}
        config[address]["secret_settings_wo_version"] = version
        write(tf, config)
        changed = tf.plan()
        assert version == "1" or changed == {address: ["update"]}
        tf.run("apply", "-no-color", "plan.bin")
        held = tf.dump()["workspaces"][0]["destinations"][0]["settings"]
        assert held == {"sharedSecret": f"hush-{version}"}
        assert tf.plan() == {}
        state = (tf.folder / "terraform.tfstate").read_text()
        # The warehouse's password is in its ordinary settings.
        plan = {key: value for key, value in tf.last_plan.items() if key != "configuration"}
        for text in (json.dumps(plan), state):
            assert "hush-" not in text.replace("hush-hush", "")
