"""`segform compare HEAD~1 HEAD`: what changed between two revisions, and what may differ."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .conftest import Desk
from .test_plan_apply import edited, off

pytestmark = pytest.mark.slow


def git(*arguments: str) -> str:
    """git in this folder, as somebody."""
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@shop.example", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *who, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def commit(*paths: object) -> None:
    git("add", "--", *map(str, paths))
    git("commit", "-q", "-m", "a change")


@pytest.fixture
def history(desk: Desk) -> Desk:
    """A repository with two revisions of a snapshot, as a file, as a folder and as Python."""
    git("init", "-q", "-b", "main")
    desk.has()
    now = desk.snapshot("shop.json")
    Path("brands").mkdir()
    Path("brands/names.py").write_text("BRANDS = ['a']\n")
    Path("brands/wanted.py").write_text(
        "from names import BRANDS\n"
        "from segform.resources.label import Label\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        "for one in BRANDS:\n"
        "    desired.add(Label(key='brand', value=one), one)\n"
    )
    assert desk.run("pull", "--out", "folder").code == 0
    commit("shop.json", "folder", "brands")
    edited(now, off, "shop.json")
    found = json.loads(Path("folder/destinations.json").read_text())
    found[0]["enabled"] = False
    Path("folder/destinations.json").write_text(json.dumps(found))
    Path("brands/names.py").write_text("BRANDS = ['a', 'b']\n")
    commit("shop.json", "folder", "brands")
    return desk


OFF = "differs: destination.hook\n    enabled: true | false\n"


def test_two_revisions(history: Desk) -> None:
    for more in (
        ("HEAD~1", "HEAD", "--file", "shop.json"),
        ("HEAD~1:shop.json", "HEAD:shop.json"),
        ("HEAD~1:shop.json", "shop.json"),
        ("HEAD~1:folder", "HEAD:folder/"),
        ("main^:./shop.json", "main:folder"),
    ):
        ended = history.run("compare", *more, "--exit-code")
        assert (ended.code, ended.out) == (2, OFF), ended
    assert history.run("compare", "HEAD:shop.json", "HEAD:folder", "--exit-code").code == 0
    ended = history.run("compare", "HEAD~1:brands/wanted.py", "brands/wanted.py")
    assert ended.out == "only in B: label.b\n"
    # The repository is as it was: neither files nor index were touched.
    assert git("status", "--porcelain", "--untracked-files=no") == ""
    assert history.place.writes() == []


def test_a_revision_and_the_workspace(history: Desk) -> None:
    assert history.run("compare", "HEAD~1:shop.json", "live", "--exit-code").code == 0
    ended = history.run("compare", "HEAD:shop.json", "live", "--exit-code")
    assert (ended.code, ended.out) == (2, OFF.replace("true | false", "false | true"))
    ended = history.run("promote", "HEAD~1:shop.json", "--exit-code")
    assert ended.code == 0


def test_from_below_the_root(history: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("folder")
    ended = history.run("compare", "HEAD~1", "HEAD", "--file", "../shop.json", "--exit-code")
    assert (ended.code, ended.out) == (2, OFF)
    ended = history.run("compare", "HEAD~1:shop.json", "HEAD:./../shop.json", "--exit-code")
    assert (ended.code, ended.out) == (2, OFF)


def test_a_policy_says_what_may_differ(history: Desk) -> None:
    Path("policy.json").write_text('{"differ": ["destination.*.enabled"], "leave": []}')
    both = ("HEAD~1:shop.json", "HEAD:shop.json")
    assert history.run("compare", *both, "--policy", "policy.json", "--exit-code").code == 0

    def more(workspace: Any) -> None:
        workspace["sources"][0]["settings"]["websiteUrl"] = "https://dev.example"
        workspace["sources"][0]["settings"]["other"] = "x"
        workspace["groups"] = []

    dev = edited(Path("shop.json").absolute(), more, "dev.json")
    Path("policy.yaml").write_text(
        "differ: [source.web.settings.websiteUrl]\nleave: [user, user_group]\n"
    )
    ended = history.run("compare", "shop.json", dev, "--policy", "policy.yaml")
    assert ended.out == "differs: source.web\n    settings: other (values are not shown)\n"
    Path("policy.yaml").write_text("differ: ['source.*.settings']\nleave: [user, user_group]\n")
    ended = history.run("compare", "shop.json", dev, "--policy", "policy.yaml", "--exit-code")
    assert (ended.code, ended.out) == (0, "No difference.\n")


def test_a_declaration_says_nothing_of_what_it_leaves_out(desk: Desk) -> None:
    Path("wanted.py").write_text(
        "from segform.resources.source import Source\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        "desired.add(Source(slug='a', enabled=True, metadata={'id': 'IqDTy1TpoU'}, settings={}))\n"
    )
    assert desk.run("apply", "wanted.py", "--yes").code == 0
    people = ("--without", "user")
    assert desk.run("compare", "wanted.py", "live", "--exit-code", *people).code == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("HEAD", "which file of HEAD is meant? Write `HEAD:FILE`"),
        ("nowhere.json", "there is no file nowhere.json, and nowhere.json is no revision here"),
        ("HEAD:nowhere.json", "HEAD has no nowhere.json"),
        ("nobody:shop.json", "nobody is no revision here"),
        ("--all:shop.json", "No such option"),
        ("HEAD:../../../etc/passwd", "is outside of the repository"),
        ("HEAD:./../x", "is outside of the repository"),
    ],
)
def test_what_cannot_be_read(history: Desk, name: str, words: str) -> None:
    ended = history.run("compare", name, "shop.json")
    assert ended.code == 1
    assert words in ended.err


def test_a_name_that_looks_like_an_option_is_none(history: Desk) -> None:
    ended = history.run("compare", "--", "--all:shop.json", "shop.json")
    assert ended.code == 1
    assert "is no revision here" in ended.err


def test_no_repository(desk: Desk) -> None:
    now = desk.snapshot()
    ended = desk.run("compare", "HEAD:shop.json", now)
    assert ended.code == 1
    assert "HEAD is no revision here" in ended.err
