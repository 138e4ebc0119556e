"""`segform apply` in a process of its own, behind the gate: cut short, run again, looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from segform import Segment
from segform.lifecycle.journal import Journal
from segform.workspace import Bindings, Workspace
from segform_emulator import Emulator
from tests.protocol.shop import SPACE, with_space
from tests.workspace.shop import shop

from .gate import Gate
from .processes import kill

ROOT = Path(__file__).resolve().parents[2]
WANTED = f"from tests.workspace.shop import shop\ndesired = shop(space={SPACE!r})\n"


class Applies:
    """One workspace and one folder with a declaration of the whole shop."""

    def __init__(self, folder: Path, *, emulator: Emulator | None = None) -> None:
        self.emulator = emulator or with_space(Emulator())
        self.gate = Gate(self.emulator)
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "wanted.py").write_text(WANTED)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "SEGMENT_API_TOKEN": self.emulator.token,
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command; its output is in `told` when it has ended."""
        return subprocess.Popen(
            [sys.executable, "-m", "segform", *arguments],
            cwd=self.folder,
            env={**self.env, "SEGMENT_API_URL": self.gate.url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        """A command to its end."""
        started = self.start(*arguments)
        told, _ = started.communicate(timeout=120)
        assert started.returncode == code, told
        return told

    def killed(self, number: int, moment: str) -> bool:
        """Apply, and kill it at a request; whether it came to that."""
        struck = False

        def watch(at: int, _line: str, when: str) -> None:
            nonlocal struck
            if (at, when) == (number, moment):
                struck = True  # first: who waits for the process may go on before this thread does
                kill(started.pid)

        self.gate.restart(watch)
        started = self.start("apply", "wanted.py", "--yes")
        told, _ = started.communicate(timeout=120)
        self.gate.restart()
        assert self.gate.troubles == []
        assert struck or started.returncode == 0, told
        return struck

    def is_whole(self) -> None:
        """The next run brings it to its end: everything once, nothing left to do, no intents."""
        self.run("apply", "wanted.py", "--yes")
        with Segment(self.emulator.token, url=self.gate.url) as client:
            found = client.request("getWorkspace")["workspace"]
            path = self.folder / f"{found['slug']}.bindings.json"
            engine = Workspace(client, bindings=path, folder=self.folder)
            wanted = shop(space=SPACE)
            plan = engine.plan(wanted)
            assert [(str(one), one.differences) for one in plan] == []
            assert plan.adopted == {}
            bound = Bindings(path, workspace=str(found["id"]))
            assert {at for at, _ in bound} == {one.address for one in wanted}
            assert Journal.open(str(found["id"]), base=self.folder).unfinished() == []
        assert self.counts() == whole()

    def counts(self) -> Counter[str]:
        """How many objects there are of each family."""
        return counted(self.emulator.dump()["workspaces"][0])


def counted(held: dict[str, Any]) -> Counter[str]:
    """How many objects a workspace holds of each family."""
    found = Counter({name: len(one) for name, one in held.items() if isinstance(one, list)})
    return +found


@cache
def whole() -> Counter[str]:
    """What a workspace holds after one apply that nobody disturbed."""
    emulator = with_space(Emulator())
    with Segment(
        emulator.token, url="https://emulator.example", transport=emulator.transport()
    ) as client:
        engine = Workspace(client, journal=False, folder=Path("/nonexistent"))
        wanted = shop(space=SPACE)
        engine.apply(engine.plan(wanted), wanted)
    return counted(emulator.dump()["workspaces"][0])
