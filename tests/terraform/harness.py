"""The real terraform on a folder of its own, against an emulator of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from segform_cdktf.run import node
from segform_provider import install

HEADER = """
terraform {
  required_providers {
    segment = { source = "segform.internal/segform/segment" }
  }
}
"""


class Failed(AssertionError):
    """terraform ended otherwise than expected; the message is all that it printed."""


class Terraform:
    """One working folder. `requests` counts what reached the emulator since it was last asked."""

    def __init__(
        self, folder: Path, url: str, token: str, terraform: str, plugins: Path | None = None
    ) -> None:
        self.folder = self.whole = folder
        self.plugins = plugins
        self.url = url
        self.token = token
        self.terraform = terraform
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("SEGMENT_", "TF_"))},
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_CLI_CONFIG_FILE": str(folder / "terraform.rc"),
            "SEGMENT_API_TOKEN": token,
            "SEGMENT_API_URL": url,
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "terraform.rc").write_text("")
        self.api = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    def write(self, text: str, *, provider: str = 'provider "segment" {}\n') -> None:
        """The configuration: ours, and the header that names the provider."""
        (self.folder / "main.tf").write_text(HEADER + provider + text)
        if not (self.folder / "terraform.d").exists():
            self.link()

    def link(self) -> None:
        """Put the provider where terraform finds it, and initialize."""
        if self.plugins is None:
            install.link(self.folder)
        else:
            [package] = (self.plugins / install.SOURCE).glob("*/*")
            place = self.folder / "terraform.d" / "plugins" / package.relative_to(self.plugins)
            place.parent.mkdir(parents=True)
            place.symlink_to(package)
        self.run("init", "-no-color", "-input=false")

    def synth(self) -> None:
        """Run the CDK app of the folder, and go on in the folder of its stack."""
        bundled = node()
        done = subprocess.run(
            [sys.executable, "main.py"],
            cwd=self.folder,
            env={**self.env, **({"JSII_NODE": str(bundled)} if bundled else {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise Failed(f"the app ended with {done.returncode}\n{done.stdout}")
        [self.folder] = (self.folder / "cdktf.out" / "stacks").iterdir()
        self.run("init", "-no-color", "-input=false")

    def run(self, *arguments: str, code: int | tuple[int, ...] = 0, **env: str) -> str:
        """What terraform printed; raises `Failed` for another exit code."""
        done = subprocess.run(
            [self.terraform, *arguments],
            cwd=self.folder,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )
        if done.returncode not in (code if isinstance(code, tuple) else (code,)):
            raise Failed(f"terraform {' '.join(arguments)}: {done.returncode}\n{done.stdout}")
        return done.stdout

    def apply(self, *more: str) -> str:
        """Apply without asking."""
        return self.run("apply", "-auto-approve", "-no-color", "-input=false", *more)

    def destroy(self) -> str:
        """Destroy without asking."""
        return self.run("destroy", "-auto-approve", "-no-color", "-input=false")

    def plan(self, *more: str) -> dict[str, list[str]]:
        """Address -> actions of the plan, without what stays as it is."""
        self.run("plan", "-no-color", "-input=false", "-out=plan.bin", *more)
        plan = json.loads(self.run("show", "-json", "plan.bin"))
        self.last_plan: dict[str, Any] = plan
        return {
            change["address"]: change["change"]["actions"]
            for change in plan.get("resource_changes", ())
            if change["change"]["actions"] not in (["no-op"], ["read"])
            or change["change"].get("importing")
        }

    def drift(self) -> list[str]:
        """Addresses that `-refresh-only` would change."""
        self.run("plan", "-refresh-only", "-no-color", "-input=false", "-out=refresh.bin")
        plan = json.loads(self.run("show", "-json", "refresh.bin"))
        return [change["address"] for change in plan.get("resource_drift", ())]

    def refused(self, *more: str) -> str:
        """What a plan that must fail printed, as one line of words."""
        text = self.run("plan", "-no-color", "-input=false", *more, code=1)
        return " ".join(text.replace("│", " ").split())

    def state(self) -> dict[str, dict[str, Any]]:
        """Address -> attributes."""
        shown = json.loads(self.run("show", "-json"))
        found = shown.get("values", {}).get("root_module", {}).get("resources", ())
        return {item["address"]: item["values"] for item in found}

    def tainted(self) -> list[str]:
        """Addresses that the state calls tainted."""
        # Wherever the state is kept; empty where there is none yet.
        raw = json.loads(self.run("state", "pull") or '{"resources": []}')
        return [
            f"{item['type']}.{item['name']}"
            for item in raw["resources"]
            for instance in item["instances"]
            if instance.get("status") == "tainted"
        ]

    def forget_state(self) -> None:
        """Lose the local state."""
        for name in ("terraform.tfstate", "terraform.tfstate.backup"):
            (self.folder / name).unlink(missing_ok=True)

    def requests(self) -> Counter[str]:
        """Requests by operation since this was last called."""
        log = self.api.get("/_emulator/log").json()
        self.api.delete("/_emulator/log")
        return Counter(entry["operation"] for entry in log["requests"])

    def dump(self) -> dict[str, Any]:
        """What the workspace holds."""
        found: dict[str, Any] = self.api.get("/_emulator/dump").json()
        return found

    def close(self) -> None:
        """End the client and remove the folder."""
        self.api.close()
        shutil.rmtree(self.whole, ignore_errors=True)
