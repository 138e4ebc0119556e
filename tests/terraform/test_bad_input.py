"""Bad input: a clear error that names the object, the path and the mend, and nothing written."""

from __future__ import annotations

import socket
import threading

import pytest

from segform_emulator import Emulator
from segform_provider import install

from .harness import Failed, Terraform
from .shop import WEB, shop

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]

_WRITES = ("create", "update", "add", "replace", "remove", "delete")


def _nothing_written(tf: Terraform) -> None:
    assert not [op for op in tf.requests() if op.startswith(_WRITES)]


def test_configurations_are_refused_with_path_and_mend(tf: Terraform) -> None:
    plan = 'resource "segment_tracking_plan" "p" {{\n name = "P"\n type = "LIVE"\n {}\n}}\n'
    rule = '{{ type = "TRACK", key = "A", version = 1, json_schema = "{}" }}'
    cases = {
        plan.format(f"rules = [{rule.format('{')}]"): "not valid JSON",
        plan.format(
            'rules_by_key = { "TRACK:A" = { json_schema = jsonencode({type = "objekt"}) } }'
        ): ("objekt"),
        plan.format(
            f"rules = [{rule.format('{}')}, "
            '{ type = "TRACK", key = "A", version = 1, '
            'json_schema = jsonencode({ type = "object" }) }]'
        ): "TRACK:A",
        plan.format(
            'rules_by_key = { "TRACK:A" = { type = "TRACK", key = "B", json_schema = "{}" } }'
        ): "TRACK:A",
        plan.format(
            f"rules = [{rule.format('{}')}]\n"
            ' rules_by_key = { "TRACK:A" = { json_schema = "{}" } }'
        ): "a plan's rules have one form",
        shop().replace(
            'type = \\"page\\"', '(type = \\"page\\"'
        ): "FQL, line 1, column 1: ( is not closed",
        shop().replace(WEB, "javascriptt"): "javascript",
    }
    for text, words in cases.items():
        tf.write(text)
        said = tf.refused()
        assert words in said, (words, said)
        # Terraform names the object and the line of the file.
        assert "with segment_" in said, said
        assert "on main.tf line" in said, said
    _nothing_written(tf)


def test_a_second_tracking_plan_on_a_source_is_refused_at_plan_time(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    source_id = tf.state()["segment_source.web"]["id"]
    tf.requests()
    tf.write(
        shop()
        + f"""
resource "segment_tracking_plan" "other" {{
  name = "Other"
  type = "LIVE"
}}
resource "segment_source_tracking_plan_connection" "second" {{
  source_id        = "{source_id}"
  tracking_plan_id = "tp_other"
}}
"""
    )
    said = tf.refused()
    assert source_id in said
    assert "the service takes one" in said
    _nothing_written(tf)


def test_the_tracking_plan_of_a_source_made_elsewhere_is_named(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    state = tf.state()
    source_id = state["segment_source.web"]["id"]
    plan_id = state["segment_tracking_plan.shop"]["id"]
    tf.forget_state()
    tf.write(
        f"""
resource "segment_source_tracking_plan_connection" "mine" {{
  source_id        = "{source_id}"
  tracking_plan_id = "tp_other"
}}
"""
    )
    said = tf.refused()
    assert f"{source_id}:{plan_id}" in said
    assert "a source has one plan" in said


def test_two_resources_cannot_be_one_object(tf: Terraform) -> None:
    label = 'resource "segment_label" "%s" {\n  key   = "environment"\n  value = "prod"\n}\n'
    tf.write(label % "a" + label % "b")
    assert "resources of this configuration are a label with the key" in tf.refused()
    _nothing_written(tf)
    # Also where one of them is there, and stays as it is.
    tf.write(label % "b")
    tf.apply()
    for new in ("a", "c"):
        tf.write(label % "b" + label % new)
        assert "resources of this configuration are a label with the key" in tf.refused()


def test_no_token(tf: Terraform) -> None:
    tf.write(shop())
    tf.env.pop("SEGMENT_API_TOKEN")
    assert "SEGMENT_API_TOKEN" in tf.refused()


def test_wrong_token(tf: Terraform) -> None:
    tf.write(shop())
    tf.env["SEGMENT_API_TOKEN"] = "sgp_nobody"
    said = tf.refused()
    assert "does not accept the token" in said
    assert "sgp_nobody" not in said


def test_two_tokens_that_differ(tf: Terraform) -> None:
    tf.write(shop())
    tf.env["PUBLIC_API_TOKEN"] = "another"
    said = tf.refused()
    assert "PUBLIC_API_TOKEN" in said
    assert "SEGMENT_API_TOKEN" in said


def test_token_of_another_workspace(tf: Terraform) -> None:
    tf.write(shop(), provider='provider "segment" {\n  workspace = "somebody-elses"\n}\n')
    assert "somebody-elses" in tf.refused()
    _nothing_written(tf)


def test_token_of_a_read_only_member(tf: Terraform, emulator: Emulator) -> None:
    tf.write(shop())
    tf.env["SEGMENT_API_TOKEN"] = emulator.tokens["member"]
    said = " ".join(tf.run("apply", "-auto-approve", "-no-color", code=1).split())
    assert "403" in said or "not allow" in said


def test_api_unreachable(tf: Terraform) -> None:
    tf.write(shop())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        tf.env["SEGMENT_API_URL"] = f"http://127.0.0.1:{free.getsockname()[1]}"
        said = tf.refused()
    assert "connect" in said.lower()


def test_html_502(tf: Terraform) -> None:
    """Something between us and the API answers in its own way."""
    page = b"<html><body>Bad Gateway</body></html>"
    answer = (
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n"
        b"Content-Length: " + str(len(page)).encode() + b"\r\n\r\n" + page
    )
    tf.write(shop())
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        tf.env["SEGMENT_API_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}"
        said = tf.refused()
    finally:
        server.close()
        thread.join(timeout=5)
    assert "502" in said
    assert "<html>" not in said


def test_a_stale_lock_file_is_named_by_terraform_and_mended_by_link(tf: Terraform) -> None:
    """Terraform says what; under the CDK the entry is mended at synth, here by one command."""
    tf.write(shop())
    lock = tf.folder / ".terraform.lock.hcl"
    text = lock.read_text()
    start = text.index("h1:")
    lock.write_text(text[:start] + "h1:" + "A" * 43 + "=" + text[text.index('"', start) :])
    with pytest.raises(Failed) as caught:
        tf.run("plan", "-no-color")
    said = " ".join(str(caught.value).replace("│", " ").split())
    assert "segform.internal/segform/segment" in said
    assert "does not match any of the checksums recorded in the dependency lock file" in said
    _nothing_written(tf)
    if tf.plugins is None:
        # What `segform provider link` does, and the upgrade is through.
        install.link(tf.folder)
        assert install.write_lock(tf.folder) == "mended"
    else:
        lock.unlink()
    tf.run("init", "-no-color", "-input=false")
    assert tf.plan()


def test_the_guard_stops_deletion_and_replacement_and_is_lifted_per_object(tf: Terraform) -> None:
    guard = 'provider "segment" {\n  protect = ["source", "tracking_plan"]\n}\n'
    tf.write(shop(), provider=guard)
    tf.apply()
    without = shop()[: shop().index('resource "segment_tracking_plan"')]
    tf.write(without, provider=guard)
    said = tf.refused()
    assert "tracking plan" in said
    assert "connected to sources" in said
    tf.write("", provider=guard)
    assert "write key" in tf.refused()
    # Also where nothing but the command line asks for it.
    tf.write(shop(), provider=guard)
    assert "write key" in tf.refused("-replace=segment_source.web")
    assert "connected to sources" in tf.refused("-replace=segment_tracking_plan.shop")
    tf.run("taint", "segment_source.web")
    assert "write key" in tf.refused()
    tf.run("untaint", "segment_source.web")
    # A name that need not be unique may be a second plan's, so that this is no more than told.
    tf.run("taint", "segment_tracking_plan.shop")
    told = tf.run("plan", "-no-color", "-input=false")
    assert "The tracking plan 'Shop' would be replaced by a new one" in " ".join(told.split())
    assert "`terraform untaint`" in told
    tf.run("untaint", "segment_tracking_plan.shop")
    lifted = guard.replace("}", '  protect_except = ["source:web", "tracking_plan:Shop"]\n}')
    tf.write(shop(), provider=lifted)
    assert tf.plan("-replace=segment_source.web")["segment_source.web"] == ["delete", "create"]
    tf.write("", provider=lifted)
    tf.apply()
    assert tf.state() == {}


def test_what_is_made_before_the_old_one_goes_on_another_machine(tf: Terraform) -> None:
    """Nothing that a plan remembers reaches its apply but the folder beside it."""
    first = "lifecycle {\n create_before_destroy = true\n }\n"
    plan = f'resource "segment_tracking_plan" "p" {{\n name = "P"\n type = "LIVE"\n {first}}}\n'
    tf.write(plan)
    tf.apply()
    tf.plan("-replace=segment_tracking_plan.p")
    beside, away = tf.folder / ".segform", tf.folder / "away"
    beside.rename(away)
    said = " ".join(tf.run("apply", "-no-color", "plan.bin", code=1).split())
    assert "already has a tracking plan 'P'" in said
    assert "take the folder `.segform` along with the plan" in said
    # Each of the two ways out.
    tf.apply()
    assert tf.plan() == {}
    tf.plan("-replace=segment_tracking_plan.p")
    tf.run("apply", "-no-color", "plan.bin")
    assert tf.plan() == {}
    assert len(tf.dump()["workspaces"][0]["trackingPlans"]) == 1
    # Of a key that the service keeps unique there cannot be two for a moment.
    source = f'resource "segment_source" "w" {{\n slug = "w"\n enabled = true\n {first}'
    source += ' settings = "{}"\n metadata = { id = "ID" }\n}\n'
    tf.write(plan + source.replace("ID", WEB))
    tf.apply()
    tf.write(plan + source.replace("ID", "dZeHygTSD4"))
    for lost in (False, True):
        tf.plan()
        if lost:
            beside.rename(tf.folder / "lost")
        said = " ".join(tf.run("apply", "-no-color", "plan.bin", code=1).split())
        assert "Remove `create_before_destroy`, or give this one another key" in said
    assert len(tf.dump()["workspaces"][0]["sources"]) == 1


def test_without_protect_plain_hcl_is_warned(tf: Terraform) -> None:
    tf.write(shop())
    tf.apply()
    tf.write("")
    printed = tf.run("plan", "-no-color", "-input=false")
    assert "Warning" in printed
    assert "write key" in " ".join(printed.replace("│", " ").split())
