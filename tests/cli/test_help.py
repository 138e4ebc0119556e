"""Help: cheap, true, and of nothing that is not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from segform.cli import _OWN, _WORDS, group

_SEEN = """
import json, sys
from segform.cli import main
sys.argv = ["segform", *json.loads(sys.argv[1])]
try:
    main()
except SystemExit as ended:
    print(json.dumps([ended.code, sorted(sys.modules)]), file=sys.stderr)
"""
HEAVY = ("httpx", "pydantic", "tenacity", "yaml", "jsonschema", "segform.workspace.engine")


def _run(*arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", _SEEN, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, modules


def test_the_list_imports_no_command() -> None:
    code, modules = _run("--help")
    assert code == 0
    assert not set(HEAVY) & set(modules)
    loaded = [one for one in modules if one.startswith(("segform.cli.", "segform_"))]
    assert loaded == ["segform.cli._help"]


@pytest.mark.parametrize("columns", ["80", "200", "66", "40", "0", "x"])
def test_the_help_is_clicks_own(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from segform.cli._help import text

    monkeypatch.setenv("COLUMNS", columns)
    context = click.Context(group, info_name="segform", **group.context_settings)
    assert text() == group.get_help(context)


def test_the_list_needs_no_click() -> None:
    for arguments in (("--help",), ("-h",)):
        code, modules = _run(*arguments)
        assert code == 0
        assert not {"click", "importlib.metadata", "typing_extensions"} & set(modules)


def test_commands_of_another_distribution_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segform.cli import _help

    other = tmp_path / "other-1.dist-info"
    other.mkdir()
    (other / "entry_points.txt").write_text("[segform.commands]\nmore = segform.cli.plan:command\n")
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n")
    done = subprocess.run(
        [sys.executable, "-m", "segform", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert "\n  more " in done.stdout
    assert _help.text() is not None


def test_help_of_one_command_is_cheap() -> None:
    code, modules = _run("apply", "--help")
    assert code == 0
    assert not set(HEAVY) & set(modules)


@pytest.mark.parametrize("name", sorted(_WORDS))
def test_the_words_are_the_commands_own(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.get_short_help_str(80) == _WORDS[name]


@pytest.mark.parametrize("name", sorted(_OWN))
def test_every_command_has_help_and_says_no_to_what_it_does_not_know(name: str) -> None:
    code, _ = _run(name, "--help")
    assert code == 0
    code, _ = _run(name, "--no-such-option")
    # 2 would mean that there are changes.
    assert code == 1
