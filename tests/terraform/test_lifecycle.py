"""One workspace of all kinds, through the real terraform: the promises of design section 9."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from .harness import Terraform
from .shop import WEB, WEBHOOK, shop

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "terraform"

ALL = {
    "segment_label.prod",
    "segment_source.web",
    "segment_destination.hook",
    "segment_destination_filter.sample",
    "segment_tracking_plan.shop",
    "segment_source_tracking_plan_connection.web",
}


def test_create_is_followed_by_an_empty_plan_and_destroy_leaves_nothing(tf: Terraform) -> None:
    tf.write(shop())
    printed = tf.apply()
    sent = tf.requests()
    assert tf.plan() == {}
    assert tf.drift() == []
    assert set(tf.state()) == ALL
    assert sent["createSource"] == 1
    assert sent["updateRulesInTrackingPlan"] == 1
    assert sent["replaceRulesInTrackingPlan"] == 0
    assert "hush" not in printed
    tf.destroy()
    left = tf.dump()["workspaces"][0]
    for family in ("sources", "destinations", "filters", "trackingPlans"):
        assert not left.get(family), family


def test_updates_of_every_attribute_are_in_place_and_end_in_an_empty_plan(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    changed = shop(
        name="Shop",
        slug="site",
        source_enabled=False,
        labelled=False,
        website="https://new.example",
        hook="Orders",
        enabled=False,
        secret="another-secret",
        when="screen",
        title="Sample screens",
        filtering=False,
        percent="0.25",
        plan="Store",
        description="null",
        schema='{ type = "object", required = ["total"] }',
        allow="true",
    )
    tf.write(changed)
    assert tf.plan() == {key: ["update"] for key in ALL - {"segment_label.prod"}}
    tf.requests()
    tf.run("apply", "-no-color", "plan.bin")
    sent = tf.requests()
    assert sent["updateRulesInTrackingPlan"] == 1
    assert tf.plan() == {}
    assert tf.drift() == []
    held = tf.dump()["workspaces"][0]
    assert held["destinations"][0]["settings"]["sharedSecret"] == "another-secret"
    assert held["sources"][0]["labels"] == []


def test_every_kind_edited_behind_our_back_is_healed(tf: Terraform) -> None:
    """All but the label, which the API cannot change."""
    tf.write(shop())
    tf.apply()
    state = tf.state()
    source = state["segment_source.web"]["id"]
    hook = state["segment_destination.hook"]["id"]
    sample = state["segment_destination_filter.sample"]["id"]
    plan = state["segment_tracking_plan.shop"]["id"]
    for path, body in (
        (f"/sources/{source}", {"name": "Theirs", "settings": {"websiteUrl": "theirs"}}),
        (f"/destinations/{hook}", {"enabled": False}),
        (
            f"/destination/{hook}/filters/{sample}",
            {"title": "Theirs", "actions": [{"type": "DROP"}]},
        ),
        (f"/tracking-plans/{plan}", {"description": "Theirs"}),
        (f"/sources/{source}/settings", {"track": {"allowUnplannedEvents": True}}),
    ):
        tf.api.patch(path, json=body).raise_for_status()
    tf.api.put(f"/sources/{source}/labels", json={"labels": []}).raise_for_status()
    assert tf.plan() == {key: ["update"] for key in ALL - {"segment_label.prod"}}
    tf.run("apply", "-no-color", "plan.bin")
    assert tf.plan() == {}
    held = tf.dump()["workspaces"][0]
    assert held["sources"][0]["name"] == "Web shop"
    assert held["sources"][0]["labels"] == [{"key": "environment", "value": "prod"}]
    assert len(held["filters"][0]["actions"]) == 2


def test_every_kind_deleted_behind_our_back_is_made_again(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    state = tf.state()
    source = state["segment_source.web"]["id"]
    # With the source go its destination, the filter and the connection.
    tf.api.delete(f"/sources/{source}").raise_for_status()
    tf.api.delete(f"/tracking-plans/{state['segment_tracking_plan.shop']['id']}").raise_for_status()
    tf.api.delete("/labels/environment/prod").raise_for_status()
    assert tf.plan() == {key: ["create"] for key in ALL}
    tf.apply()
    assert tf.plan() == {}
    assert set(tf.state()) == ALL


@pytest.mark.parametrize("rules", ["by_key", "set", "none"])
def test_import_blocks_reproduce_the_state(tf: Terraform, rules: str) -> None:
    tf.write(shop(rules=rules))
    tf.apply()
    state = tf.state()
    blocks = "".join(
        f'import {{\n  to = {address}\n  id = "{_import_id(address, values, rules)}"\n}}\n'
        for address, values in state.items()
    )
    tf.forget_state()
    tf.write(shop(rules=rules) + blocks)
    plan = tf.plan()
    assert plan == {key: ["no-op"] for key in ALL}, tf.last_plan["resource_changes"]
    tf.apply()
    tf.write(shop(rules=rules))
    assert tf.plan() == {}
    assert set(tf.state()) == ALL


def _import_id(address: str, values: dict[str, Any], rules: str) -> str:
    kind = address.partition(".")[0]
    if kind == "segment_label":
        return f"{values['key']}:{values['value']}"
    if kind == "segment_destination_filter":
        return f"{values['destination_id']}:{values['id']}"
    if kind == "segment_source_tracking_plan_connection":
        return f"{values['source_id']}:{values['tracking_plan_id']}"
    if kind == "segment_tracking_plan":
        form = {"by_key": "#rules_by_key", "set": "", "none": "#unmanaged"}[rules]
        return f"{values['id']}{form}"
    return str(values["id"])


def test_import_by_command(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    source_id = tf.state()["segment_source.web"]["id"]
    tf.run("state", "rm", "segment_source.web")
    tf.run("import", "-no-color", "-input=false", "segment_source.web", source_id)
    assert tf.plan() == {}


def test_three_edits_behind_our_back_are_exactly_what_the_plan_shows(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    state = tf.state()
    plan_id = state["segment_tracking_plan.shop"]["id"]
    filter_ = state["segment_destination_filter.sample"]
    source_id = state["segment_source.web"]["id"]
    rule = {
        "type": "TRACK",
        "key": "Order Completed",
        "version": 1,
        "jsonSchema": {"type": "array"},
    }
    tf.api.patch(f"/tracking-plans/{plan_id}/rules", json={"rules": [rule]}).raise_for_status()
    tf.api.patch(
        f"/destination/{filter_['destination_id']}/filters/{filter_['id']}",
        json={"enabled": False},
    ).raise_for_status()
    tf.api.patch(
        f"/sources/{source_id}/settings", json={"track": {"allowUnplannedEvents": True}}
    ).raise_for_status()
    edited = {
        "segment_tracking_plan.shop",
        "segment_destination_filter.sample",
        "segment_source_tracking_plan_connection.web",
    }
    assert tf.plan() == {key: ["update"] for key in edited}
    tf.requests()
    tf.run("apply", "-no-color", "plan.bin")
    assert tf.requests()["updateRulesInTrackingPlan"] == 1
    assert tf.plan() == {}


def test_what_was_deleted_behind_our_back_is_made_again(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    state = tf.state()
    filter_ = state["segment_destination_filter.sample"]
    tf.api.delete(
        f"/destination/{filter_['destination_id']}/filters/{filter_['id']}"
    ).raise_for_status()
    source_id = state["segment_source.web"]["id"]
    tf.api.delete(
        f"/tracking-plans/{state['segment_tracking_plan.shop']['id']}/sources",
        params={"sourceId": source_id},
    ).raise_for_status()
    assert tf.plan() == {
        "segment_destination_filter.sample": ["create"],
        "segment_source_tracking_plan_connection.web": ["create"],
    }
    tf.apply()
    assert tf.plan() == {}


def test_set_to_map_is_one_update_that_sends_no_rules(tf: Terraform) -> None:
    tf.write(shop(rules="set"))
    tf.apply()
    tf.write(shop(rules="by_key"))
    assert tf.plan() == {"segment_tracking_plan.shop": ["update"]}
    tf.requests()
    tf.run("apply", "-no-color", "plan.bin")
    sent = tf.requests()
    assert sent["updateRulesInTrackingPlan"] == sent["removeRulesFromTrackingPlan"] == 0
    assert tf.plan() == {}


def test_450_rules_take_three_writes_and_three_edits_take_one(tf: Terraform) -> None:
    def plan_of(edited: int) -> str:
        rules = "\n".join(
            f'    "TRACK:Event {i}" = {{ json_schema = jsonencode({{ type = "object", '
            f'description = "{"new" if i < edited else "old"}" }}) }}'
            for i in range(450)
        )
        return f"""
resource "segment_tracking_plan" "big" {{
  name = "Big"
  type = "LIVE"
  rules_by_key = {{
{rules}
  }}
}}
"""

    tf.write(plan_of(0))
    tf.apply()
    assert tf.requests()["updateRulesInTrackingPlan"] == 3
    assert tf.plan() == {}
    tf.write(plan_of(3))
    tf.requests()
    tf.apply()
    assert tf.requests()["updateRulesInTrackingPlan"] == 1
    assert tf.plan() == {}
    tf.destroy()
    assert not tf.dump()["workspaces"][0].get("trackingPlans")


def test_the_example_is_made_with_two_reads(tf: Terraform) -> None:
    """27 writes; the workspace of the token, and when the rules changed their plan."""
    for file in EXAMPLE.glob("*.tf"):
        (tf.folder / file.name).write_text(file.read_text())
    variables = re.findall(r'variable "(\w+)"', (EXAMPLE / "variables.tf").read_text())
    tf.env.update({f"TF_VAR_{name}": f"example-{name}" for name in variables})
    tf.link()
    tf.run("plan", "-no-color", "-out=plan.bin")
    tf.requests()
    tf.run("apply", "-no-color", "plan.bin")
    sent = tf.requests()
    reads = {name: n for name, n in sent.items() if name.startswith(("get", "list"))}
    assert reads == {"getWorkspace": 1, "getTrackingPlan": 1}
    assert sum(sent.values()) == 27 + 2


def test_rule_versions_are_exact(tf: Terraform) -> None:
    rules = "\n".join(
        f'    {{ type = "TRACK", key = "A", version = {v}, json_schema = "{{}}" }},'
        for v in ("1.1", "0.1", "9007199254740993")
    )
    tf.write(
        f'resource "segment_tracking_plan" "p" {{\n name = "P"\n type = "LIVE"\n'
        f"  rules = [\n{rules}\n  ]\n}}\n"
    )
    tf.apply()
    assert tf.plan() == {}
    plan_id = tf.state()["segment_tracking_plan.p"]["id"]
    text = tf.api.get(f"/tracking-plans/{plan_id}/rules").text
    for version in ("1.1", "0.1", "9007199254740993"):
        assert f'"version":{version}' in text.replace(" ", "")


def test_secrets_are_in_no_output(tf: Terraform) -> None:
    tf.write(shop())
    tf.plan()
    assert "hush-hush-secret" not in tf.run("show", "-no-color", "plan.bin")
    tf.apply()
    assert "hush-hush-secret" not in tf.run("show", "-no-color")
    values = json.loads(tf.run("show", "-json"))["values"]["root_module"]["resources"]
    hook = next(r for r in values if r["address"] == "segment_destination.hook")
    assert hook["sensitive_values"]["settings"] is True


def test_data_sources_find_by_id_slug_and_name(tf: Terraform) -> None:
    tf.write(
        f"""
data "segment_workspace" "this" {{}}
data "segment_source_metadata" "by_slug" {{
  slug = "javascript"
}}
data "segment_destination_metadata" "by_name" {{
  name = "Amplitude (Actions)"
}}
data "segment_destination_metadata" "by_id" {{
  id = "{WEBHOOK}"
}}
output "found" {{
  value = [
    data.segment_workspace.this.slug,
    data.segment_source_metadata.by_slug.id,
    data.segment_destination_metadata.by_name.slug,
    data.segment_destination_metadata.by_id.name,
  ]
}}
"""
    )
    tf.apply()
    found = json.loads(tf.run("output", "-json", "found"))
    assert found[:3] == ["acme", WEB, "actions-amplitude"]
    assert found[3].startswith("Webhook")
    tf.write('data "segment_source_metadata" "typo" {\n  slug = "javascrpt"\n}\n')
    said = tf.refused()
    assert "nearest: javascript" in said


def test_the_official_providers_state_plans_empty_under_ours(tf: Terraform) -> None:
    """Its state lacks what we add, has whole catalogue entries, and null where we have empty."""
    tf.write(shop(rules="set"))
    tf.apply()
    raw = json.loads((tf.folder / "terraform.tfstate").read_text())
    for item in raw["resources"]:
        for instance in item["instances"]:
            instance.pop("private", None)
            values = instance["attributes"]
            values.pop("rules_by_key", None)
            if item["type"] == "segment_destination":
                values["metadata"]["options"] = [
                    {
                        "name": "sharedSecret",
                        "type": "password",
                        "required": False,
                        "description": None,
                        "default_value": None,
                        "label": "Shared Secret",
                    }
                ]
    raw["serial"] += 1
    (tf.folder / "terraform.tfstate").write_text(json.dumps(raw))
    assert tf.plan() == {}
    assert tf.drift() == []


def test_what_cannot_be_changed_in_place_is_replaced(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    changed = (
        shop()
        .replace('description = "What customers see"', 'description = "Live"')
        .replace(WEBHOOK, "60be92c8dabdd561bf6c9130")
        .replace('type        = "LIVE"', 'type        = "TEMPLATE"')
    )
    tf.write(changed)
    replaced = ["delete", "create"]
    plan = tf.plan()
    assert plan["segment_label.prod"] == replaced
    assert plan["segment_destination.hook"] == replaced
    assert plan["segment_destination_filter.sample"] == replaced
    assert plan["segment_tracking_plan.shop"] == replaced
    assert plan["segment_source_tracking_plan_connection.web"] == replaced
    assert "segment_source.web" not in plan


def test_more_than_one_page_is_read_whole(tf: Terraform) -> None:
    """230 sources are two pages; the refresh lists them once."""
    tf.api.post("/_emulator/seed?sources=230").raise_for_status()
    tf.write(
        """
import {
  for_each = var.ids
  to       = segment_source.all[each.key]
  id       = each.value
}
variable "ids" {
  type = map(string)
}
variable "sources" {
  type = map(object({ slug = string, name = string, metadata = string }))
}
resource "segment_source" "all" {
  for_each = var.sources
  slug     = each.value.slug
  name     = each.value.name
  enabled  = true
  metadata = { id = each.value.metadata }
  settings = "{}"
}
"""
    )
    held = tf.dump()["workspaces"][0]["sources"]
    facts = {
        "ids": {one["slug"]: one["id"] for one in held},
        "sources": {
            one["slug"]: {
                "slug": one["slug"],
                "name": one["name"],
                "metadata": one["metadataId"],
            }
            for one in held
        },
    }
    (tf.folder / "ids.auto.tfvars.json").write_text(json.dumps(facts))
    tf.requests()
    tf.apply()
    # Three singly, then two pages of 200 for all the others.
    assert tf.requests()["listSources"] == 2
    assert len(tf.state()) == 230
    assert tf.plan() == {}
