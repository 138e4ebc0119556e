"""The example with a second provider: the write key goes into a secret store."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from segform_emulator import Emulator
from segform_provider import install

from .test_deploy import ROOT, Cdktf

pytestmark = [pytest.mark.cdktf, pytest.mark.timeout(240)]

EXAMPLE = ROOT / "examples" / "secret_store"
VAULT = "registry.terraform.io/hashicorp/vault"
VERSION = "5.1.0"


@pytest.fixture
def app(elsewhere: Path) -> Iterator[Cdktf]:
    """The example in a folder of its own, with an emulator, and a stand-in for Vault's provider."""
    emulator = Emulator()
    with emulator.serve() as server:
        made = Cdktf(elsewhere, server.url, emulator.token)
        for name in ("main.py", "cdktf.json"):
            shutil.copy(EXAMPLE / name, elsewhere / name)
        made.environment["SECRET_STORE"] = str(elsewhere / "store.json")
        yield made


def stand_in(home: Path) -> str:
    """Install the stand-in as people install a provider from a folder; its lock entry."""
    name = f"terraform-provider-vault_v{VERSION}"
    place = home / ".terraform.d" / "plugins" / VAULT / VERSION / install.target_platform() / name
    place.parent.mkdir(parents=True)
    launcher = (
        f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m tests.cdktf.secret_store\n"
    )
    place.write_text(launcher)
    place.chmod(0o755)
    hashed = install.directory_hash({name: launcher.encode()})
    return (
        f'provider "{VAULT}" {{\n  version     = "{VERSION}"\n'
        f'  constraints = "~> 5.0"\n  hashes = [\n    "{hashed}",\n  ]\n}}\n'
    )


def test_deployed_twice_from_fresh_output_folders(app: Cdktf) -> None:
    committed = stand_in(app.home)
    (app.folder / install.LOCK_FILE).write_text(committed)
    first = app.run("deploy", "--auto-approve")
    assert "Creation complete" in first
    held = json.loads((app.folder / "store.json").read_text())
    secret = json.loads(held["secret/data/segment/web"])
    assert secret["source"] == "web"
    key = secret["write_key"]
    assert key
    assert key not in first
    # What the stack was locked to: both providers, ours written by the synth.
    stack = app.folder / "cdktf.out" / "stacks" / "keys"
    blocks = install.lock_blocks((stack / install.LOCK_FILE).read_text())
    assert set(blocks) == {VAULT, install.SOURCE}
    assert blocks[VAULT] == committed
    app.fresh_output()
    again = app.run("deploy", "--auto-approve")
    assert "No changes" in again
    assert key not in again
    assert json.loads((app.folder / "store.json").read_text()) == held
    assert (app.folder / install.LOCK_FILE).read_text() == committed


def test_without_its_lock_entry_the_synth_says_what_to_commit(app: Cdktf) -> None:
    told = " ".join(app.run("synth").split())
    assert f"{VAULT}: no entry in .terraform.lock.hcl" in told
    assert "init, and commit its .terraform.lock.hcl" in told
