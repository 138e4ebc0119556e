"""What the provider's share of a plan costs, against a provider that only says back what it knows.

Plans are without changes: what a person waits for most often. The state holds destinations as heavy
as Segment's are, and the echo provider has the same schema, configuration and state. Emulator,
Terraform and provider share the machine, so the lists that the emulator makes count as ours.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from segform_emulator import Emulator
from segform_provider import install
from tests.terraform.harness import Terraform

from . import adopted
from .adopted import Object
from .figure import Figure
from .timing import Measured, paired, whole

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def workspace(make: Callable[[Path], Emulator]) -> Iterator[tuple[Emulator, Terraform, Path]]:
    """An emulator that is served, a working folder with our provider, and room beside it."""
    terraform = shutil.which("terraform")
    assert terraform
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        emulator = make(room)
        with emulator.serve() as server:
            made = Terraform(room / "shop", server.url, emulator.token, terraform)
            yield emulator, made, room
            made.close()


def stand_in(tf: Terraform, folder: Path, module: str, *arguments: str) -> Path:
    """A folder with the same configuration and state, and a module of ours as its provider."""
    folder.mkdir(exist_ok=True)
    for file in (*tf.folder.glob("*.tf*"), *tf.folder.glob("*.json")):
        if file.is_file() and file.name != "terraform.rc":
            shutil.copyfile(file, folder / file.name)
    package = install.package_folder()
    target = folder / "terraform.d" / "plugins" / package.relative_to(package.parents[4])
    target.mkdir(parents=True)
    launcher = target / install.executable_name()
    more = "".join(f" '{argument}'" for argument in arguments)
    launcher.write_text(
        f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -X utf8 -m {module}{more}\n"
    )
    launcher.chmod(0o755)
    subprocess.run(
        [tf.terraform, "init", "-no-color"], cwd=folder, env=tf.env, capture_output=True, check=True
    )
    return folder


def echo(tf: Terraform, folder: Path) -> Path:
    """The same with the echo provider."""
    return stand_in(tf, folder, "tests.bench.echo_provider")


def planned(tf: Terraform, folder: Path | None = None) -> Measured:
    """A plan in a folder."""
    command = [tf.terraform, "plan", "-no-color", "-input=false"]
    return whole(command, folder or tf.folder, tf.env)


def used(tf: Terraform, folder: Path, times: int = 3) -> list[dict[str, float]]:
    """What the provider's processes use in a plan; of several plans the one that used least."""
    counts = folder / "counts"
    stand_in(tf, folder, "tests.bench.counted_provider", str(counts))
    runs = []
    for _ in range(times):
        counts.unlink(missing_ok=True)
        planned(tf, folder)()
        runs.append([json.loads(line) for line in counts.read_text().splitlines()])
    return min(runs, key=lambda run: sum(one["cpu"] for one in run))


def destinations() -> list[Figure]:
    """Plans of 500 and of 2,000 destinations, and what each call of them costs the provider."""
    found = []
    for count, times in ((500, 5), (2000, 3)):
        with workspace(adopted.emulator) as (emulator, tf, room):
            adopted.adopt(tf, adopted.destinations(emulator, count))
            mine, its, ratio = paired(planned(tf), planned(tf, echo(tf, room / "echo")), times)
            spent = used(tf, room / "counted")
        name = f"provider: plan, {count:,} destinations unchanged"
        found.append(Figure(name, mine, its, "echo", ratio, 1.3, "ms"))
        calls, cpu = sum(one["calls"] for one in spent), sum(one["cpu"] for one in spent) * 1000
        name = f"provider: CPU for a call, {count:,} destinations"
        note = f"{calls:,.0f} calls, {cpu:.0f} ms, the quietest of 3 plans"
        found.append(Figure(name, cpu / calls, None, "", cpu / calls, 0.35, "ms", note))
    return found


def catalogue() -> list[Figure]:
    """The same plan with the light form of the catalogue in the state, and with all of it."""
    with workspace(adopted.emulator) as (emulator, tf, room):
        objects = adopted.destinations(emulator, 200)
        full = Terraform(room / "full", tf.url, tf.token, tf.terraform)
        adopted.adopt(tf, objects)
        adopted.adopt(full, objects, catalog_in_state="full")
        mine, its, ratio = paired(planned(tf), planned(full), 5)
        light_echo, full_echo = echo(tf, room / "light-echo"), echo(full, room / "full-echo")
        *_, floor = paired(planned(tf, light_echo), planned(tf, full_echo), 3)
        full.close()
    name = "provider: plan, 200 destinations, light catalogue"
    note = f"{1 / ratio:.1f} times faster; the echo provider: {1 / floor:.1f} times"
    return [Figure(name, mine, its, "full catalogue", ratio, 0.25, "ms", note)]


def memory() -> list[Figure]:
    """Memory of the provider's process after it has read 5,000 destinations."""
    with workspace(adopted.emulator) as (emulator, tf, room):
        adopted.adopt(tf, adopted.destinations(emulator, 5000))
        spent = used(tf, room / "counted", times=1)
    most = max(spent, key=lambda one: one["memory"])
    name = "provider: memory after 5,000 destinations"
    note = f"at its highest {most['peak']:.0f} MiB"
    return [Figure(name, most["memory"], None, "", most["memory"], 200, "MiB", note)]


def rules() -> list[Figure]:
    """Plans of a tracking plan with 1,000 rules: as a map, as a set, and with none."""
    with workspace(lambda _: Emulator(check=0)) as (emulator, none, room):
        emulator.seed(None, plans=1, rules=1000)
        [held] = emulator.snapshots.dump()["workspaces"][0]["trackingPlans"]
        places = {name: _beside(none, room / name) for name in ("map", "set")}
        adopted.adopt(none, [_plan(held, "#unmanaged", {})])
        adopted.adopt(places["map"], [_plan(held, "#rules_by_key", {"rules_by_key": _map(held)})])
        adopted.adopt(places["set"], [_plan(held, "", {"rules": _set(held)})])
        mine, its, ratio = paired(planned(places["map"]), planned(none), 7)
        as_set = planned(places["set"])
        echoed = planned(places["set"], echo(places["set"], room / "echo"))
        slow, floor, set_ratio = paired(as_set, echoed, 3)
        for one in places.values():
            one.close()
    return [
        Figure("provider: plan, 1,000 rules as a map", mine, its, "no rules", ratio, 5, "ms"),
        Figure("provider: plan, 1,000 rules as a set", slow, floor, "echo", set_ratio, 1.2, "ms"),
    ]


def _beside(tf: Terraform, folder: Path) -> Terraform:
    return Terraform(folder, tf.url, tf.token, tf.terraform)


def _plan(held: dict[str, Any], form: str, more: dict[str, Any]) -> Object:
    config = {"name": held["name"], "type": held["type"], **more}
    return Object("segment_tracking_plan.shop", held["id"] + form, config)


def _set(held: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "type": rule["type"],
            "key": rule.get("key"),
            "version": rule["version"],
            "json_schema": json.dumps(rule["jsonSchema"]),
        }
        for rule in held["rules"]
    ]


def _map(held: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{rule['type']}:{rule['key']}": {"json_schema": json.dumps(rule["jsonSchema"])}
        for rule in held["rules"]
    }
