"""The figures' form; what they say is no test."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .figure import Figure, keep, missing
from .run import GROUPS, figures, main
from .timing import paired


def test_lines_say_ok_or_short() -> None:
    ok = Figure("client: start", 24.0, 8.0, "bare start", 3.0, 8, "ms")
    assert ok.line().split() == [
        "client:",
        "start",
        "24",
        "ms",
        "8",
        "ms",
        "bare",
        "start",
        "3.00",
        "target",
        "8",
        "ok",
    ]
    assert Figure("x", 1, 1, "", 9.0, 8).state == "short"
    assert Figure("x", 1, 1, "", 9.0, None).state == ""
    assert missing("x", "no terraform").line().endswith("not measured: no terraform")


def test_results_are_json_lines(tmp_path: Path) -> None:
    results = tmp_path / "deep" / "results.jsonl"
    keep([Figure("a", 1, 2, "p", 0.5, 1), missing("b", "why")], results)
    keep([missing("c", "why")], results)
    records = [json.loads(line) for line in results.read_text().splitlines()]
    assert [record["name"] for record in records] == ["a", "b", "c"]
    assert records[0]["state"] == "ok"
    assert records[1]["state"] == "not measured"


def test_ratios_are_of_pairs() -> None:
    ours, peer = iter([9.0, 2.0, 4.0, 30.0]), iter([9.0, 1.0, 2.0, 10.0])
    mine, its, ratio = paired(lambda: next(ours), lambda: next(peer), 3)
    assert (mine, its, ratio) == (4000, 2000, 2.0)


def test_an_unknown_group_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "there are: client" in capsys.readouterr().err


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_can_be_taken(group: str) -> None:
    assert figures(group)


def test_every_figure_of_the_page_is_taken() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "figures.md").read_text()
    told = re.findall(r"^\| `(provider: [^`]+)`", page, re.M)
    names = "\n".join(file.read_text() for file in Path(__file__).parent.glob("*.py"))
    assert len(told) > 10
    for name in told:
        counted = re.sub(r"\b(?:500|2,000) destinations", "{count:,} destinations", name)
        assert f'"{name}"' in names or f'"{counted}"' in names, name
    # And none is left out.
    taken = set(
        re.findall(
            r'"(provider: [^"{]*)"',
            "".join(
                (Path(__file__).parent / f"{module}.py").read_text()
                for module in ("provider", "plans", "medium")
            ),
        )
    )
    assert taken - {"provider: "} <= set(told)
