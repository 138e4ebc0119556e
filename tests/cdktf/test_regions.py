"""The example with three workspaces in two regions, each region an emulator of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segform_emulator import Emulator

from .test_deploy import ROOT, Cdktf

pytestmark = [pytest.mark.cdktf, pytest.mark.timeout(300)]

EXAMPLE = ROOT / "examples" / "regions"
# Stack -> its region, its place in the emulator, the name of the owner's token there.
STACKS = {"shop-us": ("us", 0, "owner"), "lab-us": ("us", 1, "other_workspace")}
STACKS |= {"shop-eu": ("eu", 2, "eu")}


class Regions:
    """The app, and Segment in two regions."""

    def __init__(self, folder: Path, us: Emulator, eu: Emulator, urls: dict[str, str]) -> None:
        self.emulators = {"us": us, "eu": eu}
        self.app = Cdktf(folder, urls["us"], "not used")
        for name in ("main.py", "cdktf.json"):
            shutil.copy(EXAMPLE / name, folder / name)
        environment = self.app.environment
        del environment["SEGMENT_API_TOKEN"], environment["SEGMENT_API_URL"]
        environment |= {"SEGMENT_URL_US": urls["us"], "SEGMENT_URL_EU": urls["eu"]}
        for stack, (region, _, token) in STACKS.items():
            self.give(stack, self.emulators[region].tokens[token])

    def give(self, stack: str, token: str) -> None:
        self.app.environment[f"TF_VAR_token_{stack.replace('-', '_')}"] = token

    def held(self, stack: str) -> dict[str, Any]:
        region, place, _ = STACKS[stack]
        found: dict[str, Any] = self.emulators[region].snapshots.dump()["workspaces"][place]
        return found

    def writes(self) -> list[str]:
        return [
            entry["operation"]
            for emulator in self.emulators.values()
            for entry in emulator.recorder.entries
            if entry["method"] != "GET"
        ]


@pytest.fixture
def regions(elsewhere: Path) -> Iterator[Regions]:
    us, eu = Emulator(region="us"), Emulator(region="eu")
    with us.serve() as first, eu.serve() as second:
        yield Regions(elsewhere, us, eu, {"us": first.url, "eu": second.url})


def slugs(workspace: dict[str, Any]) -> set[str]:
    return {one["slug"] for one in workspace["sources"]}


def test_three_workspaces_in_two_regions(regions: Regions) -> None:
    regions.app.run("deploy", "--auto-approve", "*")
    assert slugs(regions.held("shop-us")) == {"web", "brand-north", "brand-south"}
    assert slugs(regions.held("lab-us")) == {"web"}
    assert slugs(regions.held("shop-eu")) == {"web", "brand-nord", "brand-sud", "brand-ost"}
    [web] = [one for one in regions.held("shop-eu")["sources"] if one["slug"] == "web"]
    assert web["settings"]["websiteUrl"] == "https://eu.shop.example"
    # Nothing is in the other region's copy of a workspace.
    assert regions.emulators["us"].snapshots.dump()["workspaces"][2]["sources"] == []
    regions.app.fresh_output()
    written = len(regions.writes())
    assert regions.app.run("deploy", "--auto-approve", "*").count("No changes") == 3
    assert len(regions.writes()) == written


def test_a_token_of_another_workspace_or_region_writes_nothing(regions: Regions) -> None:
    us = regions.emulators["us"].tokens
    regions.give("shop-us", us["other_workspace"])
    told = " ".join(regions.app.run("deploy", "--auto-approve", "shop-us", code=1).split())
    assert "umbrella" in told
    assert "acme" in told
    regions.give("shop-eu", us["owner"])
    regions.app.run("deploy", "--auto-approve", "shop-eu", code=1)
    assert regions.writes() == []
