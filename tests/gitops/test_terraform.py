"""The same with Terraform: the action by its engine `terraform`, and the workflows of Atlantis."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from segform import Segment

from .runner import PLAN_KEY, ROOT, SECRET, Ended, Host, shown

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]
INPUTS = {"engine": "terraform", "folder": "infra", "name": "prod"}
MAIN = """
terraform {{
  required_providers {{
    segment = {{
      source = "segform.internal/segform/segment"
    }}
  }}
  backend "local" {{
    path = "{state}"
  }}
}}
provider "segment" {{
  protect = ["source"]
}}
variable "secret" {{
  type      = string
  sensitive = true
}}
resource "segment_source" "web" {{
  slug     = "shop"
  name     = "{name}"
  enabled  = true
  metadata = {{ id = "IqDTy1TpoU" }}
  settings = jsonencode({{}})
}}
resource "segment_destination" "hook" {{
  name      = "Hook"
  enabled   = true
  source_id = segment_source.web.id
  metadata  = {{ id = "614a3c7d791c91c41bae7599" }}
  settings  = jsonencode({{ sharedSecret = var.secret }})
}}
"""


@pytest.fixture
def written(host: Host, tmp_path: Path) -> Host:
    """Its repository has a configuration, on main and not applied yet."""
    (tmp_path / "empty.tfrc").touch()
    host.more = {
        "TF_CLI_CONFIG_FILE": str(tmp_path / "empty.tfrc"),
        "TF_VAR_secret": SECRET,
        "SEGFORM_PLAN_KEY": PLAN_KEY,
    }
    (host.desk / ".gitignore").write_text(".segform/\n.terraform*\nterraform.d/\n")
    host.push("main", "Nothing")
    _write(host, "First")
    host.push("change", "A configuration")
    return host


def _write(host: Host, name: str) -> None:
    (host.desk / "infra").mkdir(exist_ok=True)
    state = host.folder / "state" / "prod.tfstate"
    (host.desk / "infra" / "main.tf").write_text(MAIN.format(state=state, name=name))


def _names(host: Host) -> list[str]:
    return [one["name"] for one in host.emulator.dump()["workspaces"][0]["sources"]]


def _github(host: Host, command: str, branch: str = "main") -> Ended:
    return host.github({"command": command, **INPUTS}, branch, pull=12 if branch != "main" else 0)


def test_the_action(written: Host) -> None:
    host = written
    planned = _github(host, "plan", "change")
    assert planned.code == 0, planned.log
    [comment] = host.forge.comments["12"]
    assert "First" in shown(comment)
    assert "First" not in _names(host)
    host.merge("change")
    applied = _github(host, "apply")
    assert applied.code == 0, applied.log
    assert "First" in _names(host)
    # What was applied cannot be applied again: its state is of another time.
    again = _github(host, "apply")
    assert again.code == 3, again.log
    assert "Saved plan is stale" in again.log
    assert _github(host, "drift").code == 0
    [one] = [s for s in host.emulator.dump()["workspaces"][0]["sources"] if s["name"] == "First"]
    with Segment(host.emulator.token, url=host.env["SEGMENT_API_URL"]) as app:
        app.sources.update(one["id"], name="Edited in the app")
    assert _github(host, "drift").code == 2
    said = planned.log + applied.log + str(host.forge.comments) + host.summary.read_text()
    kept = b"".join(path.read_bytes() for path in host.kept.rglob("*") if path.is_file())
    for marker in (SECRET, host.emulator.token):
        assert marker not in said
        assert marker.encode() not in kept


def test_a_plan_is_sealed(written: Host) -> None:
    host = written
    del host.more["SEGFORM_PLAN_KEY"]
    bare = _github(host, "plan", "change")
    assert bare.code != 0
    assert "SEGFORM_PLAN_KEY is not set" in bare.log
    host.more["SEGFORM_PLAN_KEY"] = PLAN_KEY
    assert _github(host, "plan", "change").code == 0
    host.merge("change")
    host.more["SEGFORM_PLAN_KEY"] = PLAN_KEY[::-1]
    forged = _github(host, "apply")
    assert forged.code == 3, forged.log
    assert "is no reviewed plan" in forged.log
    assert "First" not in _names(host)


def _atlantis(host: Host, here: Path, steps: list[Any], env: Mapping[str, str]) -> str:
    """The steps of a custom workflow; what the comment would show."""
    built_in = {
        "init": "terraform init -input=false -no-color",
        "apply": 'terraform apply -input=false -no-color "$PLANFILE"',
    }
    comment = ""
    for step in steps:
        known = isinstance(step, str)
        given = {"command": built_in[step]} if known else step["run"]
        facts = given if isinstance(given, dict) else {"command": given}
        said = host.sh(here, facts["command"], env)
        if facts.get("output") != "hide" and not known:
            comment += said
    return comment


def test_the_workflow_of_atlantis(written: Host, tmp_path: Path) -> None:
    host = written
    config = yaml.safe_load((ROOT / "gitops" / "atlantis" / "repos.yaml").read_text("utf-8"))
    [repo] = config["repos"]
    workflow = config["workflows"][repo["workflow"]]
    here = host.checkout("change") / "infra"
    env = {"PLANFILE": str(tmp_path / "prod.tfplan")}
    comment = _atlantis(host, here, workflow["plan"]["steps"], env)
    assert "## What this changes in Segment" in comment
    assert "First" in comment
    assert SECRET not in comment
    assert "First" not in _names(host)
    _atlantis(host, here, workflow["apply"]["steps"], env)
    assert "First" in _names(host)
    for name in ("atlantis.yaml", "repos.yaml"):
        assert yaml.safe_load((ROOT / "gitops" / "atlantis" / name).read_text("utf-8"))
