"""terraform, or the provider alone, killed at request boundaries: the re-run makes it whole.

After the re-run what was declared is there once, nothing is tainted, no process is left, and the
plan is empty. `make test` takes a sample (a fixed seed and a fresh one, printed); `make test-full`
takes every boundary of the example.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from segform_emulator import Emulator
from tests.terraform.harness import Failed, Terraform
from tests.terraform.shop import shop

from .gate import Gate
from .processes import children, command, gone, kill

EXAMPLE = Path(__file__).parents[2] / "examples" / "terraform"


class Run:
    """One folder, one workspace; `apply` may be killed on its way."""

    def __init__(self, folder: Path, terraform: str) -> None:
        self.emulator = Emulator()
        self.gate = Gate(self.emulator)
        self.folder = folder
        self.terraform = terraform

    def prepare(self, *, example: bool) -> None:
        self.tf = Terraform(self.folder, self.gate.url, self.emulator.token, self.terraform)
        if example:
            for file in EXAMPLE.glob("*.tf"):
                text = file.read_text()
                (self.folder / file.name).write_text(text)
            for name in (
                "amplitude_api_key",
                "amplitude_secret_key",
                "braze_api_key",
                "google_analytics_api_secret",
                "webhook_shared_secret",
            ):
                self.tf.env[f"TF_VAR_{name}"] = f"test-{name}"
            self.tf.link()
        else:
            self.tf.write(shop())

    def apply_killed(self, victim: str, number: int, moment: str) -> bool:
        """Apply, and kill at a request; False when the run came to its end before."""
        told = self.folder / "apply.log"
        with told.open("w") as printed:
            started = subprocess.Popen(
                [self.terraform, "apply", "-auto-approve", "-no-color", "-input=false"],
                cwd=self.folder,
                env=self.tf.env,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        seen: set[int] = {started.pid}
        struck = threading.Event()

        def watch(at: int, _line: str, when: str) -> None:
            if at != number or when != moment or struck.is_set():
                return
            below = children(started.pid)
            seen.update(below)
            victims = [started.pid] if victim == "terraform" else []
            if victim == "provider":
                victims = [pid for pid in below if "segform_provider" in command(pid)]
            for pid in victims:
                kill(pid)
            if victim == "ctrl-c":
                os.killpg(started.pid, signal.SIGINT)
            struck.set()

        self.gate.restart(watch)
        started.wait(120)
        self.gate.restart()
        assert gone(seen) == set(), "a process stayed behind"
        assert self.gate.troubles == []
        # A run that nobody has hurt comes to a good end.
        assert struck.is_set() or started.returncode == 0, told.read_text()
        return struck.is_set()

    def whole(self) -> None:
        """Run again, and see that everything is there once."""
        self.tf.apply()
        assert self.tf.tainted() == []
        assert self.tf.plan() == {}
        held = self.emulator.snapshots.dump()["workspaces"][0]
        state = Counter(address.partition(".")[0] for address in self.tf.state())
        for family, kind in (
            ("sources", "segment_source"),
            ("destinations", "segment_destination"),
            ("filters", "segment_destination_filter"),
            ("trackingPlans", "segment_tracking_plan"),
            ("labels", "segment_label"),
        ):
            assert len(held[family]) == state[kind], family


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
