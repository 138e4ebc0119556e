"""The guide to a first contact: nothing is written until it says so, by the other side's log."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from segform import AuthenticationError, ReadOnlyError, Segment
from segform_emulator import Emulator

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "onboarding.md"
LOOK, TALLY, WRITE = re.findall(
    r"^```python\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL
)

Run = Callable[[str], str]


@pytest.fixture
def emulator() -> Emulator:
    made = Emulator()
    made.seed(sources=3, destinations=4, plans=2, rules=5)
    return made


@pytest.fixture
def run(
    emulator: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Runs a block of the guide, in the environment that the guide sets up."""
    monkeypatch.setenv("SEGMENT_API_TOKEN", emulator.token)
    monkeypatch.setenv("SEGMENT_READ_ONLY", "1")
    monkeypatch.setenv("SEGMENT_WORKSPACE", "acme")

    def run_it(block: str) -> str:
        script = tmp_path / "script.py"
        script.write_text(block)
        capsys.readouterr()
        runpy.run_path(str(script), run_name="__main__")
        return capsys.readouterr().out

    with emulator.serve() as server:
        monkeypatch.setenv("SEGMENT_API_URL", server.url)
        yield run_it


def test_looking_sends_no_write(run: Run, emulator: Emulator) -> None:
    before = emulator.dump()
    said = run(LOOK).splitlines()
    assert said[0] == "Acme"
    assert [line.split() for line in said[1:5]] == [
        ["sources", "3"],
        ["destinations", "4"],
        ["warehouses", "0"],
        ["tracking", "plans", "2"],
    ]
    assert said[-1] == "write keys are visible"
    counted = re.fullmatch(r"(\d+) read requests, 0 write requests\n", run(TALLY))
    assert counted
    assert int(counted[1]) > 9
    assert {entry["method"] for entry in emulator.recorder.entries} == {"GET"}
    assert emulator.dump() == before


def test_a_small_token_is_told_what_it_does_not_see(
    run: Run, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGMENT_API_TOKEN", emulator.tokens["member"])
    emulator.features.switch(emulator.at(0), {"Protocols": False})
    said = run(LOOK)
    assert "write keys are hidden from this token" in said
    assert re.search(r"tracking plans +not with this token \(403\)", said)


def test_a_script_that_would_write_is_stopped(run: Run, emulator: Emulator) -> None:
    with pytest.raises(ReadOnlyError, match="createLabel"):
        run(WRITE)
    assert run(TALLY).endswith(", 0 write requests\n")
    assert emulator.recorder.counts["createLabel"] == 0


def test_the_first_write_leaves_nothing_but_its_trail(
    run: Run, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEGMENT_READ_ONLY")
    labels = emulator.dump()["workspaces"][0]["labels"]
    assert "Label Created" in run(WRITE)
    assert emulator.dump()["workspaces"][0]["labels"] == labels
    assert run(TALLY).endswith(", 2 write requests\n")


@pytest.mark.parametrize(("region", "fits"), [("us", "owner"), ("eu", "eu")])
def test_a_region_refuses_the_others_token(emulator: Emulator, region: str, fits: str) -> None:
    other = "eu" if fits == "owner" else "owner"
    transport = emulator.transport()
    with Segment(emulator.tokens[fits], region=region, transport=transport) as segment:
        assert segment.workspaces.get()["slug"].startswith("acme")
    with (
        Segment(emulator.tokens[other], region=region, transport=transport) as segment,
        pytest.raises(AuthenticationError),
    ):
        segment.workspaces.get()
