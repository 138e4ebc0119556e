"""The guide to plan and apply without Terraform, block by block; and the examples beside it."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from segform_emulator import Emulator
from tests.cli.conftest import Desk, desk

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "without-terraform.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
EXAMPLES = ROOT / "examples"

__all__ = ["desk"]


def test_the_guide(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.has()
    ran = 0
    for language, text in BLOCKS:
        if language == "python":
            name = text.splitlines()[0].removeprefix("# ")
            Path(name).write_text(text)
        if language != "sh" or text.startswith("pip"):
            continue
        for line in text.splitlines():
            words = [
                found
                for word in shlex.split(line)[1:]
                for found in (sorted(map(str, Path().glob(word)))[:1] if "*" in word else [word])
            ]
            ended = desk.run(*words)
            assert ended.code == 0, (line, ended)
            ran += 1
            if line.startswith(("segform doctor", "segform pull", "segform plan", "segform drift")):
                assert desk.place.writes() == []
            desk.place.sent()
    assert ran == sum(line.startswith("segform") for _, b in BLOCKS for line in b.splitlines())
    held = {one["slug"]: one["enabled"] for one in desk.place.held()["sources"]}
    assert held == {"web": True, "web-north": False, "web-south": True}


def test_its_policy_is_one() -> None:
    from segform.workspace.policy import Policy

    [policy] = [text for language, text in BLOCKS if language == "json"]
    assert Policy.of(json.loads(policy)).differ


def test_its_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = Emulator()
    emulator.seed(sources=3, destinations=4)
    [script] = [text for language, text in BLOCKS if text.startswith("# nightly.py")]
    (tmp_path / "nightly.py").write_text(script)
    monkeypatch.chdir(tmp_path)
    with emulator.serve() as server:
        monkeypatch.setenv("SEGMENT_API_TOKEN", emulator.token)
        monkeypatch.setenv("SEGMENT_API_URL", server.url)
        runpy.run_path("nightly.py")
    assert capsys.readouterr().out == "acme nothing to do\n"


def _run(script: Path, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_adopt(tmp_path: Path) -> None:
    emulator = Emulator()
    emulator.seed(sources=5, destinations=8, plans=2, rules=5)
    before = emulator.dump()
    with emulator.serve() as server:
        env = {"SEGMENT_API_TOKEN": emulator.token, "SEGMENT_API_URL": server.url}
        done = _run(EXAMPLES / "adopt" / "adopt.py", tmp_path, **env)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Nothing to do.\n")
    assert emulator.dump() == before
    assert (tmp_path / "acme.bindings.json").exists()
    assert len(json.loads((tmp_path / "workspace" / "sources.json").read_text())) == 5


def test_brands(tmp_path: Path) -> None:
    """Twenty workspaces of one emulator, then again; one more brand has no token."""
    emulator = Emulator(workspaces=20)
    others = [f"workspace_{number}" for number in range(4, 21)]
    names = ["owner", "other_workspace", "eu", *others]
    tokens = {f"brand-{number}": name for number, name in enumerate(names, 1)}
    brands = {brand: f"TOKEN_{brand.upper().replace('-', '_')}" for brand in (*tokens, "nobody")}
    (tmp_path / "brands.json").write_text(json.dumps(brands))
    with emulator.serve() as server:
        env = {
            "SEGMENT_API_URL": server.url,
            "BRANDS": "brands.json",
            **{brands[brand]: emulator.tokens[name] for brand, name in tokens.items()},
        }
        script = EXAMPLES / "brands" / "provision.py"
        first = _run(script, tmp_path, **env)
        emulator.recorder.clear()
        again = _run(script, tmp_path, **env)
    assert len(tokens) == 20
    for brand in tokens:
        assert f"{brand}: 3 changes" in first.stdout, first.stderr
        assert f"{brand}: 0 changes" in again.stdout
    assert (first.returncode, again.returncode) == (1, 1)
    assert "nobody: TOKEN_NOBODY, which is to hold its token, is not set" in first.stderr
    assert {entry["method"] for entry in emulator.recorder.entries} == {"GET"}
    for workspace, brand in zip(emulator.dump()["workspaces"], tokens, strict=True):
        assert [one["slug"] for one in workspace["sources"]] == [f"{brand}-web"]
        [plan] = workspace["trackingPlans"]
        assert plan["sourceIds"] == [workspace["sources"][0]["id"]]
        assert len(plan["rules"]) == 1


def test_promote(tmp_path: Path) -> None:
    """From one workspace of an emulator to another; what may differ and what is secret stays."""
    emulator = Emulator()
    emulator.seed(sources=2, destinations=3, filters=2, plans=1, rules=4)
    development = emulator.dump()["workspaces"][0]
    script = EXAMPLES / "promote" / "promote.py"
    with emulator.serve() as server:
        env = {
            "SEGMENT_API_URL": server.url,
            "SEGMENT_DEV_TOKEN": emulator.tokens["owner"],
            "SEGMENT_PROD_TOKEN": emulator.tokens["other_workspace"],
        }
        looked = _run(script, tmp_path, **env)
        assert looked.returncode == 1, looked.stderr
        assert emulator.dump()["workspaces"][1]["sources"] == []
        done = subprocess.run(
            [sys.executable, str(script), "--apply"],
            cwd=tmp_path,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "umbrella: " in done.stdout
        production = emulator.dump()["workspaces"][1]
        names = [sorted(one["name"] for one in of["sources"]) for of in (development, production)]
        assert names[0] == names[1]
        ids = {one["id"] for one in development["sources"]}
        assert ids.isdisjoint(one["id"] for one in production["sources"])
        again = _run(script, tmp_path, **env)
    assert again.returncode == 0, again.stdout
    assert again.stdout.startswith("Nothing to do.")
