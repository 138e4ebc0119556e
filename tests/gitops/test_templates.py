"""From pull request to apply and drift, by the steps of the templates for GitHub and GitLab."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from segform import Segment
from segform.gitops import reviewed
from segform.gitops.forge import bounded

from .forge import MOST, TOKEN
from .runner import SECRET, Ended, Host, shown

INPUTS = {"file": "shop.json", "name": "prod"}


def edit(host: Host, change: Callable[[dict[str, Any]], None]) -> None:
    path = host.desk / "shop.json"
    snapshot = json.loads(path.read_text())
    change(snapshot["workspaces"][0])
    path.write_text(json.dumps(snapshot, indent=2))


def renamed(workspace: dict[str, Any], name: str = "New name") -> None:
    workspace["sources"][0]["name"] = name


def with_a_hook(workspace: dict[str, Any]) -> None:
    """A rename, and a destination with a secret in the clear (which `segform check` warns of)."""
    renamed(workspace)
    source = workspace["sources"][0]["id"]
    workspace["destinations"].append(
        {
            "id": "new-hook",
            "name": "Hook",
            "enabled": True,
            "sourceId": source,
            "metadataId": "614a3c7d791c91c41bae7599",
            "settings": {"sharedSecret": SECRET},
        }
    )


def writes(host: Host) -> list[str]:
    sent = [str(entry["operation"]) for entry in host.emulator.recorder.entries]
    return [one for one in sent if not one.startswith(("get", "list"))]


def held(host: Host) -> dict[str, Any]:
    found: dict[str, Any] = host.emulator.dump()["workspaces"][0]
    return found


class GitHub:
    """The jobs of the composite action."""

    @staticmethod
    def plan(host: Host, branch: str) -> Ended:
        return host.github({"command": "plan", **INPUTS}, branch, pull=12)

    @staticmethod
    def apply(host: Host) -> Ended:
        return host.github({"command": "apply", **INPUTS})

    @staticmethod
    def drift(host: Host) -> Ended:
        return host.github({"command": "drift", "issue": "5", **INPUTS})


class GitLab:
    """The jobs of the template."""

    names: ClassVar = {"SEGFORM_FILE": "shop.json", "SEGFORM_NAME": "prod"}

    @classmethod
    def plan(cls, host: Host, branch: str) -> Ended:
        return host.gitlab("segform-plan", branch, 12, cls.names)

    @classmethod
    def apply(cls, host: Host) -> Ended:
        return host.gitlab("segform-apply", env=cls.names)

    @classmethod
    def drift(cls, host: Host) -> Ended:
        return host.gitlab("segform-drift", env={**cls.names, "SEGFORM_ISSUE": "5"})


Way = type[GitHub] | type[GitLab]


@pytest.fixture(params=[GitHub, GitLab])
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


def test_from_pull_request_to_apply(described: Host, way: Way) -> None:
    host = described
    logs = []
    edit(host, lambda one: renamed(one, "First try"))
    host.push("change", "A name")
    first = way.plan(host, "change")
    assert first.code == 0, first.log
    edit(host, with_a_hook)
    host.push("change", "Another name, and a hook")
    second = way.plan(host, "change")
    assert second.code == 0, second.log
    logs += [first.log, second.log]
    [comment] = host.forge.comments["12"]
    assert "New name" in shown(comment)
    assert "First try" not in shown(comment)
    assert shown(comment).startswith("<!-- segform plan: prod -->\n### prod\n")
    assert writes(host) == []

    host.merge("change")
    applied = way.apply(host)
    assert applied.code == 0, applied.log
    logs.append(applied.log)
    assert held(host)["sources"][0]["name"] == "New name"
    [hook] = [one for one in held(host)["destinations"] if one["name"] == "Hook"]
    assert sorted(writes(host)) == ["createDestination", "updateSource"]
    bindings = host.sh(host.checkout(), "cat acme.bindings.json && git log -1 --format=%s")
    assert hook["id"] in bindings
    assert "Bindings of the last apply [skip ci]" in bindings

    quiet = way.drift(host)
    assert quiet.code == 0, quiet.log
    assert [shown(one).split("\n")[-2] for one in host.forge.comments["5"]] == ["Nothing drifted."]
    # The secret is in the code of this test, and in nothing that was said or kept of it.
    kept = "".join(path.read_text() for path in host.kept.rglob("*") if path.is_file())
    said = "".join([*logs, quiet.log, json.dumps(host.forge.comments), kept])
    said += host.summary.read_text() if host.summary.exists() else ""
    said += b"".join(host.forge.packages.values()).decode()
    for marker in (SECRET, TOKEN, host.emulator.token):
        assert marker not in said


def test_what_changed_since_the_review_is_refused(described: Host, way: Way) -> None:
    host = described
    edit(host, renamed)
    host.push("change", "A name")
    assert way.plan(host, "change").code == 0
    source = held(host)["sources"][0]
    with Segment(host.emulator.token, url=host.env["SEGMENT_API_URL"]) as app:
        app.sources.update(source["id"], name="Edited in the app")
    host.merge("change")
    host.emulator.recorder.clear()
    ended = way.apply(host)
    assert ended.code == 3, ended.log
    assert "the workspace has changed since" in ended.log
    assert writes(host) == []
    # Planned again for the same files, and reviewed again, it goes.
    host.sh(host.desk, "git switch -qc again && git push -q origin again 2>&1")
    assert way.plan(host, "again").code == 0
    assert way.apply(host).code == 0
    assert held(host)["sources"][0]["name"] == "New name"


def test_other_files_than_those_of_the_review_are_refused(described: Host) -> None:
    host = described
    edit(host, renamed)
    host.push("change", "A name")
    assert GitHub.plan(host, "change").code == 0
    host.sh(host.desk, "git switch -q main && echo 1 > other.txt")
    host.push("main", "Somebody was faster")
    host.merge("change")
    host.emulator.recorder.clear()
    ended = GitHub.apply(host)
    assert ended.code == 3, ended.log
    assert "no reviewed plan for these files" in ended.log
    assert writes(host) == []


def test_a_plan_that_is_refused_says_why_and_is_not_kept(described: Host) -> None:
    host = described

    def without(workspace: dict[str, Any]) -> None:
        gone = workspace["sources"].pop()
        for family in ("destinations", "filters"):
            workspace[family] = [one for one in workspace[family] if one["sourceId"] != gone["id"]]
        for plan in workspace["trackingPlans"]:
            plan["sourceIds"] = [one for one in plan["sourceIds"] if one != gone["id"]]

    edit(host, without)
    host.push("change", "A source less")
    ended = GitHub.plan(host, "change")
    assert ended.code == 3, ended.log
    [comment] = host.forge.comments["12"]
    assert "**Refused. This plan cannot be applied:**" in shown(comment)
    assert "would be deleted" in shown(comment)
    host.merge("change")
    assert GitHub.apply(host).code == 3
    assert writes(host) == []


def test_drift_is_told_in_one_comment(described: Host) -> None:
    host = described
    source = held(host)["sources"][0]
    for name in ("Once", "Twice"):
        with Segment(host.emulator.token, url=host.env["SEGMENT_API_URL"]) as app:
            app.sources.update(source["id"], name=name)
        ended = GitHub.drift(host)
        assert ended.code == 2, ended.log
    [comment] = host.forge.comments["5"]
    assert "Twice" in shown(comment)
    with Segment(host.emulator.token, url=host.env["SEGMENT_API_URL"]) as app:
        app.sources.update(source["id"], name=source["name"])
    assert GitHub.drift(host).code == 0
    assert "Nothing drifted." in shown(comment)


def test_an_apply_that_ends_in_the_middle_keeps_what_it_made(described: Host) -> None:
    host = described
    edit(host, with_a_hook)
    host.push("change", "A hook")
    assert GitHub.plan(host, "change").code == 0
    host.merge("change")
    host.emulator.fault("error_before", status=403, operation="updateSource")
    ended = GitHub.apply(host)
    host.emulator.faults.clear()
    assert ended.code == 1, ended.log
    made = [one["id"] for one in held(host)["destinations"] if one["name"] == "Hook"]
    bound = host.sh(host.checkout(), "cat acme.bindings.json")
    assert [one for one in made if one not in bound] == []


def test_a_plan_of_a_fork_is_none_of_ours(described: Host) -> None:
    host = described
    edit(host, renamed)
    host.push("change", "A name")
    assert GitHub.plan(host, "change").code == 0
    for one in host.forge.artifacts:
        one["workflow_run"]["head_repository_id"] = 2
    host.merge("change")
    ended = GitHub.apply(host)
    assert ended.code == 3
    assert "reviewed plan: none" in ended.log


def test_without_a_comment_the_plan_still_counts(described: Host) -> None:
    host = described
    host.forge.answer = lambda *_: None  # type: ignore[method-assign]  # a forge that answers nothing
    edit(host, renamed)
    host.push("change", "A name")
    ended = GitHub.plan(host, "change")
    assert ended.code == 0
    assert "the comment was not made: GET /issues/12/comments was answered with 404" in ended.log


def test_what_is_installed(described: Host, tmp_path: Path) -> None:
    host = described
    assert GitHub.drift(host).code == 0
    assert GitLab.drift(host).code == 0
    ours, pinned = host.pip.read_text().splitlines()
    where = ours.partition("file://")[2]
    assert (Path(where) / "pyproject.toml").exists()
    assert pinned.endswith("--require-hashes -r requirements.txt")


def test_a_strangers_comment_is_not_taken_for_ours(described: Host, way: Way) -> None:
    """Anybody can write our mark at the top of a comment, and change the comment afterwards."""
    host = described
    theirs = {
        "id": 1000,
        "body": "<!-- segform plan: prod -->\nlooks good",
        "user": {"type": "User", "login": "mallory"},
        "author_association": "NONE",
        "author": {"id": 5},
    }
    host.forge.comments["12"] = [dict(theirs)]
    edit(host, renamed)
    host.push("change", "A name")
    for _ in range(2):
        assert way.plan(host, "change").code == 0
    stranger, ours = host.forge.comments["12"]
    assert stranger == theirs
    assert "New name" in shown(ours)


def test_comments_have_room_whatever_changes(described: Host) -> None:
    """A plan that is refused for hundreds of objects, and hundreds that drifted."""
    host = described

    def much(workspace: dict[str, Any]) -> None:
        [first, *_] = workspace["filters"]
        workspace["filters"] += [
            {**first, "id": f"new-{number}", "title": f"{'w' * 90} {number}", "if": f"{'w' * 90} ="}
            for number in range(400)
        ]

    edit(host, much)
    host.push("change", "Much")
    assert GitHub.plan(host, "change").code == 3
    [comment] = host.forge.comments["12"]
    assert "**Refused. This plan cannot be applied:**" in shown(comment)
    assert "more; the job's log has them" in shown(comment).replace("&#39;", "'")
    assert len(comment["body"]) <= MOST
    assert comment["body"].count("<details>") == comment["body"].count("</details>")

    host.merge("change")
    ended = GitHub.drift(host)
    assert ended.code == 2, ended.log
    [told] = host.forge.comments["5"]
    assert len(told["body"]) <= MOST
    assert "400 objects drifted" in shown(told)
    assert "lists them all" in shown(told)


def test_a_text_that_is_cut_off_says_so() -> None:
    text = "# A\n<details>\n" + "line\n" * 30_000
    cut = bounded(text)
    assert len(cut) < MOST
    assert cut.endswith("There is no room for more here: see the job's log.")
    assert cut.count("<details>") == cut.count("</details>")
    assert bounded("short") == "short"


def test_arguments_stand_one_a_line_and_drift_takes_its_own(
    described: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from segform.gitops import __main__ as steps
    from segform.gitops import engines

    calls: list[list[str]] = []

    def run(command: Any, *_: object) -> tuple[int, str, str]:
        calls.append(list(command)[3:])
        return 0, "", ""

    monkeypatch.setattr(engines, "_run", run)
    given = "--let-go=source:web\n  --bindings=b.json\n\n"
    for name in ("plan", "drift"):
        arguments = [name, "--file", "shop.json", "--argument", given]
        CliRunner().invoke(steps.main, arguments)
    plan, drift = calls
    assert plan[-2:] == ["--let-go=source:web", "--bindings=b.json"]
    assert drift[-1] == "--bindings=b.json"
    assert "--let-go=source:web" not in drift


def test_the_bindings_of_an_export_are_pushed_too(described: Host) -> None:
    from segform.gitops.repository import keep_bindings

    host = described
    for name in ("bindings.json", "env/bindings.json", "env/other.json"):
        path = host.desk / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    with contextlib.chdir(host.desk):
        assert keep_bindings("main")
    seen = host.sh(host.checkout(), "git ls-files")
    assert "bindings.json" in seen.splitlines()
    assert "env/bindings.json" in seen
    assert "env/other.json" not in seen


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_job_that_is_ended_lets_its_command_finish(tmp_path: Path, name: str) -> None:
    """And what that says reaches the log while it runs."""
    program = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(1)\n"
        "    print('finished', flush=True)\n"
        "    sys.exit(130)\n"
        "for one in (signal.SIGINT, signal.SIGTERM):\n"
        "    signal.signal(one, end)\n"
        "print('begun', flush=True)\n"
        "time.sleep(60)\n"
    )
    step = (
        "import sys\n"
        "from segform.gitops.engines import _run\n"
        f"code, said, _ = _run([sys.executable, '-c', {program!r}])\n"
        "print('code', code, said.split())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", step], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as job:
        assert job.stdout is not None
        assert job.stdout.readline() == "begun\n"
        job.send_signal(getattr(signal, name))
        rest = job.stdout.read()
    assert rest == "finished\ncode 130 ['begun', 'finished']\n"


def test_a_plan_of_the_other_engine_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "plan"
    reviewed.write(kept, reviewed.Reviewed("t" * 40, "segform", b"{}"), "")
    assert reviewed.read(kept, "", tree="t" * 40, engine="segform") == b"{}"
    with pytest.raises(reviewed.NotReviewedError, match="made by segform, not by terraform"):
        reviewed.read(kept, "", tree="t" * 40, engine="terraform")
