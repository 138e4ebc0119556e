"""The pages for incidents: each incident is made, its page is run, and the end is looked at."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from segform import Segment
from segform_emulator import Emulator

PAGES = Path(__file__).resolve().parents[2] / "docs" / "guides" / "incidents"
NAMES = sorted(page.stem for page in PAGES.glob("*.md") if page.stem != "README")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SECTIONS = ("What you see", "The first two minutes", "Find the cause", "Go back", "Afterwards")


class Scene:
    """The repository that the pages start from, and the workspace that it describes."""

    def __init__(self, folder: Path, emulator: Emulator, url: str) -> None:
        self.folder, self.emulator = folder, emulator
        self.output = ""
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "SEGMENT_API_URL": url,
            "SEGMENT_API_TOKEN": emulator.token,
            "RIGHT_TOKEN": emulator.token,
            "SMALL_TOKEN": emulator.tokens["label_scoped"],
            "WEBHOOK_SECRET": "hush-hush-marker",
            **{f"GIT_{who}_NAME": "Ann" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "ann@shop.example" for who in ("AUTHOR", "COMMITTER")},
            "NO_COLOR": "1",
        }
        [(_, shop)] = _FENCE.findall((PAGES / "README.md").read_text("utf-8"))
        assert shop.startswith("# shop.py\n")
        (folder / "shop.py").write_text(shop, "utf-8")
        self.sh("git init -q && printf '.segform/\\n__pycache__/\\n' > .gitignore")

    def sh(self, script: str, env: dict[str, str] | None = None, code: int = 0) -> str:
        """What a script printed."""
        done = subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=self.folder,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=100,
            check=False,
        )
        self.output += done.stdout
        assert done.returncode == code, done.stdout
        return done.stdout

    def apply(self) -> None:
        """Make the workspace what shop.py says, and commit."""
        self.sh("segform apply shop.py --yes && git add . && git commit -qm 'The shop'")
        self.output = ""

    def edit(self, old: str, new: str) -> None:
        """Change shop.py, and commit."""
        text = (self.folder / "shop.py").read_text("utf-8")
        assert text.count(old) == 1
        (self.folder / "shop.py").write_text(text.replace(old, new), "utf-8")
        self.sh("git commit -qam 'A change'")

    def client(self) -> Segment:
        """The hand of somebody in the app."""
        return Segment(self.emulator.token, url=self.env["SEGMENT_API_URL"])

    def held(self, workspace: int = 0) -> dict[str, Any]:
        """What a workspace of the emulator holds."""
        found: dict[str, Any] = self.emulator.dump()["workspaces"][workspace]
        return found

    def page(self, name: str, env: dict[str, str] | None = None) -> None:
        """Run all of a page in one shell, and compare with what it shows."""
        blocks = _FENCE.findall((PAGES / f"{name}.md").read_text("utf-8"))
        assert {language for language, _ in blocks} == {"sh", "text"}
        self.sh("".join(text for language, text in blocks if language == "sh"), env)
        shown = "".join(text for language, text in blocks if language == "text")
        for line in shown.splitlines():
            pattern = ".*".join(map(re.escape, line.split("…")))
            assert re.search(pattern, self.output), f"{line!r} is not in:\n{self.output}"
        assert "hush-hush-marker" not in self.output
        assert self.emulator.token not in self.output


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    emulator = Emulator()
    with emulator.serve() as server:
        yield Scene(tmp_path, emulator, server.url)


def wrong_token(scene: Scene) -> None:
    scene.apply()
    scene.sh("rm -r .segform")  # another machine: that of CI
    right, other = scene.held(), 1
    before = scene.held(other)
    wrong = {"SEGMENT_API_TOKEN": scene.emulator.tokens["other_workspace"]}
    scene.sh("segform apply shop.py --yes", wrong)
    assert len(scene.held(other)["sources"]) == len(before["sources"]) + 1
    scene.page("wrong-token", wrong)
    assert _plain(scene.held(other)) == _plain(before)
    assert _plain(scene.held()) == _plain(right)
    assert not (scene.folder / "globex.bindings.json").exists()


def deleted_source(scene: Scene) -> None:
    scene.apply()
    [old] = scene.held()["sources"]
    with scene.client() as app:
        app.sources.delete(old["id"])
    assert scene.held()["destinations"] == []
    scene.page("deleted-source")
    [new] = scene.held()["sources"]
    assert new["slug"] == "web"
    assert new["id"] != old["id"]
    [hook] = scene.held()["destinations"]
    assert hook["settings"]["sharedSecret"].endswith("hush-hush-marker")
    assert [one["destinationId"] for one in scene.held()["filters"]] == [hook["id"]]
    assert scene.held()["trackingPlans"][0]["sourceIds"] == [new["id"]]


def blocked_events(scene: Scene) -> None:
    scene.apply()
    scene.edit(
        "tracking_plan_id=plan), ",
        'tracking_plan_id=plan, schema_settings={"track": {"allow_unplanned_events": False}}), ',
    )
    scene.sh("segform apply shop.py --yes && segform pull --out broken.json")
    assert _track(scene)["allowUnplannedEvents"] is False
    scene.page("blocked-events")
    assert _track(scene)["allowUnplannedEvents"] is True
    assert scene.held()["sources"][0]["enabled"] is True


def filter_drops_everything(scene: Scene) -> None:
    scene.apply()
    [hook] = scene.held()["destinations"]
    [staff] = scene.held()["filters"]
    with scene.client() as app:
        app.destination_filters.update(hook["id"], staff["id"], if_='event != ""')
    scene.emulator.recorder.clear()
    scene.page("filter-drops-everything")
    first = [str(entry["operation"]) for entry in scene.emulator.recorder.entries][:1]
    assert first == ["updateFilterForDestination"]
    assert [(one["if"], one["enabled"]) for one in scene.held()["filters"]] == [
        ("properties.internal = true", True)
    ]


def half_an_apply(scene: Scene) -> None:
    scene.sh("git add . && git commit -qm 'The shop'")
    scene.emulator.fault("error_before", status=403, operation="createFilterForDestination")
    scene.sh("segform apply shop.py --yes", code=1)
    assert scene.held()["filters"] == []
    scene.emulator.faults.clear()
    scene.page("half-an-apply")
    held = scene.held()
    [hook] = held["destinations"]
    assert hook["enabled"] is True
    assert [one["title"] for one in scene.held()["filters"]] == ["No staff"]
    assert [len(held[family]) for family in ("sources", "trackingPlans")] == [1, 1]


INCIDENTS: dict[str, Callable[[Scene], None]] = {
    "wrong-token": wrong_token,
    "deleted-source": deleted_source,
    "blocked-events": blocked_events,
    "filter-drops-everything": filter_drops_everything,
    "half-an-apply": half_an_apply,
}


@pytest.mark.parametrize("name", NAMES)
def test_page(scene: Scene, name: str) -> None:
    INCIDENTS[name](scene)


@pytest.mark.parametrize("name", NAMES)
def test_each_page_has_the_same_five_parts(name: str) -> None:
    heads = re.findall(r"^## (.*)$", (PAGES / f"{name}.md").read_text("utf-8"), re.MULTILINE)
    assert [head for head in heads if head in _SECTIONS] == list(_SECTIONS)
    assert f"]({name}.md)" in (PAGES / "README.md").read_text("utf-8")


def _track(scene: Scene) -> dict[str, Any]:
    found: dict[str, Any] = scene.held()["sources"][0]["schemaSettings"]["track"]
    return found


def _plain(workspace: dict[str, Any]) -> dict[str, Any]:
    """A workspace without what its own history leaves."""
    return {k: v for k, v in workspace.items() if k not in ("auditEvents", "auditTrail")}
