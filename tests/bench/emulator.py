"""What the emulator carries: against the least that starlette and uvicorn can do."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from .figure import Figure
from .timing import memory, paired, to_first_line

_PYTHON = sys.executable
_SECONDS = 1.5
_CONNECTIONS = 8
JAVASCRIPT = "IqDTy1TpoU"
ANALYTICS = "60ad61f9ff47a16b8fb7b5d9"


class Running:
    """A server process, and the load on it."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.token = token
        self.client = httpx.Client(
            base_url=f"http://{address}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=120,
        )

    def rate(self, requests: list[list[Any]], times: int = 1) -> float:
        """Requests a second."""
        command = [_PYTHON, "-m", "tests.bench.load", self.address]
        command += [str(_SECONDS), str(_CONNECTIONS), self.token]
        given = json.dumps({"requests": requests, "times": times})
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
        return float(done.stdout)


@contextmanager
def emulator(*arguments: str) -> Iterator[Running]:
    """The emulator as its users start it."""
    command = [_PYTHON, "-m", "segform_emulator", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split("//")[1].strip()
        token = process.stdout.readline().split(" ")[1].strip()
        try:
            yield Running(address, token)
        finally:
            process.terminate()


@contextmanager
def bare(body: bytes) -> Iterator[Running]:
    """The bare server with a body."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        command = [_PYTHON, "-m", "tests.bench.bare", file.name]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            yield Running(process.stdout.readline().strip(), "x")
            process.communicate()


def _against(ours: Running, asked: list[list[Any]], body: bytes, times: int) -> tuple[float, ...]:
    """Seconds a request of ours and of the bare server, and their ratio."""
    with bare(body) as floor:
        target = asked[0][1].split("?")[0]
        plain = [["GET", target, None]]
        return paired(
            lambda: 1 / ours.rate(asked, times), lambda: 1 / floor.rate(plain, 100_000), 3
        )


def single() -> list[Figure]:
    """One source of 10,000, read and made."""
    with emulator() as ours:
        ours.client.post("/_emulator/seed", params={"sources": 10_000}).raise_for_status()
        first = ours.client.get("/sources").json()["data"]["sources"]
        asked = [["GET", f"/sources/{one['id']}", None] for one in first]
        body = ours.client.get(str(asked[0][1])).content
        a, b, read = _against(ours, asked, body, 500)
        made = [
            [
                "POST",
                "/sources",
                {"slug": f"made-{n}", "enabled": True, "metadataId": JAVASCRIPT, "settings": {}},
            ]
            for n in range(40_000)
        ]
        # Each name once: every run goes on where the last one ended.
        left = iter(made)
        with bare(body) as floor:
            plain = [["GET", "/sources", None]]

            def create() -> float:
                return 1 / ours.rate([next(left) for _ in range(6_000)])

            c, d, write = paired(create, lambda: 1 / floor.rate(plain, 100_000), 3)
        checked = ours.client.get("/_emulator/violations").json()
    share = f"answers checked: {checked['checked']} of {checked['answers']}"
    return [
        Figure("emulator: GET one source of 10,000", a, b, "bare answer", read, 3, "ms", share),
        Figure("emulator: POST a source", c, d, "bare answer", write, 10, "ms"),
    ]


def pages() -> list[Figure]:
    """A page of 200 of 10,000."""
    figures = []
    for kind, snapshot in (("sources", _sources()), ("destinations", _destinations())):
        with emulator() as ours:
            ours.client.post("/_emulator/seed", json=snapshot).raise_for_status()
            asked = [["GET", f"/{kind}?pagination[count]=200", None]]
            body = ours.client.get(str(asked[0][1])).content
            a, b, ratio = _against(ours, asked, body, 10_000)
        name = f"emulator: a page of 200 {kind} of 10,000"
        # A page that was read before is put together from what it was then.
        note = f"{len(body) / 1e6:.2f} MB, read before"
        figures.append(Figure(name, a, b, "bare answer", ratio, 5, "ms", note))
    return figures


def _snapshot(**given: Any) -> dict[str, Any]:
    return {"format": "segform.snapshot", "version": 1, "workspaces": [given]}


def _sources(count: int = 10_000) -> dict[str, Any]:
    made = [{"id": f"s{n}", "slug": f"s{n}", "metadataId": JAVASCRIPT} for n in range(count)]
    return _snapshot(sources=made)


def _destinations() -> dict[str, Any]:
    """All of them Google Analytics 4, whose catalogue entry is one of the larger ones."""
    snapshot = _sources(1)
    snapshot["workspaces"][0]["destinations"] = [
        {
            "id": f"d{n}",
            "name": f"Analytics {n}",
            "sourceId": "s0",
            "metadataId": ANALYTICS,
            "settings": {"apiSecret": f"secret-{n}", "measurementId": f"G-{n}"},
        }
        for n in range(10_000)
    ]
    return snapshot


def seed() -> list[Figure]:
    """A workspace of some size at once, and what its rules weigh."""
    sizes = {"sources": 1000, "destinations": 4000, "filters": 3000, "plans": 60, "rules": 150}
    with emulator() as ours:
        started = time.perf_counter()
        ours.client.post("/_emulator/seed", params=sizes).raise_for_status()
        took = time.perf_counter() - started
    code = (
        "from segform_emulator import Emulator; e = Emulator(); e.seed(plans=500, rules=200)\n"
        "assert sum(map(len, e.at(0).rules.values())) == 100_000"
    )
    weight = memory(code, _PYTHON)
    return [
        Figure("emulator: a workspace of 8,060 objects seeded", took, 5, "at most", took, 5, "s"),
        Figure("emulator: 100,000 rules", weight, None, "in all", weight, 300, "MiB"),
    ]


def start() -> list[Figure]:
    """From the command to the line with its url."""
    import os

    ours, floor, ratio = paired(
        to_first_line([_PYTHON, "-m", "segform_emulator"], dict(os.environ), "url: "),
        _bare_start,
        9,
    )
    return [Figure("emulator: start to url", ours, floor, "bare start", ratio, 40, "ms")]


def _bare_start() -> float:
    started = time.perf_counter()
    subprocess.run([_PYTHON, "-I", "-c", "pass"], check=True)
    return time.perf_counter() - started


FIGURES = [start, single, pages, seed]
