"""The two ways to plan and apply: the engine of segform, and Terraform (also what a CDK wrote).

Each runs the program that people run by hand, lets its words reach the log, and makes a text of it
that may be shown to all who see the pull request: no secret is in it.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TextIO

from segform.inert import markdown as inert

DONE, FAILED, CHANGES, REFUSED = 0, 1, 2, 3
_SEGFORM = (sys.executable, "-c", "from segform.cli import main; main()")
_FAILED = "The plan could not be made. The job's log says why."
_UNSEEN = "Whether something drifted could not be seen. The job's log says why."
# What `segform drift` takes of the arguments of plan and apply.
_FOR_DRIFT = ("--complete=", "--terraform-state=", "--bindings=", "--profile=", "--python")
_MOST_PROBLEMS = 30
# How Terraform says that a saved plan is of another time.
_STALE = "Saved plan is stale"


class Outcome(NamedTuple):
    """How it ended (0, 1, 2 for drift, 3 refused), in words for people, and the plan's bytes."""

    code: int
    words: str
    plan: bytes = b""


class Engine(Protocol):
    """A way to plan and apply."""

    name: str

    def plan(self) -> Outcome:
        """What would be done, in words."""

    def apply(self, plan: bytes) -> Outcome:
        """Do what a plan says, or nothing."""

    def drift(self) -> Outcome:
        """What is no longer as declared; 2 where there is something."""


class Segform:
    """`segform plan`, `apply` and `drift` of one file, with more arguments for the first two."""

    name = "segform"

    def __init__(self, file: str, more: Sequence[str] = ()) -> None:
        self._file, self._more = file, tuple(more)

    def plan(self) -> Outcome:
        """See `Engine.plan`."""
        with _Place() as folder:
            out = folder / "plan.json"
            code, _, said = _run([*_SEGFORM, "plan", self._file, "--out", str(out), *self._more])
            if not out.exists():
                return Outcome(code or FAILED, _FAILED)
            words = _report(out)
            problems = [one for one in said.splitlines() if one.startswith("problem: ")]
            if code == REFUSED:
                listed = "\n".join(f"- {inert(one[9:], 600)}" for one in problems[:_MOST_PROBLEMS])
                rest = len(problems) - _MOST_PROBLEMS
                listed += f"\n- … and {rest} more; the job's log has them." if rest > 0 else ""
                words = f"**Refused. This plan cannot be applied:**\n\n{listed}\n\n{words}"
            return Outcome(code, words, out.read_bytes())

    def apply(self, plan: bytes) -> Outcome:
        """See `Engine.apply`."""
        with _Place() as folder:
            file = folder / "plan.json"
            file.write_bytes(plan)
            words = _report(file)
            code, _, _ = _run([*_SEGFORM, "apply", self._file, "--plan", str(file), *self._more])
        return Outcome(code, words)

    def drift(self) -> Outcome:
        """See `Engine.drift`."""
        with _Place() as folder:
            out = folder / "drift.md"
            arguments = ["--format", "markdown", "--exit-code", "--output", str(out)]
            more = [one for one in self._more if one.startswith(_FOR_DRIFT)]
            code, _, _ = _run([*_SEGFORM, "drift", self._file, *arguments, *more])
            return Outcome(code, out.read_text(encoding="utf-8") if out.exists() else _UNSEEN)


class Terraform:
    """`terraform plan` and `apply` in a folder, which `terraform init` was run in."""

    name = "terraform"

    def __init__(self, folder: str, more: Sequence[str] = (), program: str = "terraform") -> None:
        # Not `-chdir`: Terraform looks for linked providers in the folder that it is started in.
        self._folder = Path(folder)
        self._more = tuple(more)
        self._program = program

    def plan(self) -> Outcome:
        """See `Engine.plan`."""
        with _Place() as folder:
            return self._planned(folder)

    def apply(self, plan: bytes) -> Outcome:
        """See `Engine.apply`."""
        with _Place() as folder:
            file = folder / "plan.bin"
            file.write_bytes(plan)
            words = self._told(file)
            code, _, said = _run(
                [self._program, "apply", "-input=false", "-no-color", str(file)], self._folder
            )
        return Outcome(REFUSED if code and _STALE in said else code, words)

    def drift(self) -> Outcome:
        """See `Engine.drift`."""
        with _Place() as folder:
            found = self._planned(folder, exit_code=True)
        return Outcome(found.code, found.words)

    def _planned(self, folder: Path, *, exit_code: bool = False) -> Outcome:
        out = folder / "plan.bin"
        arguments = ["-input=false", "-no-color", "-lock-timeout=5m", "-detailed-exitcode"]
        command = [self._program, "plan", *arguments, f"-out={out}", *self._more]
        code, _, _ = _run(command, self._folder)
        if code not in (DONE, CHANGES):
            return Outcome(FAILED, _FAILED)
        return Outcome(code if exit_code else DONE, self._told(out), out.read_bytes())

    def _told(self, plan: Path) -> str:
        """A plan in words. What `show -json` prints holds secrets, and is written nowhere."""
        shown = subprocess.run(  # noqa: S603 -- arguments of our own, no shell
            [self._program, "show", "-json", str(plan)],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return _report(None, shown.stdout) if shown.returncode == 0 else _FAILED


class _Place:
    """A folder that only we can read, and that is gone afterwards."""

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory(prefix="segform-gitops-")
        return Path(self._folder.name)

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _run(command: Sequence[str], folder: Path | None = None) -> tuple[int, str, str]:
    """Exit code, output and errors of a program, which reach the log while it runs.

    What ends a job is passed on to it, and it is waited for: it finishes what is under way.
    """
    out: list[str] = []
    errors: list[str] = []
    with subprocess.Popen(  # noqa: S603 -- arguments of our own, no shell
        list(command),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        copies = [
            threading.Thread(target=_copy, args=(child.stdout, sys.stdout, out)),
            threading.Thread(target=_copy, args=(child.stderr, sys.stderr, errors)),
        ]
        with _passed_on(child):
            for copy in copies:
                copy.start()
            code = child.wait()
            for copy in copies:
                copy.join()
    return code, "".join(out), "".join(errors)


def _copy(lines: Any, log: TextIO, kept: list[str]) -> None:
    for line in lines:
        log.write(line)
        log.flush()
        kept.append(line)


@contextmanager
def _passed_on(child: subprocess.Popen[str]) -> Iterator[None]:
    def pass_on(number: int, _: object) -> None:
        child.send_signal(number)

    before = {one: signal.signal(one, pass_on) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _report(plan: Path | None, text: str | None = None) -> str:
    """`segform report` of a plan, or of what stands on its standard input."""
    done = subprocess.run(  # noqa: S603 -- arguments of our own, no shell
        [*_SEGFORM, "report", "-" if plan is None else str(plan), "--format", "markdown"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else _FAILED
