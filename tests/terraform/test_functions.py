"""Functions of the provider, in expressions of the real terraform."""

from __future__ import annotations

import json

import pytest

from .harness import Terraform

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(120)]


def test_functions_need_no_token(tf: Terraform) -> None:
    tf.write(
        """
variable "when" {
  default = "type=\\"page\\" and (event = 'A')"
  validation {
    condition     = provider::segment::fql_valid(var.when)
    error_message = "This is no FQL."
  }
}
output "valid" { value = provider::segment::fql_valid("type = page(") }
output "format" { value = provider::segment::fql_format(var.when) }
"""
    )
    tf.run("apply", "-auto-approve", "-no-color", SEGMENT_API_TOKEN="")
    found = json.loads(tf.run("output", "-json"))
    assert found["valid"]["value"] is False
    assert found["format"]["value"] == 'type = "page" and event = "A"'
    text = tf.run("plan", "-no-color", "-var=when=type == 'page'", code=1)
    assert "This is no FQL." in text


def test_an_error_names_the_place(tf: Terraform) -> None:
    tf.write("""output "format" { value = provider::segment::fql_format("type = \\"page") }\n""")
    text = " ".join(tf.run("plan", "-no-color", code=1).replace("│", " ").split())
    assert "line 1, column 8" in text


ORDER = """
name: Order Completed
description: An order was paid.
version: 1.1
properties:
  order_id: {type: string}
  "größe:2": {type: number}
required: [order_id]
"""
# What the rest of the configuration does with the rules: the map, the set, one resource each.
FORMS = {
    "map": """
  rules_by_key = {
    for rule in local.rules : rule.rule_key => { json_schema = rule.json_schema }
  }
""",
    "set": """
  rules = [
    for rule in local.rules :
    { type = rule.type, key = rule.key, version = rule.version, json_schema = rule.json_schema }
  ]
""",
}


@pytest.mark.parametrize("form", FORMS)
def test_event_files_are_the_rules_of_a_plan(tf: Terraform, form: str) -> None:
    (tf.folder / "plan").mkdir()
    (tf.folder / "plan" / "order.yaml").write_text(ORDER)
    (tf.folder / "plan" / "traits.json").write_text(
        '{"call": "identify", "traits": {"email": {"type": "string"}}}'
    )
    tf.write(
        """
locals {
  rules = [
    for name in fileset(".", "plan/*.{yaml,json}") : provider::segment::event_rule(file(name))
  ]
}
resource "segment_tracking_plan" "shop" {
  name = "Shop"
  type = "LIVE"
"""
        + FORMS[form]
        + "}\n"
    )
    tf.apply()
    assert tf.plan() == {}
    held = {one["type"]: one for one in tf.dump()["workspaces"][0]["trackingPlans"][0]["rules"]}
    assert set(held) == {"TRACK", "IDENTIFY"}
    order = held["TRACK"]
    assert (order["key"], str(order["version"])) == ("Order Completed", "1.1")
    properties = order["jsonSchema"]["properties"]["properties"]
    assert properties["required"] == ["order_id"]
    assert properties["properties"]["größe:2"]["type"] == ["number"]


def test_a_mistake_in_an_event_file_is_told_with_its_place(tf: Terraform) -> None:
    (tf.folder / "order.yaml").write_text(ORDER.replace("type: string", "type: strin"))
    call = 'output "rule" { value = provider::segment::event_rule(%s) }\n'
    tf.write(call % 'file("order.yaml")')
    text = " ".join(tf.run("plan", "-no-color", code=1).replace("│", " ").split())
    assert "event:6:" in text
    assert "strin" in text
    tf.write(call % '"order.yaml"')
    text = " ".join(tf.run("plan", "-no-color", code=1).replace("│", " ").split())
    assert "is the name of a file" in text
