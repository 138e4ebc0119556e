"""One figure, and how it is told: a line for people, a JSON line for machines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import platform
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[2] / ".bench" / "results.jsonl"


@dataclasses.dataclass
class Figure:
    """What was measured: ours, the floor or peer beside it, their ratio, and the most it may be.

    `ours` and `peer` are in `unit`; `ratio` is what the target is about, and may be a number of
    its own (requests, MiB). A figure without `target` is told for its own sake.
    """

    name: str
    ours: float | None
    peer: float | None
    peer_name: str
    ratio: float | None
    target: float | None
    unit: str = ""
    note: str = ""

    @property
    def state(self) -> str:
        """`ok`, `short`, `not measured`, or empty without a target."""
        if self.ratio is None:
            return "not measured"
        if self.target is None:
            return ""
        return "ok" if self.ratio <= self.target else "short"

    def line(self) -> str:
        """For people."""
        if self.ratio is None:
            return f"{self.name:<46} not measured: {self.note}"
        ours = _amount(self.ours, self.unit)
        peer = f"{_amount(self.peer, self.unit)} {self.peer_name}".strip()
        target = "" if self.target is None else f"target {self.target:g}"
        tail = f"  {self.note}" if self.note else ""
        return (
            f"{self.name:<46} {ours:>10} {peer:>26}  {self.ratio:>7.2f}  {target:<12} "
            f"{self.state}{tail}"
        ).rstrip()

    def record(self) -> str:
        """For machines."""
        facts = dataclasses.asdict(self)
        facts["state"] = self.state
        facts["at"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        facts["python"] = platform.python_version()
        return json.dumps(facts, sort_keys=True)


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    text = f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"
    return f"{text} {unit}".strip()


def missing(name: str, why: str) -> Figure:
    """A figure that could not be taken here, and why."""
    return Figure(name, None, None, "", None, None, note=why)


def keep(figures: list[Figure], results: Path = RESULTS) -> None:
    """Append the figures to the results."""
    results.parent.mkdir(parents=True, exist_ok=True)
    with results.open("a", encoding="utf-8") as file:
        file.writelines(figure.record() + "\n" for figure in figures)
