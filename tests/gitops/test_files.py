"""The files themselves: their shape, and that what they run exists as they call it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from segform.cli import group
from segform.gitops.__main__ import main

from .runner import ACTION, GITLAB, ROOT, Host

HOOKS = ROOT / ".pre-commit-hooks.yaml"
WORKFLOW = ROOT / "gitops" / "github" / "segment.yml"


def _loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def _called(script: str) -> list[tuple[str, set[str]]]:
    """Command and options of each `python -m segform.gitops` in a script."""
    joined = re.sub(r"\\\n\s*", " ", script)
    found = re.findall(r"python -m segform\.gitops (\w+)(.*)", joined)
    return [(name, set(re.findall(r"--[a-z-]+", rest))) for name, rest in found]


def _scripts() -> dict[str, str]:
    made = {
        f"github {step['name']}": step["run"]
        for step in _loaded(ACTION)["runs"]["steps"]
        if "run" in step
    }
    for name, job in _loaded(GITLAB).items():
        if "script" in job:
            made[name] = "\n".join(job["script"])
    return made


def test_every_command_and_option_exists() -> None:
    called = [one for script in _scripts().values() for one in _called(script)]
    assert {name for name, _ in called} == set(main.commands) == {"plan", "fetch", "apply", "drift"}
    for name, options in called:
        known = {option for param in main.commands[name].params for option in param.opts}
        assert options <= known, name


def test_the_action_has_the_shape_of_one() -> None:
    action = _loaded(ACTION)
    assert {"name", "description", "inputs", "runs"} == set(action)
    assert action["runs"]["using"] == "composite"
    for facts in action["inputs"].values():
        assert facts["description"]
        assert facts.get("required") or "default" in facts
    for step in action["runs"]["steps"]:
        assert step["name"]
        if "run" in step:
            assert step["shell"] == "sh"
            # What an input says is a value, never a part of a script.
            assert "${{" not in step["run"]
        else:
            assert re.fullmatch(r"[\w-]+/[\w/-]+@v\d+", step["uses"])
    used = set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", ACTION.read_text("utf-8")))
    used |= set(re.findall(r"inputs\.([\w-]+) ==", ACTION.read_text("utf-8")))
    assert used == set(action["inputs"])


def test_the_workflow_uses_the_action_as_it_is() -> None:
    workflow = _loaded(WORKFLOW)
    # YAML 1.1 reads the word `on` as true.
    assert set(workflow[True]) == {"pull_request", "push", "schedule"}
    assert workflow["permissions"] == {"contents": "read"}
    inputs = _loaded(ACTION)["inputs"]
    for name, job in workflow["jobs"].items():
        [ours] = [one for one in job["steps"] if "segform" in one.get("uses", "")]
        assert ours["with"]["command"] == name
        assert set(ours["with"]) <= set(inputs)
        assert "SEGMENT_WORKSPACE" in job["env"]
        assert "permissions" in job
    assert "pull_request_target" not in WORKFLOW.read_text("utf-8")


def test_the_template_of_gitlab_has_the_shape_of_one() -> None:
    template = _loaded(GITLAB)
    jobs = {name: job for name, job in template.items() if name.startswith("segform-")}
    assert set(jobs) == {"segform-plan", "segform-apply", "segform-drift"}
    for job in jobs.values():
        assert set(job) <= {
            *("extends", "stage", "rules", "variables", "script"),
            *("resource_group", "environment", "cache", "artifacts"),
        }
        assert job["extends"] in template
        assert all(set(rule) == {"if"} for rule in job["rules"])
        assert all(isinstance(line, str) for line in job["script"])
    assert template["segform-plan"]["variables"]["SEGMENT_READ_ONLY"] == "1"


def test_hooks_name_commands_that_exist() -> None:
    hooks = _loaded(HOOKS)
    assert [hook["id"] for hook in hooks] == ["segform-check", "segform-codeowners", "segform-test"]
    context = click.Context(group)
    for hook in hooks:
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        program, command, *options = shlex.split(hook["entry"])
        assert program == "segform"
        found = group.get_command(context, command)
        assert found is not None
        known = {option for param in found.params for option in param.opts}
        assert set(options) <= known


@pytest.fixture
def tidy(host: Host) -> Host:
    """A repository in which every hook is content."""
    desk = host.desk
    host.sh(desk, "segform pull --out shop.json && mkdir events fixtures")
    (desk / "events" / "order.yaml").write_text(
        "name: Order Completed\n"
        "description: An order was paid.\nwhy: Revenue\nowner: growth\nproperties: {}\n"
    )
    (desk / "pyproject.toml").write_text('[tool.segform.owners]\ngrowth = "@acme/growth"\n')
    return host


def test_the_hooks_run(tidy: Host) -> None:
    host = tidy
    hooks = {
        hook["id"]: f"{hook['entry']} {shlex.join(hook.get('args', []))}" for hook in _loaded(HOOKS)
    }
    check, owners, test = (hooks[f"segform-{name}"] for name in ("check", "codeowners", "test"))
    source = host.emulator.dump()["workspaces"][0]["sources"][0]["slug"]
    fixture = host.desk / "fixtures" / "one.yaml"
    fixture.write_text(
        f"format: segform.fixtures\nversion: 1\nsource: {source}\nfixtures:\n"
        "  - name: anything\n    event: {type: identify, userId: u1}\n"
        "    expect: {source: passes}\n"
    )
    shut = {"SEGMENT_API_URL": "https://127.0.0.1:1", "SEGMENT_API_TOKEN": ""}
    assert host.try_sh(host.desk, f"{check} shop.json events", shut).code == 0
    # Not written yet: the hook says so; afterwards it is content.
    assert host.try_sh(host.desk, owners, shut).code == 1
    host.sh(host.desk, "segform codeowners events")
    assert host.try_sh(host.desk, owners, shut).code == 0
    against = f"{test} --against shop.json"
    ended = host.try_sh(host.desk, against, shut)
    assert ended.code == 0, ended.log
    fixture.write_text(fixture.read_text().replace("passes", "blocked"))
    assert host.try_sh(host.desk, against, shut).code == 1
    text = (host.desk / "shop.json").read_text()
    (host.desk / "shop.json").write_text(text.replace('"if": "', '"if": "(', 1))
    assert host.try_sh(host.desk, f"{check} shop.json", shut).code == 1
