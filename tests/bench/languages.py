"""What FQL and mappings cost, against Segment's own evaluators and starts of Python."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from segform import fql
from segform.mapping import evaluate

from .figure import Figure, missing
from .timing import Measured, paired, whole

ROOT = Path(__file__).resolve().parents[2]
_RUNNER = ROOT / "tests" / "fql" / "tsub.cjs"
_OWN_TOOLS = ROOT / ".tools" / "node_modules" / ".bin"
_BARE = "pass"
_FILTERS = 20_000
_STARTS = 40
# Milliseconds that importing a language may take.
_IMPORT = 15
MAPPING = {
    "event": {"@path": "$.event"},
    "user_id": {"@if": {"exists": {"@path": "$.userId"}, "then": {"@path": "$.userId"}}},
    "url": {"@template": "{{context.page.url}}?shop={{properties.shop}}"},
    "properties": {"@path": "$.properties"},
    "currency": {"@case": {"operator": "lower", "value": {"@path": "$.properties.currency"}}},
    "email": {"@path": "$.traits.email"},
}

# Filters as people have them; %d makes each one another text.
SHAPES = (
    'type = "track" and event = "Order %d"',
    'event = "Order %d" or event = "Order Refunded" or event = "Order Cancelled"',
    'type = "track" and event != "Signed Out %d" and properties.total >= 100',
    '!contains(traits.email, "@shop%d.example") and userId != null',
    'type = "page" and match(context.page.url, "*/checkout/%d*")',
    'type = "track" and (event = "Click %d" or match(event, "Button *"))',
    'properties.currency in ["EUR", "USD", "GBP"] and properties.shop = %d',
)
EVENT = {
    "type": "track",
    "event": "Order Completed",
    "userId": "u1",
    "properties": {"total": 120, "currency": "EUR", "shop": 7},
    "context": {"page": {"url": "https://shop.example/checkout/7/done"}},
    "traits": {"email": "ann@shop.example"},
}


def evaluation() -> list[Figure]:
    """One evaluation of a typical filter, ours and that of the evaluator in browsers."""
    name = "fql: one evaluation"
    path = os.pathsep.join([str(_OWN_TOOLS), os.environ.get("PATH", "")])
    tsub, node = shutil.which("tsub", path=path), shutil.which("node", path=path)
    if tsub is None or node is None:
        return [missing(name, "no @segment/tsub in .tools: make setup")]
    texts = [shape.replace("%d", "7") for shape in SHAPES]
    ours, theirs, ratio = paired(
        _evaluations(texts), _browser(texts, node, Path(tsub).parent.parent), 5
    )
    # `paired` gives milliseconds of a million evaluations: nanoseconds of one.
    return [Figure(name, ours, theirs, "tsub", ratio, 1, "ns")]


def _evaluations(texts: list[str]) -> Measured:
    """Seconds that a million evaluations take."""
    tests = [fql.compile(text) for text in texts]
    rounds = 30_000

    def run() -> float:
        event = EVENT
        start = time.perf_counter()
        for _ in range(rounds):
            for test in tests:
                test(event)
        return (time.perf_counter() - start) / (rounds * len(tests)) * 1e6

    return run


def _browser(texts: list[str], node: str, modules: Path) -> Measured:
    """The same in Node; its start is not counted, its parsing of the compiled form is: it does so
    for every event."""
    cases = [{"ir": fql.to_ir(text), "event": EVENT} for text in texts]
    asked = json.dumps({"rate": {"cases": cases, "seconds": 0.4}})

    def run() -> float:
        done = subprocess.run(
            [node, str(_RUNNER)],
            env={**os.environ, "NODE_PATH": str(modules)},
            input=asked,
            capture_output=True,
            text=True,
            check=True,
        )
        return 1e6 / float(json.loads(done.stdout)["rate"])

    return run


def parsing() -> list[Figure]:
    """20,000 different filters parsed, against 40 starts of a bare interpreter."""
    texts = [SHAPES[n % len(SHAPES)].replace("%d", str(n)) for n in range(_FILTERS)]
    bare = whole([sys.executable, "-I", "-c", _BARE])

    def parse() -> float:
        start = time.perf_counter()
        for text in texts:
            fql.parse(text)
        return time.perf_counter() - start

    ours, starts, ratio = paired(parse, lambda: sum(bare() for _ in range(_STARTS)), 5)
    name = "fql: 20,000 filters parsed"
    return [Figure(name, ours, starts, f"{_STARTS} bare starts", ratio, 1, "ms")]


def imports() -> list[Figure]:
    """What importing a language costs in time of the processor, against 15 ms."""
    return [_import(f"segform.{name}") for name in ("fql", "mapping")]


def _import(module: str) -> Figure:
    program = (
        "import sys, time\nstart = time.process_time()\n"
        f"import {module}\nprint(time.process_time() - start)"
    )

    def run() -> float:
        done = subprocess.run(
            [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
        )
        return float(done.stdout)

    took = statistics.median([run() for _ in range(9)]) * 1000
    return Figure(f"import {module}", took, _IMPORT, "allowed", took / _IMPORT, 1, "ms")


def mapping() -> list[Figure]:
    """One evaluation of a typical mapping, ours and that of Segment's own code on Node."""
    name = "mapping: one evaluation"
    path = os.pathsep.join([str(_OWN_TOOLS), os.environ.get("PATH", "")])
    liquid, node = shutil.which("liquidjs", path=path), shutil.which("node", path=path)
    if liquid is None or node is None:
        return [missing(name, "no @segment/actions-core in .tools: make setup")]
    ours, theirs, ratio = paired(_mapped(), _mapped_by_node(node, Path(liquid).parent.parent), 5)
    return [Figure(name, ours, theirs, "actions-core", ratio, None, "us")]


def _mapped() -> Measured:
    """Milliseconds of a million evaluations are microseconds of a thousand."""
    rounds = 2_000

    def run() -> float:
        start = time.perf_counter()
        for _ in range(rounds):
            evaluate(MAPPING, EVENT)
        return (time.perf_counter() - start) / rounds * 1e3

    return run


def _mapped_by_node(node: str, modules: Path) -> Measured:
    asked = json.dumps({"mapping": MAPPING, "event": EVENT, "seconds": 0.4})
    runner = ROOT / "tests" / "mapping" / "rate.cjs"

    def run() -> float:
        done = subprocess.run(
            [node, str(runner)],
            env={**os.environ, "NODE_PATH": str(modules)},
            input=asked,
            capture_output=True,
            text=True,
            check=True,
        )
        return 1e3 / float(done.stdout)

    return run


FIGURES = [evaluation, parsing, mapping, imports]
