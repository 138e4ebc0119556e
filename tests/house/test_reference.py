"""The provider's reference page is what the definitions give."""

from __future__ import annotations

import subprocess
import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from segform.resources import data_sources, registry

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "reference.py"


@pytest.fixture
def reference() -> ModuleType:
    spec = util.spec_from_file_location("reference", SCRIPT)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_definitions_give() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_stale_page_is_found_and_left_alone(
    reference: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stale = tmp_path / "provider.md"
    stale.write_text("old")
    monkeypatch.setattr(reference, "PAGE", stale)
    assert reference.main(["--check"]) == 1
    assert "make generate" in capsys.readouterr().err
    assert stale.read_text() == "old"
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    assert reference.main(["--chek"]) == 2


def test_every_attribute_has_a_row(reference: ModuleType) -> None:
    sections = dict(
        part.split("\n", 1) for part in str(reference.page()).split("\n## ")[1:] if "\n" in part
    )
    for name, kind in registry().items():
        for attribute in kind.attributes.values():
            assert f"| `{attribute.name}` |" in sections[f"segment_{name}"]
    for name, source in data_sources().items():
        for attribute in source.attributes.values():
            assert f"| `{attribute.name}` |" in sections[f"data segment_{name}"]


@pytest.mark.parametrize("name", sorted(registry()))
def test_an_example_can_be_made_of_any_kind(reference: ModuleType, name: str) -> None:
    text = reference.example(name, registry()[name])
    for attribute in registry()[name].attributes.values():
        assert (f"  {attribute.name} " in text) == attribute.required
