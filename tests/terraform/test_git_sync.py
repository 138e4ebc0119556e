"""Folders of the form that Segment's Git Sync writes: they plan as imports that change nothing.

One file for each object, an import block and every attribute of the official schema, nulls spelled
out, secrets as the mask that the API shows, JSON now as a call and now as text, sets in any order.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.protocol.shop import RULES_SET, shop
from tests.protocol.test_encrypted import BIGQUERY
from tests.provider.official import RESOURCES

from .harness import Terraform
from .test_all_kinds import import_id, write

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]

# Git Sync writes no file for connections, and never saw what only segform has.
WITHOUT = (
    "source_tracking_plan_connection",
    "source_warehouse_connection",
    "tracking_plan_rule",
    "source_schema_settings",
    "insert_function_instance",
)
JSON_TEXT = {"settings", "json_schema", "fields", "config"}
# Where the API shows an object whose settings Git Sync writes as they are shown.
SHOWN = {
    "segment_source": ("sources/{id}", "source"),
    "segment_destination": ("destinations/{id}", "destination"),
    "segment_warehouse": ("warehouses/{id}", "warehouse"),
    "segment_destination_subscription": (
        "destinations/{destination_id}/subscriptions/{id}",
        "subscription",
    ),
}


class Printer:
    """Values as Git Sync writes them."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def text(self, name: str, value: Any, at: int = 0) -> str:
        """One value in HCL."""
        blank = "  " * (at + 1)
        if value is None:
            return "null"
        if isinstance(value, dict):
            lines = [f"{blank}{k} = {self.text(k, v, at + 1)}" for k, v in sorted(value.items())]
            return "{\n" + "\n".join(lines) + "\n" + "  " * at + "}"
        if isinstance(value, list):
            items = self.dice.sample(value, len(value))
            inner = "".join(f"{blank}{self.text('', item, at + 1)},\n" for item in items)
            return f"[\n{inner}{'  ' * at}]"
        if name in JSON_TEXT and isinstance(value, str) and self.dice.random() < 0.5:
            return f"jsonencode({json.dumps(json.loads(value)).replace('${', '$${')})"
        return json.dumps(value, ensure_ascii=False).replace("${", "$${")

    def file(self, kind: str, object_id: str, values: dict[str, Any]) -> str:
        """An import block and the resource."""
        name = f"id-{object_id.replace(':', '_').replace(' ', '-').replace('@', '-')}"
        lines = [f"  {key} = {self.text(key, item, 1)}" for key, item in sorted(values.items())]
        body = "\n".join(lines)
        return (
            f'import {{\n  id = "{object_id}"\n  to = {kind}.{name}\n}}\n\n'
            f'resource "{kind}" "{name}" {{\n{body}\n}}\n'
        )


def _given(table: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """What Git Sync writes of an object: all that the official schema does not only compute."""
    found: dict[str, Any] = {}
    for key, facts in table.items():
        name = key.rstrip("!")
        presence, inner = facts if isinstance(facts, tuple) else (facts, None)
        if presence.startswith("C "):
            continue
        value = values.get(name)
        if inner is not None and isinstance(value, dict):
            value = _given(inner, value)
        elif inner is not None and isinstance(value, list):
            value = [_given(inner, item) for item in value]
        found[name] = value
    return found


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "fresh"])
def test_a_git_sync_folder_plans_as_imports_that_change_nothing(tf: Terraform, kept: bool) -> None:
    seed = 1 if kept else random.SystemRandom().randrange(10**6)
    print(f"seed: {seed}")
    config = shop(
        WITHOUT,
        tracking_plan={"rules": RULES_SET, "rules_by_key": None},
        transformation={"new_event_name": None, "fql_defined_properties": []},
    )
    del config["segment_tracking_plan.shared"]
    # Its secrets are answered encrypted, as another text each time.
    config["segment_warehouse.big"] = {
        "name": "Big",
        "metadata": {"id": BIGQUERY},
        "settings": '{"gc-project": "shop", "gc-credentials": "hush-hush"}',
    }
    write(tf, config)
    tf.apply()
    tf.api.post("/_emulator/accept-invite", json={"email": "ann@shop.example"}).raise_for_status()
    tf.run("apply", "-refresh-only", "-auto-approve", "-no-color", "-input=false")
    state = tf.state()
    tf.forget_state()
    (tf.folder / "all.tf.json").unlink()
    printer = Printer(seed)
    for address, values in state.items():
        kind = address.partition(".")[0]
        given = _given(RESOURCES[kind], values)
        if kind in SHOWN:
            path, envelope = SHOWN[kind]
            shown = tf.api.get(f"/{path.format(**values)}").json()["data"][envelope]
            settings = dict(shown["settings"])
            if kind == "segment_warehouse":
                settings.pop("name", None)
            given["settings"] = json.dumps(settings)
        if kind == "segment_function":
            given["display_name"] = None
        if kind == "segment_reverse_etl_model":
            given |= {"schedule_config": "{}", "schedule_strategy": ""}
        folder = kind.removeprefix("segment_")
        object_id = import_id(address, values, "")
        text = printer.file(kind, object_id, given)
        # Terraform reads one folder; Git Sync's users copy or concatenate theirs.
        (tf.folder / f"{folder}-{address.partition('.')[2]}.tf").write_text(text)
    assert "ciphertext" in (tf.folder / "warehouse-big.tf").read_text()
    tf.requests()
    plan = tf.plan()
    assert set(map(tuple, plan.values())) == {("no-op",)}, [
        (one["address"], one["change"]["before"], one["change"]["after"])
        for one in tf.last_plan["resource_changes"]
        if one["change"]["actions"] != ["no-op"]
    ]
    assert len(plan) == len(state)
    tf.run("apply", "-no-color", "plan.bin")
    # Nothing was written, masks least of all.
    assert not [op for op in tf.requests() if not op.startswith(("get", "list"))]
    assert tf.plan() == {}
