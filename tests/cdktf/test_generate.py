"""The generated constructs are those of the definitions."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import get_type_hints

import pytest

import segform_cdktf
from segform.resources import DataSource, Resource, data_sources, registry
from segform_cdktf import generate

EVERYTHING = [
    *((kind, definition.__name__) for kind, definition in registry().items()),
    *((kind, f"Data{definition.__name__}") for kind, definition in data_sources().items()),
]

# What is generated is formatted by the pinned formatter; the oldest dependencies have none.
needs_formatter = pytest.mark.skipif(
    util.find_spec("ruff") is None, reason="no ruff in this environment"
)


def definition_of(kind: str, name: str) -> type[Resource | DataSource]:
    return data_sources()[kind] if name.startswith("Data") else registry()[kind]


@needs_formatter
def test_what_is_checked_in_is_what_is_generated(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().err


def test_check_names_a_stale_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"label.py": "right\n", "new.py": "new\n"}
    monkeypatch.setattr(generate, "FOLDER", tmp_path)
    monkeypatch.setattr(generate, "files", lambda: texts)
    (tmp_path / "label.py").write_text("wrong\n")
    (tmp_path / "gone.py").write_text("left over\n")
    assert generate.main(["--check"]) == 1
    assert [line.split()[0].split("/")[1] for line in capsys.readouterr().err.splitlines()] == [
        "gone.py",
        "label.py",
        "new.py",
    ]
    assert generate.main([]) == 0
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == texts


@pytest.mark.parametrize(("kind", "name"), EVERYTHING)
def test_each_attribute_that_can_be_given_has_its_argument(kind: str, name: str) -> None:
    construct = getattr(segform_cdktf, name)
    definition = definition_of(kind, name)
    parameters = inspect.signature(construct.__init__).parameters
    wanted = {}
    python_names = {a.name: n for n, a in vars(definition).items() if hasattr(a, "presence")}
    for attribute in definition.attributes.values():
        if attribute.settable and not attribute.echo:
            python_name = attribute.flat or python_names.get(attribute.name, attribute.name)
            wanted[python_name] = attribute.required
    given = {
        parameter.name: parameter.default is inspect.Parameter.empty
        for parameter in parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    given.pop("events", None)  # what TrackingPlan adds
    assert given == wanted


@pytest.mark.parametrize(("kind", "name"), EVERYTHING)
def test_each_attribute_can_be_referred_to(kind: str, name: str) -> None:
    construct = getattr(segform_cdktf, name)
    definition = definition_of(kind, name)
    python_names = {a.name: n for n, a in vars(definition).items() if hasattr(a, "presence")}
    for attribute in definition.attributes.values():
        python_name = python_names.get(attribute.name, attribute.name)
        found = getattr(construct, python_name)
        assert isinstance(found, property), python_name
        assert found.fget is not None
        assert found.fget.__doc__
        assert "return" in get_type_hints(found.fget)


def test_the_package_itself_loads_no_framework() -> None:
    code = (
        "import sys, segform_cdktf, segform_cdktf.run, segform_cdktf.generate\n"
        "print(sorted({'cdktf', 'cdktn', 'jsii', 'grpc', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_constructs_never_import_the_provider_or_the_client() -> None:
    code = (
        "import sys, segform_cdktf\n"
        "[getattr(segform_cdktf, name) for name in segform_cdktf.__all__]\n"
        "print(sorted(name for name in sys.modules if name.startswith(('segform_provider.protocol',"
        " 'segform.transport', 'segform.lifecycle', 'grpc', 'httpx', 'pydantic'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Nothing"):
        segform_cdktf.Nothing  # noqa: B018 - asking is the test
    assert set(segform_cdktf.__all__) <= set(dir(segform_cdktf))
