"""What the workspace engine costs: requests against the API's floor, order, creates in a second."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from segform import Segment
from segform.workspace import Desired, Workspace, files
from segform.workspace.flow import steps
from segform_emulator import Emulator
from tests.terraform.harness import Terraform
from tests.workspace.clock import stopped
from tests.workspace.floor import floor
from tests.workspace.shapes import (
    Shape,
    both,
    deletions,
    filters_of_one_source,
    shaped,
    sources_with_one_label,
    unchanged,
)

from .emulator import Running
from .emulator import emulator as running
from .figure import Figure, missing
from .timing import memory, paired, whole

_JAVASCRIPT = "IqDTy1TpoU"


@contextmanager
def _place() -> Iterator[tuple[Emulator, Segment, Path]]:
    emulator = Emulator(check=50)
    with (
        tempfile.TemporaryDirectory() as folder,
        emulator.serve() as server,
        Segment(emulator.token, url=server.url) as client,
    ):
        yield emulator, client, Path(folder)


def _sent(emulator: Emulator) -> int:
    count = len(emulator.recorder.entries)
    emulator.recorder.clear()
    return count


# What the provider's facts call a medium workspace, and one of many connections.
_MEDIUM: dict[str, Any] = {
    "sources": 150,
    "destinations": 400,
    "filters": 300,
    "plans": 5,
    "rules": 100,
}
_LARGE: dict[str, Any] = {"sources": 1_000, "destinations": 4_000}


def requests() -> list[Figure]:
    """Pull, and a plan without changes, of the medium workspace."""
    with _place() as (emulator, client, folder):
        emulator.seed(**_MEDIUM)
        least = floor(emulator.dump()["workspaces"][0])
        emulator.recorder.clear()
        snapshot = Workspace(client, folder=folder).pull()
        _sent(emulator)
        plan = Workspace(client, folder=folder).plan(snapshot)
        planned = _sent(emulator)
        note = "" if not plan else "it was not empty"
    return [
        Figure(
            "engine: no-change plan, medium",
            planned,
            least,
            "floor",
            planned / least,
            1.02,
            "requests",
            note,
        ),
    ]


def limited() -> list[Figure]:
    """Pulls under 600 requests a minute, on a clock of their own: requests, and minutes."""
    figures = []
    for name, size in (("medium", _MEDIUM), ("1,000 sources, 4,000 destinations", _LARGE)):
        emulator = Emulator(check=50)
        emulator.seed(**size)
        least = floor(emulator.dump()["workspaces"][0])
        emulator.limits.configure({"enforce": True, "default": _A_MINUTE})
        emulator.recorder.clear()
        client = Segment(
            emulator.token, url="https://emulator.example", transport=emulator.transport()
        )
        with tempfile.TemporaryDirectory() as folder, stopped(emulator) as clock:
            began = clock.now
            Workspace(clock.drives(client), folder=Path(folder), journal=False).pull()
            took = (clock.now - began) / 60
        sent = _sent(emulator)
        # The first minute's share goes out at once; each further one waits for its minute.
        shortest = max(1, -(-least // _A_MINUTE) - 1)
        figures += [
            Figure(f"engine: pull, {name}", sent, least, "floor", sent / least, 1.02, "requests"),
            Figure(
                "engine: the same at 600 a minute",
                took,
                shortest,
                "at least",
                took / shortest,
                1.05,
                "minutes",
            ),
        ]
    return figures


_A_MINUTE = 600


def start() -> list[Figure]:
    """`segform --help` against a bare Python."""
    segform = Path(sys.executable).with_name("segform")
    ours, bare, ratio = paired(
        whole([str(segform), "--help"]), whole([sys.executable, "-c", "pass"]), 15
    )
    return [Figure("engine: segform --help", ours, bare, "bare Python", ratio, 5, "ms")]


_WEIGHED = """
from pathlib import Path
from typing import Any
from segform import Segment
from segform.workspace import Workspace, files
with Segment({token!r}, url={url!r}) as client:
    engine = Workspace(client, folder=Path({folder!r}), journal=False)
    plan = engine.plan(files.read(Path({folder!r}) / "now.json"))
    assert not plan and plan.there >= 10_000, (len(plan), plan.there)
"""


def weight() -> list[Figure]:
    """A no-change plan of 10,000 objects, in a process of its own."""
    with running() as ours, tempfile.TemporaryDirectory() as folder:
        sizes = {"sources": 2_000, "destinations": 4_000, "filters": 4_000, "plans": 5, "rules": 50}
        ours.client.post("/_emulator/seed", params=sizes).raise_for_status()
        given = {"token": ours.token, "url": f"http://{ours.address}", "folder": folder}
        with Segment(ours.token, url=str(given["url"])) as client:
            engine = Workspace(client, folder=Path(folder), journal=False)
            files.write(engine.pull(), Path(folder) / "now.json")
        peak = memory(_WEIGHED.format(**given), sys.executable)
    name = "engine: no-change plan of 10,000 objects"
    return [Figure(name, peak, None, "in all", peak, 300, "MiB")]


def order() -> list[Figure]:
    """Diff and ordering alone, of plans of several shapes: ten times the objects against one."""
    figures = []
    with _place() as (_, client, folder):

        def took(build: Callable[[Shape, int], None], count: int) -> float:
            engine = Workspace(client, folder=folder, journal=False, protect=())
            made = shaped(build, count)
            # Python's search for cycles goes through all that the process holds, whatever is done.
            gc.collect()
            gc.disable()
            begun = time.process_time()
            plan = engine.plan(made.wanted, live=made.live)
            TopologicalSorter(steps(plan)).prepare()
            seconds = time.process_time() - begun
            gc.enable()
            assert not plan.problems
            assert len(plan) >= count // 2
            return seconds

        for build, words in _SHAPES.items():
            took(build, 100)
            # In turns, so that a busy machine is busy for both.
            turns = [(took(build, 1_000), took(build, 10_000)) for _ in range(4)]
            small, large = map(min, zip(*turns, strict=True))
            figures.append(
                Figure(
                    f"engine: diff and order of 10,000 {words}",
                    large * 1000,
                    small * 1000,
                    "of 1,000",
                    large / small,
                    12,
                    "ms",
                )
            )
    return figures


_SHAPES: dict[Callable[[Shape, int], None], str] = {
    unchanged: "objects",
    deletions: "deletions",
    both: "makes and deletions",
    filters_of_one_source: "filters of one source",
    sources_with_one_label: "sources with one label",
}


_COUNT = 1_000
_HCL = """
resource "segment_source" "s" {{
  count    = {count}
  slug     = "s${{count.index}}"
  enabled  = true
  metadata = {{ id = "{entry}" }}
  settings = jsonencode({{}})
}}
"""


def _wanted() -> Desired:
    wanted = Desired()
    for number in range(_COUNT):
        values = {"slug": f"s{number}", "enabled": True, "settings": {}}
        wanted.declare(f"source.s{number}", {**values, "metadata": {"id": _JAVASCRIPT}})
    return wanted


def _body(slug: str) -> dict[str, Any]:
    return {"slug": slug, "enabled": True, "metadataId": _JAVASCRIPT, "settings": {}}


def _applied() -> float:
    """Seconds of an apply of 1,000 creates."""
    with (
        running() as emulator,
        tempfile.TemporaryDirectory() as folder,
        Segment(emulator.token, url=_url(emulator)) as client,
    ):
        wanted = _wanted()
        engine = Workspace(client, folder=Path(folder))
        plan = engine.plan(wanted)
        begun = time.perf_counter()
        engine.apply(plan, wanted, fresh=True)
        return time.perf_counter() - begun


def _posted() -> float:
    """Seconds of the same requests by httpx alone: one connection, which is its fastest here."""
    import httpx

    with (
        running() as emulator,
        httpx.Client(
            base_url=_url(emulator), headers={"Authorization": f"Bearer {emulator.token}"}
        ) as client,
    ):
        client.get("/").raise_for_status()
        begun = time.perf_counter()
        for number in range(_COUNT):
            client.post("/sources", json=_body(f"s{number}")).raise_for_status()
        return time.perf_counter() - begun


def creates() -> list[Figure]:
    """An apply of 1,000 creates, against what httpx alone makes of the emulator's creating rate.

    And against bare sockets, several at once and with nothing between them: what the emulator could
    do for a client that costs nothing, which no client of httpx comes near.
    """
    ours, theirs, ratio = paired(_applied, _posted, 5)
    rate, alone = (1000 * _COUNT / took for took in (ours, theirs))
    with running() as emulator:
        own = emulator.rate([["POST", "/sources", _body(f"m{n}")] for n in range(6_000)])
    name = "engine: apply of 1,000 creates"
    return [
        Figure(name, rate, alone, "httpx alone", ratio, 2, "a second"),
        Figure(f"{name}, by sockets", rate, own, "bare sockets", own / rate, None, "a second"),
    ]


def _url(emulator: Running) -> str:
    return f"http://{emulator.address}"


def against_terraform() -> list[Figure]:
    """`segform apply` of 1,000 creates, as a command, against `terraform apply` of the same."""
    name = "engine: segform apply of 1,000 creates"
    terraform = shutil.which("terraform")
    if terraform is None:
        return [missing(name, "terraform is not on PATH")]
    with running() as emulator, tempfile.TemporaryDirectory() as folder:
        made = Terraform(Path(folder) / "tf", _url(emulator), emulator.token, terraform)
        made.write(_HCL.format(count=_COUNT, entry=_JAVASCRIPT))
        begun = time.perf_counter()
        made.apply("-parallelism=16")
        theirs = time.perf_counter() - begun
        made.close()
    with running() as emulator, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wanted.py"
        path.write_text("from tests.bench.engine import _wanted\ndesired = _wanted()\n")
        env = {
            **os.environ,
            "SEGMENT_API_URL": _url(emulator),
            "SEGMENT_API_TOKEN": emulator.token,
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        }
        segform = str(Path(sys.executable).with_name("segform"))
        ours = whole([segform, "apply", str(path), "--yes"], Path(folder), env)()
    return [Figure(name, ours, theirs, "terraform apply", ours / theirs, 0.2, "s")]


FIGURES = [start, requests, limited, order, weight, creates, against_terraform]
