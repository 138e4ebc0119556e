"""terraform, or the provider alone, killed at request boundaries: the re-run makes it whole.

After the re-run what was declared is there once, nothing is tainted, no process is left, and the
plan is empty. `make test` takes a sample (a fixed seed and a fresh one, printed); `make test-full`
takes every boundary of the example.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terraform.harness import Failed

from .runs import Run


@pytest.fixture
def run(tmp_path: Path, terraform: str) -> Iterator[Run]:
    made = Run(tmp_path / "a shop", terraform)
    with made.gate.open():
        yield made


_FIXED = [("terraform", 3, "after"), ("provider", 4, "after"), ("provider", 7, "before")]
_SEED = random.SystemRandom().randrange(10**6)
_FRESH = random.Random(_SEED)
_SAMPLE = [
    *_FIXED,
    *(
        (_FRESH.choice(["terraform", "provider"]), _FRESH.randint(1, 16), moment)
        for moment in ("before", "after")
    ),
]


@pytest.mark.terraform
@pytest.mark.timeout(240)
@pytest.mark.parametrize("index", range(len(_SAMPLE)))
def test_a_sample_of_kills(run: Run, index: int) -> None:
    victim, number, moment = _SAMPLE[index]
    print(f"seed {_SEED}: {victim} killed {moment} request {number}")
    run.prepare(example=False)
    run.apply_killed(victim, number, moment)
    run.whole()


@pytest.mark.terraform
@pytest.mark.timeout(240)
def test_killed_twice_in_a_row(run: Run) -> None:
    run.prepare(example=False)
    run.apply_killed("terraform", 6, "after")
    run.apply_killed("provider", 5, "after")
    run.whole()


@pytest.mark.terraform
@pytest.mark.timeout(240)
@pytest.mark.parametrize("number", [2, 5, 9])
def test_ctrl_c_lets_requests_in_flight_finish(run: Run, number: int) -> None:
    run.prepare(example=False)
    assert run.apply_killed("ctrl-c", number, "before")
    # Nothing had to be adopted: what was made is in the state.
    made = run.emulator.snapshots.dump()["workspaces"][0]
    assert len(made["sources"]) == sum(a.startswith("segment_source.") for a in run.tf.state())
    run.whole()


@pytest.mark.full
@pytest.mark.terraform
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("victim", ["terraform", "provider"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_every_boundary_of_the_example(
    victim: str, moment: str, tmp_path: Path, terraform: str
) -> None:
    number = 0
    struck = True
    while struck:
        number += 1
        made = Run(tmp_path / f"shop {number}", terraform)
        with made.gate.open():
            made.prepare(example=True)
            struck = made.apply_killed(victim, number, moment)
            try:
                made.whole()
            except (AssertionError, Failed) as problem:
                pytest.fail(f"{victim} killed {moment} request {number}: {problem}")
            made.tf.close()
    assert number > 20, "the example sends more requests than that"
