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
