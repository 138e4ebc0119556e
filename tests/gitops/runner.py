"""A repository, its checkouts in CI, and the steps of the templates as a runner runs them.

Steps with `run` or `script` are run by `sh`. Actions of others are played: artifacts and caches are
folders; `python -m pip` is a program that writes down what it was asked, since tests load nothing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from segform_emulator import Emulator

from .forge import TOKEN, Forge

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "gitops" / "github" / "action.yml"
GITLAB = ROOT / "gitops" / "gitlab" / "segform.gitlab-ci.yml"
SECRET, PLAN_KEY = "hush-hush-marker", "a-random-text-of-32-characters-!"
_FOREIGN = ("PYTEST", "GITHUB_", "CI_", "SEGMENT_", "SEGFORM_", "TF_", "CDKTF_")
_IDENTITY = {
    **{f"GIT_{who}_NAME": "Ann" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ann@shop.example" for who in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_GLOBAL": os.devnull,
}


class Ended(NamedTuple):
    """How a job ended."""

    code: int
    log: str


class Host:
    """A bare repository, a workspace and a forge; what the runner keeps between jobs."""

    def __init__(self, folder: Path, emulator: Emulator, url: str, forge: Forge) -> None:
        self.folder, self.emulator, self.forge = folder, emulator, forge
        self.origin = folder / "origin.git"
        self.kept = folder / "kept"
        self.summary = folder / "summary.md"
        self.pip = folder / "pip.log"
        self.more: dict[str, str] = {}
        self._runs = 0
        bin_ = folder / "bin"
        bin_.mkdir(parents=True)
        shim = bin_ / "python"
        shim.write_text(
            f'#!/bin/sh\nif [ "$1 $2" = "-m pip" ]; then echo "$@" >> "{self.pip}"; exit 0; fi\n'
            f'exec "{sys.executable}" "$@"\n'
        )
        shim.chmod(0o755)
        tools = [str(bin_), str(Path(sys.executable).parent), os.environ["PATH"]]
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)},
            **_IDENTITY,
            "PATH": os.pathsep.join(tools),
            "SEGMENT_API_URL": url,
            "SEGMENT_API_TOKEN": emulator.token,
            "CHECKPOINT_DISABLE": "1",
        }
        self.sh(folder, f"git init -q --bare -b main {self.origin}")
        self.desk = folder / "desk"
        self.sh(
            folder, f"git clone -q {self.origin} {self.desk} 2>&1 && cd desk && git switch -qc main"
        )

    def sh(self, where: Path, script: str, env: Mapping[str, str] | None = None) -> str:
        """What a script printed; it has to end well."""
        ended = self.try_sh(where, script, env)
        assert ended.code == 0, ended.log
        return ended.log

    def try_sh(self, where: Path, script: str, env: Mapping[str, str] | None = None) -> Ended:
        """How a script ended."""
        done = subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=where,
            env={**self.env, **(env or {}), **self.more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout)

    # People

    def push(self, branch: str, words: str) -> None:
        """Commit what the desk has, on a branch, and push."""
        self.sh(
            self.desk,
            f"git switch -q {branch} 2>&1 || git switch -qc {branch}; git add -A; "
            f"git commit -q -m '{words}'; git push -q origin {branch} 2>&1",
        )

    def merge(self, branch: str) -> None:
        """Merge by squash, as the button of a forge does, and remove the branch."""
        self.sh(
            self.desk,
            f"git switch -q main && git pull -q origin main 2>&1 && git merge -q --squash {branch} "
            f"&& git commit -q -m 'Merged' && git push -q origin main 2>&1",
        )
        self.sh(
            self.desk,
            f"git branch -qD {branch}",
        )

    # Checkouts

    def checkout(self, branch: str = "main") -> Path:
        """A fresh clone of main; of a branch: what merging it would give."""
        self._runs += 1
        here = self.folder / f"run-{self._runs}"
        self.sh(self.folder, f"git clone -q {self.origin} {here}")
        if branch != "main":
            self.sh(here, f"git checkout -q --detach && git merge -q --no-ff -m m origin/{branch}")
        return here

    # Jobs

    def github(self, inputs: Mapping[str, str], branch: str = "main", pull: int = 0) -> Ended:
        """A job that uses the composite action."""
        here = self.checkout(branch)
        event = self.folder / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": pull}} if pull else {}))
        env = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ACTION.parent),
            "GITHUB_API_URL": self.forge.url,
            "GITHUB_REPOSITORY": "acme/segment",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REF_NAME": "main",
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }
        return _Steps(self, here, inputs, self._runs).run(env)

    def gitlab(
        self,
        job: str,
        branch: str = "main",
        request: int = 0,
        env: Mapping[str, str] | None = None,
    ) -> Ended:
        """A job of the template of GitLab."""
        here = self.checkout(branch)
        template = yaml.safe_load(GITLAB.read_text("utf-8"))
        facts, base = template[job], template[template[job]["extends"]]
        variables = {**template["variables"], **base["variables"], **facts.get("variables", {})}
        script = [*base["before_script"], *facts["script"]]
        return self.try_sh(
            here,
            "\n".join(script),
            {
                **{name: str(value) for name, value in variables.items()},
                "GITLAB_CI": "true",
                "CI_API_V4_URL": f"{self.forge.url}/api/v4",
                "CI_PROJECT_ID": "7",
                "CI_COMMIT_BRANCH": "main",
                **({"CI_MERGE_REQUEST_IID": str(request)} if request else {}),
                "SEGFORM_GITLAB_TOKEN": TOKEN,
                "SEGFORM_PUSH_TOKEN": "",
                **(env or {}),
            },
        )


class _Steps:
    def __init__(self, host: Host, here: Path, inputs: Mapping[str, str], run: int) -> None:
        self.host, self.here, self.run_id = host, here, run
        action = yaml.safe_load(ACTION.read_text("utf-8"))
        assert set(inputs) <= set(action["inputs"])
        self.steps = action["runs"]["steps"]
        self.known = {
            "github.run_id": str(run),
            "github.run_attempt": "1",
            "github.token": TOKEN,
        }
        for name, facts in action["inputs"].items():
            given = inputs.get(name, facts.get("default", ""))
            self.known[f"inputs.{name}"] = self.text(given)

    def text(self, value: object) -> str:
        def known(found: re.Match[str]) -> str:
            name = found[1]
            return self.known.get(name, "") if name.startswith("steps.") else self.known[name]

        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", known, str(value))

    def holds(self, condition: str, code: int) -> bool:
        parts = condition.split(" && ")
        if "always()" not in parts and code:
            return False
        for part in parts:
            found = re.fullmatch(r"([\w.-]+) (==|!=) '(.*)'", part)
            if found:
                same = self.known.get(found[1], "") == found[3]
                if same != (found[2] == "=="):
                    return False
            elif part != "always()":
                raise AssertionError(f"{part!r} is not understood here")
        return True

    def run(self, env: Mapping[str, str]) -> Ended:
        code, log = 0, ""
        for step in self.steps:
            if not self.holds(step.get("if", ""), code) if "if" in step else code:
                continue
            if "uses" in step:
                self.play(step["uses"], {k: self.text(v) for k, v in step["with"].items()})
                continue
            output = self.host.folder / "output.txt"
            output.write_text("")
            own = {name: self.text(value) for name, value in step.get("env", {}).items()}
            given = {**env, **own, "GITHUB_OUTPUT": str(output)}
            ended = self.host.try_sh(self.here, step["run"], given)
            log += f"--- {step['name']}\n{ended.log}"
            code = code or ended.code
            for line in output.read_text().splitlines():
                name, _, value = line.partition("=")
                self.known[f"steps.{step['id']}.outputs.{name}"] = value
        return Ended(code, log)

    def play(self, action: str, given: Mapping[str, str]) -> None:
        """An action of others."""
        path = self.here / given["path"]
        store = self.host.kept
        if action == "actions/upload-artifact@v4":
            if not path.exists() and given.get("if-no-files-found") == "ignore":
                return
            _copy(path, store / given["name"] / (path.name if path.is_file() else ""))
            self.host.forge.artifact(given["name"], self.run_id)
        elif action == "actions/download-artifact@v4":
            assert any(
                str(one["workflow_run"]["id"]) == given["run-id"] and one["name"] == given["name"]
                for one in self.host.forge.artifacts
            )
            _copy(store / given["name"], path)
        elif action == "actions/cache/save@v4":
            if path.exists():
                _copy(path, store / "cache" / given["key"])
        elif action == "actions/cache/restore@v4":
            found = sorted((store / "cache").glob(f"{given['restore-keys']}*"))
            if found:
                _copy(found[-1], path)
        else:
            raise AssertionError(f"{action} is not known here")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy(source, target)
    else:
        shutil.copytree(source, target, dirs_exist_ok=True)


def shown(value: Any) -> str:
    """A comment's text."""
    return str(value["body"])
