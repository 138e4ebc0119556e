"""What the workspace engine costs: requests against the API's floor, order, creates in a second."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from segform import Segment
from segform.workspace import Desired, Workspace
from segform.workspace.live import Found, Live
from segform_emulator import Emulator
from tests.workspace.floor import floor

from .figure import Figure

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


def requests() -> list[Figure]:
    """Pull, and a plan without changes, of the medium workspace."""
    with _place() as (emulator, client, folder):
        emulator.seed(sources=150, destinations=400, filters=300, plans=5, rules=100)
        least = floor(emulator.dump()["workspaces"][0])
        emulator.recorder.clear()
        snapshot = Workspace(client, folder=folder).pull()
        pull = _sent(emulator)
        plan = Workspace(client, folder=folder).plan(snapshot)
        planned = _sent(emulator)
        note = "" if not plan else "it was not empty"
    return [
        Figure("engine: pull, medium", pull, least, "floor", pull / least, 1.02, "requests"),
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


def order() -> list[Figure]:
    """Diff and ordering alone: ten times the objects against one."""
    with _place() as (_, client, folder):

        def took(count: int) -> float:
            engine = Workspace(client, folder=folder, journal=False)
            wanted, live = Desired(), Live()
            live.objects["label"] = {}
            for number in range(count):
                values = {"key": "k", "value": f"v{number}", "description": None}
                wanted.declare(f"label.l{number}", values)
                if number % 2:
                    one = f"k:v{number}"
                    live.objects["label"][one] = Found("label", one, dict(values), {})
            begun = time.perf_counter()
            plan = engine.plan(wanted, live=live)
            seconds = time.perf_counter() - begun
            assert len(plan) == count // 2
            return seconds

        took(100)
        small, large = min(took(1_000) for _ in range(3)), took(10_000)
    return [
        Figure(
            "engine: diff and order of 10,000 objects",
            large * 1000,
            small * 1000,
            "of 1,000",
            large / small,
            12,
            "ms",
        )
    ]


def creates() -> list[Figure]:
    """An apply of 1,000 creates against bare creates by as many threads."""
    count = 1_000
    with _place() as (_, client, _):

        def bare(number: int) -> None:
            body = {"slug": f"s{number}", "enabled": True, "metadataId": _JAVASCRIPT}
            client.request("createSource", body=body)

        bare(count)
        begun = time.perf_counter()
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(bare, range(count)))
        theirs = count / (time.perf_counter() - begun)
    with _place() as (_, client, folder):
        wanted = Desired()
        for number in range(count):
            values = {"slug": f"s{number}", "enabled": True, "settings": {}}
            wanted.declare(f"source.s{number}", {**values, "metadata": {"id": _JAVASCRIPT}})
        engine = Workspace(client, folder=folder)
        plan = engine.plan(wanted)
        begun = time.perf_counter()
        engine.apply(plan, wanted, fresh=True)
        ours = count / (time.perf_counter() - begun)
    return [
        Figure(
            "engine: apply of 1,000 creates",
            ours,
            theirs,
            "bare creates",
            theirs / ours,
            2,
            "a second",
        )
    ]


FIGURES = [requests, order, creates]
