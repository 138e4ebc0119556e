"""The real CDK command line: plain `cdktf deploy`, an empty CLI configuration, no flag."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import pytest

from segform_cdktf.run import node
from segform_emulator import Emulator
from segform_provider import install

pytestmark = [pytest.mark.cdktf, pytest.mark.timeout(180)]

ROOT = Path(__file__).resolve().parents[2]
APP = """
from {library} import App, TerraformProvider, TerraformProviderGeneratorMetadata, TerraformStack
from segform_cdktf import Label, SegmentProvider

app = App()
stack = TerraformStack(app, "stack")
SegmentProvider(stack, "segment")
Label(stack, "label", key="environment", value="production")
{more}
app.synth()
"""
SECOND = """
TerraformProvider(
    stack,
    "copy",
    terraform_resource_type="copy",
    terraform_provider_source="example.invalid/acme/copy",
    terraform_generator_metadata=TerraformProviderGeneratorMetadata(
        provider_name="copy", provider_version_constraint="1.2.3"
    ),
)
"""
CONFIGURATION = """
{
  "language": "python",
  "app": "python -m segform_cdktf.run main.py",
  "projectId": "test",
  "sendCrashReports": "false"
}
"""


def program(name: str) -> str:
    """A command line of the CDK: ours from .tools, else one on PATH."""
    tools = ROOT / ".tools" / "node_modules" / ".bin"
    found = shutil.which(name, path=os.pathsep.join([str(tools), os.environ["PATH"]]))
    assert found, f"no {name}; run: make setup"
    return found


class Cdktf:
    """The command line in a project folder whose path has a blank in it."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        self.folder = folder
        self.program = program("cdktf")
        foreign = ("SEGMENT_", "TF_", "CDKTF_", "SEGFORM_")
        home = folder.parent / "home"
        home.mkdir()
        (home / "empty.tfrc").touch()
        self.home = home
        bundled = node()
        paths = [str(Path(sys.executable).parent), *([str(bundled.parent)] if bundled else [])]
        self.environment = {
            **{name: v for name, v in os.environ.items() if not name.startswith(foreign)},
            "PATH": os.pathsep.join([*paths, os.environ["PATH"]]),
            "HOME": str(home),
            "CDKTF_HOME": str(home),
            "TF_CLI_CONFIG_FILE": str(home / "empty.tfrc"),
            "CHECKPOINT_DISABLE": "1",
            "CI": "1",
            "SEGMENT_API_TOKEN": token,
            "SEGMENT_API_URL": url,
        }
        (folder / "cdktf.json").write_text(CONFIGURATION)
        self.write("")

    def write(self, more: str, library: str = "cdktf") -> None:
        (self.folder / "main.py").write_text(APP.format(more=more, library=library))

    def run(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        output = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", done.stdout)
        assert done.returncode == code, output
        return output

    def fresh_output(self) -> None:
        """What every CI run starts with."""
        shutil.rmtree(self.folder / "cdktf.out", ignore_errors=True)


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def cdktf(elsewhere: Path, emulator: Emulator) -> Iterator[Cdktf]:
    with emulator.serve() as server:
        yield Cdktf(elsewhere, server.url, emulator.token)


def test_deploy_diff_and_destroy_from_fresh_output_folders(cdktf: Cdktf) -> None:
    assert "Creation complete" in cdktf.run("deploy", "--auto-approve")
    cdktf.fresh_output()
    assert "No changes" in cdktf.run("diff")
    # An upgrade: the entry of another version is mended, not stumbled over.
    lock = cdktf.folder / "cdktf.out" / "stacks" / "stack" / install.LOCK_FILE
    lock.write_text(lock.read_text().replace(install.version(), "0.0.1").replace("h1:", "h1:0"))
    assert "No changes" in cdktf.run("diff")
    cdktf.fresh_output()
    assert "Destruction complete" in cdktf.run("destroy", "--auto-approve")


@pytest.mark.skipif(util.find_spec("cdktn") is None, reason="cdktn is not in this environment")
@pytest.mark.parametrize("command", ["cdktf", "cdktn"])
def test_an_app_on_the_living_fork(cdktf: Cdktf, command: str) -> None:
    # The fork's library writes the same files, so either command line drives it.
    cdktf.program = program(command)
    cdktf.write("", library="cdktn")
    assert "Creation complete" in cdktf.run("deploy", "--auto-approve")
    assert "No changes" in cdktf.run("diff")
    assert "Destruction complete" in cdktf.run("destroy", "--auto-approve")


def test_a_second_provider_once_its_lock_entry_is_committed(cdktf: Cdktf) -> None:
    name = "terraform-provider-copy_v1.2.3"
    place = cdktf.home / ".terraform.d" / "plugins" / "example.invalid" / "acme" / "copy" / "1.2.3"
    executable = place / install.target_platform() / name
    executable.parent.mkdir(parents=True)
    launcher = f'#!/bin/sh\nexec "{sys.executable}" -I -m segform_provider\n'
    executable.write_text(launcher)
    executable.chmod(0o755)
    hashed = install.directory_hash({name: launcher.encode()})
    committed = (
        'provider "example.invalid/acme/copy" {\n  version     = "1.2.3"\n'
        f'  constraints = "1.2.3"\n  hashes = [\n    "{hashed}",\n  ]\n}}\n'
    )
    (cdktf.folder / install.LOCK_FILE).write_text(committed)
    cdktf.write(SECOND)
    assert "Creation complete" in cdktf.run("deploy", "--auto-approve")
    cdktf.fresh_output()
    assert "No changes" in cdktf.run("diff")
    assert (cdktf.folder / install.LOCK_FILE).read_text() == committed
    assert "Destruction complete" in cdktf.run("destroy", "--auto-approve")


def test_an_error_at_synth_reaches_the_user(cdktf: Cdktf) -> None:
    (cdktf.folder / install.LOCK_FILE).write_text('provider "x" {\n')
    assert "Delete the file" in cdktf.run("diff", code=1)
