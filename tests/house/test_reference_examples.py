"""Every example of the reference: HCL through terraform, Python through synth and types."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

from segform.resources import data_sources, registry
from segform_provider import install
from segform_provider.rpc.functions import FUNCTIONS
from tests.terraform.harness import Terraform

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import reference_examples as examples  # noqa: E402 - its folder has to be on the path first
import reference_objects as objects  # noqa: E402 - its folder has to be on the path first


@pytest.fixture
def tf(tmp_path: Path, terraform: str) -> Terraform:
    """Terraform with nobody behind the provider: nothing of this may ask the API."""
    made = Terraform(tmp_path / "reference", "http://127.0.0.1:1", "none", terraform)
    (made.folder / "order.yaml").write_text(objects.EVENT)
    (made.folder / "plan").mkdir()
    (made.folder / "plan" / "order.yaml").write_text(objects.EVENT)
    return made


def test_there_is_an_example_of_everything() -> None:
    assert set(objects.RESOURCES) == set(registry())
    assert set(objects.LOOK_UPS) <= set(data_sources())
    assert set(objects.FUNCTIONS) == set(objects.PYTHON_FUNCTIONS) == set(FUNCTIONS)
    for kind, found in objects.RESOURCES.items():
        assert (found[-1].kind, found[-1].data) == (kind, False)


@pytest.mark.parametrize("kind", sorted(registry()))
def test_an_example_can_be_made_up_of_any_kind(kind: str) -> None:
    made = examples.made_up(kind)
    text = examples.hcl([made])
    for attribute in registry()[kind].attributes.values():
        assert (f"  {attribute.name} " in text) == attribute.required
    assert examples.python([made])


@pytest.mark.terraform
@pytest.mark.timeout(120)
def test_all_hcl_is_valid(tf: Terraform) -> None:
    tf.write(examples.everything_hcl())
    said = json.loads(tf.run("validate", "-json"))
    assert said["diagnostics"] == []
    formatted = subprocess.run(
        [tf.terraform, "fmt", "-check", "-diff", "-no-color", "main.tf"],
        cwd=tf.folder,
        env=tf.env,
        capture_output=True,
        text=True,
        check=False,
    )
    body = [line for line in formatted.stdout.splitlines() if line.startswith(("-", "+"))]
    assert body == [], formatted.stdout


@pytest.mark.terraform
@pytest.mark.timeout(120)
def test_all_python_is_synthesized_to_what_is_valid(tf: Terraform) -> None:
    (tf.folder / "main.py").write_text(examples.everything_python())
    tf.synth()
    said = json.loads(tf.run("validate", "-json"))
    assert said["diagnostics"] == []
    (written,) = tf.folder.glob("cdk.tf.json")
    configuration = json.loads(written.read_text())
    kinds = {name.removeprefix("segment_") for name in configuration["resource"]}
    assert kinds == set(registry())
    looked_up = {name.removeprefix("segment_") for name in configuration["data"]}
    assert looked_up == set(data_sources())


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(util.find_spec("mypy") is None, reason="no mypy in this environment (floors)")
def test_all_python_type_checks(tmp_path: Path) -> None:
    (tmp_path / "all_of_it.py").write_text(examples.everything_python())
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "all_of_it.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(tmp_path / ".mypy_cache", ignore_errors=True)
    assert done.returncode == 0, done.stdout


def test_the_address_is_the_providers_own() -> None:
    assert install.SOURCE == "segform.internal/segform/segment"
