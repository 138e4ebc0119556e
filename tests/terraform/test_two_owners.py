"""States of the real Terraform: `segform drift` reads them, `segform apply` leaves them alone."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from segform import Segment
from segform.workspace import Workspace
from segform.workspace.snapshot import text
from tests.protocol.shop import shop

from .harness import Terraform
from .test_all_kinds import write as configure

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]


def segform(tf: Terraform, *arguments: str, code: int = 0) -> str:
    """What a command printed."""
    done = subprocess.run(
        [sys.executable, "-m", "segform", *arguments],
        cwd=tf.folder,
        env=tf.env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_state_of_all_kinds(tf: Terraform) -> None:
    configure(tf, shop())
    tf.apply()
    (tf.folder / "shown.json").write_text(tf.run("show", "-json"))
    for state in ("terraform.tfstate", "shown.json"):
        told = segform(tf, "drift", "--terraform-state", state, "--exit-code")
        assert told.startswith("No drift."), told
    with Segment(tf.token, url=tf.url) as client:
        held = Workspace(client, journal=False, folder=tf.folder).pull()
        [web] = [one for one in held["workspaces"][0]["sources"] if one["slug"] == "web"]
        client.request("updateSource", path={"sourceId": web["id"]}, body={"name": "Theirs"})
    told = segform(
        tf,
        "drift",
        "--terraform-state",
        "terraform.tfstate",
        "--format",
        "json",
        "--exit-code",
        code=2,
    )
    found: list[dict[str, Any]] = json.loads(told[: told.rindex("}") + 1])["drift"]
    assert [one["terraform"] for one in found] == ["segment_source.web"]
    assert [one["path"] for one in found[0]["attributes"]] == [["name"]]
    (tf.folder / "wanted.json").write_text(text(held))
    tf.requests()
    refused = segform(
        tf, "apply", "wanted.json", "--yes", "--terraform-state", "terraform.tfstate", code=3
    )
    assert "it is owned by Terraform, as segment_source.web in terraform.tfstate" in refused
    assert [one for one in tf.requests() if not one.startswith(("get", "list"))] == []
