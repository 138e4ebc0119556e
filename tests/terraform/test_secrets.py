"""Secrets and token at the most talkative log level of terraform and provider."""

from __future__ import annotations

import secrets

import pytest

from tests.protocol.shop import shop

from .harness import Terraform
from .shop import WEB, WEBHOOK
from .test_all_kinds import write

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]


def test_a_marker_is_in_no_log_at_trace_level(tf: Terraform) -> None:
    marker = f"marker{secrets.token_hex(8)}"
    told = []
    for turn in (1, 2):
        # terraform itself logs the text of a configuration, so that the secret comes from outside.
        write(tf, shop(), variable={"marker": {"type": "string", "sensitive": True}})
        file = tf.folder / "all.tf.json"
        file.write_text(file.read_text().replace("hush-hush", "${var.marker}"))
        tf.env |= {"TF_LOG": "trace", "SEGMENT_LOG": "debug", "TF_VAR_marker": f"{marker}-{turn}"}
        told.append(tf.run("plan", "-no-color", "-input=false", "-out=plan.bin"))
        told.append(tf.run("apply", "-no-color", "-input=false", "plan.bin"))
    # One that fails on its way.
    tf.api.post("/_emulator/faults", json={"kind": "error_before", "method": "DELETE", "count": 0})
    told.append(tf.run("destroy", "-auto-approve", "-no-color", "-input=false", code=(0, 1)))
    assert str(tf.dump()).count(f"{marker}-2") >= 3
    for text in told:
        assert len(text) > 10_000, "it was not at trace level"
        assert marker not in text, _around(text, marker)
        assert tf.token not in text, _around(text, tf.token)


# One line each, with the secret in it, and what Terraform is told of it.
LINES = {
    "settings = jsonencode({ sharedSecret = MARKER })": "in the clear",
    "settings = jsonencode({ sharedSecret = MARKER, sharedSecrt = 1 })": "no option",
    "settings = jsonencode({ sharedSecret = [MARKER] })": "sharedSecret",
    "settings = jsonencode({ auth = [{ password = MARKER }] })": "settings.auth[0].password",
    'settings = "{\\"sharedSecret\\": \\"${MARKER}\\""': "not valid JSON",
    "settings = jsonencode([MARKER])": "a JSON object",
    'settings = "{}"\n  secret_settings_wo = { sharedSecret = MARKER, k = MARKER }': "",
    'settings = "{\\"k\\": 1}"\n  secret_settings_wo = { k = MARKER }': "is in `settings` and in",
}


def test_no_line_with_a_secret_is_quoted(tf: Terraform) -> None:
    """Terraform quotes the line that a problem is at, and the secret that stands there."""
    marker = f"marker{secrets.token_hex(8)}"
    base = f'''
resource "segment_source" "web" {{
  slug     = "web"
  enabled  = true
  metadata = {{ id = "{WEB}" }}
  settings = "{{}}"
}}
resource "segment_destination" "hook" {{
  enabled   = true
  source_id = segment_source.web.id
  metadata  = {{ id = "{WEBHOOK}" }}
'''
    for line, words in LINES.items():
        given = line.replace("${MARKER}", marker).replace("MARKER", f'"{marker}"')
        tf.write(base + given + "\n}\n")
        for form in ((), ("-json",)):
            told = tf.run("plan", "-no-color", "-input=false", *form, code=(0, 1))
            assert marker not in told, _around(told, marker)
        assert words in " ".join(told.split()), (line, told)
    tf.env.pop("SEGMENT_API_TOKEN")
    tf.write(
        base + 'settings = "{}"\n}\n', provider=f'provider "segment" {{\n  token = "{marker}"\n}}\n'
    )
    told = tf.run("plan", "-no-color", "-input=false", code=1)
    assert "does not accept the token" in told
    assert marker not in told, _around(told, marker)


def _around(text: str, found: str) -> str:
    at = text.index(found)
    return text[max(0, at - 300) : at + 100]
