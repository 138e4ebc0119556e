"""Profiles: what is said of each workspace once, and never a token."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segform.cli import _place

from .conftest import Desk
from .test_plan_apply import edited, off

TOKEN = "sgp_aVerySecretToken123"


def profiles(text: str, name: str = "segform.toml") -> None:
    Path(name).write_text(text)


def test_a_profile_says_file_bindings_and_token(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In segform.toml, from a folder below it, before and after the command's name."""
    dev = desk.other("DEV_TOKEN", "dev")
    dev.client.request("createLabel", body={"label": {"key": "brand", "value": "b"}})
    profiles(
        '[profiles.dev]\ntoken_env = "DEV_TOKEN"\nfile = "dev.json"\n'
        'bindings = "bindings/dev.json"\n'
    )
    assert desk.run("pull", "--profile", "dev", "--out", "dev.json", "--bind").code == 0
    assert Path("bindings/dev.json").exists()
    assert desk.place.sent() == []
    dev.client.request("createLabel", body={"label": {"key": "brand", "value": "a"}})
    Path("below").mkdir()
    monkeypatch.chdir("below")
    for arguments in (("--profile", "dev", "drift"), ("drift", "--profile", "dev")):
        ended = desk.run(*arguments, "--exit-code")
        assert (ended.code, ended.out.splitlines()[0].partition(":")[0]) == (2, "added label.brand")
    monkeypatch.setenv("SEGFORM_PROFILE", "dev")
    assert desk.run("plan", "--exit-code").code == 0
    assert desk.run("doctor", "--json").code == 0
    assert desk.place.sent() == []


def test_pyproject_and_two_profiles_side_by_side(desk: Desk) -> None:
    dev = desk.other("DEV_TOKEN", "dev")
    dev.client.request("createLabel", body={"label": {"key": "brand", "value": "a"}})
    secret = desk.folder / "token"
    secret.write_text(desk.place.emulator.token + "\n")
    profiles(
        '[tool.segform.profiles.dev]\ntoken_env = "DEV_TOKEN"\n'
        '[tool.segform.profiles.prod]\ntoken_file = "token"\nworkspace = "acme"\n',
        "pyproject.toml",
    )
    ended = desk.run("compare", "live:@dev", "live:@prod")
    assert ended.out == "only in A: label.brand-a\n"
    planned = desk.run("promote", "live:@dev", "--profile", "prod")
    assert "+ label.brand-a" in planned.out


def test_a_pin_that_does_not_fit(desk: Desk) -> None:
    profiles('[profiles.prod]\nworkspace = "other"\n')
    ended = desk.run("pull", "--profile", "prod", "--out", "a.json")
    assert ended.code == 1
    assert "belongs to workspace 'acme', not to 'other'" in ended.err


def test_protection_thresholds_states_and_policy(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    none = edited(now, lambda held: held.update(functions=[], insertFunctionInstances=[]))
    profiles('[profiles.loose]\nprotect = ["source"]\n')
    assert desk.run("plan", none).code == 3
    assert desk.run("plan", none, "--profile", "loose").code == 0
    profiles("[profiles.strict.thresholds]\nshare = 0\nmany = 1\n")
    ended = desk.run("apply", edited(now, off), "--yes", "--profile", "strict")
    assert ended.code == 3
    assert "objects would be changed" in ended.err
    from .test_terraform_state import state_of

    state_of(desk, "destination")
    profiles('[profiles.two]\nterraform_state = ["terraform.tfstate"]\n')
    ended = desk.run("apply", edited(now, off), "--yes", "--profile", "two")
    assert ended.code == 3
    assert "owned by Terraform" in ended.err
    Path("policy.json").write_text('{"differ": ["destination.*.enabled"], "leave": []}')
    profiles('[profiles.p]\npolicy = "policy.json"\n')
    both = (now, edited(now, off), "--exit-code")
    assert desk.run("compare", *both).code == 2
    assert desk.run("compare", *both, "--profile", "p").code == 0
    assert desk.place.writes() == []


def test_requests_a_minute_region_and_read_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}
    real = _place.client

    def client(**options: Any) -> Any:
        given.update(options)
        for name in ("region", "requests_per_minute"):
            options.pop(name, None)
        return real(**options)

    monkeypatch.setattr(_place, "client", client)
    profiles('[profiles.p]\nregion = "eu"\nrequests_per_minute = 200\nread_only = true\n')
    Path("w.py").write_text(
        "from segform.resources.label import Label\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        "desired.add(Label(key='brand', value='a'))\n"
    )
    ended = desk.run("apply", "w.py", "--yes", "--profile", "p")
    assert ended.code == 1
    assert "may only read" in ended.err
    wanted = {"region": "eu", "requests_per_minute": 200, "read_only": True}
    assert {name: given[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'[profiles.p]\ntoken = "{TOKEN}"\n', "holds a token. Files are committed"),
        (f'[profiles.p]\ntoken_env = "{TOKEN}"\n', "is no name of an environment variable"),
        ('[profiles.p]\ntoken_env = "NOBODY_HAS_IT"\n', "NOBODY_HAS_IT holds no token"),
        ('[profiles.p]\ntoken_file = "nowhere"\n', "cannot be read (FileNotFoundError)"),
        ('[profiles.p]\ntoken_file = "a"\ntoken_env = "B"\n', "keep one of them"),
        ('[profiles.p]\nregion = "eu"\nurl = "https://x.example"\n', "keep one of them"),
        ('[profiles.p]\nbinding = "x"\n', "has no 'binding'; it may have: token_env"),
        ("[profiles.p]\nrequests_per_minute = 0\n", "`requests_per_minute` has to be 1 or more"),
        ('[profiles.p]\nprotect = "source"\n', "`protect` has to be a list of kinds"),
        ('[profiles.p]\nprotect = ["sorce"]\n', "protect: there is no kind 'sorce'; there are: "),
        ('[profiles.p]\nregion = "mars"\n', "`region` has to be us or eu"),
        ("[profiles.p.thresholds]\nshare = 3\n", "`share` has to be a number from 0 to 1"),
        ("[profiles.q]\n", "has no profile 'p'; it has: q"),
        ("[profiles]\np = 1\n", "is no table"),
        ("[profiles.p\n", "cannot be read"),
        ('[profiles.p]\nfile = "gone.json"\n', "there is no"),
    ],
)
def test_a_profile_that_is_none(desk: Desk, text: str, words: str) -> None:
    profiles(text)
    ended = desk.run("plan", "--profile", "p")
    assert ended.code == 1
    assert words in ended.err
    assert TOKEN not in ended.err + ended.out


def test_no_file_with_profiles(desk: Desk) -> None:
    ended = desk.run("plan", "--profile", "prod")
    assert ended.code == 1
    assert "Write [profiles.prod] in segform.toml" in ended.err
    assert json.loads(desk.run("doctor", "--json").out)["version"] == 1
