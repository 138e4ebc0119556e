"""The guide to a first contact: nothing is written until it says so, by the other side's log."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from segform import AuthenticationError, ConfigurationError, ReadOnlyError, Segment
from segform_emulator import Emulator

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "onboarding.md"
LOOK, TALLY, WRITE = re.findall(
    r"^```python\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL
)

# What the guide shows of the emulator's log, the way it is printed there.
SHOWN = re.search(
    r"^    (\d+ read requests, 0 write requests\n(?:     +\d+  \w+\n)+)", GUIDE.read_text(), re.M
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
    assert SHOWN
    assert run(TALLY) == SHOWN[1].replace("\n    ", "\n")
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
    assert ", 0 write requests\n" in run(TALLY)
    assert emulator.recorder.counts["createLabel"] == 0


def test_the_first_write_leaves_nothing_but_its_trail(
    run: Run, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEGMENT_READ_ONLY")
    labels = emulator.dump()["workspaces"][0]["labels"]
    assert "Label Created" in run(WRITE)
    assert emulator.dump()["workspaces"][0]["labels"] == labels
    assert ", 2 write requests\n" in run(TALLY)


def test_a_write_counts_whatever_became_of_it(
    run: Run, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By either API, to an address that is none, refused or dropped; a read by POST does not."""
    from segform.config_api import ConfigAPI

    monkeypatch.delenv("SEGMENT_READ_ONLY")
    emulator.fault("error_before", operation="createLabel", status=403)
    transport = emulator.transport()
    with Segment(transport=transport) as segment, pytest.raises(Exception, match="createLabel"):
        segment.labels.create(key="environment", value="trial")
    with ConfigAPI(emulator.token, transport=transport) as legacy:
        legacy.sources.create("js", catalog_name="javascript")
        assert legacy.sources.get("js")
    with Segment(transport=transport) as segment:
        segment.destination_filters.preview(
            filter={"if": "all", "actions": [{"type": "DROP"}]}, payload={"type": "track"}
        )
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as bare:
        bare.post("/nowhere")
        bare.get("/nowhere")
        said = run(TALLY)
        assert said.startswith("5 read requests, 3 write requests\n")
        for line in ("2  unknown", "1  legacy.createSource", "1  previewDestinationFilter"):
            assert f"     {line}\n" in said
        bare.delete("/_emulator/requests")
    assert run(TALLY) == "0 read requests, 0 write requests\n"


def test_both_tokens_at_once_are_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real token's file beside the emulator's token: so the guide has a terminal for each."""
    real = tmp_path / "token"
    real.write_text("real-token")
    monkeypatch.setenv("SEGMENT_API_TOKEN_FILE", str(real))
    with pytest.raises(ConfigurationError, match="different tokens"):
        run(LOOK)
    text = GUIDE.read_text()
    step = text[text.index("## 5.") : text.index("## 6.")]
    assert "In a terminal of its own" in step


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
