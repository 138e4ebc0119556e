"""State beyond one machine: a real PostgreSQL behind the `pg` backend; two who apply at once."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from segform_emulator import Emulator
from tests.chaos.gate import Gate

from .harness import Terraform
from .postgres import Postgres, postgres
from .shop import shop

pytestmark = [pytest.mark.terraform, pytest.mark.postgres, pytest.mark.timeout(240)]

APP = """
from cdktf import App, PgBackend, TerraformStack
from segform_cdktf import Label, SegmentProvider

app = App()
stack = TerraformStack(app, "stack")
PgBackend(stack, conn_str={address!r}, schema_name="app")
SegmentProvider(stack, "segment")
Label(stack, "label", key="environment", value="production")
app.synth()
"""
ARGUMENTS = ("apply", "-auto-approve", "-no-color", "-input=false")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as made:
        yield made


class Two:
    """Two folders with one configuration and one state, each with a gate before one emulator."""

    def __init__(self, folder: Path, backend: str, terraform: str) -> None:
        self.emulator = Emulator()
        self.gate, self.other = Gate(self.emulator), Gate(self.emulator)
        self.folder = folder
        self.backend = backend
        self.terraform = terraform

    @contextmanager
    def ready(self) -> Iterator[tuple[Terraform, Terraform]]:
        with self.gate.open() as first, self.other.open() as second:
            made = [self._one("first", first), self._one("second", second)]
            yield made[0], made[1]
            for one in made:
                one.close()

    def _one(self, name: str, gate: Gate) -> Terraform:
        made = Terraform(self.folder / name, gate.url, self.emulator.token, self.terraform)
        made.write(self.backend + shop())
        return made

    @contextmanager
    def held(self, tf: Terraform) -> Iterator[None]:
        """An apply of `tf` that waits with its first write until the context ends."""
        writing, go_on = threading.Event(), threading.Event()

        def watch(_number: int, line: str, when: str) -> None:
            if when == "before" and line.startswith("POST"):
                writing.set()
                assert go_on.wait(120)

        self.gate.restart(watch)
        process = subprocess.Popen(
            [tf.terraform, *ARGUMENTS],
            cwd=tf.folder,
            env=tf.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert writing.wait(90), "the first apply wrote nothing"
            yield
        finally:
            go_on.set()
            printed, _ = process.communicate(timeout=120)
        assert process.returncode == 0, printed


@pytest.fixture
def two(tmp_path: Path, server: Postgres, terraform: str) -> Two:
    return Two(tmp_path, server.backend(), terraform)


def objects(tf: Terraform) -> dict[str, int]:
    """How many objects the workspace has, by family."""
    held = tf.dump()["workspaces"][0]
    return {name: len(value) for name, value in held.items() if isinstance(value, list) and value}


def settled(first: Terraform, second: Terraform) -> dict[str, int]:
    """What is there, once both folders plan nothing and know the same objects."""
    assert first.plan() == {}
    assert second.plan() == {}
    assert first.state() == second.state()
    assert first.tainted() == []
    return objects(first)


def test_who_comes_second_is_refused_and_writes_nothing(two: Two) -> None:
    with two.ready() as (first, second):
        with two.held(first):
            said = second.run(*ARGUMENTS, code=1)
            assert "Error acquiring the state lock" in said
            assert two.other.lines == []
        there = settled(first, second)
        # And again, for the second now has a state that is whole.
        assert "0 added, 0 changed, 0 destroyed" in second.apply()
        assert objects(second) == there


def test_who_waits_for_the_lock_finds_nothing_left_to_do(two: Two) -> None:
    with two.ready() as (first, second):
        with two.held(first):
            waiting = subprocess.Popen(
                [second.terraform, *ARGUMENTS, "-lock-timeout=120s"],
                cwd=second.folder,
                env=second.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(3)  # it does wait
        printed, _ = waiting.communicate(timeout=120)
        assert waiting.returncode == 0, printed
        assert "0 added, 0 changed, 0 destroyed" in printed
        assert settled(first, second)["sources"] == len(
            [at for at in first.state() if at.startswith("segment_source.")]
        )


def test_a_plan_that_another_apply_has_overtaken_is_refused(two: Two) -> None:
    with two.ready() as (first, second):
        first.run("plan", "-no-color", "-input=false", "-out=plan.bin")
        second.apply()
        there = objects(second)
        said = " ".join(first.run("apply", "-no-color", "plan.bin", code=1).split())
        assert "Saved plan is stale" in said
        assert settled(first, second) == there


def test_an_app_of_the_constructs_keeps_its_state_there(tf: Terraform, server: Postgres) -> None:
    found = re.search(r'conn_str += "(.+)"', server.backend("app"))
    assert found
    (tf.folder / "main.py").write_text(APP.format(address=found[1]))
    tf.synth()
    tf.apply()
    assert not (tf.folder / "terraform.tfstate").exists()
    other = Terraform(tf.whole.parent / "another", tf.url, tf.token, tf.terraform)
    (other.folder / "main.py").write_text(APP.format(address=found[1]))
    other.synth()
    assert other.plan() == {}
    assert set(other.state()) == {"segment_label.label"}
    other.close()
