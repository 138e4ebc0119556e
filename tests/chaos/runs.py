"""One folder and one workspace, in which an apply may be killed on its way."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from segform_emulator import Emulator
from tests.protocol import shop as protocol
from tests.protocol.shop import with_space
from tests.terraform.harness import Terraform
from tests.terraform.shop import shop
from tests.terraform.test_all_kinds import write

from .gate import Gate
from .processes import children, command, gone, kill

EXAMPLE = Path(__file__).parents[2] / "examples" / "terraform"


class Run:
    """One folder, one workspace; `apply` may be killed on its way."""

    def __init__(self, folder: Path, terraform: str) -> None:
        self.emulator = with_space(Emulator())
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

    def prepare_all(self, backend: dict[str, Any] | None = None) -> None:
        """The workspace of all kinds; `backend` is Terraform's, left out the local one."""
        self.tf = Terraform(self.folder, self.gate.url, self.emulator.token, self.terraform)
        write(self.tf, protocol.shop(), **({"terraform": {"backend": backend}} if backend else {}))

    def apply_killed(self, victim: str, number: int, moment: str, *, writes: bool = False) -> bool:
        """Apply, and kill at a request; False when the run came to its end before.

        `writes`: only requests that are no reads are counted.
        """
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
        counted: list[int] = []

        def watch(at: int, line: str, when: str) -> None:
            if when == "before" and not (writes and line.startswith("GET")):
                counted.append(at)
            meant = counted[number - 1 : number] == [at] and when == moment
            if not meant or struck.is_set():
                return
            # First: whoever waits for the process may be quicker than the rest of this.
            struck.set()
            below = children(started.pid)
            seen.update(below)
            victims = [started.pid] if victim == "terraform" else []
            if victim == "provider":
                victims = [pid for pid in below if "segform_provider" in command(pid)]
            for pid in victims:
                kill(pid)
            if victim == "ctrl-c":
                os.killpg(started.pid, signal.SIGINT)

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
